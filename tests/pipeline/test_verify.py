"""Altered bytes, and records that contradict each other under a manifest that fits them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.cli.small_world import BTC_HOT, BTC_HOUSE, Desk
from tests.pipeline.resealing import Change, edited, gone, replaced, resealed

from reservecheck.cli.verification_words import as_text
from reservecheck.errors import BundleError, ReservecheckError
from reservecheck.vault.canonical import canonical_json
from reservecheck.vault.sealed import Sealed
from reservecheck.verify import Beside, verify

POSITIONS = 12


def differences(path: Path) -> list[str]:
    """Everything verify finds, or the one thing that made it stop; never another exception."""
    try:
        done = verify(path)
    except BundleError as error:
        return [error.message]
    assert done.ok == (not any(step.differences for step in done.steps))
    return [said for step in done.steps for said in step.differences]


def test_the_untouched_bundle_has_no_difference(bundle: Path, tmp_path: Path) -> None:
    assert differences(bundle) == []
    assert differences(resealed(bundle, tmp_path / "again", {})) == []


def test_any_altered_byte_of_any_member_is_refused_and_its_member_named(bundle: Path, tmp_path: Path) -> None:
    target = tmp_path / "altered"
    shutil.copytree(bundle, target)
    files = sorted(path for path in target.rglob("*") if path.is_file())
    assert len(files) > 30
    for path in files:
        data = path.read_bytes()
        for position in sorted({len(data) * part // POSITIONS for part in range(POSITIONS)} | {len(data) - 1}):
            path.write_bytes(data[:position] + bytes([data[position] ^ 0x01]) + data[position + 1 :])
            said = differences(target)
            name = path.relative_to(target).as_posix()
            assert said, (name, position)
            assert name == "manifest.json" or any(name in one for one in said), said
        path.write_bytes(data)


def test_a_manifest_byte_is_never_altered_unnoticed(bundle: Path, tmp_path: Path) -> None:
    target = tmp_path / "altered"
    shutil.copytree(bundle, target)
    path = target / "manifest.json"
    data = path.read_bytes()
    for position in range(0, len(data), 97):
        path.write_bytes(data[:position] + bytes([data[position] ^ 0x01]) + data[position + 1 :])
        assert differences(target), position


HOSTILE: list[tuple[str, dict[str, Change], str]] = [
    (
        "a better ratio",
        {"assessment.json": replaced('"covered"', '"shortfall"')},
        "assessment.json: differs at $.outcome",
    ),
    (
        "another pin",
        {"pins.json": edited(lambda it: it["pins"][0].update(height=1))},
        "pins.json: differs at $.pins[0].height",
    ),
    (
        "another cell",
        {"cells.csv.gz": replaced(",10000000000,", ",20000000000,")},
        "cells.csv.gz: differs at line 2",
    ),
    ("no cells", {"cells.csv.gz": gone}, "cells.csv.gz"),
    ("no engagement", {"engagement.json": gone}, "has no member engagement.json"),
    ("no wallets", {"wallets.csv.gz": gone}, "has no member wallets.csv.gz"),
    ("no log", {"exchanges.jsonl.gz": gone}, "has no member exchanges.jsonl.gz"),
    ("no liabilities", {"liabilities.json": gone}, "liabilities.json"),
    ("no assessment", {"assessment.json": gone}, "assessment.json"),
    ("no packs", {"rules.json": replaced("core/1", "core/9")}, "the pack core/9 is not shipped with this tool"),
    (
        "a changed pack",
        {"rules.json": edited(lambda it: it[0].update(text="x"))},
        "the pack core/1 is not the one shipped",
    ),
    (
        "no networks",
        {"registry.json": edited(lambda it: it.update(networks={}))},
        "is on a network the registry lacks",
    ),
    ("no assets", {"registry.json": edited(lambda it: it.update(assets={}))}, "names a row the registry lacks"),
    (
        "an asset too few",
        {"registry.json": edited(lambda it: it["assets"].pop("KRW"))},
        "the perimeter names KRW, which the registry lacks",
    ),
    (
        "a family nobody reads",
        {"registry.json": edited(lambda it: it["networks"]["eip155:31337"].update(family="tron"))},
        "eip155:31337 has no reader",
    ),
    (
        "a row under another id",
        {"registry.json": edited(lambda it: it["assets"].update(BTC=it["assets"]["ETH"]))},
        "a row does not stand under its own id",
    ),
    (
        "a row that is not as shipped",
        {"registry.json": edited(lambda it: it["assets"]["BTC"].update(name="Bitcon"))},
        "assets: BTC is not as shipped",
    ),
    (
        "an unknown network",
        {"wallets.csv.gz": replaced("bitcoin:regtest", "bitcoin:nowhere")},
        "is on a network the registry lacks",
    ),
    ("a wallet more", {"wallets.csv.gz": replaced("\n2,", "\n3,")}, "line 3 is out of order"),
    ("a label twice", {"wallets.csv.gz": replaced("btc-house", "btc-hot")}, "a label stands twice"),
    ("an odd owner", {"wallets.csv.gz": replaced(",house,", ",nobody,")}, "wallets.csv.gz: "),
    (
        "an absurd sum",
        {"liabilities.json": replaced('"gross":"100"', '"gross":"9999999999999999999"')},
        "liabilities.json",
    ),
    (
        "a sum out of range",
        {"liabilities.json": replaced('"gross":"100"', '"gross":"1e99"')},
        "'1e99' is not an amount",
    ),
    ("a price of nothing", {"prices.csv": replaced("6700000", "0")}, ""),
    ("a price by zero", {"prices.csv": replaced("6700000", "1/0")}, "'1/0' is not a price as this tool writes it"),
    ("a price that is none", {"prices.csv": replaced("6700000", "NaN")}, ""),
    ("an absurd price", {"prices.csv": replaced("6700000", "1e999999999")}, ""),
    (
        "an unknown asset owed",
        {"liabilities.json": replaced('"asset":"BTC"', '"asset":"NOPE"')},
        "the books name or lack 'NOPE'",
    ),
    ("a column too few", {"cash.csv": replaced("label,", "")}, "cash.csv: its columns are not "),
    (
        "a source nobody named",
        {"sources.json": replaced("src-bitcoin-regtest", "src-other")},
        "which nobody declared",
    ),
    ("an unending line", {"exchanges.jsonl.gz": lambda it: it[:-1]}, "the last line does not end"),
    ("no lines", {"exchanges.jsonl.gz": lambda _: b""}, "differs"),
    ("json that is none", {"engagement.json": lambda _: b"{"}, "engagement.json is not JSON this tool writes"),
    (
        "json too deep",
        {"engagement.json": lambda _: b"[" * 100_000},
        "engagement.json is not JSON this tool writes",
    ),
    ("a list for a record", {"engagement.json": lambda _: b"[]\n"}, "engagement.json is not an object"),
    (
        "a cut-off nobody meant",
        {"engagement.json": edited(lambda it: it["engagement"].update(cutoff_epoch=10**15))},
        "",
    ),
    (
        "a cut-off before time",
        {"engagement.json": edited(lambda it: it["engagement"].update(cutoff_epoch=-(10**15)))},
        "",
    ),
]


@pytest.mark.parametrize(("changes", "message"), [pytest.param(b, c, id=a) for a, b, c in HOSTILE])
def test_a_forgery_is_refused(bundle: Path, tmp_path: Path, changes: dict[str, Change], message: str) -> None:
    said = differences(resealed(bundle, tmp_path / "forged", changes))
    assert said
    assert any(message in one for one in said), said


def test_an_older_tool_may_have_written_it_and_is_named(bundle: Path, tmp_path: Path) -> None:
    older = resealed(
        bundle, tmp_path / "older", {"engagement.json": replaced("reservecheck 0.1.0", "reservecheck 0.0.9")}
    )
    assert differences(older) == []
    assert "  that reservecheck 0.0.9 wrote it, and this is reservecheck 0.1.0\n" in as_text(verify(older))


def test_a_shipped_row_left_out_is_a_difference(bundle: Path, tmp_path: Path) -> None:
    fewer = edited(lambda it: (it["assets"].pop("MONA"), it.update(burn=[])))
    assert differences(resealed(bundle, tmp_path / "fewer", {"registry.json": fewer}))[-2:] == [
        "assets: MONA is shipped, the bundle lacks it",
        "burn: the addresses nobody can spend from are not those shipped",
    ]


def test_an_engagement_that_accepts_nonsense_is_a_difference(bundle: Path, tmp_path: Path) -> None:
    nonsense = edited(lambda it: it["engagement"]["accept"]["instruments"][0].update(instrument="x"))
    said = differences(resealed(bundle, tmp_path / "odd", {"engagement.json": nonsense}))
    assert any("'x' is not an instrument" in one for one in said), said


def test_a_member_nobody_needs_is_a_difference(bundle: Path, tmp_path: Path) -> None:
    forged = resealed(bundle, tmp_path / "forged", {}, notes__txt=b"x")
    assert differences(forged) == ["notes.txt: the manifest lists it, but nothing in the bundle needs it"]


def test_every_leaf_of_every_record_may_be_hostile(bundle: Path, tmp_path: Path) -> None:
    """No value anywhere makes verify end in anything but words; a changed figure is always found."""
    opened = Sealed(bundle)
    names = [name for name in sorted(opened.names) if name.endswith(".json")]
    values: list[Any] = [None, "", -1, 2**53 - 1, [], {}, "9" * 40, "\u0000", True]
    count = 0
    for name in names:
        parsed = json.loads(opened.content(name))
        for path in list(leaves(parsed))[:: 23 if name == "assessment.json" else 9]:
            value = values[count % len(values)]
            count += 1
            content = canonical_json(put(json.loads(opened.content(name)), path, value))
            forged = resealed(bundle, tmp_path / "forged", {name: lambda _, it=content: it})  # type: ignore[misc]  # a default binds the loop's value
            said = differences(forged)
            same = content == opened.content(name)
            assert same or said or name != "assessment.json", (name, path, value)
    assert count > 80


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Any:  # noqa: ANN401  # JSON of any shape
    """The path of everything that is neither an object nor a list with something in it."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not items or not value:
        yield path
    for key, item in items:
        yield from leaves(item, (*path, key))


def put(value: Any, path: tuple[Any, ...], leaf: object) -> Any:  # noqa: ANN401  # JSON of any shape
    """The same with one leaf replaced."""
    if not path:
        return leaf
    value[path[0]] = put(value[path[0]], path[1:], leaf)
    return value


def test_a_bad_snapshot_is_an_error_of_its_own(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(ReservecheckError):
        verify(bundle, Beside(snapshot=tmp_path))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param(
            {"engagement.json": edited(lambda it: it.update(entity="umi"))},
            "the entity is 'umi', the engagement is about 'nami'",
            id="two entities",
        ),
        pytest.param(
            {"engagement.json": edited(lambda it: it["engagement"].update(packs=[]))},
            "the engagement names no core rules, which always run",
            id="no core rules",
        ),
        pytest.param(
            {"engagement.json": edited(lambda it: it["engagement"].update(cutoff="2018-06-29T00:00:00+09:00"))},
            "the cut-off",
            id="a cut-off in words that is another",
        ),
        pytest.param(
            {"engagement.json": edited(lambda it: it["engagement"].update(cutoff="soon"))},
            "the cut-off",
            id="a cut-off that is none",
        ),
        pytest.param(
            {"sources.json": edited(lambda it: it.append({**it[0], "network": "eip155:1"}))},
            "two sources are called",
            id="two sources of one name",
        ),
        pytest.param(
            {"wallets.csv.gz": replaced(BTC_HOT, BTC_HOUSE)},
            "the wallet 'btc-hot' shows another address than the one that was read",
            id="another address shown",
        ),
        pytest.param(
            {"wallets.csv.gz": replaced(BTC_HOT, "bc1nonsense")},
            "the address of 'btc-hot' is none of bitcoin:regtest",
            id="no address shown",
        ),
        pytest.param(
            {
                "registry.json": edited(
                    lambda it: it["assets"].update(NOPE={**it["assets"]["BTC"], "asset": "NOPE"})
                )
            },
            "assets: NOPE is neither shipped nor accepted by the engagement",
            id="a row nobody ships",
        ),
        pytest.param(
            {"wallets.csv.gz": replaced("\n2,btc-house", "\n2,btc-house".replace("house", "none"))},
            "differs",
            id="a line by another label",
        ),
    ],
)
def test_records_that_contradict_each_other_are_refused(
    bundle: Path, tmp_path: Path, changes: dict[str, Change], message: str
) -> None:
    said = differences(resealed(bundle, tmp_path / "forged", changes))
    assert any(message in one for one in said), said


def test_an_engagement_missing_from_the_private_folder_is_a_difference(
    bundle: Path, recorded: Desk, tmp_path: Path
) -> None:
    shutil.copytree(recorded.snapshot, tmp_path / "snapshot")
    (tmp_path / "snapshot" / "engagement.toml").unlink()
    done = verify(bundle, Beside(snapshot=tmp_path / "snapshot"))
    expected = "engagement.toml: the bundle was derived under one, the folder has none"
    assert expected in done.steps[-1].differences
