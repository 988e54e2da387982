"""Coins of a UTXO-set dump, read without a compiler; `compiled_coins` is its twin, a hundred times faster.

A number that goes beyond the bytes there are raises IndexError: what it is part of is read again with the next
piece.
"""

from __future__ import annotations

import struct
from collections.abc import Collection
from typing import Final

from reservecheck.chains.bitcoind.stored_scripts import full_script
from reservecheck.kernels.coin_format import (
    MOST_CODE,
    MOST_COMPACT,
    MOST_SATS,
    MOST_SCRIPT,
    MOST_SIZE,
    MOST_VARINT,
    NUMERIC,
    OUTPUT,
    PACKED,
    RAW,
    TXID,
    CoinFault,
    Fault,
    FoundCoin,
    Hashed,
)

_TOO_LARGE: Final = -1
_TWO_BYTES: Final = 0xFD
_FOUR_BYTES: Final = 0xFE
_MOST_OF_TWO: Final = 0xFFFF
_PART: Final = 0x7F
_NINE_ZEROS: Final = 9
_AT_ONCE: Final = 1 << 18
"""Bytes that are hashed together."""
_FIXED: Final = struct.Struct("<IIq")


class PlainCoins:
    """Reads pieces of any size; `hashed`, if given, is called with bytes of the set's hash in their order."""

    def __init__(self, stated: int, scripts: Collection[bytes], *, older: bool, hashed: Hashed | None) -> None:
        self.read = self.total = 0
        self.found: list[FoundCoin] = []
        self._stated, self._scripts, self._older, self._hashed = stated, frozenset(scripts), older, hashed
        self._rest = b""
        self._txid, self._left, self._vout, self._size = bytes(TXID), 0, -1, 0
        self._laid_out: list[bytes] = []
        self._bytes = 0
        self._held: list[tuple[int, bytes]] | None = None

    def feed(self, data: bytes) -> None:
        """Read on; raises CoinFault."""
        data, at = self._rest + data, 0
        try:
            while self.read < self._stated:
                at = self._coin(data, at) if self._left else self._transaction(data, at)
        except IndexError:
            pass
        else:
            if at < len(data):
                raise CoinFault(Fault.TRAILING, self.read)
        self._rest = data[at:]

    def finish(self) -> bool:
        """Whether all coins stated were read."""
        self._release()
        self._flush()
        return self.read == self._stated

    def _transaction(self, data: bytes, at: int) -> int:
        """Where its coins start."""
        txid, at = _bytes(data, at, TXID)
        if txid < self._txid or (txid == self._txid and not self._older):
            raise self._fault(Fault.ORDER)
        count = 1
        if not self._older:
            at, count = _compact(data, at)
            if count == _TOO_LARGE:
                raise self._fault(Fault.COMPACT)
            if count == 0:
                raise self._fault(Fault.EMPTY)
            if count > self._stated - self.read:
                raise self._fault(Fault.COUNT)
        self._release()
        if txid != self._txid:
            self._txid, self._vout, self._size = txid, -1, 0
        self._left = count
        return at

    def _coin(self, data: bytes, at: int) -> int:
        """Where the next coin starts."""
        at, vout = _fixed(data, at) if self._older else _compact(data, at)
        if vout == _TOO_LARGE:
            raise self._fault(Fault.COMPACT)
        if self._vout >= 0 and _varint_bytes(vout) <= _varint_bytes(self._vout):
            raise self._fault(Fault.OUTPUT)
        at, code = _varint(data, at)
        if not 0 <= code <= MOST_CODE:
            raise self._fault(Fault.HEIGHT)
        at, packed = _varint(data, at)
        sats = _satoshis(packed)
        if sats == _TOO_LARGE:
            raise self._fault(Fault.AMOUNT)
        at, kind = _varint(data, at)
        if not 0 <= kind <= RAW + MOST_SCRIPT:
            raise self._fault(Fault.SCRIPT)
        size = PACKED[kind] if kind < RAW else kind - RAW
        if self._size + OUTPUT + size > MOST_SIZE:
            raise self._fault(Fault.SIZE)
        payload, at = _bytes(data, at, size)
        try:
            script = full_script(kind, payload)
        except ValueError:
            raise self._fault(Fault.CURVE) from None
        self._keep(FoundCoin(self._txid, vout, code, sats, script), size)
        return at

    def _keep(self, coin: FoundCoin, size: int) -> None:
        self.read += 1
        self.total += coin.sats
        self._left -= 1
        self._vout = coin.vout
        self._size += OUTPUT + size
        if coin.script in self._scripts:
            self.found.append(coin)
        if self._hashed is None:
            return
        laid_out = coin.txid + _FIXED.pack(coin.vout, coin.code, coin.sats) + _sized(coin.script)
        if coin.vout > NUMERIC and self._held is None:
            self._held = []
        if self._held is not None:
            self._held.append((coin.vout, laid_out))
            return
        self._laid_out.append(laid_out)
        self._bytes += len(laid_out)
        if self._bytes >= _AT_ONCE:
            self._flush()

    def _release(self) -> None:
        """Coins of a transaction that were stored out of order, by the number of their output."""
        if self._held is not None:
            self._laid_out += [laid_out for _, laid_out in sorted(self._held)]
            self._held = None

    def _flush(self) -> None:
        if self._hashed is not None and self._laid_out:
            self._hashed(b"".join(self._laid_out))
        self._laid_out, self._bytes = [], 0

    def _fault(self, fault: Fault) -> CoinFault:
        return CoinFault(fault, self.read + 1)


def _bytes(data: bytes, at: int, size: int) -> tuple[bytes, int]:
    end = at + size
    if end > len(data):
        raise IndexError
    return data[at:end], end


def _fixed(data: bytes, at: int) -> tuple[int, int]:
    """Where a number of four bytes ends, and its value."""
    value = data[at] | data[at + 1] << 8 | data[at + 2] << 16 | data[at + 3] << 24
    return at + 4, value if value <= MOST_COMPACT else _TOO_LARGE


def _compact(data: bytes, at: int) -> tuple[int, int]:
    """Where a CompactSize ends, and its value, if it is not too large and as short as it can be."""
    first = data[at]
    if first < _TWO_BYTES:
        return at + 1, first
    if first == _TWO_BYTES:
        value = data[at + 1] | data[at + 2] << 8
        return at + 3, value if value >= _TWO_BYTES else _TOO_LARGE
    if first == _FOUR_BYTES:
        value = data[at + 1] | data[at + 2] << 8 | data[at + 3] << 16 | data[at + 4] << 24
        return at + 5, value if _MOST_OF_TWO < value <= MOST_COMPACT else _TOO_LARGE
    return at + 1, _TOO_LARGE


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Where a VARINT ends, and its value, if it is not too large."""
    value = 0
    while True:
        byte = data[at]
        at += 1
        if value >= MOST_VARINT >> 7:
            return at, _TOO_LARGE
        value = value << 7 | byte & _PART
        if byte <= _PART:
            return at, value
        value += 1


def _varint_bytes(value: int) -> bytes:
    """The VARINT of a number: stored outputs are in the order of these bytes."""
    last = [value & _PART]
    while value > _PART:
        value = (value >> 7) - 1
        last.append(value & _PART | _PART + 1)
    return bytes(reversed(last))


def _satoshis(packed: int) -> int:
    """The amount behind its compressed form, if it is not too large."""
    if packed <= 0:
        return packed
    rest, zeros = divmod(packed - 1, 10)
    digits = rest // 9 * 10 + rest % 9 + 1 if zeros < _NINE_ZEROS else rest + 1
    sats = digits * 10**zeros
    return sats if sats <= MOST_SATS else _TOO_LARGE


def _sized(script: bytes) -> bytes:
    """A script with its length as CompactSize before it."""
    size = len(script)
    return (bytes((size,)) if size < _TWO_BYTES else b"\xfd" + size.to_bytes(2, "little")) + script
