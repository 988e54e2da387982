"""MEXC: a path of nodes over BTC, ETH, USDT and USDC, with hashes cut to 128 bits.

Source: github.com/mexcmerkle/mexc-proof-of-reserves (MIT), the validator and its example. A leaf is the first
32 hex digits of SHA-256(proofId , accountId , ETH:… ), a node those of SHA-256(left , right , BTC:…,ETH:…):
coins in byte order, sums without trailing zeros. The lowest sibling may be missing, and a sibling with an empty
hash is nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from reservecheck.inclusion.catalogue import gap
from reservecheck.inclusion.fields import (
    Amounts,
    Malformed,
    amount_texts,
    amounts,
    digest,
    is_object,
    member,
    steps,
    text,
    whole,
)
from reservecheck.inclusion.records import Inclusion
from reservecheck.inclusion.sum_path import Step, climb, leaf_differs, root_differs, sha256_text, trimmed
from reservecheck.money import Units
from reservecheck.vault.canonical import Json

NAME: Final = "mexc"
TITLE: Final = "MEXC"
ASSETS: Final = ("BTC", "ETH", "USDC", "USDT")
_LEFT, _RIGHT, _ROOT = 1, 2, 3
_DIGITS: Final = 32
_NODES: Final = re.compile(rf"[0-9a-f]{{{_DIGITS}}}", re.ASCII)
_GAPS: Final = (
    gap("total-not-bound", "a node is SHA-256(left , right , sums)"),
    gap("short-hashes", "128 of 256 bits are kept, and about 2^64 tries find two lines with one hash"),
    gap("negative-amounts", "amounts are decimal text, and the published verifier asks only that they parse"),
    gap("no-nonce", "a line is the name of the proof, the account number and amounts"),
    gap(
        "nodes-as-leaves",
        "two hashes in place of `proofId` and `accountId`; this check refuses two, the published verifier none",
    ),
    gap(
        "root-in-the-same-file",
        "the last item of `pathList` is the root, and the published verifier takes that one",
    ),
    gap("customers-left-out"),
    gap("debts-outside", "it knows four coins"),
)


def recognise(document: Json) -> bool:
    """Whether it has a pathList, and an own line with proofId and accountId."""
    return is_object(document, "self", "pathList") and is_object(
        member(document, "self", "the proof"), "proofId", "accountId", "balances"
    )


def check(document: Json) -> Inclusion:
    """The customer's line, the path and the root; raises Malformed."""
    own = member(document, "self", "the proof")
    *siblings, root = steps(member(document, "pathList", "the proof"), "pathList")
    name = f"pathList[{len(siblings)}]"
    if whole(root, "type", name) != _ROOT:
        raise Malformed(f"{name}.type is not 3 (root)")
    balances, written = _known(own, "self"), amount_texts(own, "balances", "self")
    ids = (text(own, "proofId", "self"), text(own, "accountId", "self"))
    leaf = sha256_text(",".join((*ids, _joined(written))))[:_DIGITS]
    path = _path(siblings, own, whole(root, "level", name))
    climbed = climb(leaf, balances, path, lambda left, right, sums, _: node(left, right, sums))
    hashes = leaf_differs(leaf, digest(own, "hash", "self", digits=_DIGITS))
    hashes += root_differs(climbed, digest(root, "hash", name, digits=_DIGITS), _known(root, name))
    return Inclusion(
        format=NAME,
        title=TITLE,
        leaf=leaf,
        root=climbed.hash,
        recomputes=not hashes,
        balances=trimmed(balances),
        totals=trimmed(climbed.sums),
        differences=hashes + climbed.oddities + _odd(path, own, ids),
        not_prevented=_GAPS,
    )


def node(left: str, right: str, sums: Amounts) -> str:
    """The hash of a node: 32 hex digits."""
    return sha256_text(f"{left},{right},{_joined(trimmed(sums))}")[:_DIGITS]


def _path(siblings: Sequence[Json], own: Json, depth: int) -> list[Step]:
    """One step a level up to the root, nobody where the file has no sibling."""
    found: dict[int, tuple[str, Json]] = {}
    for number, item in enumerate(siblings):
        name = f"pathList[{number}]"
        level = whole(item, "level", name)
        if level in found or level >= depth:
            raise Malformed(f"{name} stands at level {level}, where there is another or the root")
        found[level] = (name, item)
    if whole(own, "level", "self") != 0 or not depth:
        raise Malformed("self.level is not 0, or the root's is")
    return [_step(*found[level]) if level in found else _nobody(level, own) for level in range(depth)]


def _nobody(level: int, own: Json) -> Step:
    left = level == 0 and whole(own, "type", "self") == _RIGHT
    return Step(name=f"level {level}", hash="", amounts={}, left=left)


def _step(name: str, item: Json) -> Step:
    side = whole(item, "type", name)
    if side not in (_LEFT, _RIGHT):
        raise Malformed(f"{name}.type is neither 1 (left) nor 2 (right)")
    found = _known(item, name)
    if member(item, "hash", name) == "":  # nobody stands here; amounts would be counted without a hash
        if any(found.values()):
            raise Malformed(f"{name} has amounts and no hash")
        return Step(name=name, hash="", amounts={}, left=side == _LEFT)
    whole_set = {asset: found.get(asset, Units(0)) for asset in ASSETS}
    return Step(name=name, hash=digest(item, "hash", name, digits=_DIGITS), amounts=whole_set, left=side == _LEFT)


def _known(value: Json, name: str) -> Amounts:
    found = amounts(value, "balances", name)
    for asset in found:
        if asset not in ASSETS:
            raise Malformed(f"{name}.balances names {asset}, which no published sample of this format does")
    return found


def _joined(written: Mapping[str, str]) -> str:
    return ",".join(f"{asset}:{written[asset]}" for asset in sorted(written))


def _odd(path: Sequence[Step], own: Json, ids: tuple[str, str]) -> tuple[str, ...]:
    said = []
    if (whole(own, "type", "self") == _LEFT) == path[0].left:
        said.append(f"{path[0].name} stands on the same side as your own line")
    if all(_NODES.fullmatch(one) for one in ids):
        said.append("your own line reads like a node: its proofId and accountId are hashes")
    if any(sign in one for one in ids for sign in ",:"):
        said.append("your own line reads in two ways: its proofId or accountId has a comma or a colon in it")
    return tuple(said)
