"""Who asks, by which rules, at which limits."""

from __future__ import annotations

from typing import Final

from tests.conformance.bench import Bench
from tests.conformance.case import Case

LEVERS: Final = 'assets = ["BTC", "ETH", "USDT", "KRW"]'


def one_rule_pack(bench: Bench) -> None:
    bench.edit("engagement.toml", LEVERS, f'{LEVERS}\npacks = ["lenient/1"]')


def no_packs(bench: Bench) -> None:
    bench.start("hanul-hole")
    bench.edit("engagement.toml", LEVERS, f"{LEVERS}\npacks = []")


def tolerance(bench: Bench) -> None:
    bench.start("hanul-hole")
    bench.edit("engagement.toml", "[accept]", '[tolerance]\nETH = "8000"\n\n[accept]')


def negative_tolerance(bench: Bench) -> None:
    bench.edit("engagement.toml", "[accept]", '[tolerance]\nETH = "-1"\n\n[accept]')


def unknown_setting(bench: Bench) -> None:
    bench.edit("engagement.toml", "[deciding]", "[deciding]\nratio = 0.5")


def entity_engagement(bench: Bench) -> None:
    bench.edit("wallets", "[declaration]", '[deciding]\nowner = "all"\n\n[declaration]')


def no_engagement(bench: Bench) -> None:
    """The entity throws away the engagement: what applies is strict, and the evidence was read for another job."""
    (bench.snapshot / "engagement.toml").unlink()
    bench.recollect()


def empty_perimeter(bench: Bench) -> None:
    bench.edit("engagement.toml", LEVERS, "assets = []")


def other_wallets(bench: Bench) -> None:
    bench.edit("wallets", 'label = "btc-hot"', 'label = "btc-warm"')


def other_entity(bench: Bench) -> None:
    bench.edit("engagement.toml", 'entity = "hanul"', 'entity = "kaede"')


def other_snapshot(bench: Bench) -> None:
    bench.edit("snapshot.toml", 'entity = "hanul"', 'entity = "kaede"')


def other_perimeter(bench: Bench) -> None:
    bench.edit("engagement.toml", LEVERS, 'assets = ["BTC", "USDT", "KRW"]')


def altered_evidence(bench: Bench) -> None:
    path = bench.evidence / "pins.json"
    path.write_bytes(path.read_bytes().replace(b'"height"', b'"Height"', 1))


def bundle_for_evidence(bench: Bench) -> None:
    bench.seal()
    bench.evidence.rename(bench.folder / "away")
    bench.bundle.rename(bench.evidence)


def evidence_for_bundle(bench: Bench) -> None:
    bench.evidence.rename(bench.bundle)


CASES: Final = (
    Case(
        id="one-rule-pack",
        kind="lie",
        says="A pack of one lenient rule judges us.",
        make=one_rule_pack,
        code=2,
        words=("engagement.toml:", "'lenient/1' is not a rule pack of this version", "packs are core/1"),
    ),
    Case(
        id="no-packs",
        kind="lie",
        says="An engagement without rules has nothing that could break.",
        make=no_packs,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall ETH", "aggregate_hides_a_hole aggregate"),
        words=('"packs":["core/1"]',),
    ),
    Case(
        id="tolerance-loosened",
        kind="lie",
        says="A tolerance of 8000 ETH makes 60.00 % enough, in a line nobody sees.",
        make=tolerance,
        code=1,
        outcome="incomplete",
        breaks=("aggregate_hides_a_hole aggregate",),
        figures={"ETH.deciding.ratio": "60.00", "ETH.shortfall": "8000"},
        words=('tolerance.ETH = \\"8000\\": so much may be missing',),
    ),
    Case(
        id="tolerance-below-zero",
        kind="lie",
        says="A tolerance below zero confuses the comparison.",
        make=negative_tolerance,
        code=2,
        words=("the tolerance of ETH is negative",),
    ),
    Case(
        id="setting-nobody-knows",
        kind="lie",
        says="A setting of our own lowers the ratio that is asked for.",
        make=unknown_setting,
        code=2,
        words=('engagement.toml:12: [deciding] has an unknown key "ratio"',),
    ),
    Case(
        id="policy-in-the-wallets-file",
        kind="lie",
        says="The entity's file says what decides.",
        make=entity_engagement,
        code=2,
        words=('hanul.toml:7: the file has an unknown key "deciding"',),
    ),
    Case(
        id="engagement-thrown-away",
        kind="lie",
        says="Without an engagement there is no policy, so everything counts.",
        make=no_engagement,
        code=1,
        outcome="shortfall",
        breaks=(
            "asset_shortfall USDT",
            "owed_but_nothing_declared USDT",
            *(f"local_test_chain {name}" for name in ("bitcoin:regtest", "eip155:31337", "eip155:31338")),
        ),
        unknown=(
            "aggregate_hides_a_hole aggregate",
            "asset_shortfall BTC",
            "asset_shortfall ETH",
            "cash_shortfall KRW",
        ),
        figures={"BTC.deciding.held": "0", "BTC.observed": "1020"},
    ),
    Case(
        id="empty-perimeter",
        kind="lie",
        says="An engagement about no asset holds.",
        make=empty_perimeter,
        code=2,
        words=("assets is empty: the perimeter holds at least one",),
    ),
    Case(
        id="evidence-of-other-wallets",
        kind="lie",
        says="The answers for the wallets of last month serve those of this month.",
        make=other_wallets,
        code=2,
        words=("was collected for another wallets file",),
    ),
    Case(
        id="evidence-of-another-perimeter",
        kind="lie",
        says="The answers for one perimeter serve another.",
        make=other_perimeter,
        code=2,
        words=("was collected for another perimeter or other accepted instruments",),
    ),
    Case(
        id="engagement-of-another-entity",
        kind="lie",
        says="The engagement of one exchange judges another.",
        make=other_entity,
        code=2,
        words=("this is about 'kaede', the wallets file about 'hanul'",),
    ),
    Case(
        id="extract-of-another-entity",
        kind="lie",
        says="The customers of a smaller company are those of this one.",
        make=other_snapshot,
        code=2,
        words=("the snapshot is of 'kaede', the engagement of 'hanul'",),
    ),
    Case(
        id="evidence-altered",
        kind="lie",
        says="One letter in a sealed file does not matter.",
        make=altered_evidence,
        code=2,
        words=("was altered: pins.json",),
    ),
    Case(
        id="bundle-in-the-place-of-evidence",
        kind="lie",
        says="A finished bundle is evidence for the next.",
        make=bundle_for_evidence,
        code=2,
        words=("is 'reservecheck/bundle/v1-draft', not reservecheck/evidence/v1-draft",),
    ),
    Case(
        id="evidence-in-the-place-of-a-bundle",
        kind="lie",
        says="An evidence set, which owes nobody anything, verifies as a bundle.",
        make=evidence_for_bundle,
        ask=lambda bench: bench.verify(),
        code=2,
        words=("is 'reservecheck/evidence/v1-draft', not reservecheck/bundle/v1-draft",),
    ),
)
