"""One customer's proof that what they are owed is in a published total: read strictly, then followed to the root.

Root and total come from the commitment in the signed statement. A proof repeats them, and must not differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reservecheck.commitment.scheme import (
    SCHEME,
    Commitment,
    Node,
    Scope,
    leaf_hash,
    parent,
)
from reservecheck.errors import CommitmentError, ProofError


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A leaf of the customer's, and the siblings from the leaves up."""

    index: int
    units: int
    salt: bytes
    path: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What an exchange gives to one customer and to nobody else."""

    scope: Scope
    customer: str
    leaves: tuple[Leaf, ...]
    root: bytes
    total: int

    @property
    def units(self) -> int:
        """What the leaves add up to: what the exchange says it owes this customer."""
        return sum(leaf.units for leaf in self.leaves)


def as_json(proof: Proof) -> Mapping[str, object]:
    """The fields of a proof file in their order; amounts are decimal text."""
    return {
        "scheme": SCHEME,
        "snapshot": proof.scope.snapshot,
        "asset": proof.scope.asset,
        "decimals": proof.scope.decimals,
        "height": proof.scope.height,
        "customer": proof.customer,
        "leaves": [
            {
                "index": leaf.index,
                "amount": str(leaf.units),
                "salt": leaf.salt.hex(),
                "path": [[digest.hex(), str(units)] for digest, units in leaf.path],
            }
            for leaf in proof.leaves
        ],
        "root": proof.root.hex(),
        "total": str(proof.total),
    }


def verify(proof: Proof, commitment: Commitment) -> None:
    """Raises ProofError, with the first reason, unless every leaf leads to the commitment's root and total."""
    mine, theirs = proof.scope, commitment.scope
    for what, one, other in (
        ("snapshot", mine.snapshot, theirs.snapshot),
        ("asset", mine.asset, theirs.asset),
        ("decimals", mine.decimals, theirs.decimals),
        ("height", mine.height, theirs.height),
        ("root", proof.root, commitment.root),
        ("total", proof.total, commitment.total),
    ):
        if one != other:
            raise ProofError(f"the proof names another {what} than the commitment")
    if len({leaf.index for leaf in proof.leaves}) < len(proof.leaves):
        raise ProofError("two leaves have one index")
    context, customer = theirs.context, proof.customer.encode()
    for leaf in proof.leaves:
        _follow(leaf, customer, context, commitment)


def tops(proof: Proof) -> tuple[Node, ...]:
    """Roots and sums the leaves lead to, each once, whatever the proof says; raises ProofError as `verify` does."""
    context, customer = proof.scope.context, proof.customer.encode()
    return tuple(dict.fromkeys(_led_to(leaf, customer, context) for leaf in proof.leaves))


def _follow(leaf: Leaf, customer: bytes, context: bytes, commitment: Commitment) -> None:
    node = _led_to(leaf, customer, context)
    if node[0] != commitment.root:
        raise ProofError("a leaf does not lead to the commitment's root")
    if node[1] != commitment.total:
        raise ProofError("a leaf leads to another total than the commitment's")


def _led_to(leaf: Leaf, customer: bytes, context: bytes) -> Node:
    node, index = (leaf_hash(context, leaf.salt, leaf.units, customer), leaf.units), leaf.index
    try:
        for level, sibling in enumerate(leaf.path, 1):
            left, right = (sibling, node) if index & 1 else (node, sibling)
            node, index = parent(context, level, left, right), index >> 1
    except CommitmentError as error:
        raise ProofError("sums on the path reach 2^128") from error
    return node
