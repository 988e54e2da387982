"""Whose leaves they are: the rows a tree was made of, looked through for those whose leaf was drawn.

A leaf's hash tells nobody its customer. Whoever has the rows and the secret makes the hash again, of rows with the
leaf's amount alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from reservecheck.commitment.columns import HALF, Columns
from reservecheck.commitment.scheme import leaf_hash, salt
from reservecheck.commitment.tree import Tree
from reservecheck.errors import CommitmentError


def owners(tree: Tree, columns: Columns, secret: bytes, indexes: Iterable[int]) -> dict[int, str]:
    """The customer of each leaf, by its place.

    Raises CommitmentError where a leaf is of no row: the tree was made of others, or with another secret.
    """
    context, missing = tree.scope.context, set(indexes)
    wanted: dict[int, dict[bytes, int]] = defaultdict(dict)
    for index in missing:
        digest, units = tree.node(0, index)
        wanted[units][digest] = index
    found: dict[int, str] = {}
    for row, (low, high) in enumerate(zip(columns.low, columns.high, strict=True)):
        units = high << HALF | low
        if units in wanted:
            customer = bytes(columns.ids[columns.starts[row] : columns.starts[row + 1]])
            salted = salt(secret, context, customer, columns.parts[row])
            digest = leaf_hash(context, salted, units, customer)
            if digest in wanted[units]:
                found[wanted[units][digest]] = customer.decode()
    if missing := missing - found.keys():
        raise CommitmentError(
            f"{tree.scope.asset}: {len(missing)} of the leaves drawn are of no customer in the rows (leaf "
            f"{min(missing)} first)",
            hint="the tree was made of other rows, or with another secret: this is not the snapshot committed to",
        )
    return found
