"""A coin as `hash_serialized_3` takes it in: outpoint, height and coinbase flag, satoshis, script with its length.

Source: Bitcoin Core 26 and later, `src/kernel/coinstats.cpp`.
"""

from __future__ import annotations

import numpy as np

from reservecheck.kernels.coin_format import RAW, TXID, UNCOMPRESSED
from reservecheck.kernels.compiled import inlined
from reservecheck.kernels.script_table import WORD, Bytes, word_at

Coin = tuple[int, int, int, int, int]
"""Output number, height and coinbase flag, satoshis, kind of script (6: whole), bytes stored of it."""

_HASH, _HALF_KEY = 20, 32
_TWO_BYTES = 0xFD
_DUP, _HASH160, _EQUALVERIFY, _EQUAL, _CHECKSIG = 0x76, 0xA9, 0x88, 0x87, 0xAC


@inlined
def _put(target: Bytes, at: int, word: np.uint64) -> None:
    """Eight bytes, the lowest first; written out, they become one store, which a loop does not."""
    target[np.uintp(at)] = np.uint8(word)
    target[np.uintp(at + 1)] = np.uint8(word >> np.uint64(8))
    target[np.uintp(at + 2)] = np.uint8(word >> np.uint64(16))
    target[np.uintp(at + 3)] = np.uint8(word >> np.uint64(24))
    target[np.uintp(at + 4)] = np.uint8(word >> np.uint64(32))
    target[np.uintp(at + 5)] = np.uint8(word >> np.uint64(40))
    target[np.uintp(at + 6)] = np.uint8(word >> np.uint64(48))
    target[np.uintp(at + 7)] = np.uint8(word >> np.uint64(56))


@inlined
def copy_words(target: Bytes, at: int, data: Bytes, start: int, size: int) -> int:
    """Copy by words of eight bytes; up to seven more are written than meant, which what follows overwrites."""
    for place in range(0, size, WORD):
        _put(target, at + place, word_at(data, start + place, WORD))
    return at + size


@inlined
def _key_hash(target: Bytes, at: int, data: Bytes, start: int) -> int:
    target[np.uintp(at)], target[np.uintp(at + 1)], target[np.uintp(at + 2)], target[np.uintp(at + 3)] = (
        25,
        _DUP,
        _HASH160,
        _HASH,
    )
    at = copy_words(target, at + 4, data, start, _HASH)
    target[np.uintp(at)], target[np.uintp(at + 1)] = _EQUALVERIFY, _CHECKSIG
    return at + 2


@inlined
def _script_hash(target: Bytes, at: int, data: Bytes, start: int) -> int:
    target[np.uintp(at)], target[np.uintp(at + 1)], target[np.uintp(at + 2)] = 23, _HASH160, _HASH
    at = copy_words(target, at + 3, data, start, _HASH)
    target[np.uintp(at)] = _EQUAL
    return at + 1


@inlined
def _key(target: Bytes, at: int, data: Bytes, start: int, kind: int) -> int:
    """A public key; of an uncompressed one y is left out: it belongs before the last byte."""
    whole = kind >= UNCOMPRESSED
    target[np.uintp(at)], target[np.uintp(at + 1)], target[np.uintp(at + 2)] = (
        67 if whole else 35,
        65 if whole else 33,
        4 if whole else kind,
    )
    at = copy_words(target, at + 3, data, start, _HALF_KEY)
    at = at + _HALF_KEY if whole else at
    target[np.uintp(at)] = _CHECKSIG
    return at + 1


@inlined
def _whole(target: Bytes, at: int, data: Bytes, start: int, size: int) -> int:
    if size < _TWO_BYTES:
        target[np.uintp(at)] = size
        at += 1
    else:
        target[np.uintp(at)], target[np.uintp(at + 1)], target[np.uintp(at + 2)] = (
            _TWO_BYTES,
            size & 0xFF,
            size >> 8,
        )
        at += 3
    return copy_words(target, at, data, start, size)


@inlined
def lay_out(target: Bytes, at: int, txid: Bytes, coin: Coin, data: Bytes, start: int) -> int:  # compiled code
    """Write a coin whose script is stored at `start` of `data` into `target` from `at` on; where it ends there."""
    vout, code, sats, kind, size = coin
    at = copy_words(target, at, txid, 0, TXID)
    _put(target, at, np.uint64(vout) | np.uint64(code) << np.uint64(32))
    _put(target, at + WORD, np.uint64(sats))
    at += 2 * WORD
    if kind == RAW:
        return _whole(target, at, data, start, size)
    if kind == 0:
        return _key_hash(target, at, data, start)
    if kind == 1:
        return _script_hash(target, at, data, start)
    return _key(target, at, data, start, kind)
