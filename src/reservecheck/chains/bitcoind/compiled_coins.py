"""Coins of a UTXO-set dump, read by the compiled loop; `plain_coins` is its twin without numba."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
import numpy.typing as npt

from reservecheck.chains.bitcoind.stored_scripts import stored_forms, uncompressed
from reservecheck.kernels.coin_format import BEHIND, TXID, CoinFault, Fault, FoundCoin, Hashed
from reservecheck.kernels.coin_loop import (
    BOOK,
    EVENT,
    FOUND,
    FULL,
    HELD,
    HOLD,
    KEY,
    NUMBERS,
    OLDER,
    PADDING,
    READ,
    RELEASE,
    STATED,
    VOUT,
    read_coins,
)
from reservecheck.kernels.script_table import WORD, script_table

_JOINT: Final = 2 * PADDING
"""What is left of a piece is less than a coin, so it ends well within so much of the next."""
_HASHED: Final = 1 << 20
_ROWS: Final = 4_096
_BEYOND_ANY: Final = 1 << 62


class CompiledCoins:
    """Reads pieces of any size; `hashed`, if given, is called with bytes of the set's hash in their order.

    They are written over when it was called `BEHIND` times more.
    """

    def __init__(self, stated: int, scripts: Collection[bytes], *, older: bool, hashed: Hashed | None) -> None:
        self.total = 0
        self.found: list[FoundCoin] = []
        self._hashed = hashed
        forms = {form: script for script in scripts for form in stored_forms(script)}
        self._scripts = list(forms.values())
        self._table = script_table(list(forms))
        self._rest = b""
        self._book = np.zeros(BOOK, dtype=np.int64)
        self._stated = stated
        self._book[STATED], self._book[OLDER], self._book[VOUT] = min(stated, _BEYOND_ANY), older, -1
        self._txid = np.zeros(TXID, dtype=np.uint8)
        self._targets = np.zeros((BEHIND + 1, 0 if hashed is None else _HASHED), dtype=np.uint8)
        self._laid_out, self._pieces = self._targets[0], 0
        self._events = np.zeros((_ROWS, EVENT), dtype=np.int64)
        self._held: list[tuple[int, bytes]] = []

    @property
    def read(self) -> int:
        """Coins read so far."""
        return int(self._book[READ])

    def feed(self, data: bytes) -> None:
        """Read on; raises CoinFault.

        Pieces are read where they are. Only what is left of one is copied, together with the start of the next.
        """
        self._copied(self._rest + data[:_JOINT])
        if len(data) > _JOINT and self.read < self._stated:
            start, end = _JOINT - len(self._rest), len(data) - PADDING
            at = self._run(np.frombuffer(data, dtype=np.uint8), start, end) if start < end else start
            self._copied(data[at:])
        elif len(data) > _JOINT:
            self._rest = data
        if self._rest and self.read == self._stated:
            raise CoinFault(Fault.TRAILING, self.read)

    def finish(self) -> bool:
        """Whether all coins stated were read."""
        self._release()
        return self.read == self._stated

    def _copied(self, text: bytes) -> None:
        """Read a few bytes to their end; what no coin ends in is kept."""
        data = np.frombuffer(text + bytes(PADDING), dtype=np.uint8)
        self._rest = text[self._run(data, 0, len(text)) :]

    def _run(self, data: npt.NDArray[np.uint8], at: int, end: int) -> int:
        """Read from one place to another, which `PADDING` bytes follow; how far it could be read."""
        status = FULL
        while status in {FULL, HOLD, RELEASE}:
            if status == HOLD:
                self._book[HELD] = 1
            elif status == RELEASE:
                self._release()
            laid_out = None if self._hashed is None else self._laid_out
            at, status = read_coins(data, at, end, self._book, self._txid, laid_out, self._events, *self._table)
            self._drain(data)
        if status > 0:
            raise CoinFault(Fault(status), self.read + 1)
        return at

    def _drain(self, data: npt.NDArray[np.uint8]) -> None:
        """Take over what one call made."""
        *_, used, rows, low, high = self._book.tolist()
        self.total += low + (high << 32)
        start = 0
        for vout, end in self._events_of(data, rows) if rows else ():
            self._held.append((vout, self._laid_out[start:end].tobytes()))
            start = end
        if start < used:
            self._hash(self._laid_out[:used].data)

    def _events_of(self, data: npt.NDArray[np.uint8], rows: int) -> list[tuple[int, int]]:
        """Keep the coins found and complete the keys; the coins that are held, and where each ends."""
        marks = []
        events = self._events[:rows]
        txids = events[:, NUMBERS : NUMBERS + TXID // WORD].tobytes()
        for row, (kind, one, two, three, four) in enumerate(events[:, :NUMBERS].tolist()):
            if kind == FOUND:
                txid = txids[TXID * row : TXID * (row + 1)]
                self.found.append(FoundCoin(txid, two, three, four, self._scripts[one]))
            elif kind == KEY:
                self._complete_key(data[three : three + 32].tobytes(), two, one, four)
            else:
                marks.append((one, two))
        return marks

    def _complete_key(self, x: bytes, parity: int, place: int, coin: int) -> None:
        """Put y where it belongs in what is hashed."""
        try:
            key = uncompressed(parity, x)
        except ValueError:
            raise CoinFault(Fault.CURVE, coin) from None
        if self._hashed is not None:
            self._laid_out[place : place + 32] = np.frombuffer(key[33:], dtype=np.uint8)

    def _release(self) -> None:
        """Hash the coins that were held, by the number of their output."""
        self._book[HELD] = 0
        held, self._held = sorted(self._held), []
        if held:
            self._hash(b"".join(coin for _, coin in held))

    def _hash(self, piece: bytes | memoryview) -> None:
        """Give a piece away, and lay out the next one where none waits."""
        if self._hashed is not None:
            self._hashed(piece)
            self._pieces += 1
            self._laid_out = self._targets[self._pieces % len(self._targets)]
