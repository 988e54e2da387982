"""snapshot.toml: what the folder holds, how the extract was made, and what the ledger calls its assets."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reservecheck.books.class_names import UNLISTED
from reservecheck.books.ledger_names import LedgerName, ticker
from reservecheck.errors import InputError, MoneyError, Problem
from reservecheck.model.books import Extract
from reservecheck.model.committed import PRIVATE_FILE
from reservecheck.model.confirmations import CONFIRMATIONS_FILE
from reservecheck.model.declared import InputFile
from reservecheck.model.registry import Asset
from reservecheck.money import parse_multiplier
from reservecheck.vault.plain_name import name_problem
from reservecheck.vault.toml_file import TomlFile, read_toml
from reservecheck.vault.toml_table import Table

SNAPSHOT: Final = "snapshot.toml"
ROLES: Final = (
    "customers", "totals", "cash", "prices", "custodians", "letters", "house", "reconciling", "encumbrances",
    "commitment", "confirmations", "ledger", "previous", "claims",
)  # fmt: skip
_MANY: Final = ("customers", "claims")
_RESERVED: Final = ("price_history", "cover", "procedures", "challenges")
OWN_NAMES: Final = {
    "prices": "prices.csv",
    "letters": "letters.csv",
    "previous": "previous.csv",
    "confirmations": CONFIRMATIONS_FILE,
}
"""The practitioner's registers: no word of the entity's points them at another file, or another role at them."""
_CLASS: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
_MOST_CLASSES: Final = 100
_TICKER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}", re.ASCII)
_SILENT: Final = "not stated"
_A_SNAPSHOT: Final = f"name the folder {SNAPSHOT} lies in; `reservecheck init` writes one to fill in"
_OTHER_FOLDERS: Final = {PRIVATE_FILE: "a private folder of trees", "manifest.json": "a bundle or evidence set"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The file as read. `files` are names relative to the folder, by role; `classes` as in Liabilities."""

    entity: str
    files: Mapping[str, tuple[str, ...]]
    extract: Extract
    classes: Mapping[str, str]
    tickers: Mapping[str, tuple[str, str]]  # name → (asset, multiplier), as written
    toml: TomlFile

    def input_file(self) -> InputFile:
        """What identifies snapshot.toml."""
        return InputFile(name=SNAPSHOT, bytes=self.toml.bytes, sha256=self.toml.sha256)

    def ledger_tickers(self, assets: Mapping[str, Asset]) -> tuple[LedgerName, ...]:
        """[tickers] against the registry. Raises InputError for an unknown asset, a bad name or multiplier."""
        problems: list[Problem] = []
        names = []
        for name, (asset, multiplier) in self.tickers.items():
            at = ("tickers", name)
            if asset not in assets:
                problems.append(
                    self.toml.problem(f"the asset {asset!r} is unknown", *at, hint="add it to the registry")
                )
            elif name in assets:
                hint = "a registered id means itself: leave it out"
                problems.append(
                    self.toml.problem(f"{name!r} is a registered asset, not a name of {asset}", *at, hint=hint)
                )
            elif _TICKER.fullmatch(name) is None:
                hint = "write letters, digits, points, hyphens and underscores, at most 20"
                problems.append(self.toml.problem(f"{name[:60]!r} is not a ticker", *at, hint=hint))
            else:
                try:
                    names.append(ticker(name, assets[asset], parse_multiplier(multiplier)))
                except MoneyError as error:
                    problems.append(self.toml.problem(error.message, *at, hint=error.hint))
        if problems:
            raise InputError(*problems)
        return tuple(names)


def read_snapshot(folder: Path) -> Snapshot:
    """snapshot.toml of a folder. Raises InputError for whatever is unknown, missing or malformed in it."""
    if not os.path.lexists(folder / SNAPSHOT):
        raise InputError(Problem(path=SNAPSHOT, message=_missing(folder), hint=_A_SNAPSHOT))
    file = read_toml(folder.joinpath(SNAPSHOT), shown=SNAPSHOT, inside=folder)
    problems: list[Problem] = []
    root = file.root(problems)
    root.text("format", pattern=r"reservecheck/snapshot/v1", meaning='"reservecheck/snapshot/v1"')
    snapshot = Snapshot(
        entity=root.text(
            "entity", pattern=r"[a-z0-9][a-z0-9-]{0,63}", meaning="lower-case letters, digits, hyphens"
        ),
        files=_files(root.table("files", required=True)),
        extract=_extract(root.table("extract")),
        classes=_classes(root.table("classes")),
        tickers=_tickers(root.table("tickers")),
        toml=file,
    )
    root.done()
    if problems:
        raise InputError(*problems)
    return snapshot


def _missing(folder: Path) -> str:
    """What is there instead."""
    if not os.path.lexists(folder):
        return "there is no such folder"
    what = next((said for name, said in _OTHER_FOLDERS.items() if os.path.lexists(folder / name)), "")
    return f"there is no such file: the folder is {what}" if what else "there is no such file in the folder"


def snapshot_header(folder: Path) -> tuple[str, Extract]:
    """The entity and the extract's own words, for a folder that no engagement was given for.

    Raises InputError as `read_snapshot` does.
    """
    snapshot = read_snapshot(folder)
    return snapshot.entity, snapshot.extract


def _files(table: Table) -> dict[str, tuple[str, ...]]:
    files: dict[str, tuple[str, ...]] = {}
    table.knows(*ROLES)
    for role in ROLES:
        if role not in table:
            continue
        many = role in _MANY and not isinstance(table.data[role], str)
        files[role] = table.texts(role) if many else (table.text(role),)
        if files[role] == ():
            table.problem(f"{role} lists no file", role, hint="leave the role out, or name a file")
        own = OWN_NAMES.get(role)
        if own and files[role] not in ((own,), ("",)):
            hint = f'the practitioner\'s {role} have a fixed name: write {role} = "{own}"'
            table.problem(f"{role} is {files[role][0]!r}", role, hint=hint)
    for role in _RESERVED:
        if role in table:
            table.raw(role)
            table.problem(f"the role {role!r} is reserved and cannot be read yet", role, hint="leave it out")
    table.done()
    listed = [name for names in files.values() for name in names]
    for name in dict.fromkeys(listed):
        if listed.count(name) > 1:
            table.problem(f"{name} is listed twice", hint="one role a file")
        parts = name.split("/")
        if "\\" in name or ":" in name or any(part in ("", ".", "..") for part in parts):
            table.problem(
                f"{name!r} is not a name inside the folder", hint="write customers.csv or customers/part-1.csv"
            )
    return files


def _extract(table: Table) -> Extract:
    as_of = table.moment_or_none("as_of")
    ran_at = table.moment_or_none("ran_at")
    rows = table.integer("rows", default=0)
    totals = table.table("totals")
    extract = Extract(
        as_of=_SILENT if as_of is None else as_of[0],
        as_of_epoch=None if as_of is None else as_of[1],
        rows=rows if "rows" in table else None,
        totals={asset: totals.text(asset) for asset in totals.names()},
        script_sha256=table.text(
            "script_sha256", default=_SILENT, pattern=r"[0-9a-f]{64}", meaning="64 characters of 0-9 and a-f"
        ),
        ran_at=_SILENT if ran_at is None else ran_at[0],
        extracted_by=_person(table, "extracted_by"),
        observed_by=_person(table, "observed_by"),
    )
    table.done()
    return extract


def _person(table: Table, key: str, *, default: str | None = _SILENT) -> str:
    text = table.text(key, default=default)
    if text and text != default and (wrong := name_problem(key, text)):
        table.problem(wrong[0], key, hint=wrong[1])
    return text


def _classes(table: Table) -> dict[str, str]:
    classes: dict[str, str] = {}
    names = table.names()
    if len(names) > _MOST_CLASSES:
        table.problem(f"there are {len(names)} classes", hint=f"list products, at most {_MOST_CLASSES}")
    for name in names:
        if _CLASS.fullmatch(name) is None or name == UNLISTED:
            message = f"{name[:60]!r} is not a class"
            table.problem(message, name, hint=f"write lower-case letters, digits, hyphens, and not {UNLISTED!r}")
        if table.is_table(name):
            below = table.table(name)
            classes[name] = f"none, asserted by {_person(below, 'none_asserted_by', default=None)}"
            below.done()
        else:
            classes[name] = table.choice(name, ("listed", "total"))
    return classes


def _tickers(table: Table) -> dict[str, tuple[str, str]]:
    tickers: dict[str, tuple[str, str]] = {}
    for name in table.names():
        below = table.table(name)
        tickers[name] = below.text("asset"), below.text("multiplier", default="1")
        below.done()
    return tickers
