"""The cash register: bank accounts by label, never by number; the title is the entity's word until accepted."""

from __future__ import annotations

from collections.abc import Mapping

from reservecheck.books.register import Location, input_file, read_register, refuse, register_rows
from reservecheck.errors import Problem
from reservecheck.model.books import CashLine
from reservecheck.model.declared import InputFile
from reservecheck.model.registry import Asset
from reservecheck.model.words import Title

_OVERDRAFT = "an overdraft is a liability: leave it out of the cash register and report it as one"


def read_cash(at: Location, assets: Mapping[str, Asset]) -> tuple[tuple[CashLine, ...], InputFile]:
    """Every account. Raises InputError for an unknown currency or title, a repeated label, an overdraft, …."""
    columns = ("label", "institution", "currency", "balance", "title", "as_of")
    file = read_register(at, required=columns, optional=("document_sha256",), may_be_empty=True)
    problems: list[Problem] = []
    lines: list[CashLine] = []
    labels: set[str] = set()
    for row in register_rows(file, assets, problems):
        currency = row.asset("currency", kind="cash")
        line = CashLine(
            label=row.label("label"),
            institution=row.name("institution"),
            currency=currency,
            units=row.amount("balance", currency, negative=_OVERDRAFT),
            title=Title(row.choice("title", Title)),
            as_of=row.moment("as_of"),
            document_sha256=row.digest("document_sha256"),
        )
        if line.label and line.label in labels:
            row.problem(
                f"the label {line.label!r} stands twice", "one row an account and currency, each with a label"
            )
        labels.add(line.label)
        lines.append(line)
    refuse(problems)
    return tuple(lines), input_file(file)
