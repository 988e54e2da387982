"""ledger.csv: the general ledger's closing balances at the cut-off, against what customers' rows add up to.

It is the entity's own word, out of another of its systems than the customers' extract: two words that differ are a
finding, two that agree are still one party's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reservecheck.books.class_names import MOST_PLACES
from reservecheck.books.register import Location, input_file, read_register, refuse, register_rows
from reservecheck.errors import Problem
from reservecheck.model.books import OwedLine, RowFinding
from reservecheck.model.declared import InputFile
from reservecheck.model.registry import Asset
from reservecheck.money import format_amount

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Closing balances in smallest units, and their lines, by asset and class; "" where there are no classes."""

    shown: str
    by_class: bool
    totals: Mapping[_Key, tuple[int, int]]


def read_ledger(at: Location, assets: Mapping[str, Asset], *, listed: frozenset[str]) -> tuple[Ledger, InputFile]:
    """One closing balance an asset, or an asset and class of `listed`; it may be below zero.

    Raises InputError for an unknown asset, what is no amount, a class nobody listed, and a line that repeats.
    """
    file = read_register(at, required=("asset", "total"), optional=("class",))
    by_class = "class" in file.columns
    problems: list[Problem] = []
    totals: dict[_Key, tuple[int, int]] = {}
    for row in register_rows(file, assets, problems):
        asset, class_ = row.asset("asset"), row.values["class"]
        if by_class and class_ not in listed:
            row.problem("the class is none that [classes] lists", "write one of those, or leave the column out")
        if (asset, class_) in totals:
            row.problem(f"{asset} has two closing balances", "one row an asset, or an asset and class")
        totals[asset, class_] = row.signed("total", asset), row.line
    refuse(problems)
    return Ledger(shown=at.shown, by_class=by_class, totals=totals), input_file(file)


def ledger_findings(
    ledger: Ledger, lines: Iterable[OwedLine], assets: Mapping[str, Asset]
) -> tuple[RowFinding, ...]:
    """One finding for each asset of which the ledger and the plain sum of the rows differ, negatives included."""
    net: Counter[_Key] = Counter()
    for line in lines:
        net[line.asset, line.class_ if ledger.by_class else ""] += line.net
    places: dict[str, list[str]] = {}
    units: Counter[str] = Counter()
    for asset, class_ in sorted({*net, *ledger.totals}):
        total, number = ledger.totals.get((asset, class_), (0, 0))
        read = net[asset, class_]
        if total != read:
            decimals = assets[asset].decimals
            what = f"{asset} in class {class_!r}" if class_ else asset
            said = f"{ledger.shown}:{number} says {format_amount(total, decimals)} {what}"
            nothing = f"{ledger.shown} has no line for {what}"
            sum_ = f"the rows add up to {format_amount(read, decimals)}"
            places.setdefault(asset, []).append(f"{said if number else nothing}, {sum_}")
            units[asset] += abs(total - read)
    return tuple(
        RowFinding(
            kind="mismatch-ledger",
            asset=asset,
            count=len(where),
            units=units[asset],
            where=tuple(where[:MOST_PLACES]),
        )
        for asset, where in places.items()
    )
