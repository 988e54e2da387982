"""The bytes that are hashed in `por-mst/1`, as `docs/reference/por-mst-1.md` lays them out.

Amounts are whole numbers of an asset's smallest unit, 16 bytes, big-endian. A node binds the hash *and* the sum of
either child: one that bound only their total would let an exchange show the larger child as the total.
"""

from __future__ import annotations

import hmac
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from reservecheck.errors import CommitmentError

SCHEME: Final = "por-mst/1"
MAX_HEIGHT: Final = 40
MAX_DECIMALS: Final = 255
LIMIT: Final = 1 << 128
HASH: Final = 32
PADDING: Final = b"\xffpad"
"""In place of a customer where a zero leaf's salt is made; no text in UTF-8 has the byte ff."""
LEAF_TAG: Final = b"\x00"
NODE_TAG: Final = b"\x01"
CONTEXT_TAG: Final = b"\x02"

Node = tuple[bytes, int]
"""A hash and a sum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What one tree is about; raises CommitmentError when there can be no such tree."""

    snapshot: str
    asset: str
    decimals: int
    height: int

    def __post_init__(self) -> None:
        for name, text in (("snapshot", self.snapshot), ("asset", self.asset)):
            if not text or not well_formed(text):
                raise CommitmentError(f"a commitment's {name}: it is empty or not Unicode text")
        for name, number, limit in (("decimals", self.decimals, MAX_DECIMALS), ("height", self.height, MAX_HEIGHT)):
            if not 0 <= number <= limit:
                raise CommitmentError(f"a commitment's {name}: {number} is not between 0 and {limit}")

    @property
    def context(self) -> bytes:
        """The 32 bytes that stand in every hash of the tree."""
        texts = (prefixed(text.encode()) for text in (SCHEME, self.snapshot, self.asset))
        return sha256(CONTEXT_TAG + b"".join(texts) + bytes([self.decimals, self.height])).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """What is published of a tree, in a signed statement; raises CommitmentError when it is none."""

    scope: Scope
    root: bytes
    total: int

    def __post_init__(self) -> None:
        if len(self.root) != HASH:
            raise CommitmentError(f"a commitment's root has {len(self.root)} bytes, not {HASH}")
        u128(self.total)


def well_formed(text: str) -> bool:
    """Whether a text has no lone surrogate, so that it is something in UTF-8."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def odd_customer(customer: str) -> str:
    """Why a text cannot be a customer's id; empty if it can."""
    if not customer:
        return "it is empty"
    if not well_formed(customer):
        return "it is not Unicode text"
    return "" if unicodedata.is_normalized("NFC", customer) else "it is not in Unicode's form NFC"


def prefixed(data: bytes) -> bytes:
    """The bytes after their number, four bytes, big-endian."""
    return len(data).to_bytes(4, "big") + data


def u128(units: int) -> bytes:
    """Sixteen bytes; raises CommitmentError outside of them."""
    if not 0 <= units < LIMIT:
        raise CommitmentError(f"the amount {units} is not between 0 and 2^128 − 1")
    return units.to_bytes(16, "big")


def salt(secret: bytes, context: bytes, customer: bytes, part: int = 0) -> bytes:
    """What hides one leaf from everybody who was not told it."""
    return hmac.digest(secret, context + part.to_bytes(4, "big") + customer, "sha256")


def leaf_hash(context: bytes, salted: bytes, units: int, customer: bytes) -> bytes:
    """The hash of a leaf, of the salt and the customer in UTF-8; raises CommitmentError on other amounts."""
    return sha256(LEAF_TAG + context + salted + u128(units) + prefixed(customer)).digest()


def parent(context: bytes, level: int, left: Node, right: Node) -> Node:
    """The node above two; `level` is 1 above leaves. Raises CommitmentError when a sum is 2^128 or more."""
    children = left[0] + u128(left[1]) + right[0] + u128(right[1])
    total = left[1] + right[1]
    u128(total)
    return sha256(NODE_TAG + context + bytes([level]) + children).digest(), total


def least_height(leaves: int) -> int:
    """The height of the smallest tree with room for so many leaves."""
    return max(leaves - 1, 0).bit_length()
