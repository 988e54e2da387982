from __future__ import annotations

from fractions import Fraction

import pytest

from reservecheck.books.ledger_names import ledger_names, ticker
from reservecheck.errors import MoneyError
from reservecheck.model.registry import Registry
from reservecheck.money import parse_multiplier


def test_a_registered_asset_is_its_own_name(registry: Registry) -> None:
    name = ledger_names(registry.assets)["BTC"]
    assert (name.asset, name.digits, name.scale, name.units(15 * 10**17)) == ("BTC", 8, 18, 150_000_000)


@pytest.mark.parametrize(
    ("asset", "multiplier", "digits"),
    [("BTC", "1", 8), ("BTC", "1000", 11), ("BTC", "0.001", 5), ("ETH", "1000", 18), ("SATS", "250", 1)],
)
def test_a_multiplier_moves_the_digits_an_amount_may_have(
    registry: Registry, asset: str, multiplier: str, digits: int
) -> None:
    assert ticker("x", registry.assets[asset], parse_multiplier(multiplier)).digits == digits


def test_a_sum_that_would_need_rounding_is_refused(registry: Registry) -> None:
    name = ticker("k", registry.assets["BTC"], Fraction(1))
    with pytest.raises(MoneyError, match=r"^amounts under 'k' are finer than the 8 decimals of BTC$"):
        name.units(1)


@pytest.mark.parametrize("text", ["", "0", "0.0", "-1", "1e3", "01", "1.50", ".5", "+1", "１", "1_0"])
def test_what_is_not_a_multiplier_is_refused(text: str) -> None:
    with pytest.raises(MoneyError, match="is not a multiplier"):
        parse_multiplier(text)
