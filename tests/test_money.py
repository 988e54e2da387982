from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reservecheck.errors import MoneyError
from reservecheck.money import (
    LIMIT,
    MAX_DECIMALS,
    exact,
    format_amount,
    grouped,
    in_range,
    parse_amount,
    percent_down,
    percent_up,
    rescale,
)

scales = st.integers(0, MAX_DECIMALS)
units = st.integers(1 - LIMIT, LIMIT - 1)
ratios = st.fractions()


@given(units, scales)
@example(LIMIT - 1, 19)
@example(-1, 30)
def test_an_amount_comes_back_from_its_text(amount: int, decimals: int) -> None:
    text = format_amount(amount, decimals)
    if abs(amount) < 10 ** (19 + decimals):
        assert parse_amount(text, decimals) == amount
    assert Fraction(text) == Fraction(amount, 10**decimals)


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,18})(\.[0-9]{1,18})?", fullmatch=True))
def test_a_text_is_worth_what_it_says(text: str) -> None:
    assert Fraction(parse_amount(text, 18), 10**18) == Fraction(text)


@pytest.mark.parametrize(
    ("amount", "decimals", "text"),
    [
        (150_000_000, 8, "1.5"),
        (-150_000_000, 8, "-1.5"),
        (0, 8, "0"),
        (-1, 8, "-0.00000001"),
        (100_000_000, 8, "1"),
        (10, 0, "10"),
        (-10, 0, "-10"),
    ],
)
def test_amounts_are_written_without_trailing_zeros(amount: int, decimals: int, text: str) -> None:
    assert format_amount(amount, decimals) == text
    assert parse_amount(text, decimals) == amount


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "+1", " 1", "1 ", "1,000", "1_000", "01", "00", "1.", ".5", "1e3", "1E3", "0x1", "nan", "inf"),
        *("--1", "1.5.5", "٣", "1٣", "１", "1\n", "1.\n5", "1" * 20, "½"),
    ],
)
def test_a_text_that_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(MoneyError) as refused:
        parse_amount(text, 8)
    assert str(refused.value) == f"{text!r} is not an amount\n  hint: write digits and a point, such as 1234.5"


def test_a_long_text_is_shown_in_part() -> None:
    with pytest.raises(MoneyError) as refused:
        parse_amount("x" * 100, 8)
    assert refused.value.message == f"'{'x' * 60}…' is not an amount"


def test_an_amount_is_never_rounded() -> None:
    assert parse_amount("0.10", 2) == 10
    with pytest.raises(MoneyError) as refused:
        parse_amount("0.100", 2)
    assert str(refused.value) == (
        "'0.100' has 3 digits after the point, the asset has 2\n"
        "  hint: an amount is never rounded: write it as the ledger holds it, or correct the asset's decimals"
    )


def test_an_amount_of_38_digits_or_more_is_out_of_range() -> None:
    assert in_range(LIMIT - 1) == LIMIT - 1
    assert in_range(1 - LIMIT) == 1 - LIMIT
    for amount in (LIMIT, -LIMIT):
        with pytest.raises(MoneyError) as refused:
            in_range(amount)
        assert str(refused.value) == "the amount is out of range: 10^38 smallest units or more"
    with pytest.raises(MoneyError):
        parse_amount("1000000000000000000", 20)


@given(st.integers(-(10**20), 10**20), st.integers(0, 18), st.integers(0, 12))
def test_a_finer_scale_says_the_same(amount: int, coarse: int, more: int) -> None:
    fine = rescale(amount, from_decimals=coarse, to_decimals=coarse + more)
    assert Fraction(fine, 10 ** (coarse + more)) == Fraction(amount, 10**coarse)


def test_a_coarser_scale_is_refused_and_so_is_an_overflow() -> None:
    with pytest.raises(MoneyError) as refused:
        rescale(100, from_decimals=8, to_decimals=6)
    assert str(refused.value) == "8 decimals do not fit into 6 without rounding"
    with pytest.raises(MoneyError):
        rescale(10**30, from_decimals=0, to_decimals=8)


@given(ratios)
def test_percentages_enclose_the_ratio_within_a_hundredth(ratio: Fraction) -> None:
    down, up = Fraction(percent_down(ratio)), Fraction(percent_up(ratio))
    assert down <= ratio * 100 <= up
    assert up - down in {Fraction(0), Fraction(1, 100)}
    assert (up == down) == ((ratio * 10_000).denominator == 1)


@given(st.fractions(min_value=0, max_value=1).filter(lambda ratio: ratio < 1))
@example(Fraction(99_996, 100_000))
@example(1 - Fraction(1, 10**40))
def test_less_than_everything_never_reads_as_everything(ratio: Fraction) -> None:
    assert Fraction(percent_down(ratio)) < 100


@given(st.fractions(min_value=0).filter(bool))
def test_more_than_nothing_never_reads_as_nothing_where_it_hurts(ratio: Fraction) -> None:
    assert Fraction(percent_up(ratio)) > 0


@pytest.mark.parametrize(
    ("ratio", "down", "up"),
    [
        (Fraction(99_996, 100_000), "99.99", "100.00"),
        (Fraction(1), "100.00", "100.00"),
        (Fraction(0), "0.00", "0.00"),
        (Fraction(1, 10**9), "0.00", "0.01"),
        (Fraction(-1, 3), "-33.34", "-33.33"),
        (Fraction(-1, 10**9), "-0.01", "0.00"),
        (Fraction(132_426_999, 10**8), "132.42", "132.43"),
    ],
)
def test_percentages_have_two_decimals(ratio: Fraction, down: str, up: str) -> None:
    assert (percent_down(ratio), percent_up(ratio)) == (down, up)


@given(ratios)
def test_an_exact_ratio_is_a_fraction_in_lowest_terms(ratio: Fraction) -> None:
    assert Fraction(exact(ratio)) == ratio
    assert exact(Fraction(2, 4)) == "1/2"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("0", "0"), ("999", "999"), ("1234567.89", "1,234,567.89"), ("-1000", "-1,000"), ("-0.0001", "-0.0001")],
)
def test_an_amount_is_grouped_and_no_digit_is_lost(amount: str, shown: str) -> None:
    assert grouped(amount) == shown
