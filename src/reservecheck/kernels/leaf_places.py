"""Where the leaves of a tree stand, by the first bits of their salts, in compiled loops: an index in flat words.

The twin is `reservecheck.commitment.leaf_index.written`, byte for byte but for the order within a bucket.
"""

from __future__ import annotations

import numpy as np

from reservecheck.kernels.big_endian import Bytes, Words, taken
from reservecheck.kernels.compiled import compiled
from reservecheck.kernels.sha256 import NATIVE, keyed
from reservecheck.kernels.summation_tree import NODE, Halves, Memory, as_arrays, leaf_buffers, write_leaves

_AT_ONCE = 1 << 16
_HASH = 32


def leaf_places(
    columns: Memory, leaves: memoryview, *, context: bytes, secret: bytes, bits: int, native: bool = NATIVE
) -> Words | None:
    """Where each of 2^`bits` buckets begins, where the last ends, then the leaves' numbers; little-endian.

    `leaves` are nodes in ascending order. None when one of the columns' rows has no leaf there.
    """
    ids, starts, low, high, parts = as_arrays(columns)
    there, count = np.frombuffer(leaves, dtype=np.uint8), len(low)
    there.flags.writeable = False
    buckets, numbers = np.empty(count, dtype=np.uint32), np.empty(count, dtype=np.uint32)
    nodes, tags = np.empty(NODE * _AT_ONCE, dtype=np.uint8), np.empty(_AT_ONCE, dtype=np.uint64)
    buffers, keys = leaf_buffers(context, starts, 0), keyed(secret, native)
    for at in range(0, count, _AT_ONCE):
        some = slice(at, at + _AT_ONCE)
        amounts = low[some], high[some]
        write_leaves(ids, starts[at : at + _AT_ONCE + 1], amounts, parts[some], buffers, keys, nodes, tags, native)
        if not _find(nodes, tags, there, buckets[some], numbers[some], bits):
            return None
    words = np.zeros((1 << bits) + 1 + count, dtype=np.uint32)
    _place(words, buckets, numbers, 1 << bits)
    return words.astype("<u4", copy=False)


@compiled
def _find(nodes: Bytes, tags: Halves, there: Bytes, buckets: Words, numbers: Words, bits: int) -> bool:
    """Write each node's bucket and its number among those that are there; False when one is not."""
    last = len(there) // NODE
    for row in range(len(numbers)):
        buckets[row] = np.uint32((tags[row] >> np.uint64(1)) >> np.uint64(63 - bits))
        low, high = 0, last
        while low < high:
            middle = (low + high) // 2
            if _before(there, middle * NODE, nodes, row * NODE):
                low = middle + 1
            else:
                high = middle
        if low == last or _before(nodes, row * NODE, there, low * NODE):
            return False
        numbers[row] = np.uint32(low)
    return True


@compiled
def _before(one: Bytes, at: int, other: Bytes, to: int) -> bool:
    for place in range(0, _HASH, 8):
        left, right = taken(one, at + place), taken(other, to + place)
        if left != right:
            return bool(left < right)
    return False


@compiled
def _place(words: Words, buckets: Words, numbers: Words, count: int) -> None:
    """Put numbers in the order of their buckets; a bucket's word counts up to where the next one begins."""
    for row in range(len(buckets)):
        if buckets[row] + 1 < count:
            words[buckets[row] + 2] += np.uint32(1)
    for bucket in range(2, count + 1):
        words[bucket] += words[bucket - 1]
    for row in range(len(buckets)):
        at = words[buckets[row] + 1]
        words[count + 1 + at] = numbers[row]
        words[buckets[row] + 1] = at + np.uint32(1)
