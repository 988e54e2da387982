"""Scripts in the forms in which a UTXO-set dump stores them, found by a filter of their ends and a keyed hash.

Whoever declares wallets chooses the scripts, so their places in the table must be nobody's to choose: the hash is
SipHash-1-3 under a key that Python drew when it started. The filter is not keyed; what passes it on purpose costs
one hash, as a match does.
Source: Aumasson and Bernstein, SipHash: a fast short-input PRF (2012).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reservecheck.kernels.compiled import compiled, inlined

WORD = 8
PAD = bytes(WORD)
KEY_BYTES = 16

Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]
ScriptTable = tuple[Bytes, Numbers, Numbers, Bytes]
"""The key and payloads one after the other; kind, start and size of each; hash → form, −1 for none; the filter."""


def script_table(forms: Sequence[tuple[int, bytes]], key: bytes | None = None) -> ScriptTable:
    """The table of forms (kind, payload), numbered as they come; at most half of its slots are used.

    The key of its hash has sixteen bytes; where none is given they come from the key of Python's own hash.
    """
    places = max(64, 1 << (2 * len(forms)).bit_length())
    own = b"".join(hash(word).to_bytes(WORD, "little", signed=True) for word in (b"script", b"table"))
    payloads = [payload for _, payload in forms]
    sizes = np.array(list(map(len, payloads)), dtype=np.int64)
    kinds = np.array([kind for kind, _ in forms], dtype=np.int64)
    table = (
        np.frombuffer(b"".join([key or own, *payloads, PAD]), dtype=np.uint8),
        np.column_stack((kinds, KEY_BYTES + np.cumsum(sizes) - sizes, sizes)),
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
def _turned(word: np.uint64, bits: int) -> np.uint64:
    """Rotated to the left."""
    return (word << np.uint64(bits)) | (word >> np.uint64(64 - bits))


@inlined
def _stirred(
    a: np.uint64, b: np.uint64, c: np.uint64, d: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """One round."""
    a, c = a + b, c + d
    b, d = _turned(b, 13) ^ a, _turned(d, 16) ^ c
    a = _turned(a, 32)
    c, a = c + b, a + d
    b, d = _turned(b, 17) ^ c, _turned(d, 21) ^ a
    return a, b, _turned(c, 32), d


@compiled
def keyed_hash(data: Bytes, start: int, size: int, kind: int, key: Bytes) -> np.uint64:
    """A number of 64 bits that tells nobody who lacks the key which others are like it."""
    first, second = word_at(key, 0, WORD) ^ np.uint64(kind), word_at(key, WORD, WORD)
    a, b = first ^ np.uint64(0x736F6D6570736575), second ^ np.uint64(0x646F72616E646F6D)
    c, d = first ^ np.uint64(0x6C7967656E657261), second ^ np.uint64(0x7465646279746573)
    whole = size - size % WORD
    for at in range(start, start + whole, WORD):
        word = word_at(data, at, WORD)
        a, b, c, d = _stirred(a, b, c, d ^ word)
        a ^= word
    word = (np.uint64(size) << np.uint64(56)) | word_at(data, start + whole, size - whole)
    a, b, c, d = _stirred(a, b, c, d ^ word)
    a, c = a ^ word, c ^ np.uint64(0xFF)
    for _ in range(3):
        a, b, c, d = _stirred(a, b, c, d)
    return a ^ b ^ c ^ d


@compiled
def _fill(text: Bytes, forms: Numbers, slots: Numbers, bits: Bytes) -> None:
    for form in range(len(forms)):
        value = keyed_hash(text, forms[form, 1], forms[form, 2], forms[form, 0], text)
        bit = np.int64(_tail(text, forms[form, 1], forms[form, 2]) & np.uint64(WORD * len(bits) - 1))
        bits[bit // WORD] |= np.uint8(1 << bit % WORD)
        slot = np.int64((value >> np.uint64(WORD)) & np.uint64(len(slots) - 1))
        while slots[slot] >= 0:
            slot = (slot + 1) % len(slots)
        slots[slot] = form


@inlined
def may_be_found(data: Bytes, start: int, size: int, bits: Bytes) -> bool:
    """Whether the filter lets a script pass; eight bytes are read even where fewer are meant."""
    bit = np.int64(_tail(data, start, size) & np.uint64(WORD * len(bits) - 1))
    return bool((bits[np.uintp(bit >> 3)] >> np.uint8(bit & 7)) & 1)


@compiled
def find_script(data: Bytes, start: int, size: int, kind: int, text: Bytes, forms: Numbers, slots: Numbers) -> int:
    """The number of the form that stands there, or −1."""
    value = keyed_hash(data, start, size, kind, text)
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
