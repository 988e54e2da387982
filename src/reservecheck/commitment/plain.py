"""A tree's nodes with the standard library alone: the twin of `kernels/summation_tree.py`, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from struct import iter_unpack
from typing import TYPE_CHECKING, Final

from reservecheck.commitment.columns import Columns, each
from reservecheck.commitment.scheme import LEAF_TAG, NODE_TAG, PADDING, prefixed

if TYPE_CHECKING:
    from hashlib import _Hash

_KEY_BLOCK: Final = 64
_INNER, _OUTER = (bytes(byte ^ mask for byte in range(256)) for mask in (0x36, 0x5C))
_TAG: Final = 8


def ordered_leaves(columns: Columns, context: bytes, secret: bytes, height: int) -> tuple[bytes, bool]:
    """(2^height nodes of 48 bytes in ascending order, whether two salts may be the same)."""
    nodes: list[bytes] = []
    tags = set()
    for salt, leaf in salted_leaves(columns, context, secret):
        tags.add(salt[:_TAG])
        nodes.append(leaf)
    nodes += _zero_leaves((1 << height) - len(nodes), context, secret)
    nodes.sort()
    return b"".join(nodes), len(tags) < len(columns)


def upper_levels(leaves: bytes | memoryview, context: bytes, height: int, first: int) -> bytes:
    """The nodes of the levels from `first` to `height`, one level after the other; 2 <= first <= height."""
    level, kept = leaves, []
    for number in range(1, height + 1):
        level = b"".join(parents(NODE_TAG + context + bytes([number]), level))
        if number >= first:
            kept.append(level)
    return b"".join(kept)


def parents(prefix: bytes, level: bytes | memoryview) -> Iterator[bytes]:
    """The nodes above the nodes of one level; their hashes begin with `prefix`."""
    for (high, low, other_high, other_low), digest in zip(
        iter_unpack(">32xQQ32xQQ", level), digests(prefix, level), strict=True
    ):
        yield digest + ((high + other_high << 64) + low + other_low).to_bytes(16, "big")


def digests(prefix: bytes, level: bytes | memoryview) -> list[bytes]:
    """The hashes above the nodes of one level."""
    begun, found = sha256(prefix), []
    copy = begun.copy  # quicker than to begin anew
    for (pair,) in iter_unpack("96s", level):
        hashing = copy()
        hashing.update(pair)
        found.append(hashing.digest())
    return found


def salted_leaves(columns: Columns, context: bytes, secret: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(salt, node) of every row."""
    inner, outer = _salting(context, secret)
    begun = sha256(LEAF_TAG + context)
    for customer, units, part in each(columns):
        first, second, leaf = inner.copy(), outer.copy(), begun.copy()
        first.update(part.to_bytes(4, "big") + customer)
        second.update(first.digest())
        salt, amount = second.digest(), units.to_bytes(16, "big")
        leaf.update(salt + amount + prefixed(customer))
        yield salt, leaf.digest() + amount


def _zero_leaves(count: int, context: bytes, secret: bytes) -> Iterator[bytes]:
    inner, outer = _salting(context, secret)
    prefix, amount = LEAF_TAG + context, bytes(16)
    for number in range(count):
        first, second = inner.copy(), outer.copy()
        first.update(number.to_bytes(4, "big") + PADDING)
        second.update(first.digest())
        yield sha256(prefix + second.digest() + amount + prefixed(b"")).digest() + amount


def _salting(context: bytes, secret: bytes) -> tuple[_Hash, _Hash]:
    """HMAC's two hashes after what is the same for all leaves; the secret is at most a block long."""
    block = secret.ljust(_KEY_BLOCK, b"\0")
    return sha256(block.translate(_INNER) + context), sha256(block.translate(_OUTER))
