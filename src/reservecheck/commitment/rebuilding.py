"""The trees an exchange committed to, built again from the customer rows it handed over, with its secret."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from reservecheck.commitment.building import build_columns
from reservecheck.commitment.columns import Columns, total
from reservecheck.commitment.scheme import Scope, least_height
from reservecheck.errors import CommitmentError
from reservecheck.model.committed import Committed, CommittedTree, Rebuilt

ALWAYS_BUILT: Final = 22
"""A tree of this height takes a quarter of a gigabyte, however few customers it has: enough to blur how many."""


def tallest_for(customers: int) -> int:
    """The tallest tree of so many customers that is built again: a taller one only costs its readers memory."""
    return max(ALWAYS_BUILT, least_height(customers) + 1)


def rebuild(
    stated: Committed, leaves: Iterable[tuple[str, Columns]], secret: bytes, decimals: Mapping[str, int]
) -> Committed:
    """The commitment with what the rows give for each of its trees: one asset's leaves after the other's.

    `decimals` are those the leaves count in, by asset: a tree in others, or without leaves, cannot be built again
    and is left as it was stated. Raises CommitmentError as `build_columns` does, and for a height nobody needs.
    """
    came: dict[str, Rebuilt] = {}
    for asset, columns in leaves:
        tree = stated.tree(asset)
        if tree is not None and tree.decimals == decimals[asset]:
            came[asset] = _built(tree, stated.snapshot, columns, secret)
    return replace(stated, trees=tuple(replace(tree, rebuilt=came.get(tree.asset)) for tree in stated.trees))


def _built(tree: CommittedTree, snapshot: str, columns: Columns, secret: bytes) -> Rebuilt:
    """What the leaves come to in the height that was published; no root where they do not fit."""
    if len(columns) > 1 << tree.height:
        return Rebuilt(root="", total=total(columns))
    tallest = tallest_for(len(columns))
    if tree.height > tallest:
        raise CommitmentError(
            f"{tree.asset}: a tree of height {tree.height} is not built again for {len(columns)} customers:"
            f" {tallest} is the tallest",
            hint="whoever publishes a height decides how much memory its readers need; ask for a lower tree",
        )
    scope = Scope(snapshot=snapshot, asset=tree.asset, decimals=tree.decimals, height=tree.height)
    made = build_columns(columns, scope, secret).commitment
    return Rebuilt(root=made.root.hex(), total=made.total)
