"""The numbers of a stored coin: CompactSize, VARINT and compressed amount, which are three different things.

Source: Bitcoin Core, `src/serialize.h` and `src/compressor.cpp`. All calculate with signed 64 bits; −1 says that a
number is none.
"""

from __future__ import annotations

import numpy as np

from reservecheck.kernels.coin_format import MOST_COMPACT, MOST_SATS, MOST_VARINT
from reservecheck.kernels.compiled import compiled, inlined
from reservecheck.kernels.script_table import Bytes, byte_at

_TWO_BYTES, _FOUR_BYTES, _MOST_OF_TWO = 0xFD, 0xFE, 0xFFFF
_MORE, _PART = 0x80, 0x7F
_VARINT_ROOM = MOST_VARINT >> 7
_NINE_ZEROS = 9
_TENS = np.array([10**power for power in range(_NINE_ZEROS + 1)], dtype=np.int64)
_MOST_DIGITS = MOST_SATS // _TENS
_LONGEST_PLACE = 32


@inlined
def fixed(data: Bytes, at: int) -> tuple[int, int]:
    """Where a number of four bytes ends, and its value; −1 for one that is too large."""
    value = (
        byte_at(data, at) | byte_at(data, at + 1) << 8 | byte_at(data, at + 2) << 16 | byte_at(data, at + 3) << 24
    )
    return at + 4, value if value <= MOST_COMPACT else -1


@inlined
def compact(data: Bytes, at: int) -> tuple[int, int]:
    """Where a CompactSize ends, and its value; −1 for one that is too large or longer than need be."""
    first = byte_at(data, at)
    if first < _TWO_BYTES:
        return at + 1, first
    value = byte_at(data, at + 1) | byte_at(data, at + 2) << 8
    if first == _TWO_BYTES:
        return at + 3, value if value >= _TWO_BYTES else -1
    if first == _FOUR_BYTES:
        value |= byte_at(data, at + 3) << 16 | byte_at(data, at + 4) << 24
        return at + 5, value if _MOST_OF_TWO < value <= MOST_COMPACT else -1
    return at + 1, -1


@inlined
def varint(data: Bytes, at: int) -> tuple[int, int]:
    """Where a VARINT ends, and its value; −1 for one that is too large."""
    byte = byte_at(data, at)
    at += 1
    if byte < _MORE:
        return at, byte
    value = (byte & _PART) + 1
    while True:
        byte = byte_at(data, at)
        at += 1
        if value >= _VARINT_ROOM:
            return at, -1
        value = value << 7 | byte & _PART
        if byte < _MORE:
            return at, value
        value += 1


@compiled
def place_of(number: int) -> int:
    """A number that stands to others as the bytes of its VARINT do; rarely asked for, and so not inlined."""
    place, bits = number & _PART, 8
    while number >= _MORE:
        number = (number >> 7) - 1
        place |= (number & _PART | _MORE) << bits
        bits += 8
    return place << (_LONGEST_PLACE - bits)


@inlined
def satoshis(packed: int) -> int:
    """The amount behind its compressed form; −1 for one that is too large, or where there is no form."""
    if packed <= 0:
        return packed
    value, ten, nine = np.uint64(packed - 1), np.uint64(10), np.uint64(9)
    rest = value // ten
    zeros = int(np.int64(value - rest * ten))
    digits = int(np.int64(rest // nine * ten + rest % nine if zeros < _NINE_ZEROS else rest)) + 1
    return int(digits * _TENS[zeros] if digits <= _MOST_DIGITS[zeros] else -1)
