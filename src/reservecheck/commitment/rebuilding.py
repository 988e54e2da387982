"""The trees an exchange committed to, built again from the customer rows it handed over, with its secret."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from reservecheck.commitment.building import build_columns
from reservecheck.commitment.columns import Columns, total
from reservecheck.commitment.scheme import Scope, least_height
from reservecheck.commitment.tree import Tree
from reservecheck.errors import CommitmentError
from reservecheck.model.committed import Committed, CommittedTree, Rebuilt

ALWAYS_BUILT: Final = 22
"""A tree of this height takes a quarter of a gigabyte, however few customers it has: enough to blur how many."""


def tallest_for(customers: int) -> int:
    """The tallest tree of so many customers that is built again: a taller one only costs its readers memory."""
    return max(ALWAYS_BUILT, least_height(customers) + 1)


def _unseen(_: Tree) -> None:
    """Nobody looks at a tree while it is there."""


def rebuild(
    stated: Committed,
    leaves: Iterable[tuple[str, Columns]],
    secret: bytes,
    decimals: Mapping[str, int],
    seen: Callable[[Tree], None] = _unseen,
) -> Committed:
    """The commitment with what the rows give for each of its trees: one asset's leaves after the other's.

    `decimals` are those the leaves count in, by asset: a tree in others, or without leaves, cannot be built again
    and is left as it was stated. `seen` is shown every tree while it is there. Raises CommitmentError as
    `build_columns` does, for a height nobody needs, and what `seen` raises.
    """
    came: dict[str, Rebuilt] = {}
    for asset, columns in leaves:
        tree = stated.tree(asset)
        if tree is not None and tree.decimals == decimals[asset]:
            came[asset] = _built(tree, stated.snapshot, columns, secret, seen)
        del columns  # before the next asset's rows are read
    return replace(stated, trees=tuple(replace(tree, rebuilt=came.get(tree.asset)) for tree in stated.trees))


def refuse_height(scope: Scope, customers: int) -> None:
    """Raises CommitmentError for a tree whose height does nothing but cost memory."""
    tallest = tallest_for(customers)
    if scope.height > tallest:
        raise CommitmentError(
            f"{scope.asset}: a tree of height {scope.height} is not built again for {customers} customers:"
            f" {tallest} is the tallest",
            hint="whoever publishes a height decides how much memory its readers need; ask for a lower tree",
        )


def _built(
    tree: CommittedTree, snapshot: str, columns: Columns, secret: bytes, seen: Callable[[Tree], None]
) -> Rebuilt:
    """What the leaves come to in the height that was published; no root where they do not fit."""
    if len(columns) > 1 << tree.height:
        return Rebuilt(root="", total=total(columns))
    scope = Scope(snapshot=snapshot, asset=tree.asset, decimals=tree.decimals, height=tree.height)
    refuse_height(scope, len(columns))
    made = build_columns(columns, scope, secret)
    came = Rebuilt(root=made.commitment.root.hex(), total=made.commitment.total)
    if replace(tree, rebuilt=came).is_rebuilt:  # nobody was drawn from any other
        seen(made)
    return came
