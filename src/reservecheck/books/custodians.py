"""What custodians are said to hold. A statement is a claim; only a letter received directly confirms it."""

from __future__ import annotations

from collections.abc import Mapping

from reservecheck.books.register import Location, input_file, read_register, refuse, register_rows
from reservecheck.errors import Problem
from reservecheck.model.books import CustodianLine
from reservecheck.model.declared import InputFile
from reservecheck.model.registry import Asset


def read_custodians(at: Location, assets: Mapping[str, Asset]) -> tuple[tuple[CustodianLine, ...], InputFile]:
    """Every row. Raises InputError for an unknown asset, money, an amount below zero, a (label, asset) repeated.

    Whether a label is a declared statement is for the caller to check: only he has the declaration.
    """
    columns = ("label", "asset", "balance", "as_of")
    file = read_register(at, required=columns, optional=("document_sha256",), may_be_empty=True)
    problems: list[Problem] = []
    lines: dict[tuple[str, str], CustodianLine] = {}
    for row in register_rows(file, assets, problems):
        asset = row.asset("asset")
        line = CustodianLine(
            label=row.label("label"),
            asset=asset,
            units=row.amount("balance", asset, negative="a custodian holds nothing or something"),
            as_of=row.moment("as_of"),
            document_sha256=row.digest("document_sha256"),
        )
        if asset in assets and assets[asset].kind == "cash":
            row.problem(f"{asset} is money, which no custodian's line counts", "list it in the cash register")
        if line.label and (line.label, asset) in lines:
            row.problem(f"{line.label!r} has two rows for {asset}", "one row a statement and asset")
        lines[line.label, asset] = line
    refuse(problems)
    return tuple(lines.values()), input_file(file)
