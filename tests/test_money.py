from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.errors import MoneyError
from reservecheck.money import (
    AMOUNT_PATTERN,
    LIMIT,
    exact,
    format_amount,
    in_range,
    parse_amount,
    percent_down,
    percent_up,
    rescale,
)

DECIMALS = st.integers(0, 18)
RATIOS = st.fractions(min_value=-1000, max_value=1000)


@pytest.mark.parametrize(
    ("text", "decimals", "units"),
    [("1.5", 8, 150_000_000), ("0", 0, 0), ("-0", 8, 0), ("-0.00000001", 8, -1), ("9999999999999999999", 18, None)],
)
def test_whole_units_become_smallest_units(text: str, decimals: int, units: int | None) -> None:
    assert parse_amount(text, decimals) == (int(text) * 10**decimals if units is None else units)


@pytest.mark.parametrize(
    "text",
    ["", " 1", "1 ", "+1", "1e3", "1,000", ".5", "5.", "01", "0x1", "١", "1_000", "NaN", "--1", "1.2.3", "1\n"],
)
def test_anything_else_is_no_amount(text: str) -> None:
    assert re.match(AMOUNT_PATTERN, text) is None or text == "1\n"
    with pytest.raises(MoneyError) as raised:
        parse_amount(text, 8)
    assert str(raised.value) == f"{text!r} is not an amount\n  hint: write digits and a point, such as 1234.5"


def test_a_long_text_is_quoted_in_part() -> None:
    with pytest.raises(MoneyError, match=re.escape(repr("x" * 60 + "…") + " is not an amount")):
        parse_amount("x" * 1000, 8)


def test_more_digits_than_the_asset_has_are_refused_not_rounded() -> None:
    with pytest.raises(MoneyError) as raised:
        parse_amount("0.123456789", 8)
    assert str(raised.value) == (
        "'0.123456789' has 9 digits after the point, the asset has 8\n"
        "  hint: an amount is never rounded: write it as the ledger holds it, or correct the asset's decimals"
    )


@pytest.mark.parametrize("units", [LIMIT, -LIMIT])
def test_what_is_out_of_range_is_refused(units: int) -> None:
    with pytest.raises(MoneyError, match=r"^the amount is out of range: 10\^38 smallest units or more$"):
        in_range(units)
    assert in_range(units - units // LIMIT) == units - units // LIMIT


@given(st.integers(-(10**37), 10**37), DECIMALS)
def test_an_amount_survives_being_written_and_read(units: int, decimals: int) -> None:
    text = format_amount(units, decimals)
    if abs(units) < 10 ** (19 + decimals):
        assert parse_amount(text, decimals) == units
    assert Fraction(text) == Fraction(units, 10**decimals)
    assert "." not in text or not text.endswith("0")


@given(st.integers(-(10**29), 10**29), st.integers(0, 8))
def test_a_finer_scale_is_exact(units: int, more: int) -> None:
    assert rescale(units, from_decimals=8, to_decimals=8 + more) == units * 10**more


def test_a_coarser_scale_is_refused() -> None:
    with pytest.raises(MoneyError, match=r"^8 decimals do not fit into 6 without rounding$"):
        rescale(1, from_decimals=8, to_decimals=6)


@given(RATIOS)
def test_percentages_enclose_the_ratio_by_a_hundredth(ratio: Fraction) -> None:
    down, up = Fraction(percent_down(ratio)), Fraction(percent_up(ratio))
    assert down <= ratio * 100 <= up
    assert up - down in (0, Fraction(1, 100))
    assert (up == down) == ((ratio * 10_000).denominator == 1)


@pytest.mark.parametrize(
    ("ratio", "down", "up"),
    [
        (Fraction(1), "100.00", "100.00"),
        (Fraction(99_999_999, 100_000_000), "99.99", "100.00"),
        (Fraction(1, 10**9), "0.00", "0.01"),
        (Fraction(-1, 3), "-33.34", "-33.33"),
    ],
)
def test_rounding_goes_one_way(ratio: Fraction, down: str, up: str) -> None:
    assert (percent_down(ratio), percent_up(ratio)) == (down, up)


def test_a_ratio_is_written_in_lowest_terms() -> None:
    assert exact(Fraction(206, 200)) == "103/100"
