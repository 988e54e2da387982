"""`liabilities.json` and the registers: totals, labels and digests; never a customer's row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, TypeVar

from reservecheck.errors import BundleError, MoneyError
from reservecheck.members.codec import from_json, to_json
from reservecheck.members.rows import guarded, read_rows, unguarded, write_rows
from reservecheck.model.books import (
    Books,
    CashLine,
    CustodianLine,
    Extract,
    Letter,
    Liabilities,
    OwedLine,
    Price,
    Reconciling,
    RowFinding,
)
from reservecheck.model.declared import InputFile
from reservecheck.model.registry import Registry
from reservecheck.model.words import Grade, Title
from reservecheck.moments import parse_moment
from reservecheck.money import format_amount, parse_amount
from reservecheck.vault.canonical import Json, canonical_json, parse_json

LIABILITIES: Final = "liabilities.json"
CASH: Final = "cash.csv"
PRICES: Final = "prices.csv"
CUSTODIANS: Final = "custodians.csv"
LETTERS: Final = "letters.csv"
RECONCILING: Final = "reconciling.csv"
ENCUMBRANCES: Final = "encumbrances.csv"

T = TypeVar("T")
_HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    CASH: ("label", "institution", "currency", "balance", "title", "as_of", "document_sha256"),
    PRICES: ("asset", "price", "source", "as_of", "method", "supplied_by"),
    CUSTODIANS: ("label", "asset", "balance", "as_of", "document_sha256"),
    LETTERS: (
        "id",
        "from",
        "subject",
        "label",
        "asset",
        "amount",
        "as_of",
        "requested_on",
        "received_on",
        "channel",
        "received_by",
        "restrictions",
        "file_sha256",
    ),
    RECONCILING: ("kind", "asset", "amount", "reference", "side", "document_sha256", "asserted_by"),
    ENCUMBRANCES: ("kind", "asset", "amount", "reference", "side", "document_sha256", "asserted_by"),
}


def write_books(books: Books, registry: Registry) -> dict[str, bytes]:
    """The members by name; an absent register has no member, which is "not asserted"."""
    scale = _Scale(registry)
    members = {LIABILITIES: canonical_json(_liabilities_json(books, scale))}
    registers: tuple[tuple[str, Sequence[Any] | None, Callable[[Any, _Scale], tuple[str, ...]]], ...] = (
        (CASH, books.cash, _cash_row),
        (PRICES, books.prices, _price_row),
        (CUSTODIANS, books.custodians, _custodian_row),
        (LETTERS, books.letters, _letter_row),
        (RECONCILING, books.reconciling, _reconciling_row),
        (ENCUMBRANCES, books.encumbrances, _reconciling_row),
    )
    for name, lines, row in registers:
        if lines is not None:
            members[name] = write_rows(_HEADERS[name], ([guarded(f) for f in row(line, scale)] for line in lines))
    return members


def read_books(members: Mapping[str, bytes], registry: Registry) -> Books:
    """The books; raises BundleError for anything write_books does not write."""
    scale = _Scale(registry)
    try:
        lines, findings, grade, extract, classes, private, files = _read_liabilities(members[LIABILITIES], scale)
        return Books(
            liabilities=Liabilities(
                grade=grade,
                lines=lines,
                findings=findings,
                extract=extract,
                classes=classes,
                private_files=private,
            ),
            cash=_register(members, CASH, _cash, scale),
            prices=_register(members, PRICES, _price, scale),
            custodians=_register(members, CUSTODIANS, _custodian, scale),
            letters=_register(members, LETTERS, _letter, scale),
            reconciling=_register(members, RECONCILING, _reconciling, scale),
            encumbrances=_register(members, ENCUMBRANCES, _reconciling, scale),
            files=files,
        )
    except KeyError as error:
        raise BundleError(f"the books name or lack {error.args[0]!r}") from error
    except (MoneyError, ValueError) as error:
        raise BundleError(f"the books hold something unreadable: {error}") from error


class _Scale:
    """Amounts as whole-unit text, by asset."""

    def __init__(self, registry: Registry) -> None:
        self._assets = registry.assets

    def text(self, asset: str, units: int) -> str:
        return format_amount(units, self._assets[asset].decimals) if asset else str(units)

    def units(self, asset: str, text: str) -> int:
        units = parse_amount(text, self._assets[asset].decimals if asset else 0)
        if self.text(asset, units) != text:
            raise BundleError(f"{text!r} is not an amount as this tool writes it")
        return units


def _liabilities_json(books: Books, scale: _Scale) -> Json:
    owed = books.liabilities
    return {
        "classes": dict(owed.classes),
        "commitment": None,
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


def _read_liabilities(
    data: bytes, scale: _Scale
) -> tuple[
    tuple[OwedLine, ...],
    tuple[RowFinding, ...],
    Grade,
    Extract,
    Mapping[str, str],
    tuple[InputFile, ...],
    tuple[InputFile, ...],
]:
    parsed = parse_json(data, name=LIABILITIES)
    match parsed:
        case {
            "classes": classes,
            "commitment": None,
            "extract": extract,
            "files": files,
            "findings": list(findings),
            "grade": str(grade),
            "owed": list(owed),
            "private_files": private,
            **rest,
        } if not rest:
            return (
                tuple(_owed_line(item, scale) for item in owed),
                tuple(_row_finding(item, scale) for item in findings),
                Grade(grade),
                from_json(Extract, extract, where=f"{LIABILITIES}: extract"),
                from_json(Mapping[str, str], classes, where=f"{LIABILITIES}: classes"),  # type: ignore[type-abstract]  # only its parameters are looked at
                from_json(tuple[InputFile, ...], private, where=f"{LIABILITIES}: private_files"),
                from_json(tuple[InputFile, ...], files, where=f"{LIABILITIES}: files"),
            )
    raise BundleError(f"{LIABILITIES} is not what this tool writes")


def _owed_line(item: Json, scale: _Scale) -> OwedLine:
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
        } if not rest:
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


def _row_finding(item: Json, scale: _Scale) -> RowFinding:
    match item:
        case {
            "asset": str(asset),
            "count": int(count),
            "kind": str(kind),
            "amount": str(amount),
            "where": list(where),
            **rest,
        } if not rest:
            places = from_json(tuple[str, ...], where, where=f"{LIABILITIES}: where")
            units = scale.units(asset, amount)
            return RowFinding(kind=kind, asset=asset, count=count, units=units, where=places)
    raise BundleError(f"{LIABILITIES}: a finding is malformed")


def _register(
    members: Mapping[str, bytes], name: str, make: Callable[[list[str], _Scale], T], scale: _Scale
) -> tuple[T, ...] | None:
    if name not in members:
        return None
    rows = read_rows(members[name], _HEADERS[name], name=name)
    return tuple(make([unguarded(field) for field in row], scale) for row in rows)


def _cash_row(line: CashLine, scale: _Scale) -> tuple[str, ...]:
    balance = scale.text(line.currency, line.units)
    return (line.label, line.institution, line.currency, balance, line.title, line.as_of, line.document_sha256)


def _cash(row: list[str], scale: _Scale) -> CashLine:
    label, institution, currency, balance, title, as_of, document = row
    return CashLine(
        label=label,
        institution=institution,
        currency=currency,
        units=scale.units(currency, balance),
        title=Title(title),
        as_of=as_of,
        document_sha256=document,
    )


def _price_row(price: Price, _: _Scale) -> tuple[str, ...]:
    return (price.asset, price.text, price.source, price.as_of, price.method, price.supplied_by)


def _price(row: list[str], _: _Scale) -> Price:
    asset, text, source, as_of, method, supplied_by = row
    return Price(
        asset=asset,
        price=Fraction(text),
        text=text,
        source=source,
        as_of=as_of,
        as_of_epoch=parse_moment(as_of),
        method=method,
        supplied_by=supplied_by,
    )


def _custodian_row(line: CustodianLine, scale: _Scale) -> tuple[str, ...]:
    return (line.label, line.asset, scale.text(line.asset, line.units), line.as_of, line.document_sha256)


def _custodian(row: list[str], scale: _Scale) -> CustodianLine:
    label, asset, balance, as_of, document = row
    units = scale.units(asset, balance)
    return CustodianLine(label=label, asset=asset, units=units, as_of=as_of, document_sha256=document)


def _letter_row(letter: Letter, scale: _Scale) -> tuple[str, ...]:
    return (
        letter.id,
        letter.from_,
        letter.subject,
        letter.label,
        letter.asset,
        scale.text(letter.asset, letter.units),
        letter.as_of,
        letter.requested_on,
        letter.received_on,
        letter.channel,
        letter.received_by,
        letter.restrictions,
        letter.file_sha256,
    )


def _letter(row: list[str], scale: _Scale) -> Letter:
    id_, from_, subject, label, asset, amount, as_of, requested, received, channel, by, restrictions, digest = row
    return Letter(
        id=id_,
        from_=from_,
        subject=subject,
        label=label,
        asset=asset,
        units=scale.units(asset, amount),
        as_of=as_of,
        requested_on=requested,
        received_on=received,
        channel=channel,
        received_by=by,
        restrictions=restrictions,
        file_sha256=digest,
    )


def _reconciling_row(item: Reconciling, scale: _Scale) -> tuple[str, ...]:
    amount = scale.text(item.asset, item.units)
    return (item.kind, item.asset, amount, item.reference, item.side, item.document_sha256, item.asserted_by)


def _reconciling(row: list[str], scale: _Scale) -> Reconciling:
    kind, asset, amount, reference, side, document, asserted_by = row
    return Reconciling(
        kind=kind,
        asset=asset,
        units=scale.units(asset, amount),
        reference=reference,
        side=side,
        document_sha256=document,
        asserted_by=asserted_by,
    )
