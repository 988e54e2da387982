"""Plain lines of a customer file, tallied by the compiled loop; whatever is not plain is left to the frames.

The loop only says what a block adds up to, where its runs start and which rows are zero or negative. Ids are looked
at as in any other block, so the tally is the same as that of the frames.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import polars as pl

from reservecheck.books.customer_blocks import LINE, Lines
from reservecheck.books.customer_rows import KIND, RowGate
from reservecheck.books.customer_tally import Tally

if TYPE_CHECKING:
    from reservecheck.kernels.plain_lines import PlainRows

WORTH_COMPILING: Final = 64 << 20
"""Bytes of a register below which loading the loop takes longer than it saves."""
_ZERO: Final = "zero"
_NEGATIVE: Final = "negative"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainLoop:
    """The compiled loop for the names of one ledger."""

    count_lines: Callable[[bytes], int]
    rows_of: Callable[[bytes], PlainRows | None]
    names: tuple[str, ...]
    assets: pl.Series

    def add(self, tally: Tally, lines: Lines, shown: str) -> bool:
        """Add a block to the tally; False, and nothing added, if it is not plain."""
        if not tally.repeated.together:
            return False
        found = self.rows_of(lines.data)
        ids = None if found is None else _ids(found)
        if found is None or ids is None or not ids.str.contains(r"\S").all() or tally.has_house(ids):
            return False
        tally.repeated.add_runs(ids)
        if len(found.doubled):
            tally.repeated.suspect(ids.gather(found.doubled))
        for kind, (rows, names) in ((_NEGATIVE, found.negatives), (_ZERO, found.zeros)):
            frame = pl.DataFrame(
                {LINE: pl.Series(rows + lines.line, dtype=pl.UInt32), KIND: self.assets.gather(names)}
            )
            tally.places(kind, frame, KIND, shown)
        for below, (sums, counts) in enumerate(zip(found.sums, found.counts, strict=True)):
            for name, total, count in zip(self.names, sums, counts, strict=True):
                tally.add_sum(name, count, -total if below else total)
        for number, (units, row) in found.largest.items():
            tally.figures.add_largest(self.names[number], units, f"{shown}:{lines.line + row}")
        for number, powers in found.zeros_at_end.items():
            tally.figures.add_zeros(self.names[number], powers)
        return True


def plain_loop(gate: RowGate, size: int) -> PlainLoop | None:
    """The loop, if it can be compiled here and the register of so many bytes is worth it."""
    if size < WORTH_COMPILING or find_spec("numba") is None:
        return None
    from reservecheck.kernels.name_table import name_table  # noqa: PLC0415  # optional
    from reservecheck.kernels.plain_lines import count_lines, plain_rows  # noqa: PLC0415  # optional

    names = tuple(gate.names)
    assets = [gate.names[name].asset for name in names]
    numbers = {asset: number for number, asset in enumerate(dict.fromkeys(assets))}
    table = name_table(names, [gate.names[name].digits for name in names], [numbers[asset] for asset in assets])
    return PlainLoop(
        count_lines=count_lines,
        rows_of=lambda data: plain_rows(data, table),
        names=names,
        assets=pl.Series(assets, dtype=gate.lookup[KIND].dtype),
    )


def _ids(found: PlainRows) -> pl.Series | None:
    """The customer of each run; None if they are no UTF-8.

    The first line is ours: the parser inflates what starts like a compressed file, and drops a byte order mark.
    """
    schema = {"customer": pl.String}
    try:
        frame = pl.read_csv(b"-\n" + found.ids, has_header=False, schema=schema, quote_char=None)[1:]
    except pl.exceptions.PolarsError:
        return None
    bytes_in = int(frame["customer"].str.len_bytes().sum()) + frame.height
    return frame["customer"] if (frame.height, bytes_in) == (found.runs, len(found.ids)) else None
