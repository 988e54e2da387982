"""Prices that make a hole small, and aggregates that hide it."""

from __future__ import annotations

from typing import Final

from tests.conformance.bench import Bench
from tests.conformance.case import Case

AGGREGATE: Final = "aggregate_hides_a_hole aggregate"
AT_T: Final = "invented for the rehearsal,2018-06-28T00:00:00+09:00,single price,practitioner"


def hole(bench: Bench) -> None:
    bench.start("hanul-hole")


def near_zero_on_the_hole(bench: Bench) -> None:
    bench.start("hanul-hole")
    bench.edit("prices.csv", f"ETH,490000,{AT_T}", f"ETH,0.0000001,{AT_T}")


def own_token_priced(bench: Bench) -> None:
    bench.start("hanul-hole")
    bench.add("prices.csv", f"SHIB,1000000000000,{AT_T}\n")


def huge_on_the_surplus(bench: Bench) -> None:
    bench.start("hanul-hole")
    bench.edit("prices.csv", f"BTC,6700000,{AT_T}", f"BTC,6700000000000000,{AT_T}")


def late(bench: Bench) -> None:
    bench.edit("prices.csv", f"ETH,490000,{AT_T}", f"ETH,490000,{AT_T.replace('T00:00:00', 'T00:00:01')}")


def missing(bench: Bench) -> None:
    bench.edit("prices.csv", f"ETH,490000,{AT_T}\n", "")


def none_at_all(bench: Bench) -> None:
    (bench.snapshot / "prices.csv").unlink()
    bench.edit("snapshot.toml", 'prices = "prices.csv"\n', "")


def zero(bench: Bench) -> None:
    bench.edit("prices.csv", f"ETH,490000,{AT_T}", f"ETH,0,{AT_T}")


def negative(bench: Bench) -> None:
    bench.edit("prices.csv", f"ETH,490000,{AT_T}", f"ETH,-490000,{AT_T}")


def twice(bench: Bench) -> None:
    bench.add("prices.csv", f"ETH,1,{AT_T}\n")


def dust(bench: Bench) -> None:
    bench.edit("prices.csv", f"ETH,490000,{AT_T}", f"ETH,0.00000000000000001,{AT_T}")


HOLE: Final = ("asset_shortfall ETH", AGGREGATE)
CASES: Final = (
    Case(
        id="surplus-hides-a-hole",
        kind="lie",
        says="All together there are 103.00 %, so nothing is missing.",
        make=hole,
        code=1,
        outcome="shortfall",
        breaks=HOLE,
        figures={"ETH.deciding.ratio": "60.00", "aggregate.ratio_broad": "103.00", "aggregate.worst_asset": "ETH"},
    ),
    Case(
        id="price-near-zero-on-the-hole",
        kind="lie",
        says="The asset that is short is worth next to nothing, so the aggregate is sound.",
        make=near_zero_on_the_hole,
        code=1,
        outcome="shortfall",
        breaks=HOLE,
        figures={"ETH.deciding.ratio": "60.00", "aggregate.worst_ratio": "60.00"},
    ),
    Case(
        id="huge-price-on-an-own-token",
        kind="lie",
        says="A price for a token nobody is owed lifts the aggregate.",
        make=own_token_priced,
        code=1,
        outcome="shortfall",
        breaks=HOLE,
        figures={"aggregate.ratio_broad": "103.00"},
    ),
    Case(
        id="huge-price-on-the-surplus",
        kind="lie",
        says="The coin of which there is more than enough is worth a billion times as much.",
        make=huge_on_the_surplus,
        code=1,
        outcome="shortfall",
        breaks=HOLE,
        figures={"ETH.deciding.ratio": "60.00", "ETH.shortfall": "8000"},
    ),
    Case(
        id="price-after-the-cutoff",
        kind="lie",
        says="A price of one second later is as good.",
        make=late,
        code=1,
        outcome="incomplete",
        unknown=("price_after_cutoff ETH",),
        figures={"aggregate.ratio": "None", "aggregate.in_kind_coverage": "None"},
    ),
    Case(
        id="price-missing",
        kind="lie",
        says="An asset without a price can be left out of the aggregate.",
        make=missing,
        code=1,
        outcome="incomplete",
        unknown=("price_missing ETH",),
        figures={"aggregate.ratio": "None", "ETH.deciding.ratio": "100.00"},
    ),
    Case(
        id="no-prices",
        kind="lie",
        says="Without prices the aggregate is whatever it was.",
        make=none_at_all,
        code=1,
        outcome="incomplete",
        unknown=("price_missing BTC", "price_missing ETH", "price_missing USDT"),
        figures={"aggregate.ratio": "None", "aggregate.worst_asset": "BTC"},
    ),
    Case(
        id="price-of-zero",
        kind="lie",
        says="A price of zero takes an asset out of the aggregate.",
        make=zero,
        code=2,
        words=("prices.csv:3: the price is zero",),
    ),
    Case(
        id="price-below-zero",
        kind="lie",
        says="A price below zero turns a hole into a surplus.",
        make=negative,
        code=2,
        words=("prices.csv:3: '-490000' is not a price",),
    ),
    Case(
        id="two-prices",
        kind="lie",
        says="Of two prices the better one counts.",
        make=twice,
        code=2,
        words=("prices.csv:5: ETH has two prices",),
    ),
)
