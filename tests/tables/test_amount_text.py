from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.errors import MoneyError
from reservecheck.money import format_amount, parse_amount
from reservecheck.tables import amounts_from_text, are_amounts, sum_units, units_of_text

NOT_AMOUNTS = [
    "1e-8", "1E3", "+5", ".5", "5.", "", " 5", "5 ", "1_000", "1,000", "NaN", "inf", "0x10", "１", "٣", "--1", "-",
    "01", "-01", "00", "1.2.3", "1\n", "9" * 20, "1" * 30,
]  # fmt: skip


def units(texts: list[str | None], decimals: int) -> list[int]:
    frame = pl.DataFrame({"balance": pl.Series(texts, dtype=pl.String)})
    return amounts_from_text(frame, "balance", decimals).collect()["balance"].to_list()


@pytest.mark.parametrize("decimals", [0, 2, 8, 18, 19, 24, 30])
@given(data=st.data())
def test_amounts_become_the_units_that_the_scalar_parser_finds(decimals: int, data: st.DataObject) -> None:
    largest = 10 ** min(19 + decimals, 38) - 1
    values = data.draw(st.lists(st.integers(-largest, largest), max_size=6))
    texts = [format_amount(value, decimals) for value in values]
    assert units([*texts], decimals) == values == [parse_amount(text, decimals) for text in texts]


@pytest.mark.parametrize("decimals", [2, 18, 24])
@given(text=st.text(alphabet="0123456789.-+eE _", max_size=26))
def test_the_gate_accepts_exactly_what_the_scalar_parser_accepts(decimals: int, text: str) -> None:
    try:
        expected = parse_amount(text, decimals)
    except MoneyError:
        with pytest.raises(MoneyError):
            units([text], decimals)
    else:
        assert units([text], decimals) == [expected]


@pytest.mark.parametrize("text", NOT_AMOUNTS)
@pytest.mark.parametrize("decimals", [0, 18, 24])
def test_what_is_not_an_amount_is_refused_however_the_frame_library_reads_it(text: str, decimals: int) -> None:
    with pytest.raises(
        MoneyError, match=rf"^1 values of 'balance' are not amounts with at most {decimals} decimals$"
    ):
        units(["1", text], decimals)


def test_a_digit_more_than_the_asset_has_is_refused_and_never_rounded() -> None:
    assert units(["0.999999999999999999"], 18) == [10**18 - 1]
    with pytest.raises(MoneyError, match="at most 18 decimals"):
        units(["0.9999999999999999999"], 18)
    with pytest.raises(MoneyError, match="at most 8 decimals"):
        units(["1.000000000"], 8)


def test_a_missing_amount_is_refused() -> None:
    with pytest.raises(MoneyError, match="1 values of 'balance' are not amounts"):
        units(["1", None], 8)


def test_a_column_that_is_not_text_is_refused() -> None:
    with pytest.raises(MoneyError, match=r"^the column 'balance' is Float64: amounts enter as text$"):
        amounts_from_text(pl.DataFrame({"balance": [1.5]}), "balance", 8)


@pytest.mark.parametrize("decimals", [-1, 31])
def test_decimals_have_bounds(decimals: int) -> None:
    with pytest.raises(MoneyError, match=rf"^{decimals} decimals: an asset has 0 to 30$"):
        units_of_text(pl.col("balance"), decimals)


def test_amounts_that_came_through_the_gate_can_be_summed() -> None:
    lazy = amounts_from_text(pl.LazyFrame({"balance": ["1.5", "-0.25", "0"]}), "balance", 2)
    assert sum_units(lazy, [], "balance") == {(): 125}


@pytest.mark.parametrize("decimals", [0, 1, 2, 18, 19, 20, 24, 30])
@given(text=st.one_of(st.text(alphabet="0123456789.-+eE _\n", max_size=40), st.sampled_from(NOT_AMOUNTS)))
def test_a_whole_column_is_judged_as_the_scalar_parser_judges(decimals: int, text: str) -> None:
    try:
        parse_amount(text, decimals)
    except MoneyError:
        assert not are_amounts(pl.Series(["0", text, "1"]), decimals)
    else:
        assert are_amounts(pl.Series(["0", text, "1"]), decimals)


@pytest.mark.parametrize("decimals", [0, 8, 18, 19, 24, 30])
def test_the_longest_amounts_are_amounts_and_one_digit_more_is_none(decimals: int) -> None:
    longest = "9" * min(19, 38 - decimals) + ("." + "9" * decimals if decimals else "")
    assert are_amounts(pl.Series([longest, f"-{longest}"]), decimals)
    assert not are_amounts(pl.Series([f"9{longest}"]), decimals)
    assert not are_amounts(pl.Series([f"{longest}9" if decimals else f"{longest}.0"]), decimals)


def test_a_column_with_a_missing_amount_is_not_all_amounts_and_an_empty_one_is() -> None:
    assert not are_amounts(pl.Series(["1", None]), 8)
    assert are_amounts(pl.Series([], dtype=pl.String), 8)
