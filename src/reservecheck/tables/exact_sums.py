"""Exact sums of integer columns, in groups.

Int128 sums wrap silently, and so do eager Decimal group-bys. Here every value is split into a high and a low half
(value = high·2^64 + low, 0 ≤ low < 2^64); sums of halves cannot wrap below 2^62 rows, and Python integers put them
together again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from reservecheck.errors import MoneyError
from reservecheck.money import in_range

_HALF_BITS: Final = 64
_HIGH: Final = "units:high"
_LOW: Final = "units:low"
_NULLS: Final = "units:nulls"


def sum_units(frame: pl.DataFrame | pl.LazyFrame, by: Sequence[str], column: str) -> dict[tuple[object, ...], int]:
    """Σ column for each combination of the `by` columns, as Python integers, in the order of the keys.

    The column holds smallest units as integers, or Decimals, whose unit is 10^−scale. Raises MoneyError for any
    other type, for a null among the amounts, and for a sum of 10^38 or more.
    """
    lazy = frame.lazy()
    kind = lazy.collect_schema()[column]
    if isinstance(kind, pl.Decimal):
        lazy = lazy.with_columns(pl.col(column).to_physical())
    elif not kind.is_integer() or kind == pl.UInt128:
        raise MoneyError(f"the column {column!r} is {kind}: only integers of smallest units are summed")
    value = pl.col(column).cast(pl.Int128)
    half = pl.lit(1 << _HALF_BITS, dtype=pl.Int128)
    high = value // half
    sums = [
        high.sum().alias(_HIGH),
        (value - high * half).sum().alias(_LOW),
        pl.col(column).null_count().alias(_NULLS),
    ]
    grouped = lazy.group_by(*by).agg(sums).sort(by) if by else lazy.select(sums)
    rows = grouped.collect(engine="streaming").rows()
    if any(nulls for *_, nulls in rows):
        raise MoneyError(f"the column {column!r} has values that are missing: unknown is not zero")
    return {tuple(key): in_range((high << _HALF_BITS) + low) for *key, high, low, _ in rows}
