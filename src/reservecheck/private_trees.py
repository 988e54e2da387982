"""The folder an exchange keeps of its trees: the secret, and all it takes to prove a customer's leaf.

Whoever reads it learns every balance. It is made closed to others, and refused where others may read it.
Format: `docs/reference/commitment-file.md`.
"""

from __future__ import annotations

import json
import mmap
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from reservecheck.commitment.commitment_file import LONGEST, Published, read_commitments, write_commitments
from reservecheck.commitment.leaf_index import LeafIndex
from reservecheck.commitment.strict_json import fields, parsed, text
from reservecheck.commitment.tree import Tree
from reservecheck.errors import CommitmentError, InputError, Problem, ProofError
from reservecheck.model.committed import PIECES, PRIVATE_FILE, SECRET_FILE
from reservecheck.rebuilt_trees import read_secret
from reservecheck.vault.closed_folder import HANDED_ON, ClosedFolder, check_closed, check_folder, open_closed

FORMAT: Final = "reservecheck/private-trees/v1-draft"
FIELDS: Final = frozenset({"format", "commitment", "trees"})
_NAME: Final = re.compile(r"[0-9]{3,9}", re.ASCII)
_AGAIN: Final = "make the folder again, from the same snapshot and with the same secret"

Names = tuple[str, str, str]
"""The files of a tree: leaves, upper, index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateTrees:
    """An opened folder; trees are mapped and not read, so that opening one takes no time."""

    published: Published
    secret: bytes = field(repr=False)
    folder: Path
    names: Mapping[str, Names]  # by asset

    def tree(self, asset: str) -> Tree:
        """An asset's tree; raises InputError when there is none, or the files are not of what was published."""
        stated = self.published.tree(asset)
        if stated is None:
            raise _problem(self.folder, f"there is no tree of {asset[:40]!a}", f"trees are of {self._assets}")
        leaves, upper, _ = self.names[asset]
        try:
            tree = Tree(scope=stated.scope, leaves=self._mapped(leaves), upper=self._mapped(upper))
        except CommitmentError as error:
            raise _problem(self.folder / leaves, error.message, _AGAIN) from error
        if tree.commitment != stated:
            raise _problem(self.folder / upper, "its root and total are not those published", _AGAIN)
        return tree

    def index(self, asset: str) -> LeafIndex:
        """Where the leaves of an asset's tree are found; raises InputError for a file that is no such index."""
        tree, name = self.tree(asset), self.names[asset][-1]
        try:
            return LeafIndex(height=tree.scope.height, memory=self._mapped(name))
        except CommitmentError as error:
            raise _problem(self.folder / name, error.message, _AGAIN) from error

    @property
    def _assets(self) -> str:
        return ", ".join(self.names)

    def _mapped(self, name: str) -> memoryview:
        with open_closed(self.folder / name) as opened:
            size = os.fstat(opened.fileno()).st_size
            return memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) if size else b"")


class PrivateWriter:
    """Fills a closed folder; `private.json` is last, and without it the folder is none."""

    def __init__(self, folder: ClosedFolder, secret: bytes) -> None:
        self._folder = folder
        self._names: dict[str, Names] = {}
        folder.write(SECRET_FILE, [f"{secret.hex()}\n".encode("ascii")])

    def add(self, tree: Tree, index: LeafIndex) -> None:
        """Write a tree's files; raises OutputError as the folder does."""
        number = len(self._names)
        leaves, upper, places = (f"{number:03}.{piece}" for piece in PIECES)
        for name, memory in ((leaves, tree.leaves), (upper, tree.upper), (places, index.memory)):
            self._folder.write(name, [memory])
        self._names[tree.scope.asset] = leaves, upper, places

    def finish(self, published: Published) -> None:
        """Say what the files are; the trees added are those published."""
        trees = [
            {"asset": tree.scope.asset, **dict(zip(PIECES, self._names[tree.scope.asset], strict=True))}
            for tree in published.trees
        ]
        said = {"format": FORMAT, "commitment": json.loads(write_commitments(published)), "trees": trees}
        data = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._folder.write(PRIVATE_FILE, [data])


def open_private(path: Path) -> PrivateTrees:
    """The trees of a private folder; raises InputError for one that is open to others, unfinished or altered."""
    check_folder(path)
    said = path / PRIVATE_FILE
    if not os.path.lexists(said):
        raise _not_made(path)
    check_closed(path)
    with open_closed(said) as opened:
        data = opened.read(2 * LONGEST + 1)
    try:
        published, names = _contents(data)
    except (ProofError, CommitmentError) as error:
        raise _problem(said, error.message, _AGAIN) from error
    with open_closed(path / SECRET_FILE):
        secret = read_secret(path / SECRET_FILE)
    return PrivateTrees(published=published, secret=secret, folder=path, names=names)


def _contents(data: bytes) -> tuple[Published, dict[str, Names]]:
    found = fields(parsed(data, "file", 2 * LONGEST, FORMAT), FIELDS, FORMAT)
    if found["format"] != FORMAT:
        raise ProofError(f"the format is not {FORMAT}")
    published = read_commitments(json.dumps(found["commitment"]).encode())
    trees = found["trees"]
    if not isinstance(trees, list):
        raise ProofError("the trees are not a list")
    names = dict(map(_names, trees))
    if [*names] != [tree.scope.asset for tree in published.trees] or len(names) != len(trees):
        raise ProofError("the trees are not those of the commitment")
    return published, names


def _names(value: object) -> tuple[str, Names]:
    found = fields(value, frozenset({"asset", *PIECES}), FORMAT)
    leaves, upper, index = (_name(found[piece], piece) for piece in PIECES)
    return text(found["asset"], "asset"), (leaves, upper, index)


def _name(value: object, piece: str) -> str:
    """A name inside the folder and no other."""
    name = text(value, piece)
    number, _, end = name.partition(".")
    if _NAME.fullmatch(number) is None or end != piece:
        raise ProofError(f"the {piece} are not a file like 000.{piece}")
    return name


def _not_made(path: Path) -> InputError:
    """Another folder, whose modes are its owner's own matter, or one that was not finished."""
    if os.path.lexists(path / SECRET_FILE):
        hint = "it was not finished: commit again into a new one, and remove this one"
        return _problem(path, f"there is no {PRIVATE_FILE}", hint)
    what = next((what for name, what in HANDED_ON.items() if os.path.lexists(path / name)), "another folder")
    message = f"this is {what}, and no private folder that `liabilities commit` made"
    return _problem(path, message, "name the one that commit was given with --private")


def _problem(path: Path, message: str, hint: str) -> InputError:
    return InputError(Problem(path=str(path), message=message, hint=hint))
