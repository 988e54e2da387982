"""Every problem of wallets files, providers files and snapshot folders, found offline and all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from reservecheck.books.folder import read_books
from reservecheck.books.snapshot import snapshot_header
from reservecheck.declare.engagement import load_engagement
from reservecheck.declare.lint import lint_across, lint_wallets
from reservecheck.declare.providers import FORMAT as PROVIDERS
from reservecheck.declare.providers import load_providers
from reservecheck.declare.wallets import read_wallets
from reservecheck.errors import InputError, MoneyError, Problem, ReservecheckError
from reservecheck.model.books import Books
from reservecheck.model.declared import Declaration
from reservecheck.model.progress import Progress
from reservecheck.model.registry import Registry
from reservecheck.pipeline import ENGAGEMENT_FILE, problems_in, undeclared_statements
from reservecheck.registry.shipped import load_registry, with_accepted
from reservecheck.vault.toml_file import read_toml

_OF_A_FOLDER: Final = frozenset({ENGAGEMENT_FILE, "snapshot.toml"})
_ROWS_AND_TREES: Final = frozenset({".csv", ".gz", ".zst", ".parquet", ".xlsx", ".json", ".zip"})
_HEX: Final = ".hex"


def lint(paths: Sequence[Path], progress: Progress) -> list[Problem]:
    """Problems in the order of the paths; raises InputError when a path cannot be read at all."""
    shipped = registry = load_registry()
    found: list[Problem] = []
    folders = [path for path in paths if path.is_dir()]
    read: list[tuple[Path, str, Books]] = []
    for folder in folders:
        accepted = _snapshot(folder, shipped, found, progress, read)
        registry = replace(
            registry,
            networks={**registry.networks, **accepted.networks},
            instruments={**registry.instruments, **accepted.instruments},
        )
    declarations: list[Declaration] = []
    for path in paths:
        if path.is_dir():
            continue
        if not path.exists():
            raise InputError(Problem(path=str(path), message="there is no such file or folder"))
        try:
            if problem := _not_alone(path):
                found.append(problem)
                continue
            if read_toml(path).data.get("format") == PROVIDERS:
                load_providers(path)
                continue
            declared = read_wallets(path, registry)
            declarations.append(declared.declaration)
            found += lint_wallets(declared, registry)
        except InputError as error:
            found += error.problems
    return found + _fitting(read, declarations) + lint_across(declarations)


def _not_alone(path: Path) -> Problem | None:
    """What is said of a file that is only looked at with others, or never; None of any other."""
    suffix = path.suffix.casefold()
    if suffix == _HEX:
        hint = "give wallets files, providers files and snapshot folders"
        return Problem(path=str(path), message="a secret is not looked at", hint=hint)
    if suffix not in _ROWS_AND_TREES and path.name not in _OF_A_FOLDER:
        return None
    hint = "give the snapshot folder or the wallets file it belongs to"
    return Problem(path=str(path), message="this file is not looked at alone", hint=hint)


def _fitting(read: Sequence[tuple[Path, str, Books]], declarations: Sequence[Declaration]) -> list[Problem]:
    """Where folders and wallets files that are given together do not fit together."""
    found = []
    by_entity = {declaration.entity: declaration for declaration in declarations}
    for folder, entity, books in read:
        if entity in by_entity:
            found += undeclared_statements(folder, books, by_entity[entity].wallets)
        elif by_entity:
            message = f"this is about {entity!r}, the wallets given about {', '.join(sorted(by_entity))}"
            found.append(
                Problem(path=str(folder), message=message, hint="give the wallets file of the same entity")
            )
    return found


def _snapshot(
    folder: Path,
    registry: Registry,
    found: list[Problem],
    progress: Progress,
    read: list[tuple[Path, str, Books]],
) -> Registry:
    """Collect a folder's problems, and its books if it has none; the registry with what its engagement accepts."""
    currency, out_of_scope, asked_about = "", frozenset[str](), ""
    path = folder / ENGAGEMENT_FILE
    try:
        if path.exists() or path.is_symlink():
            engagement = load_engagement(path, registry)
            registry = with_accepted(registry, engagement)
            asked_about = engagement.entity
            currency = engagement.currency
            out_of_scope = frozenset(item.asset for item in engagement.out_of_scope)
    except InputError as error:
        found += error.problems
    except ReservecheckError as error:
        found.append(Problem(path=str(path), message=error.message, hint=error.hint))
    try:
        with problems_in(folder):
            entity, _ = snapshot_header(folder)
            if asked_about not in {"", entity}:
                message = f"this is about {asked_about!r}, snapshot.toml about {entity!r}"
                found.append(Problem(path=str(path), message=message, hint="write the entity of the folder"))
            books = read_books(
                folder, registry, entity=entity, currency=currency, out_of_scope=out_of_scope, progress=progress
            )
        read.append((folder, entity, books))
    except InputError as error:
        found += error.problems
    except MoneyError as error:
        found.append(Problem(path=str(folder), message=error.message, hint=error.hint))
    return registry
