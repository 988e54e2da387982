"""The customers' register: every row read, checked and summed exactly, in bounded memory, any number of rows.

Gross is Σ max(balance, 0) over all rows, house accounts and duplicates included: nothing is netted or dropped.
Questionable rows are counted as they stand and noted, by kind and asset, with the first places they are found at.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import polars as pl

from reservecheck.books.compare_repeated import compare_repeated
from reservecheck.books.customer_blocks import CLASS, Block, CustomerFile, Lines
from reservecheck.books.customer_rows import row_gate
from reservecheck.books.customer_tally import CustomerTotals, Tally, findings_of, lines_of, net_of
from reservecheck.books.ledger_names import LedgerName
from reservecheck.books.plain_tally import PlainLoop, plain_loop
from reservecheck.books.repeated_rows import stand_together
from reservecheck.books.row_figures import asset_figures
from reservecheck.books.whole_runs import whole_runs
from reservecheck.errors import InputError, Problem
from reservecheck.model.progress import Progress
from reservecheck.vault.regular_file import check_regular

_WORKERS: Final = 2
_AHEAD: Final = 4
_SOME: Final = 1 << 16


def read_customers(  # noqa: PLR0913  # the files, their names, and what is known beside them, by name
    files: Sequence[tuple[Path, str]],
    names: Mapping[str, LedgerName],
    *,
    out_of_scope: frozenset[str],
    house: frozenset[str],
    progress: Progress,
    listed: frozenset[str] = frozenset(),
) -> CustomerTotals:
    """Totals and findings of the files (path, name shown), which together are one register.

    `listed` are the classes of the checklist: without any the class column is ignored, and a class it does not have
    is summed under "unlisted". Raises InputError when a row is unreadable, an asset unknown, the files have no rows
    or differ in columns, and MoneyError when a sum is out of range.
    """
    gate = row_gate(names, out_of_scope)
    opened = [CustomerFile(path, shown, gate.spelled) for path, shown in files]
    started = partial(Tally, gate=gate, house=house, listed=listed)
    for file in opened:
        check_regular(file.path, file.shown)
    loop = plain_loop(gate, sum(file.path.stat().st_size for file in opened))
    tally = _Reading(files=opened, started=started, loop=loop, progress=progress).tally()
    tally.unreadable.refuse(opened[0].shown, names.keys())
    has_classes = _same_columns(opened)
    if not tally.rows and not tally.outside_rows:
        hint = "write a row for each balance: nothing owed is not shown by an empty list"
        raise InputError(Problem(path=opened[0].shown, message="there is a header but no rows", hint=hint))
    compare_repeated(tally, opened, has_classes=has_classes)
    return CustomerTotals(
        lines=lines_of(tally, names),
        findings=findings_of(tally, names),
        rows=sum(tally.rows.values()) + tally.outside_rows,
        net=net_of(tally, names),
        classes=tally.classes,
        has_classes=has_classes,
        figures=asset_figures(tally.figures, names),
        files=tuple(file.input_file() for file in opened),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One first reading of a register."""

    files: Sequence[CustomerFile]
    started: Callable[..., Tally]
    loop: PlainLoop | None
    progress: Progress

    def tally(self) -> Tally:
        """All blocks, in order, a few at a time."""
        tally: Tally | None = None
        with ThreadPoolExecutor(_WORKERS) as pool:
            underway: deque[Future[Tally]] = deque()
            for piece, file in self._pieces():
                if tally is None:
                    # parts may each hold one product of every customer: then no part says how the whole is ordered
                    together = len(self.files) == 1 and stand_together(_first_rows(piece, file))
                    tally = self.started(together=together)
                # what is known of rows above saves the work of finding it again
                block = self.started(together=tally.repeated.together, figures=tally.figures.onward())
                underway.append(pool.submit(self._tallied, block, piece, file))
                if len(underway) > _AHEAD:
                    tally.merge(underway.popleft().result())
            tally = tally or self.started()
            for future in underway:
                tally.merge(future.result())
        return tally

    def _pieces(self) -> Iterator[tuple[Block | Lines, CustomerFile]]:
        total = sum(file.path.stat().st_size for file in self.files)
        done = 0
        for file in self.files:
            for piece in whole_runs(self._told(file, done, total)):
                yield piece, file
            done += file.read

    def _told(self, file: CustomerFile, done: int, total: int) -> Iterator[Block | Lines]:
        for piece in file.pieces(self.loop.count_lines if self.loop else None):
            self.progress("customers", done + file.read, total)
            yield piece

    def _tallied(self, tally: Tally, piece: Block | Lines, file: CustomerFile) -> Tally:
        if isinstance(piece, Block):
            blocks = [piece]
        elif self.loop is not None and self.loop.add(tally, piece, file.shown):
            blocks = []
        else:
            blocks = file.read_lines(piece)[0]
        for block in blocks:
            tally.unreadable.add(block.problems, block.bad)
            tally.add(block.frame, file.shown)
        return tally


def _first_rows(piece: Block | Lines, file: CustomerFile) -> pl.DataFrame:
    if isinstance(piece, Block):
        return piece.frame
    some = piece.data[: piece.data.find(b"\n", _SOME) + 1] or piece.data
    return file.read_lines(Lines(data=some, line=piece.line))[0][0].frame


def _same_columns(files: Sequence[CustomerFile]) -> bool:
    first = CLASS in files[0].columns
    for file in files:
        if (CLASS in file.columns) != first:
            message = f"this file and {files[0].shown} differ in the column {CLASS!r}"
            raise InputError(Problem(path=file.shown, message=message, hint="all parts have the same columns"))
    return first
