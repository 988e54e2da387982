"""A proof file, read so that every reader reads the same: one way to write a number, a hash, an amount, a field."""

from __future__ import annotations

import json
from typing import Final

from reservecheck.commitment.proof import Leaf, Proof, as_json
from reservecheck.commitment.scheme import (
    MAX_DECIMALS,
    MAX_HEIGHT,
    SCHEME,
    Node,
    Scope,
    odd_customer,
)
from reservecheck.commitment.strict_json import amount, digest, fields, parsed, text, whole
from reservecheck.errors import ProofError

LONGEST: Final = 1 << 20
"""Bytes; a leaf in the tallest tree takes about 4,500."""
FIELDS: Final = frozenset(
    {"scheme", "snapshot", "asset", "decimals", "height", "customer", "leaves", "root", "total"}
)
LEAF_FIELDS: Final = frozenset({"index", "amount", "salt", "path"})


def write_proof(proof: Proof) -> bytes:
    """The file of a proof: JSON in UTF-8, a line of it."""
    return json.dumps(as_json(proof), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_proof(data: bytes) -> Proof:
    """The proof in a file; raises ProofError with the first reason it is none. Nothing is verified yet."""
    found = fields(parsed(data, "proof", LONGEST, SCHEME), FIELDS, SCHEME)
    if found["scheme"] != SCHEME:
        raise ProofError(f"the scheme is not {SCHEME}")
    decimals = whole(found["decimals"], "decimals", MAX_DECIMALS)
    height = whole(found["height"], "height", MAX_HEIGHT)
    snapshot, asset = (text(found[name], name) for name in ("snapshot", "asset"))
    customer = found["customer"]
    if not isinstance(customer, str):
        raise ProofError("the customer is not text")
    if odd := odd_customer(customer):
        raise ProofError(f"the customer is not an id: {odd}")
    root, total = digest(found["root"], "root"), amount(found["total"], "total")
    leaves = found["leaves"]
    if not isinstance(leaves, list) or not leaves:
        raise ProofError("the leaves are not a list of one or more")
    return Proof(
        scope=Scope(snapshot=snapshot, asset=asset, decimals=decimals, height=height),
        customer=customer,
        leaves=tuple(_leaf(leaf, height) for leaf in leaves),
        root=root,
        total=total,
    )


def _leaf(value: object, height: int) -> Leaf:
    found = fields(value, LEAF_FIELDS, SCHEME)
    index = whole(found["index"], "index", (1 << height) - 1)
    units, salt, path = amount(found["amount"], "amount"), digest(found["salt"], "salt"), found["path"]
    if not isinstance(path, list) or len(path) != height:
        raise ProofError("the path does not have as many levels as the tree")
    return Leaf(index=index, units=units, salt=salt, path=tuple(map(_node, path)))


def _node(value: object) -> Node:
    if not isinstance(value, list) or len(value) != len(("hash", "sum")):
        raise ProofError("a level of the path is not a hash and a sum")
    return digest(value[0], "hash"), amount(value[1], "sum")
