from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assess.inputs_factory import (
    BTC,
    CELLS,
    CUTOFF_EPOCH,
    ETH,
    ETHEREUM,
    TOKEN,
    asset,
    books,
    cell,
    engagement,
    inputs,
    liabilities,
    observation,
    owed,
    pin,
    price,
    registry,
)

from reservecheck.assess.positions import position
from reservecheck.model.assessment import Aggregate
from reservecheck.model.books import Price
from reservecheck.model.engagement import Deciding
from reservecheck.model.words import Bound, Control


def figures(**changes: object) -> Aggregate:
    return position(inputs(books=books(**changes))).aggregate


def test_aggregate_coverage_and_worst_asset_stand_together() -> None:
    found = figures()
    held = 712_565 * 100 + Fraction("23400.5") * 51 + 112 * 2_600
    under = 712_565 * 98 + Fraction("23400.5") * 50 + 112 * 2_500
    assert found.ratio == held / under
    assert found.ratio_segregated == held / under
    assert found.ratio_broad == (held + 712_565 * 30) / under
    assert found.in_kind_coverage == 1
    assert (found.worst_asset, found.worst_ratio) == ("ETH", Fraction(102, 100))
    assert (found.currency, found.bound, found.why) == ("JPY", Bound.EXACT, "")


def test_a_name_like_an_issuers_takes_no_asset_out_of_the_figures() -> None:
    tether = {**registry().assets, "USDT": asset("USDT", "token", 18, issuer="Tether")}
    nothing = (*CELLS[:3], cell(3, "eth-hot", TOKEN, 0))
    found = position(
        inputs(name="Tether", registry=registry(assets=tether), cells=nothing, books=books(custodians=None))
    )
    assert (found.aggregate.worst_asset, found.aggregate.worst_ratio) == ("USDT", Fraction(0))


def test_a_surplus_in_one_asset_hides_a_hole_in_another_only_from_the_aggregate() -> None:
    lines = (owed("BTC", 50 * 10**8), owed("ETH", 100 * 10**18))
    found = figures(liabilities=liabilities(lines))
    assert found.ratio is not None
    assert found.ratio > 1
    assert found.in_kind_coverage is not None
    assert found.in_kind_coverage < 1
    assert (found.worst_asset, found.worst_ratio) == ("ETH", Fraction(51, 100))


@pytest.mark.parametrize(
    ("prices", "why"),
    [
        (None, "no price for BTC, ETH, USDT"),
        ((price("BTC", "1"), price("ETH", "1")), "no price for USDT"),
        ((price("BTC", "1"), price("ETH", "0"), price("USDT", "1")), "no price for ETH"),
        (
            (price("BTC", "1", as_of_epoch=CUTOFF_EPOCH + 1), price("ETH", "1"), price("USDT", "1")),
            "the price of BTC was taken after the cut-off",
        ),
    ],
)
def test_without_a_good_price_no_valued_figure_is_computed(prices: tuple[Price, ...] | None, why: str) -> None:
    found = figures(prices=prices)
    assert (found.ratio, found.ratio_segregated, found.ratio_broad, found.in_kind_coverage) == (None,) * 4
    assert found.why == why
    assert (found.worst_asset, found.worst_ratio) == ("ETH", Fraction(102, 100))


def test_prices_in_no_currency_value_nothing() -> None:
    found = position(inputs(engagement=engagement(currency=""))).aggregate
    assert (found.ratio, found.in_kind_coverage) == (None, None)
    assert found.why == "no engagement says in which currency prices are"


def test_nothing_owed_in_coins_has_no_worst_asset() -> None:
    found = figures(liabilities=liabilities([owed("JPY", 1)]))
    assert (found.worst_asset, found.worst_ratio, found.ratio) == (None, None, None)
    assert found.why == "no coins are owed in the file received"


def test_an_asset_whose_holding_is_not_known_is_the_worst() -> None:
    found = position(inputs(observation=observation(pins=(pin(ETHEREUM),)))).aggregate
    assert (found.worst_asset, found.worst_ratio, found.bound) == ("BTC", None, Bound.UNKNOWN)
    assert found.why == "the holding of BTC is not known"
    assert found.ratio is None


def test_an_unread_cell_makes_the_aggregate_a_lower_bound() -> None:
    cells = (*CELLS[:1], cell(2, "btc-treasury", BTC, None), *CELLS[2:])
    assert position(inputs(cells=cells)).aggregate.bound is Bound.AT_LEAST


@pytest.mark.parametrize(("kind", "issuer"), [("issuer-token", "somebody"), ("token", "KAEDE")])
def test_own_tokens_are_apart(kind: str, issuer: str) -> None:
    assets = {**registry().assets, "USDT": asset("USDT", kind, 18, issuer=issuer)}
    found = position(
        inputs(registry=registry(assets=assets), books=books(prices=(price("BTC", "1"), price("ETH", "1"))))
    )
    assert found.aggregate.why == ""


def test_what_is_left_out_of_scope_is_not_valued() -> None:
    setting = engagement(assets=("BTC", "ETH", "JPY"))
    found = position(inputs(engagement=setting, books=books(prices=(price("BTC", "1"), price("ETH", "1")))))
    assert found.aggregate.why == ""


AMOUNTS = st.integers(min_value=0, max_value=10**12)
PRICES = st.fractions(min_value=Fraction(1, 10**6), max_value=10**6, max_denominator=10**6)


@given(
    rows=st.tuples(*[st.tuples(AMOUNTS, AMOUNTS, PRICES)] * 3).filter(lambda rows: any(row[1] for row in rows)),
    control=st.sampled_from(list(Control)),
)
def test_coverage_never_exceeds_one_nor_the_aggregate_and_is_one_only_without_a_hole(
    rows: tuple[tuple[int, int, Fraction], ...], control: Control
) -> None:
    names = (("BTC", BTC, 1), ("ETH", ETH, 3), ("USDT", TOKEN, 3))
    cells = [
        cell(line, "w", name, held, control=control)
        for (_, name, line), (held, _, _) in zip(names, rows, strict=True)
    ]
    owed_lines = [owed(name, owing) for (name, _, _), (_, owing, _) in zip(names, rows, strict=True)]
    prices = [
        Price(asset=name, price=value, text="", source="", as_of="", as_of_epoch=0)
        for (name, _, _), (_, _, value) in zip(names, rows, strict=True)
    ]
    setting = engagement(deciding=Deciding(control=Control.SIGNED))
    given_ = inputs(
        cells=cells,
        engagement=setting,
        books=books(liabilities=liabilities(owed_lines), prices=tuple(prices), custodians=None, letters=None),
    )
    found = position(given_).aggregate
    assert found.ratio is not None
    assert found.in_kind_coverage is not None
    assert found.worst_ratio is not None
    assert found.ratio_segregated is not None
    assert found.ratio_broad is not None
    assert found.in_kind_coverage <= min(Fraction(1), found.ratio)
    assert (found.in_kind_coverage == 1) == (found.worst_ratio >= 1)
    assert found.ratio <= found.ratio_segregated <= found.ratio_broad
