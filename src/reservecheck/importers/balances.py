"""The rows of an export as customers' balances, each cell read exactly and added to the total of its column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from reservecheck.errors import InputError, Problem
from reservecheck.importers import notes
from reservecheck.importers.cells import ONE, Amount, AmountForm, Number, Unusable, Wrong, shortened_id
from reservecheck.importers.layout import Layout, Plan, plan_of
from reservecheck.importers.source import Source, SourceRow
from reservecheck.importers.tickers import Ticker, Tickers

_MOST_PROBLEMS: Final = 100
_LONGEST_ID: Final = 1_000
_LONGEST_NAME: Final = 40
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_MEMORY: Final = 1 << 14
_REMEMBERED: Final = 200
"""Longer cells are no amounts, and would fill the memory for those that are."""
_MOST_NAMES: Final = 2_001
"""One more than are ever told of."""


class Balance(NamedTuple):
    """One row as it is written."""

    customer: str
    asset: str
    balance: str
    class_: str


@dataclass(slots=True, kw_only=True)
class Total:
    """The cells of one ticker: how many were taken, and their sum by digits after the point."""

    ticker: Ticker
    cells: int = 0
    sums: Counter[int] = field(default_factory=Counter)

    def owed(self) -> Fraction:
        """The sum of the source's cells × the multiplier, exactly."""
        total = sum((Fraction(units, 10**places) for places, units in self.sums.items()), Fraction())
        return total * Fraction(self.ticker.multiplier.units, 10**self.ticker.multiplier.places)


@dataclass(slots=True, kw_only=True)
class Balances:
    """One export being read: iterate once, then look at what was counted."""

    source: Source
    layout: Layout
    tickers: Tickers
    form: AmountForm
    keep_zeros: bool = False
    rows_read: int = 0
    totals: dict[str, Total] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    said: Counter[str] = field(default_factory=Counter)
    _problems: list[Problem] = field(default_factory=list)
    _hints: set[str] = field(default_factory=set)
    _wrong_rows: int = 0
    _names: tuple[str, ...] = ()
    _unknown: dict[str, Problem] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Balance]:
        """Every balance, in the order of the export. A bad row never stops the reading of the others.

        Raises InputError once all rows went by if any could not be read, with the first hundred and their number.
        """
        rows = self.source.rows()
        first = next(rows, None)
        at = Problem(
            path=self.source.shown, line=first.line if first else 0, message="the file ends above the header"
        )
        if first is None:
            raise InputError(at)
        plan = self._plan(first, at)
        self.skipped, self._names = dict(plan.skipped), plan.names
        read = lru_cache(maxsize=_MEMORY, typed=True)(self.form.read)
        for row in rows:
            if not any(row.cells):
                self.said[notes.EMPTY_ROWS] += 1
                continue
            self.rows_read += 1
            before = self._wrong_rows
            yield from self._row(row, plan, read)
            self._wrong_rows = min(self._wrong_rows, before + 1)
        self._finish(at)

    def _plan(self, header: SourceRow, at: Problem) -> Plan:
        """What the columns are; a file of another encoding is told to be that before a name is missed."""
        try:
            return plan_of(header.cells, self.layout, self.tickers, at)
        except InputError:
            self.source.check_text()
            raise

    def _finish(self, at: Problem) -> None:
        if self._unknown:
            unknown = self.tickers.unknown(self._unknown, of_header=False)
            self._problems += unknown.problems
        if self._wrong_rows:
            rows = "1 row" if self._wrong_rows == 1 else f"{self._wrong_rows} rows"
            said = f"{rows} cannot be read, so nothing was written"
            self._problems.append(Problem(path=at.path, message=said))
        if self._problems:
            raise InputError(*self._problems)
        if not self.rows_read:
            message, hint = "there is a header but no rows", "nothing owed is not shown by an empty list"
            raise InputError(Problem(path=at.path, message=message, hint=hint))
        self.said += self.source.said

    def _row(self, row: SourceRow, plan: Plan, read: Callable[[str], Amount | Wrong]) -> Iterator[Balance]:
        cells = row.cells
        if len(cells) != plan.width:
            message = f"{len(cells)} fields where the header has {plan.width}"
            self._wrong(row, Wrong(message, "a value with a separator needs quotes"))
            return
        customer = cells[plan.id_place]
        class_ = self.layout.class_ if plan.class_place < 0 else cells[plan.class_place]
        wrong = _wrong_id(customer) or (_wrong_class(class_) if plan.class_place >= 0 else None)
        if wrong is not None:
            self._wrong(row, wrong, plan.id_place)
            return
        written = 0
        for place, ticker in plan.balances.items():
            cell = cells[place]
            if not cell:
                self.said[notes.EMPTY_CELLS] += 1
                continue
            meant = ticker or self._named(row, cells[plan.asset_place])
            amount = (
                Wrong(cell, cell.hint)
                if isinstance(cell, Unusable)
                else (read if len(cell) <= _REMEMBERED else self.form.read)(cell)
            )
            if isinstance(amount, Wrong):
                self._wrong(row, amount, place)
            elif meant is not None and (made := self._counted(meant, amount, cell)) is not None:
                if not made.in_range():
                    self._wrong(
                        row, Wrong("the amount is out of range: more than 19 digits before the point", ""), place
                    )
                    continue
                written += 1
                yield Balance(customer, meant.asset, str(made), class_)
        if not written:
            self.said[notes.NO_ROWS] += 1

    def _named(self, row: SourceRow, name: str) -> Ticker | None:
        """What the asset's name in a row of a long export means."""
        ticker = self.tickers.get(name)
        if ticker is None and name not in self._unknown and len(self._unknown) < _MOST_NAMES:
            message = "the asset of this row is unknown" if name else "the asset is empty"
            hint = "give a file that says what it is with --tickers"
            self._unknown[name] = Problem(path=self.source.shown, line=row.line, message=message, hint=hint)
        return ticker

    def _counted(self, ticker: Ticker, amount: Amount, cell: str) -> Amount | None:
        """The amount in the asset, added to its column's total; None for a zero that is left out."""
        if not amount.units:
            self.said[notes.ZERO_CELLS] += not self.keep_zeros
            if not self.keep_zeros:
                return None
        total = self.totals.get(ticker.name)
        if total is None:
            total = self.totals[ticker.name] = Total(ticker=ticker)
        total.cells += 1
        total.sums[amount.places] += amount.units
        if self.form.exponents and not isinstance(cell, Number) and ("E" in cell or "e" in cell):
            self.said[notes.EXPONENTS] += 1
        return amount if ticker.multiplier is ONE else amount.times(ticker.multiplier)

    def _wrong(self, row: SourceRow, wrong: Wrong, place: int | None = None) -> None:
        """Note what is wrong with a row; neither an id nor an amount is repeated."""
        self._wrong_rows += 1
        if len(self._problems) < _MOST_PROBLEMS:
            where = ""
            if place is not None:
                where = f"{self.source.place(row.line, place)} ({self._names[place][:_LONGEST_NAME]!r}): "
            message = f"{where}{wrong.message}"
            hint = "" if wrong.hint in self._hints else wrong.hint  # one advice for many rows is given once
            self._hints.add(wrong.hint)
            problem = Problem(path=self.source.shown, line=row.line, message=message, hint=hint)
            self._problems.append(problem)


def _wrong_id(customer: str) -> Wrong | None:
    if isinstance(customer, Unusable):
        return Wrong(customer, customer.hint)
    if isinstance(customer, Number):
        message = "the id is a number, which has lost its leading zeros and may have lost digits"
        return Wrong(message, "export the column as text, or the whole as CSV")
    if not customer.strip():
        return Wrong("the id is empty", "every balance is owed to somebody")
    if shortened_id(customer):
        message = "the id is a long number that a spreadsheet shortened, so that several customers became one"
        return Wrong(message, "export the column as text")
    if len(customer) > _LONGEST_ID or _CONTROL.search(customer):
        return Wrong(f"the id has a control character, or more than {_LONGEST_ID} characters", "is this the id?")
    return None


def _wrong_class(class_: str) -> Wrong | None:
    if isinstance(class_, Unusable):
        return Wrong(class_, class_.hint)
    if not class_ or len(class_) > _LONGEST_ID or _CONTROL.search(class_):
        return Wrong("the class is empty or no name", "write spot, earn, …")
    return None
