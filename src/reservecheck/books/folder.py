"""A snapshot folder becomes Books: every file in it has a role, and nothing in it is read that has none."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from reservecheck.books.cash import read_cash
from reservecheck.books.confirmations import read_confirmations, unanswered
from reservecheck.books.custodians import read_custodians
from reservecheck.books.letters import read_letters
from reservecheck.books.located import located
from reservecheck.books.owed import check_entity, read_owed
from reservecheck.books.prices import read_prices
from reservecheck.books.reading import Reading
from reservecheck.books.reconciling import read_encumbrances, read_reconciling
from reservecheck.books.snapshot import read_snapshot
from reservecheck.errors import InputError
from reservecheck.model.books import Books
from reservecheck.model.progress import Progress
from reservecheck.model.registry import Registry


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
    not summed; engagement.toml and wallets in the folder are left alone. Raises InputError, with all problems of
    registers, for anything unknown, unlisted, missing, malformed or unreadable, MoneyError for a sum out of range.
    """
    snapshot = read_snapshot(folder)
    check_entity(snapshot, entity)
    reading = Reading(files=located(folder, snapshot), assets=registry.assets)
    owed = read_owed(reading, snapshot, out_of_scope=out_of_scope, progress=progress)
    cash = reading.register("cash", read_cash)
    prices = reading.register("prices", partial(read_prices, currency=currency))
    custodians = reading.register("custodians", read_custodians)
    letters = reading.register("letters", read_letters)
    reconciling = reading.register("reconciling", read_reconciling)
    encumbrances = reading.register("encumbrances", read_encumbrances)
    asked_as_of = partial(read_confirmations, as_of=snapshot.extract.as_of_epoch)
    confirmations = reading.register("confirmations", asked_as_of)
    if reading.problems or owed is None:
        raise InputError(*reading.problems)
    return Books(
        liabilities=owed.liabilities,
        cash=cash,
        prices=prices,
        custodians=custodians,
        letters=letters,
        reconciling=reconciling,
        encumbrances=encumbrances,
        files=(snapshot.input_file(), *reading.in_role_order()),
        confirmations=None if confirmations is None else unanswered(confirmations),
    )
