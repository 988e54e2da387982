"""A built tree in two flat pieces of memory, 54 bytes a leaf, and proofs made of them when somebody asks.

A node is 48 bytes: a hash and a sum, big-endian. `leaves` holds all leaves in ascending order; `upper` the levels
from the fourth on, the root last. The three levels between are eleven hashes away and are not kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reservecheck.commitment.leaf_index import LeafIndex
from reservecheck.commitment.proof import Leaf, Proof, verify
from reservecheck.commitment.scheme import HASH, Commitment, Node, Scope, leaf_hash, odd_customer, parent, salt
from reservecheck.errors import CommitmentError, ProofError

NODE: Final = 48
FIRST_KEPT: Final = 4
"""The lowest level above the leaves that is kept."""


def upper_size(height: int) -> int:
    """How many bytes the kept levels above the leaves have."""
    return NODE * ((2 << (height - FIRST_KEPT)) - 1) if height >= FIRST_KEPT else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Nothing secret but the order of leaves and their amounts; raises CommitmentError when sizes do not fit."""

    scope: Scope
    leaves: memoryview
    upper: memoryview

    def __post_init__(self) -> None:
        expected = NODE << self.scope.height, upper_size(self.scope.height)
        if (len(self.leaves), len(self.upper)) != expected:
            raise CommitmentError(
                f"a tree of height {self.scope.height} has {expected[0]} bytes of leaves and {expected[1]} above, "
                f"not {len(self.leaves)} and {len(self.upper)}"
            )

    @property
    def commitment(self) -> Commitment:
        """What is to be published."""
        root, total = self.node(self.scope.height, 0)
        return Commitment(scope=self.scope, root=root, total=total)

    def node(self, level: int, index: int) -> Node:
        """A node by its level, 0 for leaves, and its place in it."""
        return self._node(self.scope.context, level, index)

    def place(self, customer: str, units: int, secret: bytes) -> int:
        """Where the leaf of a customer who is owed so much stands; −1 where the tree has none."""
        context, name = self.scope.context, customer.encode()
        return self.find(leaf_hash(context, salt(secret, context, name), units, name))

    def prove(self, customer: str, amounts: Sequence[int], secret: bytes) -> Proof:
        """The proof for a customer, from what they are owed in parts: one amount where nothing was split.

        Raises CommitmentError when the tree has no such leaf: another customer, amount, part or secret.
        """
        if odd := odd_customer(customer):
            raise CommitmentError(f"this is no customer's id: {odd}")
        if not amounts:
            raise CommitmentError("a proof is of one amount or more")
        context, name, leaves = self.scope.context, customer.encode(), []
        for part, units in enumerate(amounts):
            salted = salt(secret, context, name, part)
            index = self.find(leaf_hash(context, salted, units, name))
            if index < 0:
                raise CommitmentError(f"the tree has no leaf for this customer, amount and secret (part {part})")
            leaves.append(Leaf(index=index, units=units, salt=salted, path=self._path(context, index)))
        return self._proof(context, customer, leaves)

    def prove_by(self, index: LeafIndex, customer: str, secret: bytes) -> Proof | None:
        """The proof for a customer whose balance was not split, without the amount; None if there is no leaf.

        Raises CommitmentError for what is no customer's id.
        """
        if odd := odd_customer(customer):
            raise CommitmentError(f"this is no customer's id: {odd}")
        context, name = self.scope.context, customer.encode()
        salted = salt(secret, context, name)
        for number in index.leaves(salted):
            digest, units = _read(self.leaves, number)
            if leaf_hash(context, salted, units, name) == digest:
                leaf = Leaf(index=number, units=units, salt=salted, path=self._path(context, number))
                return self._proof(context, customer, [leaf])
        return None

    def _proof(self, context: bytes, customer: str, leaves: Sequence[Leaf]) -> Proof:
        root, total = self._node(context, self.scope.height, 0)
        proof = Proof(scope=self.scope, customer=customer, leaves=tuple(leaves), root=root, total=total)
        try:
            verify(proof, Commitment(scope=self.scope, root=root, total=total))
        except ProofError as error:
            raise self._altered(leaves[0].index) from error
        return proof

    def require_sound(self, index: int, sound: set[tuple[int, int]]) -> None:
        """Raises CommitmentError unless a leaf leads to the root over the nodes that are kept, their sums too.

        `sound` are (level, place) of nodes that do; more of them are added.
        """
        context = self.scope.context
        for level in range(FIRST_KEPT, self.scope.height + 1):
            place = index >> level
            if (level, place) in sound:
                return
            below = (self._node(context, level - 1, 2 * place + side) for side in (0, 1))
            if parent(context, level, *below) != self._node(context, level, place):
                raise self._altered(index)
            sound.add((level, place))

    def _altered(self, index: int) -> CommitmentError:
        return CommitmentError(
            f"{self.scope.asset}: leaf {index} does not lead to the root of the tree that is kept",
            hint="its files were altered or damaged: build it again from the rows",
        )

    def _path(self, context: bytes, index: int) -> tuple[Node, ...]:
        return tuple(self._node(context, level, index >> level ^ 1) for level in range(self.scope.height))

    def _node(self, context: bytes, level: int, index: int) -> Node:
        if level == 0:
            return _read(self.leaves, index)
        if level >= FIRST_KEPT:
            height = self.scope.height
            before = (2 << (height - FIRST_KEPT)) - (2 << (height - level))
            return _read(self.upper, before + index)
        below = (self._node(context, level - 1, 2 * index + side) for side in (0, 1))
        return parent(context, level, *below)

    def find(self, wanted: bytes) -> int:
        """Where the leaf of this hash stands, or −1; they stand in the order of their hashes."""
        low, high = 0, 1 << self.scope.height
        while low < high:
            middle = (low + high) // 2
            at = middle * NODE
            found = bytes(self.leaves[at : at + HASH])
            if found == wanted:
                return middle
            low, high = (middle + 1, high) if found < wanted else (low, middle)
        return -1


def _read(nodes: memoryview, index: int) -> Node:
    data = bytes(nodes[index * NODE : (index + 1) * NODE])
    return data[:HASH], int.from_bytes(data[HASH:], "big")
