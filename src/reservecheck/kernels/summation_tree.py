"""A summation tree's leaves, their order and their levels in compiled loops, over nodes of 48 bytes.

A node is a hash of 32 bytes and a sum of 16, big-endian, so that two children stand side by side as hashed.
What is hashed is decided in `reservecheck.commitment.scheme`; here the same bytes are only laid out again.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from reservecheck.kernels.big_endian import Bytes, Words, copy, put_eight, put_four, taken
from reservecheck.kernels.compiled import compiled
from reservecheck.kernels.sha256 import NATIVE, compress, compress_two, digest, keyed, new_work, pad, resume, start

Halves = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
Buffers = tuple[Bytes, Bytes, Bytes]
States = tuple[Words, Words]
Memory = tuple[memoryview, memoryview, memoryview, memoryview, memoryview]

NODE: Final = 48
_PAIR = 2 * NODE
_HASH = 32
_CONTEXT = 32
_SALT = _CONTEXT + 1  # where it stands in a leaf's message
_AMOUNT = _SALT + 32
_ID = _AMOUNT + 20
_SALTED = _CONTEXT + 4  # where the id stands in the message a salt is made of
_CHILDREN = _CONTEXT + 2  # where they stand in a node's message
_NODE_BLOCKS = 3
_MESSAGE = 64 * _NODE_BLOCKS
_BUCKET_BITS = 3
_KINDS: Final[tuple[type[np.generic], ...]] = np.uint8, np.int64, np.uint64, np.uint64, np.uint32
_CONTINUES, _LEADING_BITS = 0x80, 0xC0  # a byte of UTF-8 that goes on with a character


def first_odd_id(ids: memoryview, starts: memoryview) -> int:
    """The first id that is empty, begins inside a character or ends before it begins; −1 if there is none."""
    return int(_odd_id(_array(ids, np.uint8), _array(starts, np.int64)))


def ordered_leaves(
    columns: Memory, *, padding: bytes, context: bytes, secret: bytes, height: int, native: bool = NATIVE
) -> tuple[Bytes, bool]:
    """(2^height nodes in ascending order, whether two salts may be the same).

    Columns are ids one after the other, where each begins and the last ends, both halves of amounts, and parts; at
    least one row, and at most as many as there are nodes. After them come zero leaves. They have no id; their salts
    are made of `padding` as the id and of their number, from 0, as the part.
    """
    ids, starts, low, high, parts = as_arrays(columns)
    count, keys = len(low), keyed(secret, native)
    nodes, tags = np.empty(NODE << height, dtype=np.uint8), np.empty(count, dtype=np.uint64)
    buffers = leaf_buffers(context, starts, len(padding))
    write_leaves(ids, starts, (low, high), parts, buffers, keys, nodes, tags, native)
    _write_zeros(np.frombuffer(padding, dtype=np.uint8), nodes, count, buffers, keys, native)
    bits = max(0, height - _BUCKET_BITS)
    _order(nodes, np.zeros((1 << bits) + 1, dtype=np.int64), 64 - bits)
    tags.sort()
    return nodes, bool((tags[1:] == tags[:-1]).any())


def upper_levels(
    leaves: Bytes | memoryview, *, context: bytes, height: int, first: int, native: bool = NATIVE
) -> Bytes:
    """The nodes of the levels from `first` to `height`, one level after the other; 2 <= first <= height."""
    upper = np.empty(NODE * ((2 << (height - first)) - 1), dtype=np.uint8)
    between = np.empty(NODE << first, dtype=np.uint8)
    _grow(_array(leaves, np.uint8), upper, between, _node_message(context), height, first, native)
    return upper


def as_arrays(columns: Memory) -> tuple[npt.NDArray[Any], ...]:
    """The columns, each in its kind; nobody writes to them."""
    return tuple(_array(memory, kind) for memory, kind in zip(columns, _KINDS, strict=True))


def _array(memory: Bytes | memoryview, kind: type[np.generic]) -> npt.NDArray[Any]:
    """An array nobody writes to, so that loops are compiled for one kind only."""
    array = np.frombuffer(memory, dtype=kind)
    array.flags.writeable = False
    return array


def leaf_buffers(context: bytes, starts: Numbers, least: int) -> Buffers:
    """The messages of a salt's two hashes and of a leaf, with what stays the same in them, for the longest id."""
    longest = int(np.diff(starts).max(initial=least))
    salted, outer, leaf = (
        np.zeros(size, dtype=np.uint8) for size in (_SALTED + longest + 128, 64, _ID + longest + 128)
    )
    salted[:_CONTEXT] = np.frombuffer(context, dtype=np.uint8)
    leaf[1:_SALT] = salted[:_CONTEXT]
    pad(outer, 0, _HASH, 64)
    return salted, outer, leaf


def _node_message(context: bytes) -> Bytes:
    """The messages of two nodes, with what stays the same in them."""
    message = np.zeros(_MESSAGE, dtype=np.uint8)
    message[0] = 1
    message[1 : _CONTEXT + 1] = np.frombuffer(context, dtype=np.uint8)
    pad(message, 0, _CHILDREN + _PAIR, 0)
    return np.tile(message, 2)


@compiled
def _odd_id(ids: Bytes, starts: Numbers) -> int:
    for place in range(len(starts) - 1):
        at = starts[place]
        if at < 0 or at >= starts[place + 1] or at >= len(ids) or ids[at] & _LEADING_BITS == _CONTINUES:
            return place
    return -1


@compiled
def _salt(work: Words, buffers: Buffers, keys: States, part: int, length: int, native: bool) -> None:
    """Write the salt into the leaf's message; the id stands already in the salt's."""
    salted, outer, leaf = buffers
    put_four(salted, _CONTEXT, np.uint32(part))
    resume(work, keys[0], 0)
    compress(work, salted, 0, pad(salted, 0, _SALTED + length, 64), native)
    digest(work, outer, 0)
    resume(work, keys[1], 0)
    compress(work, outer, 0, 1, native)
    digest(work, leaf, _SALT)


@compiled
def _leaf(work: Words, leaf: Bytes, length: int, nodes: Bytes, at: int, native: bool) -> None:
    """Write the node; the salt, the amount and the id stand already in the message."""
    put_four(leaf, _AMOUNT + 16, np.uint32(length))
    copy(leaf, _AMOUNT, nodes, at + _HASH, 16)
    start(work)
    compress(work, leaf, 0, pad(leaf, 0, _ID + length, 0), native)
    digest(work, nodes, at)


@compiled
def write_leaves(
    ids: Bytes,
    starts: Numbers,
    amounts: tuple[Halves, Halves],
    parts: npt.NDArray[np.uint32],
    buffers: Buffers,
    keys: States,
    nodes: Bytes,
    tags: Halves,
    native: bool,
) -> None:
    """Write the node of every row, and the first eight bytes of its salt."""
    salted, _, leaf = buffers
    low, high = amounts
    work = new_work()
    for row in range(len(low)):
        length = starts[row + 1] - starts[row]
        copy(ids, starts[row], salted, _SALTED, length)
        copy(ids, starts[row], leaf, _ID, length)
        _salt(work, buffers, keys, parts[row], length, native)
        tags[row] = taken(leaf, _SALT)
        put_eight(leaf, _AMOUNT, high[row])
        put_eight(leaf, _AMOUNT + 8, low[row])
        _leaf(work, leaf, length, nodes, row * NODE, native)


@compiled
def _write_zeros(padding: Bytes, nodes: Bytes, first: int, buffers: Buffers, keys: States, native: bool) -> None:
    salted, _, leaf = buffers
    work = new_work()
    for place in range(len(padding)):
        salted[_SALTED + place] = padding[place]
    for place in range(16):
        leaf[_AMOUNT + place] = 0
    for row in range(first, len(nodes) // NODE):
        _salt(work, buffers, keys, row - first, len(padding), native)
        _leaf(work, leaf, 0, nodes, row * NODE, native)


@compiled
def _order(nodes: Bytes, starts: Numbers, shift: int) -> None:
    """Put nodes in ascending order, in place: hashes are spread evenly, so that a bucket holds a few.

    A bucket is what a hash's first eight bytes say without their last `shift` bits. `starts` is zeros, one more
    than there are buckets.
    """
    words = nodes.view(np.uint64)
    buckets, count = len(starts) - 1, len(nodes) // NODE
    for place in range(count):
        starts[_bucket(nodes, place, shift) + 1] += 1
    for bucket in range(buckets):
        starts[bucket + 1] += starts[bucket]
    heads = starts[:-1].copy()
    for bucket in range(buckets):
        while heads[bucket] < starts[bucket + 1]:
            belongs = _bucket(nodes, heads[bucket], shift)
            if belongs != bucket:
                _swap(words, heads[bucket], heads[belongs])
            heads[belongs] += 1
    for bucket in range(buckets):
        for first in range(starts[bucket] + 1, starts[bucket + 1]):
            place = first
            while place > starts[bucket] and _less(nodes, place, place - 1):
                _swap(words, place, place - 1)
                place -= 1


@compiled
def _bucket(nodes: Bytes, place: int, shift: int) -> np.int64:
    return np.int64((taken(nodes, place * NODE) >> np.uint64(1)) >> np.uint64(shift - 1))


@compiled
def _less(nodes: Bytes, one: int, other: int) -> bool:
    for place in range(0, _HASH, 8):
        left, right = taken(nodes, one * NODE + place), taken(nodes, other * NODE + place)
        if left != right:
            return bool(left < right)
    return False


@compiled
def _swap(words: Halves, one: int, other: int) -> None:
    for place in range(NODE // 8):
        at, to = one * (NODE // 8) + place, other * (NODE // 8) + place
        words[at], words[to] = words[to], words[at]


@compiled
def _parents(
    works: States, message: Bytes, below: tuple[Bytes, int], above: tuple[Bytes, int], count: int, native: bool
) -> None:
    """Write `count` nodes over twice as many, two at a time; the level stands already in both messages."""
    source, at = below
    target, to = above
    one, other = works
    for _ in range(count // 2):
        copy(source, at, message, _CHILDREN, _PAIR)
        copy(source, at + _PAIR, message, _MESSAGE + _CHILDREN, _PAIR)
        start(one)
        start(other)
        compress_two(one, message, 0, other, message, _MESSAGE, _NODE_BLOCKS, native)
        digest(one, target, to)
        digest(other, target, to + NODE)
        _sum(source, at, target, to)
        _sum(source, at + _PAIR, target, to + NODE)
        at, to = at + 2 * _PAIR, to + 2 * NODE
    if count == 1:
        copy(source, at, message, _CHILDREN, _PAIR)
        start(one)
        compress(one, message, 0, _NODE_BLOCKS, native)
        digest(one, target, to)
        _sum(source, at, target, to)


@compiled
def _sum(source: Bytes, at: int, target: Bytes, to: int) -> None:
    """The sum of two nodes that stand together, into the node above."""
    one, other = taken(source, at + _HASH + 8), taken(source, at + NODE + _HASH + 8)
    low = one + other
    high = taken(source, at + _HASH) + taken(source, at + NODE + _HASH) + np.uint64(low < one)
    put_eight(target, to + _HASH, high)
    put_eight(target, to + _HASH + 8, low)


@compiled
def _set_level(message: Bytes, level: int) -> None:
    message[_CHILDREN - 1] = level
    message[_MESSAGE + _CHILDREN - 1] = level


@compiled
def _grow(
    leaves: Bytes, upper: Bytes, between: Bytes, message: Bytes, height: int, first: int, native: bool
) -> None:
    """Levels below the first are made for a few leaves at a time, and not kept."""
    works = new_work(), new_work()
    for group in range(1 << (height - first)):
        _set_level(message, 1)
        _parents(works, message, (leaves, (NODE << first) * group), (between, 0), 1 << (first - 1), native)
        at, to = 0, NODE << (first - 1)
        for level in range(2, first):
            count = 1 << (first - level)
            _set_level(message, level)
            _parents(works, message, (between, at), (between, to), count, native)
            at, to = to, to + count * NODE
        _set_level(message, first)
        _parents(works, message, (between, at), (upper, group * NODE), 1, native)
    at, to = 0, NODE << (height - first)
    for level in range(first + 1, height + 1):
        count = 1 << (height - level)
        _set_level(message, level)
        _parents(works, message, (upper, at), (upper, to), count, native)
        at, to = to, to + count * NODE
