"""Totals owed instead of a customer file (grade L0), and the list of the entity's own accounts."""

from __future__ import annotations

from collections.abc import Mapping

from reservecheck.books.register import Location, input_file, refuse, register_rows
from reservecheck.errors import Problem
from reservecheck.model.books import OwedLine
from reservecheck.model.declared import InputFile
from reservecheck.model.registry import Asset
from reservecheck.vault.csv_file import read_csv


def read_totals(at: Location, assets: Mapping[str, Asset]) -> tuple[tuple[OwedLine, ...], InputFile]:
    """One line an asset and class; `rows` is 0, for no customer's row was read.

    Raises InputError for an unknown asset, an amount below zero, or an (asset, class) that repeats.
    """
    file = read_csv(at.path, required=("asset", "owed"), optional=("class",), shown=at.shown)
    problems: list[Problem] = []
    lines: dict[tuple[str, str], OwedLine] = {}
    for row in register_rows(file, assets, problems):
        asset, class_ = row.asset("asset"), row.values["class"]
        units = row.amount("owed", asset, negative="what is owed is gross: customers' debts do not reduce it")
        if (asset, class_) in lines:
            row.problem(
                f"{asset} has two totals{f' in class {class_!r}' if class_ else ''}", "one row an asset and class"
            )
        lines[asset, class_] = OwedLine(asset=asset, class_=class_, rows=0, gross=units, negative=0, house=0)
    refuse(problems)
    return tuple(lines[key] for key in sorted(lines)), input_file(file)


def read_house(at: Location, assets: Mapping[str, Asset]) -> tuple[frozenset[str], InputFile]:
    """The ids of the entity's own accounts; none is printed. Raises InputError for an empty or repeated one."""
    file = read_csv(at.path, required=("customer",), shown=at.shown)
    problems: list[Problem] = []
    ids: set[str] = set()
    for row in register_rows(file, assets, problems):
        customer = row.text("customer")
        if customer in ids:
            row.problem("this customer stands twice", "one row an account of the entity's own")
        ids.add(customer)
    refuse(problems)
    return frozenset(ids), input_file(file)
