"""The instant: an extract of another hour, a block of another moment, a loan that came after T."""

from __future__ import annotations

import gzip
import json
from typing import Final

from tests.conformance.bench import ROOT, Bench
from tests.conformance.case import Case
from tests.conformance.invented import invent
from tests.nodes.running import anvil, bitcoind_node

STORY: Final = ROOT / "tests" / "data" / "bitcoin-core"
AFTER_THE_STORY: Final = 1_764_144_200
ONE_MINUTE_LATER: Final = "2025-11-23T01:24:20Z"
H150: Final = "2025-11-23T03:53:20Z"
CUTOFF: Final = "cutoff = 2018-06-28T00:00:00+09:00"


def utc_extract(bench: Bench) -> None:
    bench.edit("snapshot.toml", "as_of = 2018-06-28T00:00:00+09:00", "as_of = 2018-06-28T23:59:59Z")


def one_second(bench: Bench) -> None:
    bench.edit("snapshot.toml", "as_of = 2018-06-28T00:00:00+09:00", "as_of = 2018-06-27T14:59:59Z")


def same_instant(bench: Bench) -> None:
    bench.edit("snapshot.toml", "as_of = 2018-06-28T00:00:00+09:00", "as_of = 2018-06-27T15:00:00Z")


def no_as_of(bench: Bench) -> None:
    bench.edit("snapshot.toml", "as_of = 2018-06-28T00:00:00+09:00\n", "")


def naive_cutoff(bench: Bench) -> None:
    bench.edit("engagement.toml", CUTOFF, "cutoff = 2018-06-28T00:00:00")


def naive_extract(bench: Bench) -> None:
    bench.edit("snapshot.toml", "as_of = 2018-06-28T00:00:00+09:00", "as_of = 2018-06-28T00:00:00")


def date_for_a_cutoff(bench: Bench) -> None:
    bench.edit("engagement.toml", CUTOFF, "cutoff = 2018-06-28")


def later_cutoff(bench: Bench) -> None:
    bench.edit("engagement.toml", CUTOFF, "cutoff = 2018-06-28T00:05:00+09:00")


def tight_skew(bench: Bench) -> None:
    bench.edit("engagement.toml", "[accept]", "[limits]\nskew_seconds = 10\n\n[accept]")
    bench.recollect()


def loose_skew(bench: Bench) -> None:
    bench.edit("engagement.toml", "[accept]", "[limits]\nskew_seconds = 80000\n\n[accept]")
    bench.recollect()


def borrower(bench: Bench, cutoff: str) -> None:
    """An exchange of the recorded story: 200 BTC are lent to it from h149 to h151, and it owes 300."""
    node = bench.stack.enter_context(bitcoind_node(bench.folder, f"-mocktime={AFTER_THE_STORY}"))
    for line in gzip.decompress((STORY / "blocks.hex.gz").read_bytes()).decode().split()[1:]:
        assert node("submitblock", line) is None
    declared = json.loads((STORY / "declared_addresses.json").read_text(encoding="utf-8"))["exchanges"]["haneul"]
    cold = [("bitcoin:regtest", row["address"]) for row in declared if row["wallet"] == "cold-multisig"]
    invent(bench, "haneul", cutoff, cold, {"BTC": "300"})
    bench.provide(("bitcoin:regtest", "bitcoind", node, "practitioner"))


def at_the_tip(bench: Bench) -> None:
    """A chain whose newest block is ten seconds before T."""
    node = bench.stack.enter_context(anvil(bench.folder, 31337, "--timestamp", "1530111500"))
    node("evm_setNextBlockTimestamp", 1530111590)
    node("evm_mine")
    invent(bench, "hasty", "2018-06-27T15:00:00Z", [("eip155:31337", "0x" + "11" * 20)], {"ETH": "1"})
    bench.provide(("eip155:31337", "evm", node, "practitioner"))


CASES: Final = (
    Case(
        id="extract-of-another-time-zone",
        kind="lie",
        says="23:59:59Z of the day is the midnight of Seoul.",
        make=utc_extract,
        code=1,
        outcome="incomplete",
        breaks=("extract_as_of extract",),
        words=("the extract is as of 2018-06-28T23:59:59+00:00, 118799 s after the cut-off",),
    ),
    Case(
        id="extract-one-second-early",
        kind="lie",
        says="A second before the cut-off is near enough for the extract.",
        make=one_second,
        code=1,
        outcome="incomplete",
        breaks=("extract_as_of extract",),
        words=("1 s before the cut-off",),
    ),
    Case(
        id="extract-without-an-instant",
        kind="lie",
        says="An extract without an instant is as of the cut-off.",
        make=no_as_of,
        code=1,
        outcome="incomplete",
        unknown=("extract_as_of extract",),
    ),
    Case(
        id="naive-cutoff",
        kind="lie",
        says="Midnight is midnight; no offset is needed.",
        make=naive_cutoff,
        code=2,
        words=("engagement.toml:7: cutoff has no offset",),
    ),
    Case(
        id="naive-extract",
        kind="lie",
        says="The extract's midnight needs no offset either.",
        make=naive_extract,
        code=2,
        words=("snapshot.toml:13: as_of has no offset",),
    ),
    Case(
        id="date-for-a-cutoff",
        kind="lie",
        says="A day is an instant.",
        make=date_for_a_cutoff,
        code=2,
        words=("engagement.toml:7: cutoff is a date, not an instant",),
    ),
    Case(
        id="old-evidence-for-a-new-cutoff",
        kind="lie",
        says="Last time's answers serve this time's cut-off, five minutes later.",
        make=later_cutoff,
        code=2,
        words=("was collected for another cut-off (2018-06-28T00:00:00+09:00, not 2018-06-28T00:05:00+09:00)",),
    ),
    Case(
        id="skew-over-the-limit",
        kind="lie",
        says="Blocks twelve seconds before the cut-off are within a limit of ten.",
        make=tight_skew,
        code=1,
        outcome="incomplete",
        breaks=("pin_time eip155:31337", "pin_time eip155:31338"),
    ),
    Case(
        id="skew-limit-loosened",
        kind="lie",
        says="The limit of the skew was raised in a file nobody reads.",
        make=loose_skew,
        code=0,
        outcome="covered",
        notes=("policy_looser_than_default setting 6",),
        words=("limits.skew_seconds = 80000 (default 7200)",),
    ),
    Case(
        id="loan-two-hours-after-the-cutoff",
        kind="lie",
        says="200 BTC that were borrowed two hours after the cut-off were there at the cut-off.",
        make=lambda bench: borrower(bench, ONE_MINUTE_LATER),
        ask=lambda bench: bench.run_live(),
        nodes=True,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall BTC",),
        figures={"BTC.owed": "300"},
        words=('"height":145',),
    ),
    Case(
        id="chain-not-past-the-cutoff",
        kind="lie",
        says="The newest block will do, though a later one may still be at or before the cut-off.",
        make=at_the_tip,
        ask=lambda bench: bench.run_live(),
        nodes=True,
        code=2,
        words=("the chain has not passed the cut-off 2018-06-27T15:00:00Z yet",),
    ),
    Case(
        id="same-instant-other-offset",
        kind="truth",
        says="15:00 UTC is midnight in Seoul.",
        make=same_instant,
        code=0,
        outcome="covered",
    ),
    Case(
        id="coins-there-at-the-cutoff",
        kind="truth",
        says="Coins count that stood there at the cut-off; that they may be borrowed is said in words.",
        make=lambda bench: borrower(bench, H150),
        ask=lambda bench: bench.run_live(),
        nodes=True,
        code=0,
        outcome="covered",
        figures={"BTC.deciding.held": "368.45677401"},
        words=('"height":150',),
    ),
)
