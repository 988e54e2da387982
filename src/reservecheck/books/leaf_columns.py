"""Rows of one asset as a tree's flat columns: each customer once, amounts added up exactly."""

from __future__ import annotations

from array import array
from typing import Final

import polars as pl

from reservecheck.books.customer_rows import UNITS
from reservecheck.commitment.columns import Columns, of_buffers
from reservecheck.money import LIMIT
from reservecheck.tables import sum_units

CUSTOMER: Final = "customer"
_HALF: Final = 1 << 64
_AT_ONCE: Final = 1 << 18


def leaf_columns(parts: list[pl.DataFrame]) -> Columns:
    """The leaves of frames with `customer` and `units`, none negative; the list is emptied, to have its memory.

    Raises MoneyError when a customer's sum is out of range.
    """
    frame = pl.concat(parts)
    parts.clear()
    frame = _added_up(frame)
    ids, starts, low, high = bytearray(), array("q", [0]), array("Q"), array("Q")
    half = pl.lit(_HALF, dtype=pl.Int128)
    upper = pl.col(UNITS) // half
    for piece in frame.iter_slices(_AT_ONCE):
        text = piece[CUSTOMER]
        starts.extend((text.str.len_bytes().cast(pl.Int64).cum_sum() + len(ids)).to_list())
        ids += str(text.str.join("").item()).encode()
        halves = piece.select(low=(pl.col(UNITS) - upper * half).cast(pl.UInt64), high=upper.cast(pl.UInt64))
        low.extend(halves["low"].to_list())
        high.extend(halves["high"].to_list())
    return of_buffers(memoryview(ids), starts, low, high)


def _added_up(frame: pl.DataFrame) -> pl.DataFrame:
    """Each customer once; where no two hashes are the same, no two customers are."""
    if frame[CUSTOMER].hash().n_unique() == frame.height:
        return frame
    largest: int = frame.select(pl.col(UNITS).max()).item() or 0
    if largest * frame.height < LIMIT:
        return frame.lazy().group_by(CUSTOMER).agg(pl.col(UNITS).sum()).collect(engine="streaming")
    sums = sum_units(frame, [CUSTOMER], UNITS)
    return pl.DataFrame(
        {CUSTOMER: [str(key[0]) for key in sums], UNITS: list(sums.values())},
        schema={CUSTOMER: pl.String, UNITS: pl.Int128},
    )
