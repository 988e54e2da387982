"""The practitioner's look at a commitment: with the entity's secret its trees come out of the rows, or do not.

The secret is read here, used here, and nowhere kept: what leaves is each tree's root and total.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from reservecheck.assess.drawn import committed_digest
from reservecheck.books.confirmations import read_confirmations
from reservecheck.books.customer_leaves import leaves_of
from reservecheck.books.drawn_customers import Counting
from reservecheck.books.located import located
from reservecheck.books.register import Location
from reservecheck.books.same_files import SameFiles
from reservecheck.books.snapshot import SNAPSHOT, read_snapshot
from reservecheck.books.totals import read_house
from reservecheck.commitment.rebuilding import rebuild
from reservecheck.commitment.tree import Tree
from reservecheck.errors import CommitmentError, InputError, Problem
from reservecheck.model.books import Books, Liabilities
from reservecheck.model.committed import COMMITMENT_FILE, SECRET_FILE, Committed
from reservecheck.model.confirmations import CONFIRMATIONS_FILE
from reservecheck.model.progress import Progress
from reservecheck.model.registry import Asset
from reservecheck.observe import Job
from reservecheck.vault.regular_file import MIB, read_regular

_SECRET: Final = re.compile(rb"([0-9a-f]{64})\r?\n?")
_HEX: Final = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)


def read_secret(path: Path, option: str = "--commitment-secret") -> bytes:
    """The 32 bytes in a file of 64 hex digits; raises InputError without a word of what stands there.

    `option` is what the file was named with.
    """
    if _HEX.fullmatch(path.name):
        raise InputError(
            Problem(
                path=option,
                message="this is a secret, not a file",
                hint="write it into a file: what stands on a command line is seen by others",
            )
        )
    if os.path.lexists(path / SECRET_FILE):
        hint = f"the secret is in it: name {path / SECRET_FILE}"
        raise InputError(Problem(path=str(path), message="is a folder, not a file", hint=hint))
    found = _SECRET.fullmatch(read_regular(path, str(path), most=MIB))
    if found is None:
        raise InputError(
            Problem(path=str(path), message="not a secret", hint="write a line of 64 digits of lower-case hex")
        )
    return bytes.fromhex(found[1].decode())


def rebuilt_books(snapshot: Path, books: Books, job: Job, secret: bytes, progress: Progress) -> Books:
    """The books with what the customer rows of the folder gave for each tree committed to.

    Raises InputError where there is nothing to build again or nothing to build it from, and where the rows cannot
    be leaves or are no longer those that `books` were summed from; paths are those within the folder.
    """
    owed = books.liabilities
    if owed.commitment is None:
        given = "a commitment's secret was given, and no commitment is listed"
        hint = f'write commitment = "{COMMITMENT_FILE}" under [files], or leave --commitment-secret out'
        raise InputError(Problem(path=SNAPSHOT, message=given, hint=hint))
    if not any(line.rows for line in owed.lines):
        given = "a commitment's secret was given, and there are no customer rows to build its trees from"
        raise InputError(Problem(path=SNAPSHOT, message=given, hint="leave --commitment-secret out"))
    assets = job.registry.assets
    out_of_scope = frozenset(item.asset for item in job.engagement.out_of_scope)
    decimals = {name: row.decimals for name, row in assets.items()}
    counting = _counting(snapshot, books, secret, assets)
    try:
        leaves = leaves_of(snapshot, assets, out_of_scope, progress, (*books.files, *owed.private_files))
        done = rebuild(owed.commitment, leaves, secret, decimals, _nobody if counting is None else counting.seen)
    except CommitmentError as error:
        raise InputError(Problem(path=COMMITMENT_FILE, message=error.message, hint=error.hint)) from error
    _refuse_other_rows(owed, done)
    confirmations = books.confirmations if counting is None else counting.confirmations
    return replace(books, liabilities=replace(owed, commitment=done), confirmations=confirmations)


def _nobody(_: Tree) -> None:
    """Nobody was asked, or nobody can have been drawn."""


def _counting(snapshot: Path, books: Books, secret: bytes, assets: Mapping[str, Asset]) -> Counting | None:
    """What counts the answers of the list that was received, tree by tree; the list is read again for its rows."""
    stated = books.liabilities.commitment
    if books.confirmations is None or stated is None or stated.draw is None:
        return None
    as_of = books.liabilities.extract.as_of_epoch
    kept, _ = read_confirmations(Location(snapshot, CONFIRMATIONS_FILE), assets, as_of=as_of)
    if kept.sha256 != books.confirmations.list_sha256:
        message = "the list changed while it was read"
        raise InputError(
            Problem(path=CONFIRMATIONS_FILE, message=message, hint="run again when nobody writes to it")
        )
    return Counting(kept, stated.draw, committed_digest(books), secret, _house(snapshot, books, assets))


def _house(snapshot: Path, books: Books, assets: Mapping[str, Asset]) -> frozenset[str]:
    """The entity's own accounts: nobody of them is a customer to be asked."""
    same, listed = SameFiles((*books.files, *books.liabilities.private_files)), read_snapshot(snapshot)
    same.check(listed.input_file())
    places = located(snapshot, listed).get("house")
    if places is None:
        return frozenset()
    house, file = read_house(places[0], assets)
    same.check(file)
    return house


def _refuse_other_rows(owed: Liabilities, done: Committed) -> None:
    """The file is read twice; leaves that add up to something else were made of other rows than those summed."""
    for tree in done.trees:
        summed = sum(line.gross for line in owed.lines if line.asset == tree.asset and line.rows)
        if tree.rebuilt is not None and tree.rebuilt.total != summed:
            message = f"the rows of {tree.asset} changed while they were read"
            raise InputError(Problem(path=SNAPSHOT, message=message, hint="run again when nobody writes to them"))
