"""Coins of a UTXO-set dump, read by the compiled loop; `plain_coins` is its twin without numba."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Final

import numpy as np

from reservecheck.chains.bitcoind.stored_scripts import stored_forms, uncompressed
from reservecheck.kernels.coin_format import CoinFault, Fault, FoundCoin
from reservecheck.kernels.coin_loop import (
    DONE,
    FOUND,
    FULL,
    HELD,
    HIGH,
    HOLD,
    KEYS,
    LOW,
    MARKS,
    MORE,
    PADDING,
    READ,
    RELEASE,
    STATED,
    USED,
    read_coins,
)
from reservecheck.kernels.script_table import script_table

PIECE: Final = 1 << 20
_HASHED: Final = 1 << 20
_ROWS: Final = 4_096
_LEAST_HASHED: Final = 49


class CompiledCoins:
    """Reads pieces of any size; `hashed`, if given, is called with bytes of the set's hash in their order."""

    def __init__(
        self, stated: int, scripts: Collection[bytes], *, older: bool, hashed: Callable[[bytes], object] | None
    ) -> None:
        self.total = 0
        self.found: list[FoundCoin] = []
        self._older, self._hashed = older, hashed
        forms = [(script, form) for script in set(scripts) for form in stored_forms(script)]
        self._scripts = [script for script, _ in forms]
        self._table = script_table([form for _, form in forms])
        self._data = np.zeros(PIECE + 2 * PADDING, dtype=np.uint8)
        self._end = 0
        self._state = np.zeros(6, dtype=np.int64)
        self._state[STATED] = stated
        self._txid = np.zeros(32, dtype=np.uint8)
        self._tally = np.zeros(6, dtype=np.int64)
        self._targets = (
            np.zeros(0 if hashed is None else _HASHED, dtype=np.uint8),
            np.zeros((_ROWS, 2), dtype=np.int64),
            np.zeros((_ROWS, 4), dtype=np.int64),
            np.zeros((_ROWS, 32), dtype=np.uint8),
            np.zeros((_ROWS, 3), dtype=np.int64),
            np.zeros((_ROWS, 32), dtype=np.uint8),
        )
        self._held: list[tuple[int, bytes]] = []

    @property
    def read(self) -> int:
        """Coins read so far."""
        return int(self._state[READ])

    def feed(self, data: bytes) -> None:
        """Read on; raises CoinFault."""
        for start in range(0, len(data), PIECE):
            piece = np.frombuffer(data[start : start + PIECE], dtype=np.uint8)
            end = self._end + len(piece)
            self._data[self._end : end] = piece
            self._data[end : end + PADDING] = 0
            self._end = end
            self._take(self._run())

    def finish(self) -> bool:
        """Whether all coins stated were read."""
        self._release()
        return self.read == int(self._state[STATED])

    def _run(self) -> int:
        """Read what is there; how far it could be read."""
        at, status = 0, FULL
        while status in {FULL, HOLD, RELEASE}:
            if status == HOLD:
                self._state[HELD] = 1
            elif status == RELEASE:
                self._release()
            at, status = read_coins(
                self._data, at, self._end, self._older, self._state, self._txid, self._table, self._tally,
                self._targets,
            )  # fmt: skip
            self._drain()
        if status == DONE and at < self._end:
            raise CoinFault(Fault.TRAILING, self.read)
        if status not in {DONE, MORE}:
            raise CoinFault(Fault(status), self.read + 1)
        return at

    def _take(self, at: int) -> None:
        """Keep what was not read yet for the next piece."""
        rest = self._data[at : self._end].copy()
        self._data[: len(rest)] = rest
        self._end = len(rest)

    def _drain(self) -> None:
        """Empty the targets of one call."""
        laid_out, _, found, txids, _, _ = self._targets
        self._complete_keys()
        for row in range(int(self._tally[FOUND])):
            form, vout, code, sats = found[row].tolist()
            self.found.append(FoundCoin(txids[row].tobytes(), vout, code, sats, self._scripts[form]))
        self.total += int(self._tally[LOW]) + (int(self._tally[HIGH]) << 32)
        used = int(self._tally[USED])
        if self._hashed is not None and used:
            if self._state[HELD]:
                self._hold(laid_out[:used].tobytes())
            else:
                self._hashed(laid_out[:used].tobytes())
        self._tally[:] = 0

    def _complete_keys(self) -> None:
        """Put y into every uncompressed key that was laid out."""
        laid_out, _, _, _, keys, halves = self._targets
        for row in range(int(self._tally[KEYS])):
            place, parity, number = keys[row].tolist()
            try:
                key = uncompressed(parity, halves[row].tobytes())
            except ValueError:
                raise CoinFault(Fault.CURVE, number) from None
            if self._hashed is not None:
                laid_out[place : place + 32] = np.frombuffer(key[33:], dtype=np.uint8)

    def _hold(self, laid_out: bytes) -> None:
        start = 0
        for vout, end in self._targets[1][: int(self._tally[MARKS])].tolist():
            self._held.append((vout, laid_out[start:end]))
            start = end

    def _release(self) -> None:
        """Hash the coins that were held, by the number of their output."""
        self._state[HELD] = 0
        held, self._held = sorted(self._held), []
        if self._hashed is not None and held:
            self._hashed(b"".join(coin for _, coin in held))
