"""Items in flight, and coins that are pledged, lent or staked: what the registers say of them.

An empty register is not "none": none is a row of its own, and somebody's word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reservecheck.books.register import Location, RegisterRow, input_file, read_register, refuse, register_rows
from reservecheck.errors import Problem
from reservecheck.model.books import Reconciling
from reservecheck.model.declared import InputFile
from reservecheck.model.registry import Asset

_BELOW_ZERO: Final = "write the size of the item; its kind and side say which way it goes"
KINDS: Final = ("loan", "pledge", "lien", "rehypothecation", "staking", "other")
"""What an encumbrance may be; `none` is no encumbrance, but a row of its own."""
_UNNAMED: Final = ("tbd", "tba", "n/a", "na", "none", "unknown", "nobody", "xxx", "-")


def read_reconciling(at: Location, assets: Mapping[str, Asset]) -> tuple[tuple[Reconciling, ...], InputFile]:
    """Items in flight: kind, asset, amount, transaction, side. Raises InputError for what cannot be read."""
    file = read_register(at, required=("kind", "asset", "amount", "tx", "side"))
    problems: list[Problem] = []
    items = []
    for row in register_rows(file, assets, problems):
        asset = row.asset("asset")
        units = row.amount("amount", asset, negative=_BELOW_ZERO)
        kind, tx, side = row.text("kind"), row.text("tx"), row.text("side")
        items.append(Reconciling(kind=kind, asset=asset, units=units, reference=tx, side=side))
    refuse(problems)
    return tuple(items), input_file(file)


def read_encumbrances(at: Location, assets: Mapping[str, Asset]) -> tuple[tuple[Reconciling, ...], InputFile]:
    """Encumbrances: kind (one of KINDS), asset, amount, counterparty, document; or one row `none` with asserted_by.

    Raises InputError for what cannot be read, for an amount of zero, and for a `none` that is nobody's word or does
    not stand alone.
    """
    columns = ("kind", "asset", "amount", "counterparty")
    file = read_register(at, required=columns, optional=("document_sha256", "asserted_by"))
    problems: list[Problem] = []
    items = []
    for row in register_rows(file, assets, problems):
        if row.values["kind"] == "none":
            items.append(_none(row, alone=len(file.rows) == 1))
            continue
        before, asset = len(problems), row.asset("asset")
        units = row.amount("amount", asset, negative=_BELOW_ZERO)
        if units == 0 and len(problems) == before:
            row.problem("amount is zero, which encumbers nothing", "write what is encumbered, or one row `none`")
        items.append(
            Reconciling(
                kind=row.choice("kind", (*KINDS, "none")),
                asset=asset,
                units=units,
                reference=row.text("counterparty"),
                document_sha256=row.digest("document_sha256"),
                asserted_by=row.values["asserted_by"],
            )
        )
    refuse(problems)
    return tuple(items), input_file(file)


def _none(row: RegisterRow, *, alone: bool) -> Reconciling:
    if not alone:
        row.problem("`none` stands beside other rows", "either there are encumbrances or there are none")
    if any(row.values[column] for column in ("asset", "amount", "counterparty")):
        row.problem("`none` names an asset, an amount or a counterparty", "leave them empty")
    before, asserted_by = len(row.problems), row.name("asserted_by")
    if len(row.problems) == before and asserted_by.casefold().rstrip(".") in _UNNAMED:
        message = f"asserted_by is {asserted_by!r}, which stands where a name belongs"
        row.problem(message, "write the name in its place")
    return Reconciling(kind="none", asset="", units=0, reference="", asserted_by=asserted_by)
