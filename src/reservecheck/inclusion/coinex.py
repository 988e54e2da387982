"""CoinEx: a path of nodes over whichever coins are held, with the root beside it.

Source: github.com/coinexcom/proof-of-reserves (no licence stated), commit 52c6cf45, the validator. A leaf is
SHA-256(nonce ‖ balances), a node SHA-256(left ‖ right ‖ sums): hashes as hex text, balances and sums as
{"BTC":"…",…} with the coins in byte order and without trailing zeros. An empty step repeats the node. The
example that CoinEx publishes fails in CoinEx's own validator: its sums add up, its hashes do not follow.
"""

from __future__ import annotations

from typing import Final

from reservecheck.inclusion.catalogue import gap
from reservecheck.inclusion.fields import Amounts, Malformed, amounts, digest, is_object, member, steps, text
from reservecheck.inclusion.records import Inclusion
from reservecheck.inclusion.sum_path import Step, climb, root_differs, sha256_text, trimmed
from reservecheck.vault.canonical import Json

NAME: Final = "coinex"
TITLE: Final = "CoinEx"
_HASH: Final = 64
_EXAMPLE: Final = "b272a9a8142f3942dc640936d267ce785ae9d29aaf904c1ec1f0990242047569"
_FAILS: Final = (
    "this is the root of the example CoinEx publishes with its validator; that example fails there as well: its "
    "sums add up and its hashes do not follow"
)
_GAPS: Final = (
    gap("total-not-bound", "a node is SHA-256(left ‖ right ‖ sums)"),
    gap("negative-amounts", "amounts are decimals of any sign, and the published verifier only adds them"),
    gap(
        "nodes-as-leaves",
        "left ‖ right in place of the nonce; this check wants a nonce of 64 digits, the published verifier any",
    ),
    gap("leaf-shared", "a line is a nonce and amounts, and equal balances can share it"),
    gap("moment-not-bound", "no date and no name of the snapshot is in the file"),
    gap("root-in-the-same-file", "`root` stands beside `path`"),
    gap("customers-left-out"),
    gap("debts-outside"),
)


def recognise(document: Json) -> bool:
    """Whether it has a root with a hash, a path, and an own line with a nonce and no hash."""
    if not is_object(document, "root", "self", "path"):
        return False
    own = member(document, "self", "the proof")
    return is_object(member(document, "root", "the proof"), "hash", "balances") and is_object(
        own, "nonce", "balances"
    )


def check(document: Json) -> Inclusion:
    """The customer's line, the path and the root; raises Malformed."""
    own, root = member(document, "self", "the proof"), member(document, "root", "the proof")
    balances = amounts(own, "balances", "self")
    path = [
        _step(item, f"path[{number}]")
        for number, item in enumerate(steps(member(document, "path", "the proof"), "path"))
    ]
    leaf = sha256_text(digest(own, "nonce", "self", digits=_HASH) + _as_json(balances))
    climbed = climb(leaf, balances, path, lambda left, right, sums, _: node(left, right, sums))
    stated = digest(root, "hash", "root", digits=_HASH)
    hashes = root_differs(climbed, stated, amounts(root, "balances", "root"))
    return Inclusion(
        format=NAME,
        title=TITLE,
        leaf=leaf,
        root=climbed.hash,
        recomputes=not hashes,
        balances=trimmed(balances),
        totals=trimmed(climbed.sums),
        differences=hashes + climbed.oddities,
        remarks=(_FAILS,) if stated == _EXAMPLE else (),
        not_prevented=_GAPS,
    )


def node(left: str, right: str, sums: Amounts) -> str:
    """The hash of a node, as hex text."""
    return sha256_text(left + right + _as_json(sums))


def _step(item: Json, name: str) -> Step:
    if item == {}:
        return Step(name=name, hash="", amounts={}, left=False, doubled=True)
    side = text(item, "pos", name)
    if side not in ("left", "right"):
        raise Malformed(f"{name}.pos is neither left nor right")
    return Step(
        name=name,
        hash=digest(item, "hash", name, digits=_HASH),
        amounts=amounts(item, "balances", name),
        left=side == "left",
    )


def _as_json(sums: Amounts) -> str:
    written = trimmed(sums)
    return "{" + ",".join(f'"{asset}":"{written[asset]}"' for asset in sorted(written)) + "}"
