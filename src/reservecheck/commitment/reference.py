"""The tree as its specification says it, for readers and for comparison: slow, and all of it in memory."""

from __future__ import annotations

from collections.abc import Iterable

from reservecheck.commitment.columns import Row
from reservecheck.commitment.scheme import PADDING, Node, Scope, leaf_hash, parent, salt


def leaves(rows: Iterable[Row], scope: Scope, secret: bytes) -> list[Node]:
    """Every leaf, zero leaves included, in ascending order of their hashes."""
    context = scope.context
    found = []
    for row in rows:
        customer = row.customer.encode()
        salted = salt(secret, context, customer, row.part)
        found.append((leaf_hash(context, salted, row.units, customer), row.units))
    for number in range((1 << scope.height) - len(found)):
        salted = salt(secret, context, PADDING, number)
        found.append((leaf_hash(context, salted, 0, b""), 0))
    return sorted(found)


def levels(bottom: list[Node], scope: Scope) -> list[list[Node]]:
    """The levels from the leaves up; the last one holds the root alone."""
    found, context = [bottom], scope.context
    for level in range(1, scope.height + 1):
        below = found[-1]
        pairs = zip(below[::2], below[1::2], strict=True)
        found.append([parent(context, level, left, right) for left, right in pairs])
    return found
