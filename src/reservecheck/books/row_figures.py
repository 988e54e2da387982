"""Two figures of every asset's rows beside their sum: the largest balance, and how coarse all of them are.

A unit typed wrong stands out as one balance larger than everything else; an export that rounds stands out as
balances that are all multiples of the same power of ten. No balance leaves this module but by its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from reservecheck.books.customer_blocks import LINE
from reservecheck.books.customer_rows import UNITS
from reservecheck.books.ledger_names import LedgerName

_NAME: Final = "asset"
_MOST_ZEROS: Final = 38
"""No amount in range is a multiple of a larger power of ten."""
_SOME: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetFigures:
    """Of one asset, in its smallest units: the largest balance and where it stands, and how coarse all are.

    `zeros` is how many balances end with how many zeros, those of nothing at all left out. Without a balance above
    zero `largest` is 0 and `where` is empty.
    """

    largest: int
    where: str
    zeros: Mapping[int, int]


@dataclass(slots=True)
class RowFigures:
    """The same of the rows read so far, by the ledger's own names, in the units frames hold."""

    largest: dict[str, tuple[int, str]] = field(default_factory=dict)
    least: dict[str, int] = field(default_factory=dict)  # the fewest zeros, here or in rows above
    zeros: dict[str, Counter[int]] = field(default_factory=dict)

    def onward(self) -> RowFigures:
        """What rows below are looked at with: what is known of those above, and nothing counted."""
        return RowFigures(dict(self.largest), dict(self.least))

    def add_largest(self, name: str, units: int, where: str) -> None:
        """Note a balance above zero; the first of several that are equally large stays."""
        if units > self.largest.get(name, (0, ""))[0]:
            self.largest[name] = units, where

    def add_zeros(self, name: str, counts: Mapping[int, int]) -> None:
        """Count balances by how many zeros they end with; there is one at least."""
        self.zeros.setdefault(name, Counter()).update(counts)
        self._add_least(name, min(counts))

    def _add_least(self, name: str, power: int) -> None:
        self.least[name] = min(power, self._fewest(name))

    def add(self, rows: pl.DataFrame, names: pl.Series, shown: str) -> None:
        """Look at one block of a file, in which the name of every row is one of the categories `names`."""
        most = dict(rows.group_by(_NAME).agg(pl.col(UNITS).max()).iter_rows())
        larger = {name: units for name, units in most.items() if units > self.largest.get(name, (0, ""))[0]}
        if larger:
            tops = _by_category([larger.get(name) for name in names], rows)
            firsts = rows.filter(rows[UNITS] == tops).unique(_NAME, keep="first", maintain_order=True)
            for name, units, line in firsts.select(_NAME, UNITS, LINE).iter_rows():
                self.largest[name] = units, f"{shown}:{line}"
        self._count_zeros(rows.select(_NAME, UNITS).filter(pl.col(UNITS) != 0), names)

    def _count_zeros(self, rows: pl.DataFrame, names: pl.Series) -> None:
        """From the fewest zeros on: nine in ten balances of a ledger that cuts nothing off have no more."""
        self._sample(rows)
        finer = rows
        while (finer := finer.filter(~self._ends(finer, names, 0))).height:
            self._sample(finer)
        left, more = rows, 0
        while left.height:
            more += 1
            longer = left.filter(self._ends(left, names, more))
            rest = Counter(dict(longer.group_by(_NAME).len().iter_rows()))
            for name, count in left.group_by(_NAME).len().iter_rows():
                if count > rest[name]:
                    counts = self.zeros.setdefault(name, Counter())
                    counts[self._fewest(name) + more - 1] += count - rest[name]
            left = longer

    def _sample(self, rows: pl.DataFrame) -> None:
        """Look at a few rows one by one, so that most of the others need no second look."""
        for name, units in rows.head(_SOME).iter_rows():
            self._add_least(name, _trailing_zeros(units))

    def _fewest(self, name: str) -> int:
        return self.least.get(name, _MOST_ZEROS)

    def _ends(self, rows: pl.DataFrame, names: pl.Series, more: int) -> pl.Series:
        """Which rows end with so many zeros more than the fewest under their name; null where none can."""
        powers = [self._fewest(name) + more for name in names]
        steps = _by_category([10**power if power <= _MOST_ZEROS else None for power in powers], rows)
        return rows[UNITS] % steps == 0

    def merge(self, later: RowFigures) -> None:
        """Take over what was found in later rows."""
        for name, (units, where) in later.largest.items():
            self.add_largest(name, units, where)
        for name, counts in later.zeros.items():
            self.add_zeros(name, counts)


def asset_figures(figures: RowFigures, names: Mapping[str, LedgerName]) -> dict[str, AssetFigures]:
    """The figures by asset, its tickers among them; an asset of which every balance is zero has none."""
    largest: dict[str, tuple[int, str]] = {}
    zeros: dict[str, Counter[int]] = {}
    for name, counts in sorted(figures.zeros.items()):
        ledger_name = names[name]
        units, where = figures.largest.get(name, (0, ""))
        one = ledger_name.units(units), where
        largest[ledger_name.asset] = max(largest.get(ledger_name.asset, (0, "")), one, key=lambda found: found[0])
        mine = zeros.setdefault(ledger_name.asset, Counter())
        for power, count in counts.items():
            mine[_trailing_zeros(ledger_name.units(10**power))] += count
    return {
        asset: AssetFigures(largest=largest[asset][0], where=largest[asset][1], zeros=dict(counts))
        for asset, counts in zeros.items()
    }


def _by_category(values: list[int] | list[int | None], rows: pl.DataFrame) -> pl.Series:
    """For each row the value of its name's category."""
    return pl.Series(values, dtype=pl.Int128).gather(rows[_NAME].to_physical())


def _trailing_zeros(number: int) -> int:
    digits = str(number)
    return len(digits) - len(digits.rstrip("0"))
