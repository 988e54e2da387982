"""UTXO-set dumps written by hand: what a node writes, and what none does."""

from __future__ import annotations

import gzip
import hashlib
import struct
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

REGTEST: Final = bytes.fromhex("fabfb5da")
DATA: Final = Path(__file__).parents[2] / "data"
BASE: Final = bytes(range(32))
PRIME: Final = 2**256 - 2**32 - 977


class Unspent(NamedTuple):
    """A coin as the tests think of it."""

    txid: bytes  # in the order of the file
    vout: int
    code: int
    sats: int
    script: bytes


def recorded(height: int) -> bytes:
    return gzip.decompress((DATA / "bitcoin-core" / "dumps" / f"h{height}.dat.gz").read_bytes())


def varint(value: int) -> bytes:
    """Base 128, the highest part first, one less in every part but the last."""
    parts = [value & 0x7F]
    while value > 0x7F:
        value = (value >> 7) - 1
        parts.insert(0, 0x80 | value & 0x7F)
    return bytes(parts)


def compact(value: int) -> bytes:
    if value < 0xFD:
        return struct.pack("<B", value)
    return struct.pack("<BH", 0xFD, value) if value <= 0xFFFF else struct.pack("<BI", 0xFE, value)


def packed(sats: int) -> int:
    """Core's compressed amount: zeros at the end, the digit before them, the rest."""
    if sats == 0:
        return 0
    zeros = 0
    while zeros < 9 and sats % 10 == 0:
        sats, zeros = sats // 10, zeros + 1
    if zeros == 9:
        return 1 + (sats - 1) * 10 + 9
    return 1 + (sats // 10 * 9 + sats % 10 - 1) * 10 + zeros


def stored(script: bytes) -> bytes:
    """A script as a node stores it."""
    if len(script) == 25 and script.startswith(b"\x76\xa9\x14") and script.endswith(b"\x88\xac"):
        return b"\x00" + script[3:23]
    if len(script) == 23 and script.startswith(b"\xa9\x14") and script.endswith(b"\x87"):
        return b"\x01" + script[2:22]
    if len(script) == 35 and script[0] == 33 and script[1] in (2, 3) and script[34] == 0xAC:
        return script[1:34]
    if len(script) == 67 and script[:2] == b"\x41\x04" and script[66] == 0xAC:
        x, y = int.from_bytes(script[2:34]), int.from_bytes(script[34:66])
        if x < PRIME and y < PRIME and (y * y - x**3 - 7) % PRIME == 0:
            return bytes((4 + y % 2,)) + script[2:34]
    return varint(6 + len(script)) + script


def header(coins: int, magic: bytes = b"utxo\xff", version: int = 2, network: bytes = REGTEST) -> bytes:
    return magic + struct.pack("<H", version) + network + BASE + struct.pack("<Q", coins)


def record(coin: Unspent) -> bytes:
    """What follows the output number."""
    return varint(coin.code) + varint(packed(coin.sats)) + stored(coin.script)


def in_order(coins: Sequence[Unspent]) -> list[Unspent]:
    return sorted(coins, key=lambda coin: (coin.txid, varint(coin.vout)))


def dump(coins: Sequence[Unspent]) -> bytes:
    """Version 2."""
    parts = [header(len(coins))]
    for txid, group in groupby(in_order(coins), lambda coin: coin.txid):
        members = list(group)
        parts += [txid, compact(len(members)), *(compact(coin.vout) + record(coin) for coin in members)]
    return b"".join(parts)


def older_dump(coins: Sequence[Unspent]) -> bytes:
    """As Litecoin 0.21 writes it."""
    parts = [BASE, struct.pack("<QI", len(coins), 7)]
    parts += [coin.txid + struct.pack("<I", coin.vout) + record(coin) for coin in in_order(coins)]
    return b"".join(parts)


def set_hash(coins: Sequence[Unspent]) -> str:
    """hash_serialized_3 by its definition."""
    parts = [
        coin.txid + struct.pack("<IIq", coin.vout, coin.code, coin.sats) + compact(len(coin.script)) + coin.script
        for coin in sorted(coins, key=lambda coin: (coin.txid, coin.vout))
    ]
    return hashlib.sha256(hashlib.sha256(b"".join(parts)).digest()).digest()[::-1].hex()


def public_key(x: int, *, odd: bool) -> bytes | None:
    """04 x y of the point with this x, by the formula of the curve."""
    square = (x**3 + 7) % PRIME
    y = pow(square, (PRIME + 1) // 4, PRIME)
    if y * y % PRIME != square:
        return None
    return b"\x04" + x.to_bytes(32) + (y if y % 2 == odd else PRIME - y).to_bytes(32)
