"""A snapshot folder becomes Books: every file in it has a role, and nothing in it is read that has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from reservecheck.books.cash import read_cash
from reservecheck.books.custodians import read_custodians
from reservecheck.books.customers import read_customers
from reservecheck.books.ledger_names import ledger_names
from reservecheck.books.letters import read_letters
from reservecheck.books.liabilities import liabilities
from reservecheck.books.located import located
from reservecheck.books.prices import read_prices
from reservecheck.books.reconciling import read_encumbrances, read_reconciling
from reservecheck.books.register import Location
from reservecheck.books.snapshot import ROLES, Snapshot, read_snapshot
from reservecheck.books.totals import Totals, read_house, read_totals
from reservecheck.errors import InputError, Problem
from reservecheck.model.books import Books, Liabilities
from reservecheck.model.declared import InputFile
from reservecheck.model.progress import Progress
from reservecheck.model.registry import Asset, Registry
from reservecheck.vault.regular_file import digested

_T = TypeVar("_T")
_Reader = Callable[[Location, Mapping[str, Asset]], tuple[_T, InputFile]]


def read_books(  # noqa: PLR0913  # the folder, and what the engagement says about it by name
    folder: Path,
    registry: Registry,
    *,
    entity: str,
    currency: str,
    progress: Progress,
    out_of_scope: frozenset[str] = frozenset(),
) -> Books:
    """Everything snapshot.toml lists, read, checked and summed.

    `entity` and `currency` are the engagement's; rows of an unregistered asset in `out_of_scope` are counted and
    not summed. Raises InputError, with the problems of all registers, for anything that is unknown, unlisted,
    missing, malformed or unreadable, and MoneyError for a sum out of range. engagement.toml and wallets in the
    folder are left alone.
    """
    snapshot = read_snapshot(folder)
    if snapshot.entity != entity:
        message = f"the snapshot is of {snapshot.entity!r}, the engagement of {entity!r}"
        raise InputError(snapshot.toml.problem(message, "entity", hint="use the snapshot of the same entity"))
    reading = _Reading(files=located(folder, snapshot), assets=registry.assets)
    owed = _owed(reading, snapshot, out_of_scope=out_of_scope, progress=progress)
    cash = reading.register("cash", read_cash)
    prices = reading.register("prices", partial(read_prices, currency=currency))
    custodians = reading.register("custodians", read_custodians)
    letters = reading.register("letters", read_letters)
    reconciling = reading.register("reconciling", read_reconciling)
    encumbrances = reading.register("encumbrances", read_encumbrances)
    if reading.problems or owed is None:
        raise InputError(*reading.problems)
    return Books(
        liabilities=owed,
        cash=cash,
        prices=prices,
        custodians=custodians,
        letters=letters,
        reconciling=reconciling,
        encumbrances=encumbrances,
        files=(snapshot.input_file(), *reading.in_role_order()),
    )


@dataclass(slots=True)
class _Reading:
    """The files by role, what identified those that have been read, and what is wrong with the others."""

    files: Mapping[str, tuple[Location, ...]]
    assets: Mapping[str, Asset]
    read: dict[str, InputFile] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def register(self, role: str, reader: _Reader[_T]) -> _T | None:
        """What a register says; None when there is none, or when it has problems, which are noted."""
        if role not in self.files:
            return None
        try:
            result, file = reader(self.files[role][0], self.assets)
        except InputError as error:
            self.problems += error.problems
            return None
        self.read[file.name] = file
        return result

    def in_role_order(self) -> tuple[InputFile, ...]:
        for at in self.files.get("claims", ()):
            self.read[at.shown] = digested(at.path, at.shown)
        return tuple(self.read[at.shown] for role in ROLES for at in self.files.get(role, ()))


def _owed(
    reading: _Reading, snapshot: Snapshot, *, out_of_scope: frozenset[str], progress: Progress
) -> Liabilities | None:
    """What is owed; None when something is wrong with it, which is noted."""
    listed = frozenset(snapshot.classes)
    house = reading.register("house", read_house) or frozenset()
    totals = reading.register("totals", partial(read_totals, listed=listed)) or Totals(lines=(), classes={})
    try:
        customers = None
        if "customers" in reading.files:
            customers = read_customers(
                [(at.path, at.shown) for at in reading.files["customers"]],
                ledger_names(reading.assets, snapshot.ledger_tickers(reading.assets)),
                out_of_scope=out_of_scope,
                house=house,
                progress=progress,
                listed=listed,
            )
            reading.read.update({file.name: file for file in customers.files})
        if reading.problems:
            return None
        private = [at.shown for role in ("customers", "house") for at in reading.files.get(role, ())]
        return liabilities(
            snapshot,
            reading.assets,
            customers=customers,
            totals=totals,
            private_files=tuple(reading.read[name] for name in private),
        )
    except InputError as error:
        reading.problems += error.problems
        return None
