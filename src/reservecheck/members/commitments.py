"""`liabilities.json`: what was committed to, and what the customer rows gave; sums are text, in smallest units.

Roots and totals of a commitment are public. The secret that its trees were built again with is in no member.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from reservecheck.commitment.commitment_file import Draw, Published
from reservecheck.commitment.scheme import LIMIT, SCHEME, Commitment, Scope, well_formed
from reservecheck.errors import BundleError, CommitmentError
from reservecheck.members.codec import from_json, to_json
from reservecheck.model.committed import Committed, CommittedTree, DrawStated, Rebuilt
from reservecheck.vault.canonical import Json

WHERE: Final = "liabilities.json: commitment"
_HEX: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_DIGITS: Final = re.compile(r"0|[1-9][0-9]{0,38}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rebuilt:
    root: str
    total: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tree:
    asset: str
    decimals: int
    height: int
    root: str
    total: str
    rebuilt: _Rebuilt | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Committed:
    scheme: str
    entity: str
    snapshot: str
    trees: tuple[_Tree, ...]
    draw: DrawStated | None


def commitment_json(stated: Committed | None) -> Json:
    """The commitment with each tree's `rebuilt`, or null."""
    if stated is None:
        return None
    trees = tuple(_written(tree) for tree in stated.trees)
    named = {"scheme": stated.scheme, "entity": stated.entity, "snapshot": stated.snapshot}
    return to_json(_Committed(trees=trees, draw=stated.draw, **named))


def read_commitment(value: Json) -> Committed | None:
    """What `commitment_json` wrote; raises BundleError for anything that no commitment file can say."""
    if value is None:
        return None
    parsed = from_json(_Committed, value, where=WHERE)
    if parsed.scheme != SCHEME:
        raise BundleError(f"{WHERE}: the scheme is not {SCHEME}")
    if not well_formed(parsed.entity):
        raise BundleError(f"{WHERE}: the entity is not Unicode text")
    try:
        Published(
            entity=parsed.entity,
            snapshot=parsed.snapshot,
            trees=tuple(_published(tree, parsed.snapshot) for tree in parsed.trees),
            draw=None if parsed.draw is None else _draw(parsed.draw),
        )
    except CommitmentError as error:
        raise BundleError(f"{WHERE}: {error.message}") from error
    return Committed(
        scheme=SCHEME,
        entity=parsed.entity,
        snapshot=parsed.snapshot,
        trees=tuple(map(_read, parsed.trees)),
        draw=parsed.draw,
    )


def _written(tree: CommittedTree) -> _Tree:
    rows = tree.rebuilt
    return _Tree(
        asset=tree.asset,
        decimals=tree.decimals,
        height=tree.height,
        root=tree.root,
        total=str(tree.total),
        rebuilt=None if rows is None else _Rebuilt(root=rows.root, total=str(rows.total)),
    )


def _published(tree: _Tree, snapshot: str) -> Commitment:
    """The tree as a commitment file has it; raises CommitmentError when none can have it."""
    scope = Scope(snapshot=snapshot, asset=tree.asset, decimals=tree.decimals, height=tree.height)
    return Commitment(scope=scope, root=bytes.fromhex(_root(tree.root)), total=_sum(tree.total))


def _draw(draw: DrawStated) -> Draw:
    return Draw(network=draw.network, height=draw.height, method=draw.method, size=draw.size)


def _read(tree: _Tree) -> CommittedTree:
    rows = tree.rebuilt
    return CommittedTree(
        asset=tree.asset,
        decimals=tree.decimals,
        height=tree.height,
        root=tree.root,
        total=_sum(tree.total),
        rebuilt=None if rows is None else Rebuilt(root=rows.root and _root(rows.root), total=_sum(rows.total)),
    )


def _root(text: str) -> str:
    if _HEX.fullmatch(text) is None:
        raise BundleError(f"{WHERE}: a root is not 64 digits of lower-case hex")
    return text


def _sum(text: str) -> int:
    if _DIGITS.fullmatch(text) is None or int(text) >= LIMIT:
        raise BundleError(f"{WHERE}: a total is not plain digits below 2^128")
    return int(text)
