"""Which column of an export is what: the customer's id, a class, assets or their names, and what is left out.

Every column has to be one of these. A wide export has a column for each asset, a long one a row for each balance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from reservecheck.errors import InputError, Problem
from reservecheck.importers.tickers import Ticker, Tickers

_LONGEST: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the columns of an export are called; `skip` are patterns of those to leave out."""

    id_column: str
    asset_column: str = ""
    balance_column: str = ""
    class_column: str = ""
    class_: str = ""
    skip: tuple[str, ...] = ()

    @property
    def long(self) -> bool:
        """Whether there is one balance a row."""
        return bool(self.asset_column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Columns by their place, from 0: the id, the class (−1 for none), and balances with their tickers.

    In a long export `assets` is the place of the asset's name, and `balances` has one place without a ticker.
    """

    width: int
    names: tuple[str, ...]
    id_place: int
    class_place: int
    asset_place: int
    balances: Mapping[int, Ticker | None]
    skipped: Mapping[str, int]


def plan_of(header: Sequence[str], layout: Layout, tickers: Tickers, at: Problem) -> Plan:
    """The plan for a header; `at` is its place.

    Raises InputError for a column that is missing, stands twice or has no use, and all names no ticker explains.
    """
    special = [layout.id_column, layout.asset_column, layout.balance_column, layout.class_column]
    named = [name for name in special if name]
    missing = [name for name in named if name not in header]
    if missing:
        # the first line may be a customer's: it is not repeated
        raise InputError(*(_problem(at, f"no column is called {name!r}", _near(name, header)) for name in missing))
    skipped, used = _skipped(header, layout, named)
    problems = list(_wrong(header, layout, skipped, used, at))
    if problems:
        raise InputError(*problems)
    places = {name: place for place, name in enumerate(header)}
    balances: dict[int, Ticker | None] = {}
    if layout.long:
        balances[places[layout.balance_column]] = None
    else:
        balances |= _wide(header, {*skipped, *(places[name] for name in named)}, tickers, at)
    return Plan(
        width=len(header),
        names=tuple(header),
        id_place=places[layout.id_column],
        class_place=places[layout.class_column] if layout.class_column else -1,
        asset_place=places[layout.asset_column] if layout.long else -1,
        balances=balances,
        skipped=used,
    )


def _skipped(header: Sequence[str], layout: Layout, named: Sequence[str]) -> tuple[set[int], Counter[str]]:
    """Places of the columns left out, and how many each pattern takes."""
    places, used = set(), Counter(dict.fromkeys(layout.skip, 0))
    for place, name in enumerate(header):
        pattern = next((one for one in layout.skip if fnmatchcase(name, one)), None)
        if pattern is not None and name not in named:
            places.add(place)
            used[pattern] += 1
    return places, used


def _wrong(
    header: Sequence[str], layout: Layout, skipped: set[int], used: Mapping[str, int], at: Problem
) -> Iterator[Problem]:
    for pattern in (one for one, count in used.items() if not count):
        yield _problem(at, f"no column is left out by --skip {pattern!r}", "every pattern has a use: remove it")
    kept = Counter(name for place, name in enumerate(header) if place not in skipped)
    for name, count in kept.items():
        if count > 1:
            yield _problem(
                at, f"{count} columns are called {name[:_LONGEST]!r}", "which is it? leave out with --skip"
            )
        elif not name.strip():
            place = header.index(name) + 1
            yield _problem(at, f"column {place} has no name", "leave it out with --skip '' if it is empty")
    if layout.long:
        for name in kept.keys() - {
            layout.id_column,
            layout.asset_column,
            layout.balance_column,
            layout.class_column,
        }:
            yield _problem(at, f"the column {name[:_LONGEST]!r} has no use", "leave it out with --skip NAME")


def _wide(header: Sequence[str], others: set[int], tickers: Tickers, at: Problem) -> dict[int, Ticker | None]:
    balances: dict[int, Ticker | None] = {}
    unknown: dict[str, Problem] = {}
    for place, name in enumerate(header):
        if place in others:
            continue
        balances[place] = tickers.get(name)
        if balances[place] is None:
            unknown[name] = at
    if unknown:
        raise tickers.unknown(unknown, of_header=True)
    if not balances:
        raise InputError(
            _problem(at, "no column holds balances", "name the columns of a long export, or skip less")
        )
    return balances


def _near(name: str, header: Sequence[str]) -> str:
    # what is only similar may be a customer's id
    near = [one for one in header if _letters(one) == _letters(name)]
    return f"did you mean {near[0]!r}?" if near else f"the header is on another line? it has {len(header)} columns"


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()


def _problem(at: Problem, message: str, hint: str) -> Problem:
    return Problem(path=at.path, line=at.line, message=message, hint=hint)
