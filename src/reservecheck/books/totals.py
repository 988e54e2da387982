"""Totals owed instead of a customer file (grade L0), and the list of the entity's own accounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from reservecheck.books.class_names import MOST_PLACES, summed_as, unlisted_names
from reservecheck.books.register import Location, input_file, read_register, refuse, register_rows
from reservecheck.errors import Problem
from reservecheck.model.books import OwedLine, RowFinding
from reservecheck.model.declared import InputFile
from reservecheck.model.registry import Asset
from reservecheck.money import in_range


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Lines by asset and class; the first place of each listed class, and a finding of those nobody listed."""

    lines: tuple[OwedLine, ...]
    classes: Mapping[str, str]
    findings: tuple[RowFinding, ...] = ()


def read_totals(at: Location, assets: Mapping[str, Asset], *, listed: frozenset[str]) -> tuple[Totals, InputFile]:
    """One line an asset and class of `listed`; `rows` is 0, for no customer's row was read.

    Raises InputError for an unknown asset, an amount below zero, or an (asset, class) that repeats, and MoneyError
    for a sum out of range.
    """
    file = read_register(at, required=("asset", "owed"), optional=("class",))
    problems: list[Problem] = []
    seen: set[tuple[str, str]] = set()
    gross: Counter[tuple[str, str]] = Counter()
    classes: dict[str, str] = {}
    unlisted: dict[str, str] = {}
    for row in register_rows(file, assets, problems):
        asset, class_ = row.asset("asset"), row.values["class"]
        units = row.amount("owed", asset, negative="what is owed is gross: customers' debts do not reduce it")
        if (asset, class_) in seen:
            row.problem(f"{asset} has two totals{' in one class' if class_ else ''}", "one row an asset and class")
        seen.add((asset, class_))
        gross[asset, summed_as(class_, listed)] += units
        if class_ and listed:
            (classes if class_ in listed else unlisted).setdefault(class_, f"{at.shown}:{row.line}")
    refuse(problems)
    lines = tuple(
        OwedLine(asset=asset, class_=class_, rows=0, gross=in_range(units), negative=0, house=0)
        for (asset, class_), units in sorted(gross.items())
    )
    return Totals(lines=lines, classes=classes, findings=_unlisted(unlisted)), input_file(file)


def _unlisted(places: Mapping[str, str]) -> tuple[RowFinding, ...]:
    """Of classes that nobody listed only a number and places are told, never the name."""
    if not places:
        return ()
    where = (unlisted_names(len(places)), *places.values())
    return (RowFinding(kind="class-unlisted", asset="", count=len(places), units=0, where=where[:MOST_PLACES]),)


def read_house(at: Location, assets: Mapping[str, Asset]) -> tuple[frozenset[str], InputFile]:
    """The ids of the entity's own accounts; none is printed. Raises InputError for an empty or repeated one."""
    file = read_register(at, required=("customer",))
    problems: list[Problem] = []
    ids: set[str] = set()
    for row in register_rows(file, assets, problems):
        customer = row.text("customer")
        if customer in ids:
            row.problem("this customer stands twice", "one row an account of the entity's own")
        ids.add(customer)
    refuse(problems)
    return frozenset(ids), input_file(file)
