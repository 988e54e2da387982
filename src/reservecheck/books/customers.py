"""The customers' register: every row read, checked and summed exactly, in bounded memory, any number of rows.

Gross is Σ max(balance, 0) over all rows, house accounts and duplicates included: nothing is netted or dropped.
Questionable rows are counted as they stand and noted, by kind and asset, with the first places they are found at.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from reservecheck.books.customer_blocks import CLASS, LINE, Block, CustomerFile
from reservecheck.books.customer_rows import KIND, UNITS, RowGate, Unreadable, row_gate
from reservecheck.books.ledger_names import LedgerName
from reservecheck.books.repeated_rows import RepeatedRows, folded_id, folded_id_hash, row_hash
from reservecheck.errors import InputError, Problem
from reservecheck.model.books import OwedLine, RowFinding
from reservecheck.model.declared import InputFile
from reservecheck.model.progress import Progress
from reservecheck.money import in_range
from reservecheck.tables import counted_sums, sum_units

MOST_PLACES: Final = 20
_WORKERS: Final = 2
_AHEAD: Final = 4
_HOUSE: Final = "house"
_NEGATIVE: Final = "negative"
_KEYS: Final = ("asset", CLASS, _HOUSE, _NEGATIVE)
_Key = tuple[str, str, bool, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerTotals:
    """What the register adds up to. `net` is the plain sum of the balance column, by asset."""

    lines: tuple[OwedLine, ...]
    findings: tuple[RowFinding, ...]
    rows: int
    net: Mapping[str, int]
    classes: Mapping[str, str]  # class → the first place it stands at; empty without a class column
    has_classes: bool
    files: tuple[InputFile, ...]


@dataclass(slots=True)
class _Note:
    count: int = 0
    units: int = 0
    where: list[str] = field(default_factory=list)

    def add(self, count: int, lines: Sequence[int], shown: str) -> None:
        self.count += count
        self.where += [f"{shown}:{line}" for line in lines[: MOST_PLACES - len(self.where)]]


@dataclass(slots=True)
class _Tally:
    """What has been read so far. Sums are in units of 10^−scale under the ledger's own names."""

    gate: RowGate
    house: frozenset[str]
    unreadable: Unreadable = field(default_factory=Unreadable)
    sums: Counter[_Key] = field(default_factory=Counter)
    rows: Counter[_Key] = field(default_factory=Counter)
    outside_rows: int = 0
    notes: dict[tuple[str, str], _Note] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    repeated: RepeatedRows = field(default_factory=RepeatedRows)

    def note(self, kind: str, asset: str) -> _Note:
        return self.notes.setdefault((kind, asset), _Note())

    def places(self, kind: str, rows: pl.DataFrame, column: str, shown: str) -> None:
        if rows.is_empty():
            return
        groups = rows.group_by(column, maintain_order=True).agg(pl.len(), pl.col(LINE).head(MOST_PLACES))
        for asset, count, lines in groups.iter_rows():
            self.note(kind, asset).add(count, lines, shown)

    def add(self, frame: pl.DataFrame, shown: str) -> None:
        passed = self.gate.passed(frame, shown, self.unreadable)
        rows = passed.rows
        self.outside_rows += passed.outside.height
        self.places("out-of-scope", passed.outside, "asset", shown)
        if self.unreadable.count or self.unreadable.unknown:
            return  # the file is going to be refused: what it adds up to does not matter any more
        has_class = CLASS in rows.columns
        self.repeated.add(rows, _row_keys(has_class=has_class), passed.ids)
        below_zero, of_house = rows[UNITS] < 0, self._of_house(rows["customer"])
        rows = rows.with_columns(below_zero.alias(_NEGATIVE), of_house.alias(_HOUSE))
        self.places("negative", rows.filter(below_zero), KIND, shown)
        self.places("zero", rows.filter(rows[UNITS] == 0), KIND, shown)
        self.places("house-account", rows.filter(of_house), KIND, shown)
        # grouping by what tells no rows apart would only cost time
        there = (True, has_class, of_house.any(), below_zero.any())
        keys = [key for key, used in zip(_KEYS, there, strict=True) if used]
        for group, (count, total) in counted_sums(rows, keys, UNITS).items():
            self.rows[_key(keys, group)] += count
            self.sums[_key(keys, group)] += total
        if has_class:
            for class_, line in rows.group_by(CLASS, maintain_order=True).agg(pl.col(LINE).first()).iter_rows():
                self.classes.setdefault(class_, f"{shown}:{line}")

    def _of_house(self, ids: pl.Series) -> pl.Series:
        if self.house:
            return ids.is_in(sorted(self.house))
        return pl.repeat(value=False, n=len(ids), dtype=pl.Boolean, eager=True)

    def merge(self, later: _Tally) -> None:
        """Take over what was read from later rows."""
        self.unreadable.merge(later.unreadable)
        self.sums.update(later.sums)
        self.rows.update(later.rows)
        self.outside_rows += later.outside_rows
        for (kind, asset), note in later.notes.items():
            mine = self.note(kind, asset)
            mine.count += note.count
            mine.where += note.where[: MOST_PLACES - len(mine.where)]
        self.classes = later.classes | self.classes
        self.repeated.merge(later.repeated)


def read_customers(
    files: Sequence[tuple[Path, str]],
    names: Mapping[str, LedgerName],
    *,
    out_of_scope: frozenset[str],
    house: frozenset[str],
    progress: Progress,
) -> CustomerTotals:
    """Totals and findings of the files (path, name shown), which together are one register.

    Raises InputError when a row is unreadable, an asset unknown, the files have no rows or differ in columns, and
    MoneyError when a sum is out of range.
    """
    tally = _Tally(gate=row_gate(names, out_of_scope), house=house)
    opened = [CustomerFile(path, shown) for path, shown in files]
    with ThreadPoolExecutor(_WORKERS) as pool:
        underway: deque[Future[_Tally]] = deque()
        for block, shown in _blocks(opened, progress):
            underway.append(pool.submit(_tallied, tally.gate, house, block, shown))
            if len(underway) > _AHEAD:
                tally.merge(underway.popleft().result())
        for future in underway:
            tally.merge(future.result())
    tally.unreadable.refuse(opened[0].shown)
    has_classes = _same_columns(opened)
    if not tally.rows and not tally.outside_rows:
        hint = "nothing owed is not shown by an empty list"
        raise InputError(Problem(path=opened[0].shown, message="there is a header but no rows", hint=hint))
    _compare_repeated(tally, opened, has_classes=has_classes)
    return CustomerTotals(
        lines=_lines(tally, names),
        findings=_findings(tally, names),
        rows=sum(tally.rows.values()) + tally.outside_rows,
        net=_net(tally, names),
        classes=tally.classes,
        has_classes=has_classes,
        files=tuple(file.input_file() for file in opened),
    )


def _blocks(files: Sequence[CustomerFile], progress: Progress) -> Iterator[tuple[Block, str]]:
    total = sum(file.path.stat().st_size for file in files)
    done = 0
    for file in files:
        for block in file.blocks():
            yield block, file.shown
            progress("customers", done + file.read, total)
        done += file.read


def _tallied(gate: RowGate, house: frozenset[str], block: Block, shown: str) -> _Tally:
    tally = _Tally(gate=gate, house=house)
    tally.unreadable.add(block.problems, len(block.problems))
    tally.add(block.frame, shown)
    return tally


def _key(keys: Sequence[str], values: Sequence[object]) -> _Key:
    given = dict(zip(keys, values, strict=True))
    return (
        str(given["asset"]),
        str(given.get(CLASS, "")),
        bool(given.get(_HOUSE, False)),
        bool(given.get(_NEGATIVE, False)),
    )


def _row_keys(*, has_class: bool) -> tuple[str, ...]:
    return ("customer", KIND, CLASS) if has_class else ("customer", KIND)


def _same_columns(files: Sequence[CustomerFile]) -> bool:
    first = CLASS in files[0].columns
    for file in files:
        if (CLASS in file.columns) != first:
            message = f"this file and {files[0].shown} differ in the column {CLASS!r}"
            raise InputError(Problem(path=file.shown, message=message, hint="all parts have the same columns"))
    return first


def _compare_repeated(tally: _Tally, files: Sequence[CustomerFile], *, has_classes: bool) -> None:
    """Read the files again for the few rows that may repeat another one, and compare those as text."""
    hashes, ids = tally.repeated.candidate_rows(), tally.repeated.candidate_ids()
    if hashes.is_empty() and ids.is_empty():
        return
    keys = _row_keys(has_class=has_classes)
    rows: list[pl.DataFrame] = []
    alike: list[pl.DataFrame] = []
    for index, file in enumerate(files):
        again = CustomerFile(file.path, file.shown)
        for block in again.blocks():
            read = tally.gate.passed(block.frame, file.shown, tally.unreadable).rows
            place = pl.lit(index).alias("file")
            suspects = read.filter(row_hash(read, keys).is_in(hashes.implode()))
            rows.append(suspects.select(*keys, "asset", UNITS, LINE, place))
            seen = read.unique("customer", keep="first", maintain_order=True)
            seen = seen.filter(folded_id_hash().is_in(ids.implode())) if len(ids) else seen.clear()
            alike.append(seen.select("customer", LINE, place, folded=folded_id()))
        if again.input_file() != file.input_file():
            raise InputError(
                Problem(path=file.shown, message="the file changed while it was read", hint="run again")
            )
    _note_duplicates(tally, pl.concat(rows), keys, files)
    _note_look_alikes(tally, pl.concat(alike), files)


def _note_duplicates(
    tally: _Tally, rows: pl.DataFrame, keys: tuple[str, ...], files: Sequence[CustomerFile]
) -> None:
    repeats = rows.filter(~pl.struct(keys).is_first_distinct())
    for part in repeats.partition_by("file", maintain_order=True):
        tally.places("duplicate", part, KIND, files[part["file"][0]].shown)
    sums = sum_units(repeats.with_columns(pl.col(UNITS).abs()), ["asset"], UNITS)
    for (name,), scaled in sums.items():
        ledger_name = tally.gate.names[str(name)]
        tally.note("duplicate", ledger_name.asset).units += ledger_name.units(scaled)


def _note_look_alikes(tally: _Tally, seen: pl.DataFrame, files: Sequence[CustomerFile]) -> None:
    ids = seen.unique("customer", keep="first", maintain_order=True)
    alike = ids.filter(pl.len().over("folded") > 1)
    for part in alike.partition_by("file", maintain_order=True):
        lines = part[LINE].to_list()
        tally.note("look-alike-id", "").add(len(lines), lines, files[part["file"][0]].shown)


def _lines(tally: _Tally, names: Mapping[str, LedgerName]) -> tuple[OwedLine, ...]:
    rows: Counter[tuple[str, str]] = Counter()
    gross: Counter[tuple[str, str]] = Counter()
    negative: Counter[tuple[str, str]] = Counter()
    house: Counter[tuple[str, str]] = Counter()
    for (name, class_, of_house, below_zero), scaled in tally.sums.items():
        key = names[name].asset, class_
        units = names[name].units(scaled)
        rows[key] += tally.rows[name, class_, of_house, below_zero]
        (negative if below_zero else gross)[key] += abs(units)
        if of_house and not below_zero:
            house[key] += units
    return tuple(
        OwedLine(
            asset=asset,
            class_=class_,
            rows=rows[asset, class_],
            gross=in_range(gross[asset, class_]),
            negative=in_range(negative[asset, class_]),
            house=in_range(house[asset, class_]),
        )
        for asset, class_ in sorted(rows)
    )


def _net(tally: _Tally, names: Mapping[str, LedgerName]) -> dict[str, int]:
    net: Counter[str] = Counter()
    for (name, *_), scaled in tally.sums.items():
        net[names[name].asset] += names[name].units(scaled)
    return dict(net)


def _findings(tally: _Tally, names: Mapping[str, LedgerName]) -> tuple[RowFinding, ...]:
    for (name, _, of_house, below_zero), scaled in tally.sums.items():
        units = abs(names[name].units(scaled))
        if below_zero:
            tally.note("negative", names[name].asset).units += units
        if of_house:
            tally.note("house-account", names[name].asset).units += units
    return tuple(
        RowFinding(kind=kind, asset=asset, count=note.count, units=note.units, where=tuple(note.where))
        for (kind, asset), note in sorted(tally.notes.items())
    )
