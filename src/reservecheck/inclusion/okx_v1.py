"""OKX, Merkle tree version 1 (November 2022 to March 2023): a path of nodes over BTC, ETH and USDT.

Source: github.com/okx/proof-of-reserves (MIT), commit 2962a895, the validator and its example. A leaf is
SHA-256(nonce ‖ {"BTC":"…","ETH":"…","USDT":"…"}), a node SHA-256(left ‖ right ‖ BTC ‖ ETH ‖ USDT ‖ height):
hashes as hex text, sums without trailing zeros and cut after eight digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from reservecheck.inclusion.catalogue import gap
from reservecheck.inclusion.fields import Amounts, amount_texts, is_object, member, text
from reservecheck.inclusion.records import Inclusion
from reservecheck.inclusion.rooted_path import Shape, read_amounts, read_rooted
from reservecheck.inclusion.sum_path import climb, cut_amounts, leaf_differs, root_differs, sha256_text, trimmed
from reservecheck.vault.canonical import Json

NAME: Final = "okx-merkle-v1"
TITLE: Final = "OKX, Merkle tree version 1"
ASSETS: Final = ("BTC", "ETH", "USDT")
_SHAPE: Final = Shape(assets=ASSETS)
_GAPS: Final = (
    gap("total-not-bound", "a node is SHA-256(left ‖ right ‖ the three sums ‖ height)"),
    gap("negative-amounts", "amounts are decimal text, and the published verifier asks only that they parse"),
    gap("joined-amounts", "a node joins its sums, so that 1 BTC and 23 ETH read like 12 BTC and 3 ETH"),
    gap("leaf-shared", "a line is a nonce and amounts, and equal balances can share it"),
    gap("moment-not-bound", "`auditId` is not hashed"),
    gap("root-in-the-same-file", "the last item of `path` is the root, and the published verifier takes that one"),
    gap("customers-left-out"),
    gap("debts-outside", "it knows three coins"),
)


def recognise(document: Json) -> bool:
    """Whether it has a path, and an own line with nonce, height and balances."""
    return is_object(document, "self", "path") and is_object(
        member(document, "self", "the proof"), "nonce", "hash", "height", "balances"
    )


def check(document: Json) -> Inclusion:
    """The customer's line, the path and the root; raises Malformed."""
    own = member(document, "self", "the proof")
    rooted = read_rooted(document, _SHAPE)
    leaf = sha256_text(text(own, "nonce", "self") + as_json(amount_texts(own, "balances", "self")))
    climbed = climb(
        leaf, rooted.own, rooted.path, lambda left, right, sums, step: node(left, right, sums, step + 2)
    )
    hashes = leaf_differs(leaf, rooted.own_hash) + root_differs(climbed, rooted.root_hash, rooted.root_sums)
    return Inclusion(
        format=NAME,
        title=TITLE,
        leaf=leaf,
        root=climbed.hash,
        recomputes=not hashes,
        balances=trimmed(rooted.own),
        totals=trimmed(climbed.sums),
        differences=hashes + rooted.oddities + climbed.oddities + cut_amounts(rooted.named()),
        not_prevented=_GAPS,
    )


def three(value: Json, name: str, *, key: str = "balances") -> Amounts:
    """The three amounts of a line, in the order they are hashed in."""
    return read_amounts(value, name, replace(_SHAPE, balances=key))


def node(left: str, right: str, sums: Amounts, height: int) -> str:
    """The hash of a node, as hex text."""
    written = trimmed(sums)
    return sha256_text(left + right + "".join(written[asset] for asset in ASSETS) + str(height))


def as_json(written: Mapping[str, str]) -> str:
    """The three amounts as a line hashes them, spelled as they are written."""
    return "{" + ",".join(f'"{asset}":"{written[asset]}"' for asset in ASSETS) + "}"
