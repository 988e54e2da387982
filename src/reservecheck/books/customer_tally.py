"""What has been read of the customers' register so far, block by block, and what it adds up to in the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from typing import Final

import polars as pl

from reservecheck.books.class_names import MOST_PLACES, UNLISTED, unlisted_names
from reservecheck.books.customer_blocks import CLASS, LINE
from reservecheck.books.customer_rows import KIND, UNITS, RowGate
from reservecheck.books.ledger_names import LedgerName
from reservecheck.books.repeated_rows import RepeatedRows
from reservecheck.books.row_figures import AssetFigures, RowFigures
from reservecheck.books.unreadable import Unreadable
from reservecheck.model.books import OwedLine, RowFinding
from reservecheck.model.declared import InputFile
from reservecheck.money import in_range
from reservecheck.tables import counted_sums

_SUMMED: Final = "summed as"
_HOUSE: Final = "house"
_NEGATIVE: Final = "negative"
_KEYS: Final = ("asset", _SUMMED, _HOUSE, _NEGATIVE)
_Key = tuple[str, str, bool, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerTotals:
    """What the register adds up to. `net` is the plain sum of the balance column, by asset."""

    lines: tuple[OwedLine, ...]
    findings: tuple[RowFinding, ...]
    rows: int
    net: Mapping[str, int]
    classes: Mapping[str, str]  # class of the checklist → the first place it stands at
    has_classes: bool
    figures: Mapping[str, AssetFigures]
    files: tuple[InputFile, ...]


@dataclass(slots=True)
class Note:
    """Rows of one kind: how many, their size, and the first places."""

    count: int = 0
    units: int = 0
    where: list[str] = field(default_factory=list)

    def add(self, count: int, lines: Sequence[int], shown: str) -> None:
        """More rows of a file, of which these lines are the first."""
        self.count += count
        self.where += [f"{shown}:{line}" for line in lines[: MOST_PLACES - len(self.where)]]


@dataclass(slots=True)
class Tally:
    """What has been read so far. Sums are in units of 10^−scale under the ledger's own names."""

    gate: RowGate
    house: frozenset[str]
    listed: frozenset[str] = frozenset()  # the classes of the checklist; without it there are no classes
    unreadable: Unreadable = field(default_factory=Unreadable)
    sums: Counter[_Key] = field(default_factory=Counter)
    rows: Counter[_Key] = field(default_factory=Counter)
    outside_rows: int = 0
    notes: dict[tuple[str, str], Note] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    unlisted: list[pl.Series] = field(default_factory=list)  # hashes of the names no checklist has
    figures: RowFigures = field(default_factory=RowFigures)
    together: InitVar[bool] = False
    repeated: RepeatedRows = field(init=False)

    def __post_init__(self, together: bool) -> None:
        self.repeated = RepeatedRows(together=together)

    def note(self, kind: str, asset: str) -> Note:
        """What was noted of a kind and asset so far."""
        return self.notes.setdefault((kind, asset), Note())

    def places(self, kind: str, rows: pl.DataFrame, column: str, shown: str) -> None:
        """Note rows as of one kind, by the asset in a column."""
        if rows.is_empty():
            return
        groups = rows.group_by(column, maintain_order=True).agg(pl.len(), pl.col(LINE).head(MOST_PLACES))
        for asset, count, lines in groups.iter_rows():
            self.note(kind, asset).add(count, lines, shown)

    def add(self, frame: pl.DataFrame, shown: str) -> None:
        """Read one block of a file."""
        passed = self.gate.passed(frame, shown, self.unreadable)
        rows = passed.rows
        self.outside_rows += passed.outside.height
        self.places("out-of-scope", passed.outside, "asset", shown)
        if self.unreadable.count or self.unreadable.unknown:
            return  # the file is going to be refused: what it adds up to does not matter any more
        has_class = CLASS in rows.columns
        classed = has_class and bool(self.listed)
        self.repeated.add(rows, row_keys(has_class=has_class), passed.starts)
        below_zero, of_house = rows[UNITS] < 0, self._of_house(rows["customer"])
        rows = rows.with_columns(below_zero.alias(_NEGATIVE), of_house.alias(_HOUSE))
        self.places("negative", rows.filter(below_zero), KIND, shown)
        self.places("zero", rows.filter(rows[UNITS] == 0), KIND, shown)
        self.places("house-account", rows.filter(of_house), KIND, shown)
        self.figures.add(rows, self.gate.spelled.categories, shown)
        if classed:
            rows = self._classed(rows, shown)
        # grouping by what tells no rows apart would only cost time
        there = (True, classed, of_house.any(), below_zero.any())
        keys = [key for key, used in zip(_KEYS, there, strict=True) if used]
        for group, (count, total) in counted_sums(rows, keys, UNITS).items():
            self.rows[_key(keys, group)] += count
            self.sums[_key(keys, group)] += total

    def add_sum(self, name: str, rows: int, total: int) -> None:
        """Add rows of one of the ledger's names, none of them of the house, all below zero or none."""
        if rows:
            key = name, "", False, total < 0
            self.rows[key] += rows
            self.sums[key] += total

    def has_house(self, ids: pl.Series) -> bool:
        """Whether any of these ids is a house account."""
        return bool(self._of_house(ids).any())

    def _classed(self, rows: pl.DataFrame, shown: str) -> pl.DataFrame:
        """The rows with the class each is summed under; no name that nobody listed is kept."""
        known = rows[CLASS].is_in(sorted(self.listed))
        firsts = rows.filter(known).group_by(CLASS, maintain_order=True).agg(pl.col(LINE).first())
        for class_, line in firsts.iter_rows():
            self.classes.setdefault(class_, f"{shown}:{line}")
        others = rows.filter(~known)
        if len(others):
            lines = others[LINE].head(MOST_PLACES).to_list()
            self.note("class-unlisted", "").add(len(others), lines, shown)
            self.unlisted.append(others[CLASS].unique().hash(seed=0))
        summed = pl.when(known).then(pl.col(CLASS)).otherwise(pl.lit(UNLISTED))
        return rows.with_columns(summed.alias(_SUMMED))

    def _of_house(self, ids: pl.Series) -> pl.Series:
        if self.house:
            return ids.is_in(sorted(self.house))
        return pl.repeat(value=False, n=len(ids), dtype=pl.Boolean, eager=True)

    def merge(self, later: Tally) -> None:
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
        self.unlisted += later.unlisted
        self.figures.merge(later.figures)
        self.repeated.merge(later.repeated)


def row_keys(*, has_class: bool) -> tuple[str, ...]:
    """What makes a row unique: its class as it is written, whether it is listed or not."""
    return ("customer", KIND, CLASS) if has_class else ("customer", KIND)


def _key(keys: Sequence[str], values: Sequence[object]) -> _Key:
    given = dict(zip(keys, values, strict=True))
    return (
        str(given["asset"]),
        str(given.get(_SUMMED, "")),
        bool(given.get(_HOUSE, False)),
        bool(given.get(_NEGATIVE, False)),
    )


def lines_of(tally: Tally, names: Mapping[str, LedgerName]) -> tuple[OwedLine, ...]:
    """What is owed by asset and class; MoneyError when a sum is out of range."""
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


def net_of(tally: Tally, names: Mapping[str, LedgerName]) -> dict[str, int]:
    """The plain sum of the balance column, by asset."""
    net: Counter[str] = Counter()
    for (name, *_), scaled in tally.sums.items():
        net[names[name].asset] += names[name].units(scaled)
    return dict(net)


def findings_of(tally: Tally, names: Mapping[str, LedgerName]) -> tuple[RowFinding, ...]:
    """Everything noted, by kind and asset, and one finding for each ticker that was used."""
    for (name, _, of_house, below_zero), scaled in tally.sums.items():
        units = abs(names[name].units(scaled))
        if below_zero:
            tally.note("negative", names[name].asset).units += units
        if of_house:
            tally.note("house-account", names[name].asset).units += units
    found = [
        RowFinding(kind=kind, asset=asset, count=note.count, units=note.units, where=tuple(note.where))
        for (kind, asset), note in tally.notes.items()
        if kind != "class-unlisted"
    ]
    found += [*_unlisted(tally), *_tickers(tally, names)]
    return tuple(sorted(found, key=lambda finding: (finding.kind, finding.asset)))


def _unlisted(tally: Tally) -> list[RowFinding]:
    if not tally.unlisted:
        return []
    note = tally.notes["class-unlisted", ""]
    where = (unlisted_names(pl.concat(tally.unlisted).n_unique()), *note.where)
    return [RowFinding(kind="class-unlisted", asset="", count=note.count, units=0, where=where[:MOST_PLACES])]


def _tickers(tally: Tally, names: Mapping[str, LedgerName]) -> list[RowFinding]:
    rows: Counter[str] = Counter()
    units: Counter[str] = Counter()
    for key, scaled in tally.sums.items():
        if names[key[0]].asset != key[0]:
            rows[key[0]] += tally.rows[key]
            units[key[0]] += abs(names[key[0]].units(scaled))
    return [
        RowFinding(
            kind="ticker",
            asset=names[name].asset,
            count=rows[name],
            units=in_range(units[name]),
            where=(f"{name} × {names[name].multiplier_text} {names[name].asset}",),
        )
        for name in sorted(rows)
    ]
