"""What a coin of a UTXO-set dump may look like: the limits and faults that both of its readers share.

Source: Bitcoin Core 28 to 31, `src/node/utxo_snapshot.h`, `src/compressor.h`, `src/serialize.h`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Final, NamedTuple

TXID: Final = 32
MOST_COMPACT: Final = 0x02000000
"""The largest CompactSize a node reads, and the most bytes it takes for one transaction."""
OUTPUT: Final = 9
"""Bytes an output takes in its transaction beside its script: the amount, and a length of one byte."""
MOST_VARINT: Final = (1 << 63) - 129
"""VARINTs above it are not read; those a node writes are below by far."""
MOST_CODE: Final = (1 << 32) - 1
MOST_SATS: Final = (1 << 63) - 1
MOST_SCRIPT: Final = 10_000
RAW: Final = 6
"""A script is stored whole from this kind on: kind 6 is an empty one, 7 has one byte, and so on."""
UNCOMPRESSED: Final = 4
"""Kinds from here to `RAW` are uncompressed public keys without their y."""
PACKED: Final = (20, 20, 32, 32, 32, 32)
"""Bytes that are stored of a P2PKH, a P2SH, a P2PK (02, 03) and an uncompressed P2PK (y even, y odd)."""
NUMERIC: Final = 16_511
"""Output numbers up to here are stored in their order; beyond, in the order of their VARINTs."""

BEHIND: Final = 4
"""Pieces that may wait to be hashed while the next one is laid out."""

Hashed = Callable[[bytes | memoryview], object]
"""What takes the bytes of the set's hash in."""


class Fault(IntEnum):
    """Why a coin, or what stands in its place, is not one a node writes. Zero and below are no faults."""

    COMPACT = 1
    ORDER = 2
    EMPTY = 3
    COUNT = 4
    OUTPUT = 5
    HEIGHT = 6
    AMOUNT = 7
    SCRIPT = 8
    SIZE = 9
    CURVE = 10
    TRAILING = 11


class CoinFault(Exception):  # noqa: N818  # named after what it carries
    """A fault and the number, from 1, of the coin that has it."""

    def __init__(self, fault: Fault, coin: int) -> None:
        super().__init__(fault, coin)
        self.fault = fault
        self.coin = coin


class FoundCoin(NamedTuple):
    """A coin of a script that was looked for, as it is stored."""

    txid: bytes  # in the order of the file, which is not that of a display
    vout: int
    code: int  # height × 2, + 1 for a coinbase
    sats: int
    script: bytes
