"""Which files of a snapshot folder have which role: everything in it is listed, and nothing leads out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from reservecheck.books.register import Location
from reservecheck.books.snapshot import OWN_NAMES, SNAPSHOT, Snapshot
from reservecheck.errors import InputError, Problem
from reservecheck.model.committed import COMMITMENT_FILE, PIECES, PRIVATE_FILE, SECRET_FILE
from reservecheck.model.declared import IMPORT_RECORD
from reservecheck.vault.regular_file import check_regular

_CUSTOMER_FILES: Final = (".csv", ".csv.gz", ".csv.zst", ".parquet")
_NOT_OURS: Final = ("engagement.toml", SNAPSHOT, "wallets.toml", "README", "README.md")
_MANY: Final = ("customers", "claims")
_SECRET_ENDS: Final = SECRET_FILE.removeprefix("secret")
_PRIVATE_ENDS: Final = tuple(f".{piece}" for piece in PIECES)


def located(folder: Path, snapshot: Snapshot) -> dict[str, tuple[Location, ...]]:
    """Every listed file by role.

    Raises InputError for one that is missing or that nobody listed, for a link or anything else that is no regular
    file, wherever it stands in the folder, and for a file with the name of a practitioner's in another role.
    """
    problems = [*_irregular(folder)]
    if problems:
        raise InputError(*problems)
    if not {"customers", "totals"} & snapshot.files.keys():
        message = "[files] lists neither customers nor totals, so what is owed is unknown"
        problems.append(snapshot.toml.problem(message, "files", hint='write customers = ["customers.csv"]'))
    found: dict[str, tuple[Location, ...]] = {}
    for role, names in snapshot.files.items():
        found[role] = tuple(at for name in names for at in _expanded(folder, name))
        problems += [*_misplaced(role, found[role], snapshot), *_misnamed(role, found[role], snapshot)]
        if role not in _MANY and len(found[role]) > 1:
            message = f"{role} is a folder of {len(found[role])} files"
            hint = "write one file: only customers and claims may have more"
            problems.append(snapshot.toml.problem(message, "files", role, hint=hint))
    listed = {at.shown for places in found.values() for at in places}
    problems += [*_private(folder), *_unlisted(folder, listed)]
    if problems:
        raise InputError(*problems)
    return found


def _irregular(folder: Path) -> Iterator[Problem]:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_dir():
            try:
                check_regular(path, path.relative_to(folder).as_posix(), inside=folder)
            except InputError as error:
                yield from error.problems


def _misplaced(role: str, places: Iterable[Location], snapshot: Snapshot) -> Iterator[Problem]:
    for at in places:
        if not at.path.is_file():
            yield snapshot.toml.problem(f"{at.shown} is listed and is not there", "files", role)
        if role == "customers" and not at.shown.endswith(_CUSTOMER_FILES):
            yield Problem(
                path=at.shown, message="not a customer file", hint="write .csv, .csv.gz, .csv.zst or .parquet"
            )
        own = _own_role(at.shown)
        if role == "claims" and not own and at.shown.casefold().endswith(_CUSTOMER_FILES):
            hint = "a claim is a quoted text: write .md, .txt or .pdf"
            yield snapshot.toml.problem(f"claims lists {at.shown}", "files", role, hint=hint)
        if own and own != role:
            hint = f'it is the practitioner\'s: write {own} = "{OWN_NAMES[own]}", and name others otherwise'
            yield snapshot.toml.problem(f"{role} lists {at.shown}", "files", role, hint=hint)


def _misnamed(role: str, places: Iterable[Location], snapshot: Snapshot) -> Iterator[Problem]:
    """What is published has one name, and what has the name is compared with what is owed."""
    for at in places:
        name = at.path.name
        if name != COMMITMENT_FILE if role == "commitment" else name.casefold() == COMMITMENT_FILE:
            hint = f'a commitment keeps its name: write commitment = "{COMMITMENT_FILE}", and name others otherwise'
            yield snapshot.toml.problem(f"{role} lists {at.shown}", "files", role, hint=hint)


def _own_role(name: str) -> str:
    """The practitioner's role a file of this name has, in whatever folder and letter case; "" if none."""
    last = name.rpartition("/")[2].casefold()
    return next((role for role, own in OWN_NAMES.items() if own == last), "")


def _private(folder: Path) -> Iterator[Problem]:
    """What an exchange keeps of its trees, listed or not: whoever is given the folder would have it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (what := _kept_private(path.name)):
            message = f"{what} does not belong in a snapshot folder"
            hint = "move it out, and list it nowhere: whoever is given the folder would have it"
            yield Problem(path=path.relative_to(folder).as_posix(), message=message, hint=hint)


def _kept_private(name: str) -> str:
    """What a file of this name is, in whatever letter case, where an exchange keeps it to itself; "" for others."""
    last = name.casefold()
    if last.endswith(_SECRET_ENDS):
        return "the secret of a commitment"
    return "a file of a private folder" if last == PRIVATE_FILE or last.endswith(_PRIVATE_ENDS) else ""


def _unlisted(folder: Path, listed: set[str]) -> Iterator[Problem]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in listed and not _left_alone(name, listed):
            hint = f"list it in {SNAPSHOT} under [files], or take it out of the folder"
            if name == COMMITMENT_FILE:
                hint = f'write commitment = "{COMMITMENT_FILE}" in {SNAPSHOT} under [files]'
            if own := _own_role(name):
                hint = f'it is the practitioner\'s: write {own} = "{OWN_NAMES[own]}" in {SNAPSHOT} under [files]'
            yield Problem(path=name, message="the file is not listed", hint=hint)


def _expanded(folder: Path, name: str) -> list[Location]:
    path = folder.joinpath(name)
    if not path.is_dir():
        return [Location(folder, name)]
    files = {part.name for part in path.iterdir() if part.is_file()}
    parts = sorted(part for part in files if part.removesuffix(IMPORT_RECORD) not in files - {part})
    return [Location(folder, f"{name}/{part}") for part in parts] or [Location(folder, name)]


def _left_alone(name: str, listed: set[str]) -> bool:
    folder, _, last = name.rpartition("/")
    if name.endswith(IMPORT_RECORD) and name.removesuffix(IMPORT_RECORD) in listed:
        return True
    return name in _NOT_OURS or bool(_kept_private(last)) or (folder == "wallets" and last.endswith(".toml"))
