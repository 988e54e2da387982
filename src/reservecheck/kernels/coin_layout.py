"""A coin as `hash_serialized_3` takes it in: outpoint, height and coinbase flag, satoshis, script with its length.

Source: Bitcoin Core 26 and later, `src/kernel/coinstats.cpp`.
"""

from __future__ import annotations

import numpy as np

from reservecheck.kernels.coin_format import RAW, TXID
from reservecheck.kernels.compiled import inlined
from reservecheck.kernels.script_table import Bytes

Coin = tuple[int, int, int, int, int]
"""Output number, height and coinbase flag, satoshis, kind of script (6: whole), bytes stored of it."""

_HASH, _HALF_KEY = 20, 32
_DUP, _HASH160, _EQUALVERIFY, _EQUAL, _CHECKSIG = 0x76, 0xA9, 0x88, 0x87, 0xAC


@inlined
def _little(target: Bytes, at: int, value: int, size: int) -> int:
    for place in range(size):
        target[at + place] = np.uint8(value >> (8 * place) & 0xFF)
    return at + size


@inlined
def _copy(target: Bytes, at: int, data: Bytes, start: int, size: int) -> int:
    for place in range(size):
        target[at + place] = data[start + place]
    return at + size


@inlined
def _key_hash(target: Bytes, at: int, data: Bytes, start: int) -> int:
    target[at], target[at + 1], target[at + 2], target[at + 3] = 25, _DUP, _HASH160, _HASH
    at = _copy(target, at + 4, data, start, _HASH)
    target[at], target[at + 1] = _EQUALVERIFY, _CHECKSIG
    return at + 2


@inlined
def _script_hash(target: Bytes, at: int, data: Bytes, start: int) -> int:
    target[at], target[at + 1], target[at + 2] = 23, _HASH160, _HASH
    at = _copy(target, at + 3, data, start, _HASH)
    target[at] = _EQUAL
    return at + 1


@inlined
def _key(target: Bytes, at: int, data: Bytes, start: int, kind: int) -> int:
    """A public key; of an uncompressed one y is left out: it belongs before the last byte."""
    whole = kind >= 4
    target[at], target[at + 1], target[at + 2] = 67 if whole else 35, 65 if whole else 33, 4 if whole else kind
    at = _copy(target, at + 3, data, start, _HALF_KEY)
    at = at + _HALF_KEY if whole else at
    target[at] = _CHECKSIG
    return at + 1


@inlined
def _whole(target: Bytes, at: int, data: Bytes, start: int, size: int) -> int:
    if size < 253:
        target[at] = size
        at += 1
    else:
        target[at] = 253
        at = _little(target, at + 1, size, 2)
    return _copy(target, at, data, start, size)


@inlined
def lay_out(target: Bytes, at: int, txid: Bytes, coin: Coin, data: Bytes, start: int) -> int:  # noqa: PLR0913, PLR0917  # compiled code
    """Write a coin whose script is stored at `start` of `data` into `target` from `at` on; where it ends there."""
    vout, code, sats, kind, size = coin
    at = _copy(target, at, txid, 0, TXID)
    at = _little(target, at, vout, 4)
    at = _little(target, at, code, 4)
    at = _little(target, at, sats, 8)
    if kind == RAW:
        return _whole(target, at, data, start, size)
    if kind == 0:
        return _key_hash(target, at, data, start)
    if kind == 1:
        return _script_hash(target, at, data, start)
    return _key(target, at, data, start, kind)
