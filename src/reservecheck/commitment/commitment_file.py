"""`commitment.json`: what an exchange publishes of its trees, before any customer is given a proof.

Format: `docs/reference/commitment-file.md`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from reservecheck.commitment.proof_file import read_proof
from reservecheck.commitment.scheme import MAX_DECIMALS, MAX_HEIGHT, SCHEME, Commitment, Scope
from reservecheck.commitment.strict_json import amount, digest, fields, parsed, text, whole
from reservecheck.errors import CommitmentError, ProofError
from reservecheck.model.registry import ASSET_NAME
from reservecheck.visible import is_unseen

FORMAT: Final = "reservecheck/commitment/v1-draft"
LONGEST: Final = 4 << 20
"""Bytes; some 20,000 assets."""
LONGEST_NAME: Final = 128
"""Characters."""
METHODS: Final = ("amount", "customer")
MOST_DRAWS: Final = 10_000
MOST_HEIGHT: Final = (1 << 53) - 1
"""The largest number that every reader of JSON takes for what it is."""
FIELDS: Final = frozenset({"format", "scheme", "entity", "snapshot", "trees", "draw"})
TREE_FIELDS: Final = frozenset({"asset", "decimals", "height", "root", "total"})
DRAW_FIELDS: Final = frozenset({"network", "height", "method", "size"})
_NETWORK: Final = re.compile(r"[a-z0-9-]+:[a-z0-9-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """How customers are to be drawn: by the hash of a later block; raises CommitmentError when they cannot be."""

    network: str  # as bitcoin:mainnet
    height: int
    method: str  # amount: by the units of the total; customer: by the leaves
    size: int  # draws from each tree

    def __post_init__(self) -> None:
        if _NETWORK.fullmatch(self.network) is None:
            raise CommitmentError(f"a draw's network: {self.network} is not written like bitcoin:mainnet")
        if self.method not in METHODS:
            raise CommitmentError(f"a draw's method: {self.method} is not {' or '.join(METHODS)}")
        for name, number, limit in (("height", self.height, MOST_HEIGHT), ("size", self.size, MOST_DRAWS)):
            if not 1 <= number <= limit:
                raise CommitmentError(f"a draw's {name}: {number} is not between 1 and {limit}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Everything committed to at once: one snapshot's trees, an asset each, by the asset's name.

    Raises CommitmentError when there is no tree, one of another snapshot, or two of one asset.
    """

    entity: str
    snapshot: str
    trees: tuple[Commitment, ...]
    draw: Draw | None = None

    def __post_init__(self) -> None:
        assets = [tree.scope.asset for tree in self.trees]
        if not self.entity:
            raise CommitmentError("a commitment's entity: it is empty")
        for name, text_ in (("entity", self.entity), ("snapshot", self.snapshot)):
            _refuse_odd_name(name, text_)
        for asset in assets:
            # It stands beside every amount: one like "000 BTC" would be read as a part of it.
            if ASSET_NAME.fullmatch(asset) is None:
                raise CommitmentError(f"a commitment's asset: {asset[:40]!r} is not a name like BTC or 1INCH")
        if not assets:
            raise CommitmentError("a commitment has one tree or more")
        if assets != sorted(set(assets)):
            raise CommitmentError("the trees of a commitment stand in the order of their assets, each once")
        if {tree.scope.snapshot for tree in self.trees} != {self.snapshot}:
            raise CommitmentError("the trees of a commitment are of one snapshot")

    def tree(self, asset: str) -> Commitment | None:
        """An asset's tree, if it has one."""
        return next((tree for tree in self.trees if tree.scope.asset == asset), None)


def _refuse_odd_name(name: str, text_: str) -> None:
    """What everybody reads beside every proof is a name: not a page of prose, and nothing that nobody sees."""
    if len(text_) > LONGEST_NAME:
        raise CommitmentError(f"a commitment's {name}: it is longer than {LONGEST_NAME} characters")
    if any(map(is_unseen, text_)):
        raise CommitmentError(f"a commitment's {name}: it has a character that nobody sees")


def write_commitments(published: Published) -> bytes:
    """The file: JSON in UTF-8, a line of it."""
    draw = published.draw
    fields_ = {
        "format": FORMAT,
        "scheme": SCHEME,
        "entity": published.entity,
        "snapshot": published.snapshot,
        "trees": [
            {
                "asset": tree.scope.asset,
                "decimals": tree.scope.decimals,
                "height": tree.scope.height,
                "root": tree.root.hex(),
                "total": str(tree.total),
            }
            for tree in published.trees
        ],
        "draw": draw and {"network": draw.network, "height": draw.height, "method": draw.method, "size": draw.size},
    }
    return json.dumps(fields_, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_commitments(data: bytes) -> Published:
    """What a file publishes; raises CommitmentError with the first reason it publishes nothing."""
    try:
        return _published(data)
    except ProofError as error:
        hint = "this is one customer's proof: give commitment.json, as it was published" if _is_proof(data) else ""
        raise CommitmentError(error.message, hint=hint) from error


def _is_proof(data: bytes) -> bool:
    """Whether a customer's proof was taken for a commitment."""
    try:
        read_proof(data)
    except ProofError:
        return False
    return True


def _published(data: bytes) -> Published:
    found = fields(parsed(data, "commitment", LONGEST, FORMAT), FIELDS, FORMAT)
    for name, expected in (("format", FORMAT), ("scheme", SCHEME)):
        if found[name] != expected:
            raise ProofError(f"the {name} is not {expected}")
    entity, snapshot = (text(found[name], name) for name in ("entity", "snapshot"))
    trees = found["trees"]
    if not isinstance(trees, list) or not trees:
        raise ProofError("the trees are not a list of one or more")
    return Published(
        entity=entity,
        snapshot=snapshot,
        trees=tuple(_tree(tree, snapshot) for tree in trees),
        draw=None if found["draw"] is None else _draw(found["draw"]),
    )


def _tree(value: object, snapshot: str) -> Commitment:
    found = fields(value, TREE_FIELDS, FORMAT)
    scope = Scope(
        snapshot=snapshot,
        asset=text(found["asset"], "asset"),
        decimals=whole(found["decimals"], "decimals", MAX_DECIMALS),
        height=whole(found["height"], "height", MAX_HEIGHT),
    )
    return Commitment(scope=scope, root=digest(found["root"], "root"), total=amount(found["total"], "total"))


def _draw(value: object) -> Draw:
    found = fields(value, DRAW_FIELDS, FORMAT)
    return Draw(
        network=text(found["network"], "network"),
        height=whole(found["height"], "height", MOST_HEIGHT),
        method=text(found["method"], "method"),
        size=whole(found["size"], "size", MOST_DRAWS),
    )
