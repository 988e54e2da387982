"""The names that may stand in a column, found by a hash of their bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reservecheck.kernels.compiled import compiled

MOST_DIGITS = 18
"""The most digits after the point a plain amount has."""
_NOT_PLAIN = -1

Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class NameTable:
    """What may stand in the asset column, found by a hash of its bytes."""

    text: Bytes  # all names, one after the other
    ends: Numbers  # where each name ends in it
    slots: Numbers  # hash → name, −1 for none; twice as many as names and a power of two
    digits: Numbers  # the most digits after the point, or −1: not plain
    kinds: Numbers  # the number of the asset a name stands for
    size: int


def name_table(names: Sequence[str], digits: Sequence[int | None], kinds: Sequence[int]) -> NameTable:
    """The table of these names; one without digits, or with more than 18, makes its lines not plain."""
    encoded = [name.encode() for name in names]
    slots = np.full(max(64, 1 << (2 * len(names)).bit_length()), -1, dtype=np.int64)
    text = np.frombuffer(b"".join(encoded), dtype=np.uint8)
    ends = np.cumsum([len(name) for name in encoded], dtype=np.int64)
    plain = [most if most is not None and most <= MOST_DIGITS else _NOT_PLAIN for most in digits]
    table = NameTable(
        text=text,
        ends=ends,
        slots=slots,
        digits=np.array(plain, dtype=np.int64),
        kinds=np.array(kinds, dtype=np.int64),
        size=max(kinds, default=0) + 1,
    )
    start = 0
    for number, end in enumerate(ends):
        slot = int(slot_of(text, start, int(end), len(slots)))
        while slots[slot] >= 0:
            slot = (slot + 1) % len(slots)
        slots[slot] = number
        start = int(end)
    return table


@compiled
def slot_of(text: Bytes, start: int, end: int, slots: int) -> np.int64:
    """The slot of a name by the hash of its bytes."""
    value = np.uint64(14695981039346656037)  # FNV-1a
    for place in range(start, end):
        value = (value ^ np.uint64(text[place])) * np.uint64(1099511628211)
    return np.int64((value ^ (value >> np.uint64(32))) & np.uint64(slots - 1))


@compiled
def name_at(data: Bytes, start: int, end: int, table: tuple[Bytes, Numbers, Numbers]) -> int:
    """The number of the name that stands there, or −1."""
    text, ends, slots = table
    slot = slot_of(data, start, end, len(slots))
    while slots[slot] >= 0:
        name = slots[slot]
        first = ends[name - 1] if name else 0
        if ends[name] - first == end - start:
            place = 0
            while place < end - start and text[first + place] == data[start + place]:
                place += 1
            if place == end - start:
                return int(name)
        slot = (slot + 1) % len(slots)
    return -1
