from __future__ import annotations

from collections import Counter
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.errors import MoneyError
from reservecheck.money import format_amount
from reservecheck.tables import counted_sums, sum_units

LARGEST = 10**38 - 1
ROWS = st.lists(st.tuples(st.sampled_from(["BTC", "KRW"]), st.integers(-LARGEST, LARGEST)), max_size=12)


def frame(rows: list[tuple[str, int]]) -> pl.DataFrame:
    return pl.DataFrame(
        {"asset": [asset for asset, _ in rows], "units": pl.Series([units for _, units in rows], dtype=pl.Int128)},
        schema_overrides={"asset": pl.String},
    )


@given(ROWS)
def test_sums_equal_those_of_python_integers_or_are_refused(rows: list[tuple[str, int]]) -> None:
    expected: Counter[tuple[str]] = Counter()
    for asset, units in rows:
        expected[asset,] += units
    if any(abs(total) > LARGEST for total in expected.values()):
        with pytest.raises(MoneyError, match="out of range"):
            sum_units(frame(rows), ["asset"], "units")
    else:
        assert sum_units(frame(rows), ["asset"], "units") == dict(expected)
        assert sum_units(frame(rows).lazy(), ["asset"], "units") == dict(expected)


@given(st.lists(st.integers(-LARGEST, LARGEST), max_size=6))
def test_decimals_are_summed_in_units_of_their_scale(units: list[int]) -> None:
    texts = [format_amount(value, 18) for value in units]
    decimals = pl.Series(texts, dtype=pl.String).cast(pl.Decimal(38, 18))
    total = sum(units)
    if abs(total) > LARGEST:
        with pytest.raises(MoneyError, match="out of range"):
            sum_units(pl.DataFrame({"balance": decimals}), [], "balance")
    else:
        assert sum_units(pl.DataFrame({"balance": decimals}), [], "balance") == {(): total}


def test_small_integers_are_widened_before_they_are_summed() -> None:
    column = pl.Series([2**63 - 1, 2**63 - 1], dtype=pl.Int64)
    assert sum_units(pl.DataFrame({"units": column}), [], "units") == {(): 2**64 - 2}


def test_groups_come_in_the_order_of_their_keys_and_no_rows_make_no_groups() -> None:
    assert list(sum_units(frame([("b", 1), ("a", 2), ("b", 3)]), ["asset"], "units")) == [("a",), ("b",)]
    assert sum_units(frame([]), ["asset"], "units") == {}


def test_rows_are_counted_beside_their_sums() -> None:
    rows = frame([("b", 1), ("a", -2), ("b", 3)])
    assert counted_sums(rows, ["asset"], "units") == {("a",): (1, -2), ("b",): (2, 4)}
    assert counted_sums(rows.lazy(), ["asset"], "units") == counted_sums(rows, ["asset"], "units")
    assert counted_sums(rows.clear(), [], "units") == {(): (0, 0)}


@pytest.mark.parametrize("units", [2**126 - 1, 2**126, 2**126 + 1, -(2**126), -(2**126) - 1])
def test_no_sum_wraps_on_either_side_of_what_the_type_holds(units: int) -> None:
    with pytest.raises(MoneyError, match="out of range"):
        sum_units(frame([("a", units), ("a", units)]), ["asset"], "units")
    assert sum_units(frame([("a", units), ("a", units), ("a", -units)]), ["asset"], "units") == {("a",): units}


def test_a_missing_amount_is_never_zero() -> None:
    with pytest.raises(MoneyError, match=r"^the column 'units' has values that are missing: unknown is not zero$"):
        sum_units(pl.DataFrame({"units": pl.Series([1, None], dtype=pl.Int128)}), [], "units")


@pytest.mark.parametrize("kind", [pl.Float64, pl.String, pl.UInt128, pl.Boolean])
def test_only_integers_and_decimals_are_summed(kind: type[pl.DataType]) -> None:
    with pytest.raises(
        MoneyError, match=r"^the column 'units' is \w+: only integers of smallest units are summed$"
    ):
        sum_units(pl.DataFrame({"units": pl.Series([], dtype=kind)}), [], "units")


class TestTheTrapsThisModuleAvoids:
    """If one of these fails, the frame library has changed and the module's reason should be read again."""

    HALF_WAY = 2**126

    def test_an_integer_sum_wraps_silently(self) -> None:
        column = pl.Series([self.HALF_WAY, self.HALF_WAY], dtype=pl.Int128)
        assert column.sum() == -(2**127)
        with pytest.raises(MoneyError, match="out of range"):
            sum_units(pl.DataFrame({"units": column}), [], "units")

    def test_an_eager_decimal_group_by_wraps_silently(self) -> None:
        column = pl.Series([LARGEST, LARGEST]).cast(pl.Decimal(38, 0))
        decimals = pl.DataFrame({"asset": ["a", "a"], "units": column})
        wrapped = decimals.group_by("asset").agg(pl.col("units").sum())["units"].to_physical()[0]
        assert wrapped < 0
        with pytest.raises(MoneyError, match="out of range"):
            sum_units(decimals, ["asset"], "units")

    def test_a_cast_to_decimal_rounds_surplus_digits_silently(self) -> None:
        cast = pl.Series(["0.9999999999999999999"]).cast(pl.Decimal(38, 18))
        assert cast.to_list() == [Decimal(1)]

    @pytest.mark.parametrize("text", ["1e-8", "1E3", "+5", ".5", "5."])
    def test_a_cast_to_decimal_accepts_what_is_not_an_amount(self, text: str) -> None:
        assert pl.Series([text]).cast(pl.Decimal(38, 18)).null_count() == 0

    def test_dividing_decimals_drops_digits(self) -> None:
        pair = pl.DataFrame({"held": ["103"], "owed": ["100"]}).cast(pl.Decimal(38, 0))
        assert pair.select(pl.col("held") / pl.col("owed")).item() == 1
