"""Blocks of customer rows cut between two customers, so that the rows of one are looked at together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import polars as pl

from reservecheck.books.customer_blocks import ASSET, Block, Lines

_NEAR: Final = 4096


def whole_runs(blocks: Iterable[Block | Lines]) -> Iterator[Block | Lines]:
    """The same rows in the same order; the customer at the end of a block is left for the next.

    That is not done where more than 4,096 rows would be kept back: such a customer is met again. Lines are cut well
    where they are read.
    """
    held: pl.DataFrame | None = None
    for block in blocks:
        if isinstance(block, Lines):
            if held is not None:
                yield Block(frame=held)
                held = None
            yield block
            continue
        frame = block.frame if held is None else _joined(held, block.frame)
        start = _last_run(frame["customer"])
        held = frame[start:]
        yield Block(frame=frame[:start], problems=block.problems, bad=block.bad)
    if held is not None and held.height:
        yield Block(frame=held)


def _last_run(ids: pl.Series) -> int:
    """Where the last run of equal ids starts, or the end of the block if it is not near."""
    near = ids.tail(_NEAR)
    others = near.ne_missing(near.tail(1)).arg_true()
    if len(others):
        return len(ids) - len(near) + int(others[-1]) + 1
    return 0 if len(ids) < _NEAR else len(ids)


def _joined(above: pl.DataFrame, below: pl.DataFrame) -> pl.DataFrame:
    if above[ASSET].dtype != below[ASSET].dtype:
        text = pl.col(ASSET).cast(pl.String)
        above, below = above.with_columns(text), below.with_columns(text)
    return pl.concat([above, below])
