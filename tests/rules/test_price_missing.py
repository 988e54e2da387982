from __future__ import annotations

from tests.assess.inputs_factory import books, inputs, liabilities, owed, price
from tests.rules.asking import ask

from reservecheck.rules.price_missing import RULE


def test_price_missing_is_not_assessable_for_each_asset_without_a_price_above_zero() -> None:
    said = ask(RULE, inputs(books=books(prices=(price("BTC", "1"), price("ETH", "0")))))
    message = "no price above zero in JPY, so no valued figure is computed"
    assert said == [
        ("holds", "warning", "BTC: priced in JPY"),
        ("not-assessable", "warning", f"ETH: {message}"),
        ("not-assessable", "warning", f"USDT: {message}"),
    ]


def test_price_missing_has_nothing_to_look_at_where_only_cash_is_owed() -> None:
    given = inputs(books=books(prices=None, liabilities=liabilities([owed("JPY", 1)])))
    assert ask(RULE, given)[0][0] == "not-applicable"
