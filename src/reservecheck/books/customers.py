"""The customers' register: every row read, checked and summed exactly, in bounded memory, any number of rows.

Gross is Σ max(balance, 0) over all rows, house accounts and duplicates included: nothing is netted or dropped.
Questionable rows are counted as they stand and noted, by kind and asset, with the first places they are found at.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

import polars as pl

from reservecheck.books.customer_blocks import CLASS, LINE, Block, CustomerFile
from reservecheck.books.customer_rows import KIND, UNITS, row_gate
from reservecheck.books.customer_tally import CustomerTotals, Tally, findings_of, lines_of, net_of, row_keys
from reservecheck.books.ledger_names import LedgerName
from reservecheck.books.repeated_rows import folded_id, folded_id_hash, row_hash, stand_together
from reservecheck.books.whole_runs import whole_runs
from reservecheck.errors import InputError, Problem
from reservecheck.model.progress import Progress
from reservecheck.tables import sum_units
from reservecheck.vault.regular_file import check_regular

_WORKERS: Final = 2
_AHEAD: Final = 4


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
    tally = _read(opened, started, progress)
    tally.unreadable.refuse(opened[0].shown, names.keys())
    has_classes = _same_columns(opened)
    if not tally.rows and not tally.outside_rows:
        hint = "nothing owed is not shown by an empty list"
        raise InputError(Problem(path=opened[0].shown, message="there is a header but no rows", hint=hint))
    _compare_repeated(tally, opened, has_classes=has_classes)
    return CustomerTotals(
        lines=lines_of(tally, names),
        findings=findings_of(tally, names),
        rows=sum(tally.rows.values()) + tally.outside_rows,
        net=net_of(tally, names),
        classes=tally.classes,
        has_classes=has_classes,
        files=tuple(file.input_file() for file in opened),
    )


def _read(files: Sequence[CustomerFile], started: Callable[..., Tally], progress: Progress) -> Tally:
    """All blocks, in order, a few at a time."""
    tally: Tally | None = None
    with ThreadPoolExecutor(_WORKERS) as pool:
        underway: deque[Future[Tally]] = deque()
        for block, shown in _blocks(files, progress):
            if tally is None:
                # parts may each hold one product of every customer: then no part says how the whole is ordered
                started = partial(started, together=len(files) == 1 and stand_together(block.frame))
                tally = started()
            underway.append(pool.submit(_tallied, started(), block, shown))
            if len(underway) > _AHEAD:
                tally.merge(underway.popleft().result())
        tally = tally or started()
        for future in underway:
            tally.merge(future.result())
    return tally


def _blocks(files: Sequence[CustomerFile], progress: Progress) -> Iterator[tuple[Block, str]]:
    for file in files:
        check_regular(file.path, file.shown)
    total = sum(file.path.stat().st_size for file in files)
    done = 0
    for file in files:
        for block in whole_runs(_told(file, done, total, progress)):
            yield block, file.shown
        done += file.read


def _told(file: CustomerFile, done: int, total: int, progress: Progress) -> Iterator[Block]:
    for block in file.blocks():
        progress("customers", done + file.read, total)
        yield block


def _tallied(tally: Tally, block: Block, shown: str) -> Tally:
    tally.unreadable.add(block.problems, len(block.problems))
    tally.add(block.frame, shown)
    return tally


def _same_columns(files: Sequence[CustomerFile]) -> bool:
    first = CLASS in files[0].columns
    for file in files:
        if (CLASS in file.columns) != first:
            message = f"this file and {files[0].shown} differ in the column {CLASS!r}"
            raise InputError(Problem(path=file.shown, message=message, hint="all parts have the same columns"))
    return first


def _compare_repeated(tally: Tally, files: Sequence[CustomerFile], *, has_classes: bool) -> None:
    """Read the files again for the few rows that may repeat another one, and compare those as text."""
    keys = row_keys(has_class=has_classes)
    customers = tally.repeated.customers_to_hash()
    if len(customers):
        for _, read in _again(tally, files):
            tally.repeated.hash_rows_of(customers, read, keys)
    hashes, ids = tally.repeated.candidate_rows(), tally.repeated.candidate_ids()
    if hashes.is_empty() and ids.is_empty():
        return
    rows: list[pl.DataFrame] = []
    alike: list[pl.DataFrame] = []
    for index, read in _again(tally, files):
        place = pl.lit(index).alias("file")
        suspects = read.filter(row_hash(read, keys).is_in(hashes.implode()))
        rows.append(suspects.select(*keys, "asset", UNITS, LINE, place))
        seen = read.unique("customer", keep="first", maintain_order=True)
        seen = seen.filter(folded_id_hash().is_in(ids.implode())) if len(ids) else seen.clear()
        alike.append(seen.select("customer", LINE, place, folded=folded_id()))
    _note_duplicates(tally, pl.concat(rows), keys, files)
    _note_look_alikes(tally, pl.concat(alike), files)


def _again(tally: Tally, files: Sequence[CustomerFile]) -> Iterator[tuple[int, pl.DataFrame]]:
    """The rows of every file once more, block by block, each with the number of its file."""
    for index, file in enumerate(files):
        again = CustomerFile(file.path, file.shown, file.names)
        for block in again.blocks():
            yield index, tally.gate.passed(block.frame, file.shown, tally.unreadable).rows
        if again.input_file() != file.input_file():
            raise InputError(
                Problem(path=file.shown, message="the file changed while it was read", hint="run again")
            )


def _note_duplicates(
    tally: Tally, rows: pl.DataFrame, keys: tuple[str, ...], files: Sequence[CustomerFile]
) -> None:
    repeats = rows.filter(~pl.struct(keys).is_first_distinct())
    for part in repeats.partition_by("file", maintain_order=True):
        tally.places("duplicate", part, KIND, files[part["file"][0]].shown)
    sums = sum_units(repeats.with_columns(pl.col(UNITS).abs()), ["asset"], UNITS)
    for (name,), scaled in sums.items():
        ledger_name = tally.gate.names[str(name)]
        tally.note("duplicate", ledger_name.asset).units += ledger_name.units(scaled)


def _note_look_alikes(tally: Tally, seen: pl.DataFrame, files: Sequence[CustomerFile]) -> None:
    ids = seen.unique("customer", keep="first", maintain_order=True)
    alike = ids.filter(pl.len().over("folded") > 1)
    for part in alike.partition_by("file", maintain_order=True):
        lines = part[LINE].to_list()
        tally.note("look-alike-id", "").add(len(lines), lines, files[part["file"][0]].shown)
