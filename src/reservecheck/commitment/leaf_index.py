"""Where customers' leaves stand, found by their salts: numbers of leaves and no more, five bytes a leaf.

A salt's first bits name a bucket. In little-endian words of four bytes, `memory` holds where each bucket begins and
the last one ends, then the leaves' numbers, bucket after bucket. Which of a bucket's leaves is a customer's is told
by hashing: the amount it takes is the sum that stands in the tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from reservecheck.errors import CommitmentError

WORD: Final = 4
SHARED: Final = 2
"""Bits: as many leaves as their power of two share a bucket, where every leaf is a customer's."""
FIRST_BYTES: Final = 8


def bucket_bits(height: int) -> int:
    """How many of a salt's first bits name its bucket."""
    return max(0, height - SHARED)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafIndex:
    """The index of one tree; raises CommitmentError when its size is none or not what it says."""

    height: int
    memory: memoryview = field(repr=False)

    def __post_init__(self) -> None:
        buckets, odd = 1 << bucket_bits(self.height), len(self.memory) % WORD
        numbers = len(self.memory) // WORD - buckets - 1
        if odd or numbers < 0 or self._word(buckets) != numbers:
            raise CommitmentError(f"this is no index of the leaves of a tree of height {self.height}")

    def __len__(self) -> int:
        """How many leaves are customers'."""
        return self._word(1 << bucket_bits(self.height))

    def leaves(self, salted: bytes) -> Iterator[int]:
        """The numbers of leaves among which is the one of this salt, if it has one."""
        bits = bucket_bits(self.height)
        bucket = bucket_of(salted, bits)
        first = (1 << bits) + 1
        for place in range(self._word(bucket), self._word(bucket + 1)):
            yield self._word(first + place)

    def _word(self, place: int) -> int:
        return int.from_bytes(self.memory[place * WORD : (place + 1) * WORD], "little")


def bucket_of(salted: bytes, bits: int) -> int:
    """A salt's first bits."""
    return int.from_bytes(salted[:FIRST_BYTES], "big") >> (8 * FIRST_BYTES - bits)


def written(places: Iterable[tuple[bytes, int]], height: int) -> bytes:
    """The index over salts and the numbers of their leaves."""
    bits = bucket_bits(height)
    found = sorted((bucket_of(salted, bits), number) for salted, number in places)
    starts = [0] * ((1 << bits) + 1)
    for bucket, _ in found:
        starts[bucket + 1] += 1
    for bucket in range(1 << bits):
        starts[bucket + 1] += starts[bucket]
    words = (*starts, *(number for _, number in found))
    return b"".join(word.to_bytes(WORD, "little") for word in words)
