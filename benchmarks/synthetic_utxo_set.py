"""A UTXO-set dump of any size that no chain ever had: valid, of a realistic mix, the same in every run.

The mix is an assumption: taproot 33 %, P2WPKH 27, P2PKH 27, P2SH 9, P2WSH 2, bare multisig 1.2, a few public keys
(1 in 4,000 uncompressed, as on mainnet), the rest short scripts; 1.45 coins a transaction. One coin in 1,000 is on
a script of the wallet.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reservecheck.kernels.compiled import compiled

SCRIPTS = 10_000
MESSAGE_START = bytes.fromhex("f9beb4d9")
_PART_COINS = 1_000_000
_ROOM = 200
_PRIME = 2**256 - 2**32 - 977
_THREE_KEYS = 105
_TWO_BYTES, _PART, _NINE_ZEROS = 0xFD, 0x7F, 9

# Shares, each from the one before it on; the wallet's are the last of P2WPKH.
P2TR, P2WSH, P2WPKH, P2PKH, P2SH, P2PK, P2PK_65, MULTISIG, ALL = (
    33_000, 35_000, 62_000, 89_000, 98_000, 98_100, 98_125, 99_325, 100_000,
)  # fmt: skip
WALLET = 100
DUST, NOT_ROUND, ONE_MORE, SPENT = 45, 90, 31, 30  # of 100

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Made:
    """What the generator put into the file."""

    bytes: int
    coins: int
    sats: int


def wallet_scripts(count: int = SCRIPTS) -> list[bytes]:
    """P2WPKH scripts that the generator pays to."""
    return [b"\x00\x14" + sha256(b"wallet %d" % number).digest()[:20] for number in range(count)]


def generate(path: Path, coins: int, seed: int = 2018) -> Made:
    """Write a dump of so many coins."""
    wallet = np.frombuffer(b"".join(script[2:] for script in wallet_scripts()), dtype=np.uint8).reshape(-1, 20)
    keys = np.frombuffer(b"".join(_points(256)), dtype=np.uint8).reshape(-1, 32)
    target = np.empty(_PART_COINS * _ROOM, dtype=np.uint8)
    state = np.array([seed, 0], dtype=np.uint64)
    step, written, sats = 2**64 // (2 * coins), 0, 0
    with path.open("wb") as file:
        written += file.write(b"utxo\xff\x02\x00" + MESSAGE_START + bytes(32) + struct.pack("<Q", coins))
        for start in range(0, coins, _PART_COINS):
            end, added = _part(target, min(_PART_COINS, coins - start), step, state, wallet, keys)
            written += file.write(target[:end].data)
            sats += added
    return Made(bytes=written, coins=coins, sats=sats)


def _points(count: int) -> list[bytes]:
    """So many x of points on the curve."""
    found: list[bytes] = []
    x = 0
    while len(found) < count:
        x = int.from_bytes(sha256(b"%d" % x).digest()) % _PRIME
        if pow(x**3 + 7, (_PRIME - 1) // 2, _PRIME) == 1:
            found.append(x.to_bytes(32))
    return found


@compiled
def _random(state: Words) -> np.uint64:
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    word = state[0]
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.uint64(word ^ (word >> np.uint64(31)))


@compiled
def _below(state: Words, limit: int) -> int:
    return int(np.int64((_random(state) >> np.uint64(32)) % np.uint64(limit)))


@compiled
def _fill(target: Bytes, at: int, size: int, state: Words) -> int:
    place = 0
    while place < size:
        word = _random(state)
        for shift in range(min(8, size - place)):
            target[at + place + shift] = np.uint8((word >> np.uint64(8 * shift)) & np.uint64(0xFF))
        place += 8
    return at + size


@compiled
def _compact(target: Bytes, at: int, value: int) -> int:
    if value < _TWO_BYTES:
        target[at] = value
        return at + 1
    target[at], target[at + 1], target[at + 2] = _TWO_BYTES, value & 0xFF, value >> 8
    return at + 3


@compiled
def _varint(target: Bytes, at: int, value: int) -> int:
    size, rest = 1, value
    while rest > _PART:
        rest = (rest >> 7) - 1
        size += 1
    for place in range(size - 1, -1, -1):
        target[at + place] = value & _PART | (_PART + 1 if place < size - 1 else 0)
        value = (value >> 7) - 1
    return at + size


@compiled
def _packed(sats: int) -> int:
    zeros = 0
    while zeros < _NINE_ZEROS and sats % 10 == 0:
        sats //= 10
        zeros += 1
    if zeros < _NINE_ZEROS:
        return 1 + (sats // 10 * 9 + sats % 10 - 1) * 10 + zeros
    return 1 + (sats - 1) * 10 + zeros


@compiled
def _copy(target: Bytes, at: int, data: Bytes) -> int:
    for place in range(len(data)):
        target[at + place] = data[place]
    return at + len(data)


@compiled
def _multisig(target: Bytes, at: int, state: Words) -> int:
    """1 of 3 public keys."""
    target[at], target[at + 1] = 6 + _THREE_KEYS, 0x51
    at += 2
    for _ in range(3):
        target[at], target[at + 1] = 33, 2
        at = _fill(target, at + 2, 32, state)
    target[at], target[at + 1] = 0x53, 0xAE
    return at + 2


@compiled
def _witness(target: Bytes, at: int, state: Words, draw: int) -> int:
    """P2TR, P2WSH or P2WPKH."""
    size = 32 if draw < P2WSH else 20
    target[at], target[at + 1], target[at + 2] = 8 + size, 0x51 if draw < P2TR else 0, size
    return _fill(target, at + 3, size, state)


@compiled
def _script(target: Bytes, at: int, state: Words, wallet: Bytes, keys: Bytes) -> int:
    draw = _below(state, ALL)
    if draw < P2WPKH:
        after = _witness(target, at, state, draw)
        return after if draw < P2WPKH - WALLET else _copy(target, at + 3, wallet[_below(state, len(wallet))])
    if draw < P2SH:
        target[at] = 0 if draw < P2PKH else 1
        return _fill(target, at + 1, 20, state)
    if draw < P2PK_65:
        target[at] = (2 if draw < P2PK else 4) + draw % 2
        return _copy(target, at + 1, keys[_below(state, len(keys))])
    if draw < MULTISIG:
        return _multisig(target, at, state)
    target[at] = 6 + 10
    return _fill(target, at + 1, 10, state)


@compiled
def _amount(state: Words) -> int:
    """Dust almost half of the time, else anything up to 42 coins; round ones are smaller."""
    draw = _below(state, 100)
    if draw < DUST:
        return 330 + draw % 3 * 108
    sats = _below(state, 1 << _below(state, 31) + 1) + 1
    return sats if draw < NOT_ROUND else (1 + (sats >> 10)) * 10_000


@compiled
def _part(  # noqa: PLR0913, PLR0917  # compiled code takes arrays, not records
    target: Bytes, coins: int, step: int, state: Words, wallet: Bytes, keys: Bytes
) -> tuple[int, int]:
    """Bytes and satoshis of so many coins."""
    at = total = 0
    while coins > 0:
        state[1] += np.uint64(step)
        for place in range(8):
            target[at + place] = np.uint8((state[1] >> np.uint64(56 - 8 * place)) & np.uint64(0xFF))
        at = _fill(target, at + 8, 24, state)
        group = 1
        while _below(state, 100) < ONE_MORE:
            group += 1
        group = min(300 if _below(state, 10_000) == 0 else group, coins)
        at = _compact(target, at, group)
        code = (1 + _below(state, 910_000)) * 2 + (1 if _below(state, 500) == 0 else 0)
        vout = -1
        for _ in range(group):
            vout += 2 if _below(state, 100) < SPENT else 1
            at = _varint(target, _compact(target, at, vout), code)
            sats = _amount(state)
            total += sats
            at = _script(target, _varint(target, at, _packed(sats)), state, wallet, keys)
        coins -= group
    return at, total
