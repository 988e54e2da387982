"""What customers are owed, out of one folder: their file or totals, the house's accounts, the ledger beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reservecheck.books.cash import read_cash
from reservecheck.books.commitments import read_commitment
from reservecheck.books.custodians import read_custodians
from reservecheck.books.customer_tally import CustomerTotals
from reservecheck.books.customers import read_customers
from reservecheck.books.ledger import read_ledger
from reservecheck.books.ledger_names import ledger_names
from reservecheck.books.liabilities import liabilities
from reservecheck.books.located import located
from reservecheck.books.reading import Reading
from reservecheck.books.reconciling import read_reconciling
from reservecheck.books.row_figures import AssetFigures
from reservecheck.books.snapshot import Snapshot, read_snapshot
from reservecheck.books.totals import Totals, read_house, read_totals
from reservecheck.errors import InputError
from reservecheck.model.books import Books, Liabilities
from reservecheck.model.progress import Progress
from reservecheck.model.registry import Asset, Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """The liabilities, and figures of single rows that never leave the practitioner's machine."""

    liabilities: Liabilities
    figures: Mapping[str, AssetFigures]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSide:
    """A folder read for what is owed: `books` lack the practitioner's registers.

    `previous` is the gross of an earlier round by asset, out of previous.csv; None without one. `ledger` says
    whether there was one.
    """

    books: Books
    figures: Mapping[str, AssetFigures]
    previous: Mapping[str, int] | None
    ledger: bool


def read_customer_side(
    folder: Path, registry: Registry, *, entity: str, out_of_scope: frozenset[str], progress: Progress
) -> CustomerSide:
    """What is owed, and of the registers those that say something of it.

    `entity` is the engagement's. Raises InputError and MoneyError as
    `read_books` does; prices, letters and encumbrances are left alone.
    """
    snapshot = read_snapshot(folder)
    check_entity(snapshot, entity)
    reading = Reading(files=located(folder, snapshot), assets=registry.assets)
    owed = read_owed(reading, snapshot, out_of_scope=out_of_scope, progress=progress)
    previous = reading.register("previous", partial(read_totals, listed=frozenset[str]()))
    cash = reading.register("cash", read_cash)
    custodians = reading.register("custodians", read_custodians)
    reconciling = reading.register("reconciling", read_reconciling)
    if reading.problems or owed is None:
        raise InputError(*reading.problems)
    return CustomerSide(
        books=Books(
            liabilities=owed.liabilities,
            cash=cash,
            prices=None,
            custodians=custodians,
            letters=None,
            reconciling=reconciling,
            encumbrances=None,
            files=(snapshot.input_file(), *reading.read.values()),
        ),
        figures=owed.figures,
        previous=None if previous is None else gross_of(previous),
        ledger="ledger" in snapshot.files,
    )


def gross_of(owed: Totals | Liabilities) -> dict[str, int]:
    """Σ gross by asset, over all classes."""
    gross: dict[str, int] = {}
    for line in owed.lines:
        gross[line.asset] = gross.get(line.asset, 0) + line.gross
    return gross


def check_entity(snapshot: Snapshot, entity: str) -> None:
    """Raises InputError for a snapshot of another entity."""
    if snapshot.entity != entity:
        message = f"the snapshot is of {snapshot.entity!r}, the engagement of {entity!r}"
        raise InputError(snapshot.toml.problem(message, "entity", hint="use the snapshot of the same entity"))


def read_owed(
    reading: Reading, snapshot: Snapshot, *, out_of_scope: frozenset[str], progress: Progress
) -> Owed | None:
    """What is owed; None when something is wrong with it, which is noted."""
    listed = frozenset(snapshot.classes)
    house = reading.register("house", read_house) or frozenset()
    totals = reading.register("totals", partial(read_totals, listed=listed)) or Totals(lines=(), classes={})
    ledger = reading.register("ledger", partial(read_ledger, listed=listed))
    commitment = reading.register("commitment", read_commitment)
    try:
        customers = _customers(reading, snapshot, house, out_of_scope=out_of_scope, progress=progress)
        if reading.problems:
            return None
        private = [at.shown for role in ("customers", "house") for at in reading.files.get(role, ())]
        owed = liabilities(
            snapshot,
            reading.assets,
            customers=customers,
            totals=totals,
            ledger=ledger,
            commitment=commitment,
            private_files=tuple(reading.read[name] for name in private),
        )
    except InputError as error:
        reading.problems += error.problems
        return None
    return Owed(liabilities=owed, figures={} if customers is None else customers.figures)


def _customers(
    reading: Reading,
    snapshot: Snapshot,
    house: frozenset[str],
    *,
    out_of_scope: frozenset[str],
    progress: Progress,
) -> CustomerTotals | None:
    if "customers" not in reading.files:
        return None
    assets: Mapping[str, Asset] = reading.assets
    customers = read_customers(
        [(at.path, at.shown) for at in reading.files["customers"]],
        ledger_names(assets, snapshot.ledger_tickers(assets)),
        out_of_scope=out_of_scope,
        house=house,
        progress=progress,
        listed=frozenset(snapshot.classes),
    )
    reading.read.update({file.name: file for file in customers.files})
    return customers
