"""A commitment against the customer rows it is of: every tree built again with the secret, and compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reservecheck.books.commitments import read_commitment
from reservecheck.books.register import Location
from reservecheck.books.snapshot import SNAPSHOT
from reservecheck.commitment.columns import Columns, total
from reservecheck.commitment.rebuilding import rebuild
from reservecheck.errors import CommitmentError, InputError, Problem
from reservecheck.model.committed import Committed
from reservecheck.model.progress import Progress
from reservecheck.model.registry import Registry
from reservecheck.pipeline import problems_in
from reservecheck.rebuilt_trees import read_secret
from reservecheck.snapshot_engagement import Engaged, engaged


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommitted:
    """What was published with what the rows give, and what the rows owe by asset, in the registry's units."""

    committed: Committed
    owed: dict[str, int]
    decimals: dict[str, int]

    @property
    def without_tree(self) -> tuple[str, ...]:
        """Assets owed by rows and committed to in no tree."""
        return tuple(
            asset for asset, owed in sorted(self.owed.items()) if owed and self.committed.tree(asset) is None
        )

    @property
    def is_equal(self) -> bool:
        """Every tree came out as published, and there is a tree for all that is owed."""
        return not self.without_tree and all(tree.is_rebuilt for tree in self.committed.trees)


def recommit(
    snapshot: Path, commitment: Path, secret: Path, progress: Progress, shipped: Registry | None = None
) -> Recommitted:
    """Build the trees of a published commitment again; `shipped` stands for the shipped registry.

    Raises InputError for files that cannot be read, for no customer rows, and for a commitment of another entity,
    CommitmentError where a tree cannot be built.
    """
    key = read_secret(secret, "--secret")
    given = engaged(snapshot, shipped)
    with problems_in(commitment.parent):
        stated, _ = read_commitment(Location(commitment.parent, commitment.name), given.registry.assets)
    if stated.entity != given.entity:
        message = f"it is a commitment of {stated.entity[:80]!r}, the snapshot is of {given.entity!r}"
        raise InputError(Problem(path=str(commitment), message=message, hint="name files of the same entity"))
    owed: dict[str, int] = {}
    decimals = {name: row.decimals for name, row in given.registry.assets.items()}
    try:
        done = rebuild(stated, _noted(given, owed, progress), key, decimals)
    except CommitmentError as error:
        raise InputError(Problem(path=str(commitment), message=error.message, hint=error.hint)) from error
    if not owed:
        message = "there are no customer rows to build trees from"
        raise InputError(Problem(path=str(snapshot / SNAPSHOT), message=message, hint="list the customers' file"))
    return Recommitted(committed=done, owed=owed, decimals=decimals)


def _noted(given: Engaged, owed: dict[str, int], progress: Progress) -> Iterator[tuple[str, Columns]]:
    for asset, columns in given.leaves(progress):
        owed[asset] = total(columns)
        yield asset, columns
