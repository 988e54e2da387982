from __future__ import annotations

from tests.assess.inputs_factory import CUTOFF_EPOCH, books, inputs, price
from tests.rules.asking import ask

from reservecheck.rules.price_after_cutoff import RULE


def test_price_after_cutoff_is_not_assessable_one_second_late() -> None:
    late = price("BTC", "1", as_of="2018-09-14T08:00:01Z", as_of_epoch=CUTOFF_EPOCH + 1)
    assert ask(RULE, inputs(books=books(prices=(late, price("ETH", "1"))))) == [
        (
            "not-assessable",
            "warning",
            (
                "BTC: priced as of 2018-09-14T08:00:01Z, after the cut-off 2018-09-14T17:00:00+09:00,"
                " so no valued figure is computed"
            ),
        ),
        ("holds", "warning", "ETH: priced as of 2018-09-14T17:00:00+09:00"),
    ]


def test_price_after_cutoff_has_nothing_to_look_at_without_prices() -> None:
    assert ask(RULE, inputs(books=books(prices=None)))[0][0] == "not-applicable"
