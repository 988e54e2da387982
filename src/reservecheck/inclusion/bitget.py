"""Bitget: a path of nodes over up to four coins, with hashes cut to 64 bits.

Source: github.com/BitgetLimited/proof-of-reserves (no licence stated), commit 86209a91, README and validator. A
leaf is the first 16 hex digits of SHA-256(encryptUid , nonce , balances), a node those of SHA-256(left ‖ right
, sums , level): balances and sums as {"BTC":"…",…} without trailing zeros, levels counted down to 1 at the
root.
"""

from __future__ import annotations

from typing import Final

from reservecheck.inclusion.catalogue import gap
from reservecheck.inclusion.fields import Amounts, is_object, member, text
from reservecheck.inclusion.records import Inclusion
from reservecheck.inclusion.rooted_path import Shape, read_rooted
from reservecheck.inclusion.sum_path import climb, leaf_differs, root_differs, sha256_text, trimmed
from reservecheck.vault.canonical import Json

NAME: Final = "bitget"
TITLE: Final = "Bitget"
ASSETS: Final = ("BTC", "ETH", "USDT", "USDC")
_DIGITS: Final = 16
_SHAPE: Final = Shape(
    assets=ASSETS,
    partial=True,
    side="role",
    hash="merkelLeaf",
    level="level",
    digits=_DIGITS,
    upwards=-1,
    doubled=0,
)
_GAPS: Final = (
    gap("total-not-bound", "a node is SHA-256(left ‖ right , sums , level)"),
    gap("short-hashes", "64 of 256 bits are kept, and about 2^32 tries find two lines with one hash"),
    gap(
        "negative-amounts",
        "the sample Bitget publishes with its verifier has nodes below zero, and the verifier looks for none",
    ),
    gap("leaf-shared", "`encryptUid` is a text the exchange made up, and nothing ties it to a customer"),
    gap("moment-not-bound", "`auditId` is not hashed"),
    gap("root-in-the-same-file", "the last item of `path` is the root, and the published verifier takes that one"),
    gap("customers-left-out"),
    gap("debts-outside", "samples know four coins"),
)


def recognise(document: Json) -> bool:
    """Whether it has a path, and an own line with encryptUid and merkelLeaf (spelled so)."""
    return is_object(document, "self", "path") and is_object(
        member(document, "self", "the proof"), "encryptUid", "merkelLeaf"
    )


def check(document: Json) -> Inclusion:
    """The customer's line, the path and the root; raises Malformed."""
    own = member(document, "self", "the proof")
    rooted = read_rooted(document, _SHAPE)
    line = (text(own, "encryptUid", "self"), text(own, "nonce", "self"), _as_json(rooted.own))
    leaf = sha256_text(",".join(line))[:_DIGITS]
    climbed = climb(
        leaf,
        rooted.own,
        rooted.path,
        lambda left, right, sums, step: node(left, right, sums, rooted.own_level - step - 1),
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
        differences=hashes + rooted.oddities + climbed.oddities,
        not_prevented=_GAPS,
    )


def node(left: str, right: str, sums: Amounts, level: int) -> str:
    """The hash of a node: 16 hex digits."""
    return sha256_text(f"{left}{right},{_as_json(sums)},{level}")[:_DIGITS]


def _as_json(sums: Amounts) -> str:
    written = trimmed(sums)
    return "{" + ",".join(f'"{asset}":"{written[asset]}"' for asset in ASSETS if asset in written) + "}"
