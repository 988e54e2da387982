from __future__ import annotations

from tests.assess.inputs_factory import (
    BTC,
    CELLS,
    ETHEREUM,
    books,
    cell,
    engagement,
    inputs,
    liabilities,
    observation,
    owed,
    pin,
)
from tests.rules.asking import ask

from reservecheck.model.engagement import Accept
from reservecheck.rules.aggregate_hides_a_hole import RULE


def test_aggregate_hides_a_hole_breaks_where_a_sum_covers_what_an_asset_does_not() -> None:
    lines = (owed("BTC", 50 * 10**8), owed("ETH", 100 * 10**18))
    assert ask(RULE, inputs(books=books(liabilities=liabilities(lines)))) == [
        (
            "breaks",
            "critical",
            ("the deciding aggregate is 190.81 %, while ETH stands at 51.00 % (in-kind coverage 96.98 %)"),
        )
    ]


def test_aggregate_hides_a_hole_holds_where_no_asset_is_below_one_hundred_percent() -> None:
    message = "worst asset ETH 102.00 %: no asset is below 100 %, whatever the prices"
    assert ask(RULE, inputs()) == [("holds", "critical", message)]
    assert ask(RULE, inputs(books=books(prices=None))) == [("holds", "critical", message)]


def test_aggregate_hides_a_hole_holds_where_the_hole_shows() -> None:
    cells = (cell(1, "btc-hot", BTC, 10**8), *CELLS[2:])
    assert ask(RULE, inputs(cells=cells)) == [
        (
            "holds",
            "critical",
            "worst asset BTC 1.02 %: no valued aggregate of 100 % or more hides it",
        )
    ]


def test_aggregate_hides_a_hole_is_not_assessable_without_prices_or_without_a_block() -> None:
    cells = (cell(1, "btc-hot", BTC, 10**8), *CELLS[2:])
    assert ask(RULE, inputs(cells=cells, books=books(prices=None))) == [
        (
            "not-assessable",
            "critical",
            "the worst asset is BTC (1.02), and the valued figures are not computed: no price for BTC, ETH, USDT",
        )
    ]
    seen = observation(pins=(pin(ETHEREUM),))
    assert ask(RULE, inputs(observation=seen)) == [
        (
            "not-assessable",
            "critical",
            (
                "the worst asset is BTC (not known), and the valued figures are not computed:"
                " the holding of BTC is not known"
            ),
        )
    ]


def test_aggregate_hides_a_hole_has_nothing_to_look_at_without_coins() -> None:
    assert ask(RULE, inputs(books=books(liabilities=liabilities([owed("JPY", 1)]))))[0][0] == "not-applicable"


def test_aggregate_hides_a_hole_compares_like_with_like() -> None:
    claimed = inputs(books=books(letters=()))
    assert ask(RULE, claimed)[0][0] == "breaks"
    said = ask(RULE, inputs(engagement=engagement(accept=Accept())))
    assert said == [
        ("holds", "critical", "worst asset BTC 0.00 %: no valued aggregate of 100 % or more hides it"),
    ]


def test_aggregate_hides_a_hole_says_nothing_of_an_asset_that_was_not_read_whole() -> None:
    cells = (cell(1, "btc-hot", CELLS[0].instrument, None), *CELLS[1:])
    assert ask(RULE, inputs(cells=cells))[0][0] == "holds"


def test_aggregate_hides_a_hole_is_not_assessable_where_nothing_of_an_asset_was_read() -> None:
    cells = (*CELLS[:2], cell(3, "eth-hot", CELLS[2].instrument, None), CELLS[3])
    assert ask(RULE, inputs(cells=cells))[0][0] == "not-assessable"
