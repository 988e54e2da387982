"""Rows and ids that may repeat others, read again and compared as text; what is found is noted in the tally."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from reservecheck.books.customer_blocks import LINE, CustomerFile
from reservecheck.books.customer_rows import KIND, UNITS
from reservecheck.books.customer_tally import Tally, row_keys
from reservecheck.books.repeated_rows import folded_id, folded_id_hash, row_hash
from reservecheck.errors import InputError, Problem
from reservecheck.tables import counted_sums


def compare_repeated(tally: Tally, files: Sequence[CustomerFile], *, has_classes: bool) -> None:
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
    sums = counted_sums(repeats.with_columns(pl.col(UNITS).abs()), ["asset"], UNITS)
    for (name,), (_, scaled) in sums.items():
        ledger_name = tally.gate.names[str(name)]
        tally.note("duplicate", ledger_name.asset).units += ledger_name.units(scaled)


def _note_look_alikes(tally: Tally, seen: pl.DataFrame, files: Sequence[CustomerFile]) -> None:
    ids = seen.unique("customer", keep="first", maintain_order=True)
    alike = ids.filter(pl.len().over("folded") > 1)
    for part in alike.partition_by("file", maintain_order=True):
        lines = part[LINE].to_list()
        tally.note("look-alike-id", "").add(len(lines), lines, files[part["file"][0]].shown)
