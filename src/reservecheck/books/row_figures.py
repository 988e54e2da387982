"""Two figures of every asset's rows beside their sum: the largest balance, and how coarse all of them are.

A unit typed wrong stands out as one balance larger than everything else; an export that rounds stands out as
balances that are all multiples of the same power of ten. No balance leaves this module but by its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from reservecheck.books.customer_blocks import LINE
from reservecheck.books.customer_rows import UNITS
from reservecheck.books.ledger_names import LedgerName

_NAME: Final = "asset"
_MOST_TENS: Final = 38
"""No amount in range is a multiple of a larger power of ten."""
_SOME: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetFigures:
    """Of one asset, in its smallest units: the largest balance and where it stands, and how coarse all are.

    Balances are multiples of 10^`tens` smallest units; 0 says nothing. Without a balance above zero `largest` is 0
    and `where` is empty.
    """

    largest: int
    where: str
    tens: int


@dataclass(slots=True)
class RowFigures:
    """The same of the rows read so far, by the ledger's own names, in the units frames hold."""

    largest: dict[str, tuple[int, str]] = field(default_factory=dict)
    tens: dict[str, int] = field(default_factory=dict)

    def copy(self) -> RowFigures:
        """One of its own to go on with; what is merged into it twice changes nothing."""
        return RowFigures(dict(self.largest), dict(self.tens))

    def add_largest(self, name: str, units: int, where: str) -> None:
        """Note a balance above zero; the first of several that are equally large stays."""
        if units > self.largest.get(name, (0, ""))[0]:
            self.largest[name] = units, where

    def add_tens(self, name: str, power: int) -> None:
        """Note that balances are multiples of this power of ten and no more."""
        self.tens[name] = min(power, self.tens.get(name, _MOST_TENS))

    def add(self, rows: pl.DataFrame, names: pl.Series, shown: str) -> None:
        """Look at one block of a file, in which the name of every row is one of the categories `names`."""
        most = dict(rows.group_by(_NAME).agg(pl.col(UNITS).max()).iter_rows())
        larger = {name: units for name, units in most.items() if units > self.largest.get(name, (0, ""))[0]}
        if larger:
            tops = _by_category([larger.get(name) for name in names], rows)
            firsts = rows.filter(rows[UNITS] == tops).unique(_NAME, keep="first", maintain_order=True)
            for name, units, line in firsts.select(_NAME, UNITS, LINE).iter_rows():
                self.largest[name] = units, f"{shown}:{line}"
        if most.keys() - self.tens.keys():
            self._sample(rows)
        left = rows.select(_NAME, UNITS)
        while (left := self._finer(left, names)).height:
            self._sample(left)

    def _sample(self, rows: pl.DataFrame) -> None:
        """Look at a few rows one by one, so that most of the others need no second look."""
        for name, units in rows.select(_NAME, UNITS).head(_SOME).iter_rows():
            if units:
                self.add_tens(name, _trailing_zeros(units))

    def _finer(self, rows: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
        """The rows that are no multiple of what is noted under their name."""
        powers = _by_category([10 ** self.tens.get(name, _MOST_TENS) for name in names], rows)
        return rows.filter(rows[UNITS] % powers != 0)

    def merge(self, later: RowFigures) -> None:
        """Take over what was found in later rows."""
        for name, (units, where) in later.largest.items():
            self.add_largest(name, units, where)
        for name, power in later.tens.items():
            self.add_tens(name, power)


def asset_figures(figures: RowFigures, names: Mapping[str, LedgerName]) -> dict[str, AssetFigures]:
    """The figures by asset, its tickers among them; an asset of which every balance is zero has none."""
    found: dict[str, AssetFigures] = {}
    for name, power in sorted(figures.tens.items()):
        ledger_name = names[name]
        units, where = figures.largest.get(name, (0, ""))
        before = found.get(ledger_name.asset)
        largest = ledger_name.units(units), where
        tens = _trailing_zeros(ledger_name.units(10**power))
        if before is not None:
            largest = max((before.largest, before.where), largest, key=lambda one: one[0])
            tens = min(tens, before.tens)
        found[ledger_name.asset] = AssetFigures(largest=largest[0], where=largest[1], tens=tens)
    return found


def _by_category(values: list[int] | list[int | None], rows: pl.DataFrame) -> pl.Series:
    """For each row the value of its name's category."""
    return pl.Series(values, dtype=pl.Int128).gather(rows[_NAME].to_physical())


def _trailing_zeros(number: int) -> int:
    digits = str(number)
    return len(digits) - len(digits.rstrip("0"))
