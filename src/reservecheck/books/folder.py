"""A snapshot folder becomes Books: every file in it has a role, and nothing in it is read that has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from reservecheck.books.cash import read_cash
from reservecheck.books.custodians import read_custodians
from reservecheck.books.customers import read_customers
from reservecheck.books.ledger_names import ledger_names
from reservecheck.books.letters import read_letters
from reservecheck.books.liabilities import liabilities
from reservecheck.books.prices import read_prices
from reservecheck.books.reconciling import read_encumbrances, read_reconciling
from reservecheck.books.register import Location
from reservecheck.books.snapshot import ROLES, SNAPSHOT, Snapshot, read_snapshot
from reservecheck.books.totals import read_house, read_totals
from reservecheck.errors import InputError, Problem
from reservecheck.model.books import Books, Liabilities
from reservecheck.model.declared import InputFile
from reservecheck.model.progress import Progress
from reservecheck.model.registry import Asset, Registry
from reservecheck.vault.canonical import sha256
from reservecheck.vault.csv_file import read_file

_T = TypeVar("_T")
_CUSTOMER_FILES: Final = (".csv", ".csv.gz", ".parquet")
_NOT_OURS: Final = ("engagement.toml", SNAPSHOT, "wallets.toml")
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
    not summed. Raises InputError for anything that is unknown, unlisted, missing, malformed or unreadable, and
    MoneyError for a sum out of range. engagement.toml and wallets in the folder are left alone.
    """
    snapshot = read_snapshot(folder)
    if snapshot.entity != entity:
        message = f"the snapshot is of {snapshot.entity!r}, the engagement of {entity!r}"
        raise InputError(snapshot.toml.problem(message, "entity", hint="use the snapshot of the same entity"))
    reading = _Reading(files=_located(folder, snapshot), assets=registry.assets)
    owed = _owed(reading, snapshot, out_of_scope=out_of_scope, progress=progress)
    return Books(
        liabilities=owed,
        cash=reading.register("cash", read_cash),
        prices=reading.register("prices", partial(read_prices, currency=currency)),
        custodians=reading.register("custodians", read_custodians),
        letters=reading.register("letters", read_letters),
        reconciling=reading.register("reconciling", read_reconciling),
        encumbrances=reading.register("encumbrances", read_encumbrances),
        files=(snapshot.input_file(), *reading.in_role_order()),
    )


@dataclass(slots=True)
class _Reading:
    """The files by role, and what identified those that have been read."""

    files: Mapping[str, tuple[Location, ...]]
    assets: Mapping[str, Asset]
    read: dict[str, InputFile] = field(default_factory=dict)

    def register(self, role: str, reader: _Reader[_T]) -> _T | None:
        if role not in self.files:
            return None
        result, file = reader(self.files[role][0], self.assets)
        self.read[file.name] = file
        return result

    def in_role_order(self) -> tuple[InputFile, ...]:
        for at in self.files.get("claims", ()):
            data = read_file(at.path, at.shown)
            self.read[at.shown] = InputFile(name=at.shown, bytes=len(data), sha256=sha256(data))
        return tuple(self.read[at.shown] for role in ROLES for at in self.files.get(role, ()))


def _owed(
    reading: _Reading, snapshot: Snapshot, *, out_of_scope: frozenset[str], progress: Progress
) -> Liabilities:
    house = reading.register("house", read_house) or frozenset()
    customers = None
    if "customers" in reading.files:
        customers = read_customers(
            [(at.path, at.shown) for at in reading.files["customers"]],
            ledger_names(reading.assets, snapshot.ledger_tickers(reading.assets)),
            out_of_scope=out_of_scope,
            house=house,
            progress=progress,
        )
        reading.read.update({file.name: file for file in customers.files})
    private = [at.shown for role in ("customers", "house") for at in reading.files.get(role, ())]
    return liabilities(
        snapshot,
        reading.assets,
        customers=customers,
        totals=reading.register("totals", read_totals) or (),
        private_files=tuple(reading.read[name] for name in private),
    )


def _located(folder: Path, snapshot: Snapshot) -> dict[str, tuple[Location, ...]]:
    """Every listed file by role. Raises InputError for one that is missing, and for one that nobody listed."""
    problems: list[Problem] = []
    if not {"customers", "totals"} & snapshot.files.keys():
        message = "[files] lists neither customers nor totals, so what is owed is unknown"
        problems.append(snapshot.toml.problem(message, "files", hint='write customers = ["customers.csv"]'))
    located: dict[str, tuple[Location, ...]] = {}
    for role, names in snapshot.files.items():
        found = [at for name in names for at in _expanded(folder, name)]
        located[role] = tuple(found)
        problems += [
            snapshot.toml.problem(f"{at.shown} is listed and is not there", "files", role)
            for at in found
            if not at.path.is_file()
        ]
    for at in located.get("customers", ()):
        if not at.path.name.endswith(_CUSTOMER_FILES):
            problems.append(
                Problem(path=at.shown, message="not a customer file", hint="write .csv, .csv.gz or .parquet")
            )
    listed = {at.shown for found in located.values() for at in found}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in listed and not _left_alone(name):
            hint = f"list it in {SNAPSHOT} under [files], or take it out of the folder"
            problems.append(Problem(path=name, message="the file is not listed", hint=hint))
    if problems:
        raise InputError(*problems)
    return located


def _expanded(folder: Path, name: str) -> list[Location]:
    path = folder.joinpath(name)
    if not path.is_dir():
        return [Location(path, name)]
    parts = [part for part in sorted(path.iterdir()) if part.is_file()]
    return [Location(part, f"{name}/{part.name}") for part in parts] or [Location(path, name)]


def _left_alone(name: str) -> bool:
    return name in _NOT_OURS or name.startswith("wallets/") or (name.startswith("README") and "/" not in name)
