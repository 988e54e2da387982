from __future__ import annotations

import pytest
from tests.assess.inputs_factory import CELLS, TOKEN, books, engagement, inputs, liabilities, owed

from reservecheck.assess.positions import position
from reservecheck.errors import MoneyError
from reservecheck.model.engagement import Engagement, OutOfScope


def names(setting: Engagement) -> list[str]:
    return [found.asset for found in position(inputs(engagement=setting)).assets]


def test_the_perimeter_comes_first_in_its_own_order_and_cash_apart() -> None:
    assert names(engagement(assets=("USDT", "JPY", "BTC", "ETH"))) == ["USDT", "BTC", "ETH"]


def test_what_is_owed_or_held_beside_the_perimeter_is_listed_too() -> None:
    lines = (owed("KDE", 1), owed("BTC", 1))
    found = position(
        inputs(engagement=engagement(assets=("BTC",)), books=books(liabilities=liabilities(lines)), cells=CELLS)
    )
    assert [(row.asset, row.in_perimeter) for row in found.assets] == [
        ("BTC", True),
        ("ETH", False),
        ("KDE", False),
        ("USDT", False),
    ]


def test_without_an_engagement_the_perimeter_is_whatever_is_owed() -> None:
    setting = engagement(assets=(), given=False)
    found = position(inputs(engagement=setting, books=books(liabilities=liabilities([owed("BTC", 1)]))))
    assert [row.asset for row in found.assets if row.in_perimeter] == ["BTC"]
    assert found.outside == ()


def test_what_is_owed_and_neither_in_the_perimeter_nor_listed_is_outside() -> None:
    lines = (owed("BTC", 1), owed("KDE", 1), owed("KRW", 1), owed("ETH", 0, negative=1), owed("USDT", 0))
    setting = engagement(assets=("BTC",), out_of_scope=(OutOfScope(asset="KDE", reason="own token"),))
    found = position(inputs(engagement=setting, books=books(liabilities=liabilities(lines))))
    assert found.outside == ("ETH", "KRW")


def test_what_joining_found_is_carried() -> None:
    found = position(inputs(books=books(custodians=None, letters=None)))
    assert [line.label for line in found.unread_lines] == ["vault"]
    assert (found.duplicates, found.counted_once, found.unspendable) == ((), (), ())
    assert found.loosened[0].startswith("accept.owner")


def test_a_tolerance_finer_than_the_asset_is_refused() -> None:
    with pytest.raises(MoneyError) as caught:
        position(inputs(engagement=engagement(tolerance={"BTC": "0.000000001"})))
    assert caught.value.message == "'0.000000001' has 9 digits after the point, the asset has 8"


def test_the_same_inputs_give_the_same_position() -> None:
    assert position(inputs()) == position(inputs())
    assert position(inputs()).assets[2].by_instrument[TOKEN] == 2_000 * 10**18
