"""Exact sums of integer columns, in groups.

Int128 sums wrap silently, and so do eager Decimal group-bys. Where even the longest group of the largest value
could not leave Int128, values are summed as they are. Any others are split into a high and a low half
(value = high·2^64 + low, 0 ≤ low < 2^64); sums of halves cannot wrap below 2^62 rows, and Python integers put them
together again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from reservecheck.errors import MoneyError
from reservecheck.money import in_range

_BITS: Final = 127
_HALF_BITS: Final = 64
_HIGH: Final = "units:high"
_LOW: Final = "units:low"
_NULLS: Final = "units:nulls"
_ROWS: Final = "units:rows"


def sum_units(frame: pl.DataFrame | pl.LazyFrame, by: Sequence[str], column: str) -> dict[tuple[object, ...], int]:
    """Σ column for each combination of the `by` columns, as Python integers, in the order of the keys.

    The column holds smallest units as integers, or Decimals, whose unit is 10^−scale. Raises MoneyError for any
    other type, for a null among the amounts, and for a sum of 10^38 or more.
    """
    return {key: in_range(total) for key, (_, total) in counted_sums(frame, by, column).items()}


def counted_sums(
    frame: pl.DataFrame | pl.LazyFrame, by: Sequence[str], column: str
) -> dict[tuple[object, ...], tuple[int, int]]:
    """(rows, Σ column) for each combination of the `by` columns: as `sum_units`, but of any size.

    A sum of parts, or of finer units than an asset has, may be out of a range that the whole is in.
    """
    kind = frame.lazy().collect_schema()[column]
    if isinstance(kind, pl.Decimal):
        frame = frame.with_columns(pl.col(column).to_physical())
    elif not kind.is_integer() or kind == pl.UInt128:
        raise MoneyError(f"the column {column!r} is {kind}: only integers of smallest units are summed")
    width = len(by)
    rows: list[tuple[Any, ...]] = []
    if isinstance(frame, pl.DataFrame):
        rows = _grouped(frame.lazy(), by, column, [pl.col(column).cast(pl.Int128).sum().alias(_LOW)])
        most = max((row[width] for row in rows), default=0)
    if not isinstance(frame, pl.DataFrame) or _largest(frame, column) * most >= 1 << _BITS:
        rows = _grouped(frame.lazy(), by, column, _halves(column))
    result: dict[tuple[object, ...], tuple[int, int]] = {}
    for row in rows:
        count, nulls, low, *high = row[width:]
        if nulls:
            raise MoneyError(f"the column {column!r} has values that are missing: unknown is not zero")
        result[row[:width]] = count, low + (sum(high) << _HALF_BITS)
    return result


def _grouped(frame: pl.LazyFrame, by: Sequence[str], column: str, sums: Sequence[pl.Expr]) -> list[tuple[Any, ...]]:
    """The `by` values, rows, nulls and sums of each group."""
    aggregates = [pl.len().alias(_ROWS), pl.col(column).null_count().alias(_NULLS), *sums]
    grouped = frame.group_by(*by).agg(aggregates).sort(by) if by else frame.select(aggregates)
    return grouped.collect(engine="streaming").rows()


def _halves(column: str) -> tuple[pl.Expr, pl.Expr]:
    value = pl.col(column).cast(pl.Int128)
    half = pl.lit(1 << _HALF_BITS, dtype=pl.Int128)
    high = value // half
    return (value - high * half).sum().alias(_LOW), high.sum().alias(_HIGH)


def _largest(frame: pl.DataFrame, column: str) -> int:
    value = pl.col(column)
    least, most = frame.select(value.min().alias(_LOW), value.max().alias(_HIGH)).row(0)
    return 0 if most is None else max(-least, most)
