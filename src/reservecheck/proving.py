"""Proofs for customers, out of an exchange's private folder: one file a customer and asset, and who gets which.

Files are named by chance: neither a name nor their order says whose they are. Only `manifest.csv` does.
"""

from __future__ import annotations

import csv
import io
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from reservecheck.commitment.columns import each
from reservecheck.commitment.leaf_index import LeafIndex
from reservecheck.commitment.proof import Proof
from reservecheck.commitment.proof_file import write_proof
from reservecheck.commitment.scheme import odd_customer
from reservecheck.commitment.tree import Tree
from reservecheck.errors import InputError, OutputError, Problem
from reservecheck.model.committed import PRIVATE_FILE
from reservecheck.members.rows import guarded
from reservecheck.model.progress import Progress
from reservecheck.private_trees import PrivateTrees
from reservecheck.snapshot_engagement import Engaged
from reservecheck.vault.closed_folder import ClosedFolder, refuse_place
from reservecheck.vault.regular_file import MIB, read_regular

MANIFEST: Final = "manifest.csv"
COLUMNS: Final = ("customer", "asset", "file")
LONGEST_LIST: Final = 1024 * MIB
FORM: Final = "write one customer's id a line, without a header, other columns, blanks or empty lines"
_PROOF: Final = ".json"
_NOT_UTF_8: Final = "it is not UTF-8"
_IN_UTF_8: Final = "save the file as UTF-8, one id a line"
FIRST: Final = 20
"""Files that are named to a person."""
_NAME: Final = 16
"""Random bytes in a file's name."""
_OTHER_ROWS: Final = "these are not the customer rows the trees were built from"

Found = Iterator[tuple[str, Proof]]
"""Customers and their proofs."""


@dataclass(slots=True, kw_only=True)
class Proven:
    """What was written, and the places on the list, from 0, of whom no tree has a leaf.

    `files` are (asset, file), all of them for a list; of `every` customer no more than the first, for only
    `manifest.csv` holds so many.
    """

    every: bool = False
    count: int = 0
    files: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)


def refuse_swapped(out: Path) -> None:
    """Raises OutputError where the folder for the proofs is the private one, or is named like a file."""
    if os.path.lexists(out / PRIVATE_FILE):
        hint = "the private folder is named first, and --out a new one for the proofs: were they swapped?"
        raise OutputError(f"{out} is a private folder", hint=hint)
    if out.suffix.casefold() == _PROOF:
        hint = "a file for each asset is written into it, and a list of who gets which"
        raise OutputError(f"--out names {out}, and takes a new folder", hint=hint)


def prove_listed(
    private: PrivateTrees, customers: list[str], asset: str | None, out: Path, progress: Progress
) -> Proven:
    """Write the proofs of listed customers, in every tree or in one; without any proof there is no folder.

    Raises InputError for a folder or an asset that is not there, CommitmentError for what is no customer's id, and
    OutputError where the folder cannot be made.
    """
    trees = _trees(private, asset)

    def found(unknown: list[int]) -> Found:
        for place, customer in enumerate(customers):
            proofs = [tree.prove_by(index, customer, private.secret) for tree, index in trees.values()]
            there = [(customer, proof) for proof in proofs if proof is not None]
            if not there:
                unknown.append(place)
            yield from there
            progress("proofs", place + 1, len(customers))

    return _written(found, out, private.folder, Proven())


def prove_all(private: PrivateTrees, snapshot: Engaged, asset: str | None, out: Path, progress: Progress) -> Proven:
    """Write the proofs of every customer of the snapshot that the trees were built from.

    Raises InputError for other rows than those, and otherwise as `prove_listed`.
    """
    trees = _trees(private, asset)

    def found(_: list[int]) -> Found:
        seen = set()
        for name, columns in snapshot.leaves(progress):
            if name not in trees:
                continue
            tree, index = trees[name]
            seen.add(name)
            if len(columns) != len(index):
                raise _other_rows(snapshot, name)
            for place, (text, units, _part) in enumerate(each(columns), 1):
                customer = text.decode()
                proof = tree.prove_by(index, customer, private.secret)
                if proof is None or proof.units != units:
                    raise _other_rows(snapshot, name)
                yield customer, proof
                progress(f"proofs of {name}", place, len(columns))
        if missing := trees.keys() - seen:
            raise _other_rows(snapshot, min(missing))

    return _written(found, out, private.folder, Proven(every=True))


def read_list(path: Path) -> list[str]:
    """The customers in a file of one id a line; raises InputError without a word of an id."""
    data = _list_of(path)
    customers = []
    for number, line in enumerate(data.removesuffix(b"\n").split(b"\n"), 1):
        if not line.removesuffix(b"\r"):
            raise InputError(Problem(path=str(path), line=number, message="the line is empty", hint=FORM))
        try:
            customer, odd = line.removesuffix(b"\r").decode(), ""
        except UnicodeDecodeError:
            customer, odd = "", _NOT_UTF_8
        if odd := odd or odd_customer(customer):
            message = f"this is no customer's id: {odd}"
            hint = _IN_UTF_8 if odd == _NOT_UTF_8 else FORM
            raise InputError(Problem(path=str(path), line=number, message=message, hint=hint))
        customers.append(customer)
    return customers


def _list_of(path: Path) -> bytes:
    with suppress(PermissionError):  # of which the reader says more
        if not path.exists():
            raise InputError(Problem(path=str(path), message="there is no such file", hint=FORM))
    data = read_regular(path, str(path), most=LONGEST_LIST).removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        raise InputError(Problem(path=str(path), message="the list is empty", hint=FORM))
    return data


def _trees(private: PrivateTrees, asset: str | None) -> dict[str, tuple[Tree, LeafIndex]]:
    names = [tree.scope.asset for tree in private.published.trees] if asset is None else [asset]
    return {name: (private.tree(name), private.index(name)) for name in names}


def _written(found: Callable[[list[int]], Found], out: Path, private: Path, proven: Proven) -> Proven:
    refuse_place(out)
    if out.absolute().resolve().is_relative_to(private.resolve()):
        hint = "proofs are handed on, to one customer each: name another place"
        raise OutputError(f"{out} would lie in the private folder", hint=hint)
    proofs = found(proven.unknown)
    first = next(proofs, None)
    if first is None:
        return proven
    with ClosedFolder(out) as folder:
        folder.write(MANIFEST, _filled(folder, first, proofs, proven))
    return proven


def _filled(folder: ClosedFolder, first: tuple[str, Proof], others: Found, proven: Proven) -> Iterator[bytes]:
    """Write the proofs; what comes out are the lines that say whose they are."""
    yield _line(COLUMNS)
    one: tuple[str, Proof] | None = first
    while one is not None:
        customer, proof = one
        asset, name = proof.scope.asset, f"{secrets.token_hex(_NAME)}{_PROOF}"
        folder.write(name, [write_proof(proof)], synced=False)
        proven.count += 1
        if not proven.every or len(proven.files) < FIRST:
            proven.files.append((asset, name))
        yield _line((guarded(customer), asset, name))
        one = next(others, None)


def _line(cells: tuple[str, ...]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()


def _other_rows(snapshot: Engaged, asset: str) -> InputError:
    message = f"{asset}: {_OTHER_ROWS}"
    return InputError(Problem(path=str(snapshot.folder), message=message, hint="name the snapshot committed to"))
