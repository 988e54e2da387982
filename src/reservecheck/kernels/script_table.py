"""Scripts in the forms in which a UTXO-set dump stores them, found by a hash of their ends."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reservecheck.kernels.compiled import compiled, inlined

WORD = 8
PAD = bytes(WORD)

Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]
ScriptTable = tuple[Bytes, Numbers, Numbers, Bytes]
"""Payloads one after the other; kind, start and size of each; hash → form, −1 for none; a bit for every hash."""


def script_table(forms: Sequence[tuple[int, bytes]]) -> ScriptTable:
    """The table of forms (kind, payload), numbered as they come; at most half of its slots are used."""
    places = max(64, 1 << (2 * len(forms)).bit_length())
    payloads = [payload for _, payload in forms]
    sizes = np.array(list(map(len, payloads)), dtype=np.int64)
    kinds = np.array([kind for kind, _ in forms], dtype=np.int64)
    table = (
        np.frombuffer(b"".join([*payloads, PAD]), dtype=np.uint8),
        np.column_stack((kinds, np.cumsum(sizes) - sizes, sizes)),
        np.full(places, -1, dtype=np.int64),
        np.zeros(places, dtype=np.uint8),
    )
    _fill(*table)
    return table


@inlined
def byte_at(data: Bytes, at: int) -> int:
    """The byte there, as a number that may be calculated with."""
    return int(np.int64(data[np.uintp(at)]))  # an unsigned place cannot be meant to count from the end


@inlined
def word_at(data: Bytes, at: int, size: int) -> np.uint64:
    """Up to eight bytes as one number, the lowest first."""
    word = np.uint64(0)
    for place in range(size):
        word |= np.uint64(data[np.uintp(at + place)]) << np.uint64(WORD * place)
    return word


@inlined
def big_word_at(data: Bytes, at: int) -> np.uint64:
    """Eight bytes as one number, the highest first, so that numbers stand to each other as the bytes do."""
    word = np.uint64(0)
    for place in range(WORD):
        word |= np.uint64(data[np.uintp(at + place)]) << np.uint64(WORD * (WORD - 1 - place))
    return word


@inlined
def _tail(data: Bytes, start: int, size: int) -> np.uint64:
    """The last eight bytes: of most scripts they are part of a hash or a key, and so as good as random."""
    return word_at(data, start + size - WORD, WORD) if size >= WORD else word_at(data, start, size)


@inlined
def _hash(data: Bytes, start: int, size: int, kind: int) -> np.uint64:
    """A number of 64 bits from the first and the last eight bytes, the kind and the length."""
    if size >= WORD:
        head, tail = word_at(data, start, WORD), word_at(data, start + size - WORD, WORD)
    else:
        head, tail = word_at(data, start, size), np.uint64(0)
    value = (head ^ np.uint64(size + kind)) * np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(32)) ^ tail) * np.uint64(0xD6E8FEB86659FD93)
    return value ^ (value >> np.uint64(32))


@compiled
def _fill(text: Bytes, forms: Numbers, slots: Numbers, bits: Bytes) -> None:
    for form in range(len(forms)):
        value = _hash(text, forms[form, 1], forms[form, 2], forms[form, 0])
        bit = np.int64(_tail(text, forms[form, 1], forms[form, 2]) & np.uint64(WORD * len(bits) - 1))
        bits[bit // WORD] |= np.uint8(1 << bit % WORD)
        slot = np.int64((value >> np.uint64(WORD)) & np.uint64(len(slots) - 1))
        while slots[slot] >= 0:
            slot = (slot + 1) % len(slots)
        slots[slot] = form


@inlined
def find_script(  # noqa: PLR0913, PLR0917  # compiled code is quick with arrays, not with records
    data: Bytes, start: int, size: int, kind: int, text: Bytes, forms: Numbers, slots: Numbers, bits: Bytes
) -> int:
    """The number of the form that stands there, or −1; eight bytes are read even where fewer are meant."""
    bit = np.int64(_tail(data, start, size) & np.uint64(WORD * len(bits) - 1))
    if (bits[bit >> 3] >> np.uint8(bit & 7)) & 1 == 0:
        return -1
    value = _hash(data, start, size, kind)
    slot = np.int64((value >> np.uint64(WORD)) & np.uint64(len(slots) - 1))
    while slots[slot] >= 0:
        form = slots[slot]
        if forms[form, 0] == kind and forms[form, 2] == size:
            first, place = forms[form, 1], 0
            while place < size and text[first + place] == data[start + place]:
                place += 1
            if place == size:
                return int(form)
        slot = slot + 1 & len(slots) - 1
    return -1
