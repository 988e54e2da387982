"""Amounts of exports: exact, or refused with the words that say what to do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.importers.cells import Amount, AmountForm, Number, Unusable, Wrong, shortened_id, stored_number
from reservecheck.importers.notes import FULL_NUMBERS, NEXT_NUMBERS

NO_AMOUNT = Wrong("the cell is not an amount", "write digits and a point, such as 1234.5")
MARKS = "the amount has marks between its digits"
EXPONENT = Wrong(
    "the amount has an exponent, as spreadsheets write what they shorten",
    "export all digits, or give --exponents if the ledger itself writes 1E-08",
)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("0", "0"),
        ("-0.000", "0"),
        ("1234.50", "1234.5"),
        ("-0.00000001", "-0.00000001"),
        ("9999999999999999999", "9999999999999999999"),
        ("0.07843069000000008", "0.07843069000000008"),
    ],
)
def test_a_plain_amount_keeps_its_value_and_loses_its_padding(text: str, read: str) -> None:
    assert str(AmountForm().read(text)) == read


@pytest.mark.parametrize(
    "text",
    ["", " ", " 1", "1 ", "+1", "1.", ".5", "007", "1_000", "NaN", "1e", "١", "12a", "-", "10000000000000000000"],
)
def test_whatever_is_no_amount_is_refused(text: str) -> None:
    assert AmountForm().read(text) == NO_AMOUNT


def test_thousands_are_read_only_where_they_are_announced_and_well_grouped() -> None:
    form = AmountForm(thousands=",")
    assert str(form.read("1,234,567.50")) == "1234567.5"
    assert str(form.read("-1,234")) == "-1234"
    assert str(form.read("1234.5")) == "1234.5"
    assert [form.read(text) for text in ("1,23", "12,34,567", ",123", "0,123", "1,2345")] == [NO_AMOUNT] * 5
    assert AmountForm().read("1,234.50") == Wrong(MARKS, "give --thousands ,")
    assert AmountForm(decimal=",").read("1.234,50") == Wrong(MARKS, "give --thousands .")
    assert str(AmountForm(decimal=",", thousands=".").read("1.234,50")) == "1234.5"
    assert str(AmountForm(thousands="'").read("1'234.50")) == "1234.5"


def test_exponents_are_refused_until_they_are_the_ledgers_own() -> None:
    assert AmountForm().read("1E-08") == EXPONENT
    form = AmountForm(exponents=True)
    assert str(form.read("1E-08")) == "0.00000001"
    assert str(form.read("1.5e3")) == "1500"
    assert str(form.read("0E-8")) == "0"
    assert str(AmountForm(exponents=True, decimal=",").read("-1,25E+1")) == "-12.5"
    assert form.read("1E+20") == Wrong("the exponent is out of range", "")
    assert form.read("1E-99") == Wrong("the exponent is out of range", "")


@pytest.mark.parametrize(
    ("text", "number", "note"),
    [
        ("1E-8", "0.00000001", ""),
        ("1.2E+10", "12000000000", ""),
        ("0.30000000000000", "0.3", ""),
        ("12345678.1234567", "12345678.1234567", FULL_NUMBERS),
        ("123456789012345000", "123456789012345000", FULL_NUMBERS),
    ],
)
def test_a_stored_number_of_fifteen_digits_is_exact(text: str, number: str, note: str) -> None:
    assert stored_number(text) == (Number(number), note)


@pytest.mark.parametrize(
    ("text", "number", "note"),
    [
        ("0.57999999999999996", "0.58", NEXT_NUMBERS),
        ("4.0000000000000002E-4", "0.0004", NEXT_NUMBERS),
        ("-1234.5678999999999", "-1234.5679", NEXT_NUMBERS),
        ("0.98765432109876505", "0.987654321098765", FULL_NUMBERS),
    ],
)
def test_a_double_written_out_is_the_number_that_was_typed(text: str, number: str, note: str) -> None:
    assert stored_number(text) == (Number(number), note)


@given(st.decimals(-(10**9), 10**9, places=6), st.sampled_from(["17g", "16e"]))
def test_any_number_of_fifteen_digits_comes_back_from_its_double(typed: Decimal, form: str) -> None:
    found, _ = stored_number(f"{float(typed):.{form}}")
    assert Decimal(found) == typed


@pytest.mark.parametrize("text", ["0.30000000000000004", "1234567890123456", "0.123456789012345678"])
def test_a_stored_number_of_more_digits_is_no_amount(text: str) -> None:
    found, _ = stored_number(text)
    digits = len(text.replace(".", "").strip("0"))
    assert found == f"the number is stored with {digits} digits, of which a spreadsheet keeps 15"
    assert isinstance(found, Unusable)
    assert found.hint == "export the column as text, or the whole as CSV"


@pytest.mark.parametrize("text", ["", "x", "1E+400", "1E99", "INF"])
def test_what_is_no_number_is_no_amount(text: str) -> None:
    assert stored_number(text)[0] == "the number is malformed or out of range"


def test_ids_that_a_spreadsheet_shortened_are_told_from_names_in_hex() -> None:
    assert [shortened_id(text) for text in ("1.2E+10", "1E+05", "12E10", "abcdE+10", "1.2E-3")] == [
        True, True, False, False, False,
    ]  # fmt: skip


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**15), max_value=10**15))
def test_every_decimal_comes_back_whatever_marks_it_has(number: Decimal) -> None:
    for form, written in (
        (AmountForm(), f"{number:f}"),
        (AmountForm(thousands=","), f"{number:,f}"),
        (AmountForm(thousands=".", decimal=","), f"{number:,f}".translate(str.maketrans(",.", ".,"))),
        (AmountForm(exponents=True), f"{number:E}"),
    ):
        found = form.read(written)
        assert isinstance(found, Amount)
        assert Decimal(found.units).scaleb(-found.places) == number
        assert Decimal(str(found)) == number


@given(st.integers(-(10**18), 10**18), st.integers(0, 20), st.integers(1, 10**6), st.integers(0, 6))
def test_a_product_is_exact(units: int, places: int, by: int, by_places: int) -> None:
    product = Amount(units, places).times(Amount(by, by_places))
    assert product == (units * by, places + by_places)
    assert product.in_range() == (abs(units * by) < 10 ** (19 + places + by_places))
