"""A proof file, read so that every reader reads the same: one way to write a number, a hash, an amount, a field."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from reservecheck.commitment.proof import Leaf, Proof, as_json
from reservecheck.commitment.scheme import (
    LIMIT,
    MAX_DECIMALS,
    MAX_HEIGHT,
    SCHEME,
    Node,
    Scope,
    odd_customer,
    well_formed,
)
from reservecheck.errors import ProofError

LONGEST: Final = 1 << 20
"""Bytes; a leaf in the tallest tree takes about 4,500."""
FIELDS: Final = frozenset(
    {"scheme", "snapshot", "asset", "decimals", "height", "customer", "leaves", "root", "total"}
)
LEAF_FIELDS: Final = frozenset({"index", "amount", "salt", "path"})
_OTHER_FIELDS: Final = f"the fields are not those of {SCHEME}"
_HEX: Final = re.compile(r"[0-9a-f]{64}")
_DIGITS: Final = re.compile(r"0|[1-9][0-9]{0,38}")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]*")
_MOST_DIGITS: Final = 15


def write_proof(proof: Proof) -> bytes:
    """The file of a proof: JSON in UTF-8, a line of it."""
    return json.dumps(as_json(proof), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_proof(data: bytes) -> Proof:
    """The proof in a file; raises ProofError with the first reason it is none. Nothing is verified yet."""
    fields = _fields(_parsed(data), FIELDS)
    if fields["scheme"] != SCHEME:
        raise ProofError(f"the scheme is not {SCHEME}")
    decimals = _whole(fields["decimals"], "decimals", MAX_DECIMALS)
    height = _whole(fields["height"], "height", MAX_HEIGHT)
    snapshot, asset = (_text(fields[name], name) for name in ("snapshot", "asset"))
    customer = fields["customer"]
    if not isinstance(customer, str):
        raise ProofError("the customer is not text")
    if odd := odd_customer(customer):
        raise ProofError(f"the customer is not an id: {odd}")
    root, total = _hash(fields["root"], "root"), _amount(fields["total"], "total")
    leaves = fields["leaves"]
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
    fields = _fields(value, LEAF_FIELDS)
    index = _whole(fields["index"], "index", (1 << height) - 1)
    units, salt, path = _amount(fields["amount"], "amount"), _hash(fields["salt"], "salt"), fields["path"]
    if not isinstance(path, list) or len(path) != height:
        raise ProofError("the path does not have as many levels as the tree")
    return Leaf(index=index, units=units, salt=salt, path=tuple(map(_node, path)))


def _node(value: object) -> Node:
    if not isinstance(value, list) or len(value) != len(("hash", "sum")):
        raise ProofError("a level of the path is not a hash and a sum")
    return _hash(value[0], "hash"), _amount(value[1], "sum")


def _parsed(data: bytes) -> object:
    """JSON's value, once it is written in the one way; a number nobody needs is −1."""
    if len(data) > LONGEST:
        raise ProofError(f"the proof is longer than {LONGEST} bytes")
    numbers, repeated = [], []

    def number(text: str) -> int:
        numbers.append(_NUMBER.fullmatch(text) is not None)
        return int(text) if numbers[-1] and len(text) <= _MOST_DIGITS else -1

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        repeated.append(len({name for name, _ in found}) < len(found))
        return dict(found)

    try:
        value: object = json.loads(
            data.decode(),
            object_pairs_hook=pairs,
            parse_int=number,
            parse_float=number,
            parse_constant=_no_constant,
        )
    except (ValueError, RecursionError) as error:
        raise ProofError("the proof is not JSON") from error
    if not all(numbers):
        raise ProofError("a number is not written in plain digits")
    if any(repeated):
        raise ProofError(_OTHER_FIELDS)
    return value


def _no_constant(text: str) -> object:
    raise ValueError(f"{text} is not JSON")


def _fields(value: object, names: frozenset[str]) -> dict[str, object]:
    if not isinstance(value, dict) or value.keys() != names:
        raise ProofError(_OTHER_FIELDS)
    return value


def _whole(value: object, name: str, limit: int) -> int:
    if type(value) is not int or not 0 <= value <= limit:
        raise ProofError(f"the {name} is not a whole number from 0 to {limit}")
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not value or not well_formed(value):
        raise ProofError(f"the {name} is not text")
    return value


def _hash(value: object, name: str) -> bytes:
    if not isinstance(value, str) or _HEX.fullmatch(value) is None:
        raise ProofError(f"the {name} is not 64 digits of lower-case hex")
    return bytes.fromhex(value)


def _amount(value: object, name: str) -> int:
    if not isinstance(value, str) or _DIGITS.fullmatch(value) is None or int(value) >= LIMIT:
        raise ProofError(f"the {name} is not plain digits below 2^128")
    return int(value)
