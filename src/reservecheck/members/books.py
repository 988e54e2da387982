"""`liabilities.json`: totals, findings and digests, never a customer's row; with the registers it is the books."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reservecheck.errors import BundleError, MoneyError
from reservecheck.members.codec import from_json, to_json
from reservecheck.members.commitments import commitment_json, read_commitment
from reservecheck.members.confirmations import read_confirmations, write_confirmations
from reservecheck.members.registers import (
    CASH,
    CUSTODIANS,
    ENCUMBRANCES,
    LETTERS,
    PRICES,
    RECONCILING,
    read_cash,
    read_custodian,
    read_letter,
    read_price,
    read_reconciling,
    read_register,
    write_registers,
)
from reservecheck.members.scale import Scale
from reservecheck.model.books import Books, Extract, Liabilities, OwedLine, RowFinding
from reservecheck.model.declared import InputFile
from reservecheck.model.registry import Registry
from reservecheck.model.words import Grade
from reservecheck.vault.canonical import Json, canonical_json, parse_json

LIABILITIES: Final = "liabilities.json"


def write_books(books: Books, registry: Registry) -> dict[str, bytes]:
    """The members by name; an absent register has no member, which is "not asserted"."""
    scale = Scale(registry)
    return {
        LIABILITIES: canonical_json(_liabilities_json(books, scale)),
        **write_confirmations(books.confirmations, scale),
        **write_registers(books, scale),
    }


def read_books(members: Mapping[str, bytes], registry: Registry) -> Books:
    """The books; raises BundleError for anything write_books does not write."""
    scale = Scale(registry)
    try:
        liabilities, files = _read_liabilities(members[LIABILITIES], scale)
        return Books(
            liabilities=liabilities,
            cash=read_register(members, CASH, read_cash, scale),
            prices=read_register(members, PRICES, read_price, scale),
            custodians=read_register(members, CUSTODIANS, read_custodian, scale),
            letters=read_register(members, LETTERS, read_letter, scale),
            reconciling=read_register(members, RECONCILING, read_reconciling, scale),
            encumbrances=read_register(members, ENCUMBRANCES, read_reconciling, scale),
            files=files,
            confirmations=read_confirmations(members, scale),
        )
    except KeyError as error:
        raise BundleError(f"the books name or lack {error.args[0]!r}") from error
    except (MoneyError, ValueError) as error:
        raise BundleError(f"the books hold something unreadable: {error}") from error


def _liabilities_json(books: Books, scale: Scale) -> Json:
    owed = books.liabilities
    return {
        "classes": dict(owed.classes),
        "commitment": commitment_json(owed.commitment),
        "extract": to_json(owed.extract),
        "files": to_json(books.files),
        "findings": [
            {
                "asset": finding.asset,
                "count": finding.count,
                "kind": finding.kind,
                "amount": scale.text(finding.asset, finding.units),
                "where": list(finding.where),
            }
            for finding in owed.findings
        ],
        "grade": owed.grade.value,
        "owed": [
            {
                "asset": line.asset,
                "class": line.class_,
                "gross": scale.text(line.asset, line.gross),
                "house": scale.text(line.asset, line.house),
                "negative": scale.text(line.asset, line.negative),
                "net": scale.text(line.asset, line.net),
                "rows": line.rows,
            }
            for line in owed.lines
        ],
        "private_files": to_json(owed.private_files),
    }


def _read_liabilities(data: bytes, scale: Scale) -> tuple[Liabilities, tuple[InputFile, ...]]:
    """What is owed, and the files of the whole folder."""
    parsed = parse_json(data, name=LIABILITIES)
    match parsed:
        case {
            "classes": classes,
            "commitment": commitment,
            "extract": extract,
            "files": files,
            "findings": list(findings),
            "grade": str(grade),
            "owed": list(owed),
            "private_files": private,
            **rest,
        } if not rest:
            liabilities = Liabilities(
                lines=tuple(_owed_line(item, scale) for item in owed),
                findings=tuple(_row_finding(item, scale) for item in findings),
                grade=Grade(grade),
                extract=from_json(Extract, extract, where=f"{LIABILITIES}: extract"),
                classes=from_json(Mapping[str, str], classes, where=f"{LIABILITIES}: classes"),  # type: ignore[type-abstract]  # only its parameters are looked at
                private_files=from_json(tuple[InputFile, ...], private, where=f"{LIABILITIES}: private_files"),
                commitment=read_commitment(commitment),
            )
            return liabilities, from_json(tuple[InputFile, ...], files, where=f"{LIABILITIES}: files")
    raise BundleError(f"{LIABILITIES} is not what this tool writes")


def _owed_line(item: Json, scale: Scale) -> OwedLine:
    match item:
        case {
            "asset": str(asset),
            "class": str(class_),
            "gross": str(gross),
            "house": str(house),
            "negative": str(negative),
            "net": str(net),
            "rows": int(rows),
            **rest,
        } if not rest and type(rows) is int and rows >= 0:
            line = OwedLine(
                asset=asset,
                class_=class_,
                rows=rows,
                gross=scale.units(asset, gross),
                negative=scale.units(asset, negative),
                house=scale.units(asset, house),
            )
            if scale.text(asset, line.net) == net and min(line.gross, line.negative, line.house) >= 0:
                return line
    raise BundleError(f"{LIABILITIES}: a line of what is owed is malformed")


def _row_finding(item: Json, scale: Scale) -> RowFinding:
    match item:
        case {
            "asset": str(asset),
            "count": int(count),
            "kind": str(kind),
            "amount": str(amount),
            "where": list(where),
            **rest,
        } if not rest and type(count) is int and count >= 0:
            places = from_json(tuple[str, ...], where, where=f"{LIABILITIES}: where")
            units = scale.units(asset, amount)
            return RowFinding(kind=kind, asset=asset, count=count, units=units, where=places)
    raise BundleError(f"{LIABILITIES}: a finding is malformed")
