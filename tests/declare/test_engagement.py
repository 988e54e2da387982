"""Engagement files: the whole of one, strict defaults, and every refusal."""

from __future__ import annotations

from pathlib import Path

import pytest

from reservecheck.declare.engagement import load_engagement, strict_engagement
from reservecheck.errors import InputError
from reservecheck.model.engagement import AcceptedInstrument, Deciding, OutOfScope, Quorum
from reservecheck.model.words import Control, Evidence
from reservecheck.registry.shipped import load_registry

REGISTRY = load_registry()
STAND_IN = "eip155:31337/erc20:0x5fbdb2315678afecb367f032d93f642f64180aa3"
FROZEN_BY = ', frozen_by = "0xe47d6060"'
WHOLE = f"""format = "reservecheck/engagement/v1"
id = "kaede-2018-09-14"
entity = "kaede"
practitioner = "Example Audit"
rehearsal = true
cutoff = 2018-09-14T17:00:00+09:00
currency = "JPY"
assets = ["BTC", "MONA", "BCH", "JPY"]
out_of_scope = [{{ asset = "ZAIF", reason = "own token" }}]
packs = ["core/1"]
[deciding]
owner = "all"
evidence = "proven"
control = "undemonstrated"
[sources]
"bitcoin:regtest" = {{ n = 1, k = 1 }}
"eip155:8217" = {{}}
[accept]
owner = "as declared"
cash_titles = "as declared"
instruments = [{{ instrument = "{STAND_IN}", asset = "MONA", reason = "stand-in"{FROZEN_BY}, decimals = 8 }}]
[limits]
skew_seconds = 600
window_minutes = 5
[tolerance]
BTC = "0.00000001"
"""
SHORT = """format = "reservecheck/engagement/v1"
id = "kaede-2018-09-14"
entity = "kaede"
practitioner = "Example Audit"
cutoff = 2018-09-14T17:00:00+09:00
currency = "JPY"
assets = ["BTC"]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "engagement.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_engagement(written(folder, text), REGISTRY)
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


def test_a_whole_engagement_is_read(tmp_path: Path) -> None:
    found = load_engagement(written(tmp_path, WHOLE), REGISTRY)
    assert (found.id, found.entity, found.practitioner) == ("kaede-2018-09-14", "kaede", "Example Audit")
    assert (found.cutoff, found.cutoff_epoch, found.currency) == ("2018-09-14T17:00:00+09:00", 1536912000, "JPY")
    assert (found.assets, found.packs, found.rehearsal, found.given) == (
        ("BTC", "MONA", "BCH", "JPY"),
        ("core/1",),
        True,
        True,
    )
    assert found.out_of_scope == (OutOfScope(asset="ZAIF", reason="own token"),)
    assert found.deciding == Deciding(owner="all", evidence=Evidence.PROVEN, control=Control.UNDEMONSTRATED)
    assert found.sources == {"bitcoin:regtest": Quorum(), "eip155:8217": Quorum()}
    assert (found.accept.owner, found.accept.cash_titles) == (True, True)
    assert found.accept.instruments == (
        AcceptedInstrument(
            instrument=STAND_IN, asset="MONA", reason="stand-in", decimals=8, frozen_by="0xe47d6060"
        ),
    )
    assert (found.skew_seconds, found.window_minutes, found.tolerance) == (600, 5, {"BTC": "0.00000001"})


def test_a_silent_engagement_has_the_strict_defaults_and_the_core_rules(tmp_path: Path) -> None:
    found = load_engagement(written(tmp_path, SHORT), REGISTRY)
    strict = strict_engagement("kaede", "2018-09-14T17:00:00+09:00", 1536912000, "JPY")
    for name in (
        "packs",
        "deciding",
        "sources",
        "accept",
        "skew_seconds",
        "window_minutes",
        "tolerance",
        "rehearsal",
    ):
        assert getattr(found, name) == getattr(strict, name)
    assert found.packs == ("core/1",)
    assert found.deciding == Deciding(owner="customers", evidence=Evidence.OBSERVED, control=Control.SIGNED)
    assert (found.given, strict.given, strict.assets) == (True, False, ())


@pytest.mark.parametrize(
    ("written_", "n", "k"),
    [("{}", 1, 1), ("{ n = 2 }", 2, 2), ("{ n = 3 }", 3, 2), ("{ k = 2 }", 2, 2), ("{ n = 3, k = 1 }", 3, 1)],
)
def test_how_many_sources_must_agree_is_the_usual_number_unless_it_is_said(
    tmp_path: Path, written_: str, n: int, k: int
) -> None:
    found = load_engagement(written(tmp_path, f'{SHORT}[sources]\n"eip155:1" = {written_}\n'), REGISTRY)
    assert found.sources["eip155:1"] == Quorum(n=n, k=k)


def test_the_core_rules_cannot_be_switched_off(tmp_path: Path) -> None:
    found = load_engagement(written(tmp_path, SHORT + "packs = []\n"), REGISTRY)
    assert found.packs == ("core/1",)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "cutoff = 2018-09-14T17:00:00+09:00",
            "cutoff = 2018-09-14T17:00:00",
            (
                "engagement.toml:6: cutoff has no offset\n  hint: write 2018-09-14T17:00:00+09:00 for Seoul or "
                "Tokyo, 2018-09-14T17:00:00Z for UTC"
            ),
        ),
        (
            'currency = "JPY"',
            'currency = "BTC"',
            (
                "engagement.toml:7: currency is 'BTC', not one of the registry\n  hint: write one of KRW, JPY, "
                "USD, EUR, GBP, HKD, SGD, CHF, AUD, CAD, TWD, THB"
            ),
        ),
        (
            '["BTC", "MONA", "BCH", "JPY"]',
            '["BTC", "BTC"]',
            "engagement.toml:8: BTC stands twice in assets\n  hint: remove one",
        ),
        (
            '["BTC", "MONA", "BCH", "JPY"]',
            "[]",
            'engagement.toml:8: assets is empty: the perimeter holds at least one\n  hint: write assets = ["BTC"]',
        ),
        (
            '["BTC", "MONA", "BCH", "JPY"]',
            '["XBT"]',
            (
                "engagement.toml:8: 'XBT' is not an asset of the registry\n"
                "  hint: use its name there, or list it in out_of_scope with a reason"
            ),
        ),
        (
            'asset = "ZAIF"',
            'asset = "BTC"',
            "engagement.toml:9: BTC is in assets as well\n  hint: list it in one of the two",
        ),
        (
            'reason = "own token" }',
            'reason = "own token" }, { asset = "ZAIF", reason = "again" }',
            "engagement.toml:9: ZAIF is left out twice\n  hint: remove one",
        ),
        (
            '["core/1"]',
            '["core/9"]',
            "engagement.toml:10: 'core/9' is not a rule pack of this version\n  hint: packs are core/1",
        ),
        (
            '["core/1"]',
            '["core/1", "core/1"]',
            "engagement.toml:10: core/1 stands twice in packs\n  hint: remove one",
        ),
        (
            'evidence = "proven"',
            'evidence = "claimed"',
            (
                "engagement.toml:13: claimed value never decides\n"
                "  hint: write one of observed, corroborated, proven"
            ),
        ),
        (
            'control = "undemonstrated"',
            'control = "none"',
            (
                "engagement.toml:14: control is 'none'\n"
                "  hint: write one of undemonstrated, signed, moved, confirmed"
            ),
        ),
        (
            "{ n = 1, k = 1 }",
            "{ n = 3, k = 4 }",
            "engagement.toml:16: 4 of 3 sources cannot agree\n  hint: write k = 2, or a larger n",
        ),
        (
            "{ n = 1, k = 1 }",
            "{ n = 16, k = 4 }",
            "engagement.toml:16: n is 16\n  hint: write a whole number from 1 to 15",
        ),
        (
            '"eip155:8217" = {}',
            '"tron:mainnet" = {}',
            (
                f"engagement.toml:17: 'tron:mainnet' is not a known network\n"
                f"  hint: networks are {', '.join(REGISTRY.networks)}, eip155:<chain id>"
            ),
        ),
        (
            'owner = "as declared"\ncash',
            'owner = "all"\ncash',
            "engagement.toml:19: owner is 'all'\n  hint: write one of as declared",
        ),
        (
            ", decimals = 8 }",
            ", decimals = 18 }",
            f"engagement.toml:21: {STAND_IN} has 18 decimals, MONA only 8",
        ),
        (
            ", decimals = 8 }",
            f' }}, {{ instrument = "{STAND_IN}", asset = "BTC", reason = "x" }}',
            (f"engagement.toml:21: {STAND_IN} stands in the registry already, as MONA, and cannot be redefined"),
        ),
        (
            "skew_seconds = 600",
            "skew_seconds = -1",
            "engagement.toml:23: skew_seconds is -1\n  hint: write a whole number from 0 to 86400",
        ),
        (
            'BTC = "0.00000001"',
            'BTC = "0.000000001"',
            (
                "engagement.toml:26: '0.000000001' has 9 digits after the point, the asset has 8"
                "\n  hint: an amount "
                "is never rounded: write it as the ledger holds it, or correct the asset's decimals"
            ),
        ),
        (
            'BTC = "0.00000001"',
            "BTC = 0.00000001",
            'engagement.toml:26: BTC is a number\n  hint: write BTC = "…"',
        ),
        (
            'BTC = "0.00000001"',
            'BTC = "-1"',
            "engagement.toml:26: the tolerance of BTC is negative\n  hint: write how much may be missing",
        ),
        ('BTC = "0.00000001"', 'XBT = "1"', "engagement.toml:26: 'XBT' is not an asset of the registry"),
        (
            "rehearsal = true",
            "rehersal = true",
            'engagement.toml:5: the file has an unknown key "rehersal"\n  hint: did you mean "rehearsal"?',
        ),
        (
            "reservecheck/engagement/v1",
            "reservecheck/engagement/v2",
            (
                "engagement.toml:1: format is 'reservecheck/engagement/v2'\n"
                "  hint: write one of reservecheck/engagement/v1"
            ),
        ),
    ],
)
def test_each_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert WHOLE.count(old) == 1
    assert refused(tmp_path, WHOLE.replace(old, new)) == [expected]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    found = refused(tmp_path, 'format = "reservecheck/engagement/v1"\naccept = { instruments = [{}] }\n')
    assert [line.partition("\n")[0].partition(": ")[2] for line in found] == [
        'the file lacks "cutoff"',
        'the file lacks "assets"',
        'the file lacks "id"',
        'the file lacks "entity"',
        'the file lacks "practitioner"',
        'the file lacks "currency"',
        '[[accept.instruments]] lacks "instrument"',
        '[[accept.instruments]] lacks "asset"',
        '[[accept.instruments]] lacks "reason"',
    ]
