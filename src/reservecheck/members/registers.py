"""The register members, CSV by label: cash, prices, custodians, letters, items in flight, encumbrances."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, TypeVar

from reservecheck.errors import BundleError
from reservecheck.members.rows import guarded, read_rows, unguarded, write_rows
from reservecheck.members.scale import Scale
from reservecheck.model.books import Books, CashLine, CustodianLine, Letter, Price, Reconciling
from reservecheck.model.words import Title
from reservecheck.moments import parse_moment

CASH: Final = "cash.csv"
PRICES: Final = "prices.csv"
CUSTODIANS: Final = "custodians.csv"
LETTERS: Final = "letters.csv"
RECONCILING: Final = "reconciling.csv"
ENCUMBRANCES: Final = "encumbrances.csv"

_PRICE: Final = re.compile(r"(0|[1-9][0-9]{0,18})(\.[0-9]{1,30})?", re.ASCII)
T = TypeVar("T")
HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
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


def write_registers(books: Books, scale: Scale) -> dict[str, bytes]:
    """The members by name; an absent register has no member, which is "not asserted"."""
    registers: tuple[tuple[str, Sequence[Any] | None, Callable[[Any, Scale], tuple[str, ...]]], ...] = (
        (CASH, books.cash, _cash_row),
        (PRICES, books.prices, _price_row),
        (CUSTODIANS, books.custodians, _custodian_row),
        (LETTERS, books.letters, _letter_row),
        (RECONCILING, books.reconciling, _reconciling_row),
        (ENCUMBRANCES, books.encumbrances, _reconciling_row),
    )
    return {
        name: write_rows(HEADERS[name], ([guarded(field) for field in row(line, scale)] for line in lines))
        for name, lines, row in registers
        if lines is not None
    }


def read_register(
    members: Mapping[str, bytes], name: str, make: Callable[[list[str], Scale], T], scale: Scale
) -> tuple[T, ...] | None:
    """The register's lines, None where the member is absent; raises BundleError, MoneyError or ValueError."""
    if name not in members:
        return None
    rows = read_rows(members[name], HEADERS[name], name=name)
    return tuple(make([unguarded(field) for field in row], scale) for row in rows)


def _cash_row(line: CashLine, scale: Scale) -> tuple[str, ...]:
    balance = scale.text(line.currency, line.units)
    return (line.label, line.institution, line.currency, balance, line.title, line.as_of, line.document_sha256)


def read_cash(row: list[str], scale: Scale) -> CashLine:
    """One line; raises BundleError, MoneyError, KeyError or ValueError."""
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


def _price_row(price: Price, _: Scale) -> tuple[str, ...]:
    return (price.asset, price.text, price.source, price.as_of, price.method, price.supplied_by)


def read_price(row: list[str], _: Scale) -> Price:
    """One line; raises BundleError, MoneyError, KeyError or ValueError."""
    asset, text, source, as_of, method, supplied_by = row
    if _PRICE.fullmatch(text) is None or not Fraction(text):
        raise BundleError(f"{text[:60]!r} is not a price as this tool writes it")
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


def _custodian_row(line: CustodianLine, scale: Scale) -> tuple[str, ...]:
    return (line.label, line.asset, scale.text(line.asset, line.units), line.as_of, line.document_sha256)


def read_custodian(row: list[str], scale: Scale) -> CustodianLine:
    """One line; raises BundleError, MoneyError, KeyError or ValueError."""
    label, asset, balance, as_of, document = row
    units = scale.units(asset, balance)
    return CustodianLine(label=label, asset=asset, units=units, as_of=as_of, document_sha256=document)


def _letter_row(letter: Letter, scale: Scale) -> tuple[str, ...]:
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


def read_letter(row: list[str], scale: Scale) -> Letter:
    """One line; raises BundleError, MoneyError, KeyError or ValueError."""
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


def _reconciling_row(item: Reconciling, scale: Scale) -> tuple[str, ...]:
    amount = scale.text(item.asset, item.units)
    return (item.kind, item.asset, amount, item.reference, item.side, item.document_sha256, item.asserted_by)


def read_reconciling(row: list[str], scale: Scale) -> Reconciling:
    """One line; raises BundleError, MoneyError, KeyError or ValueError."""
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
