"""A UTXO-set dump (`dumptxoutset`), read as a stream: coins of given scripts, and the set's hash computed anew.

Two formats: version 2 (Bitcoin Core 28 and later), and the one of Litecoin 0.21, which names neither a version nor
a network. What a node would not write is refused, so that no coin counts twice. Nothing is said about whether the
set is that of the chain: that takes the node's `txoutset_hash` for the same block.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import chain
from typing import Final, NamedTuple, Protocol

from reservecheck.chains.bitcoind.plain_coins import PlainCoins
from reservecheck.errors import SourceError
from reservecheck.kernels.coin_format import BEHIND, CoinFault, Fault, FoundCoin, Hashed
from reservecheck.vault.canonical import BEYOND

WORTH_COMPILING: Final = 200_000
"""Coins from which the compiled loop, if it is installed, is quicker than loading it takes."""
BLOCK: Final = 1 << 20
"""Bytes that are read on at once, the header among the first."""
MOST_SATS: Final = 21 * 10**14
"""No set of Bitcoin holds more: src/consensus/amount.h, MAX_MONEY."""
_MAGIC: Final = b"utxo\xff"
_VERSION: Final = 2
_HEADER, _OLDER_HEADER = 51, 44
_ALL_BITS: Final = (1 << 32) - 1
_NO_PEGOUT: Final = (1 << 31) - 1
"""Litecoin marks what came out of its extension blocks by the highest bit of height and coinbase flag."""

_SAID: Final = {
    Fault.COMPACT: "a length or output number above 33,554,432, or written longer than need be",
    Fault.ORDER: "its transaction stands out of order, or twice",
    Fault.EMPTY: "its transaction has no coins",
    Fault.COUNT: "its transaction has more coins than the header leaves for it",
    Fault.OUTPUT: "an output out of order, or twice",
    Fault.HEIGHT: "its height is above 2,147,483,647",
    Fault.AMOUNT: "an amount above what 63 bits hold",
    Fault.SCRIPT: "a script of more than 10,000 bytes",
    Fault.SIZE: "its transaction is larger than 1,000,000 bytes",
    Fault.CURVE: "a public key that is no point of the curve",
}
_MADE_BADLY: Final = "no node writes this: the file was damaged or changed; have the node dump the set again"
_MADE_PARTLY: Final = "the node writes to PATH.incomplete and renames it at the end; copy the file again"
_HOW_TO_DUMP: Final = "have a node write it: dumptxoutset PATH, Bitcoin Core 28 or later"


class UtxoSetError(SourceError):
    """A file is no UTXO-set dump, or one that no node writes."""


class MatchedCoin(NamedTuple):
    """An unspent output on a script that was looked for."""

    txid: str  # hex as displayed
    vout: int
    height: int
    coinbase: bool
    sats: int
    script: str  # hex


@dataclass(frozen=True, slots=True, kw_only=True)
class UtxoSetScan:
    """What a dump says, all of it read.

    `set_hash` is `hash_serialized_3` as nodes display it; empty for the older format, and where it was not wanted.
    """

    version: int  # 0 for the older format
    message_start: str  # hex; empty for the older format
    base_hash: str  # of the block whose set it is, hex as displayed
    coins: int
    matched: tuple[MatchedCoin, ...]  # by txid, then output
    set_hash: str
    total_sats: int  # of all coins
    file_sha256: str  # empty where it was not wanted
    bytes: int


class _Header(NamedTuple):
    version: int
    message_start: str
    base_hash: str
    coins: int
    size: int


class _Coins(Protocol):
    """Either reader of coins."""

    total: int
    found: list[FoundCoin]

    @property
    def read(self) -> int: ...
    def feed(self, data: bytes) -> None: ...
    def finish(self) -> bool: ...


def scan_utxo_set(  # noqa: PLR0913  # what is read, and what is wanted of it, by name
    chunks: Iterable[bytes],
    scripts: Collection[bytes],
    *,
    message_start: bytes | None,
    progress: Callable[[int], None] = lambda _: None,
    set_hash: bool = True,
    file_hash: bool = True,
) -> UtxoSetScan:
    """Read a dump once.

    Args:
        chunks: the bytes of the file in their order, in pieces of any size; a pipe will do.
        scripts: scriptPubKeys whose coins are wanted, each as it is; coins match by their whole script.
        message_start: four bytes of the network's messages, as in the dump; None to read the older format.
        progress: called with the number of bytes read so far.
        set_hash: False to leave the set's hash out, which takes about half of the time.
        file_hash: False to leave the file's own hash out, where nobody asks for it.

    Raises:
        UtxoSetError: the file is cut short, changed, of another network, more than there can be, or no dump.
    """
    first = next(blocks := _blocks(chunks), b"")
    header = _header(first, message_start)
    hashed = set_hash and header.version == _VERSION
    with ThreadPoolExecutor(1) as worker:
        digests = _Digests(worker, whole=file_hash)
        coins = _reader(header, scripts, digests.add_coins if hashed else None)
        size = _read(chain([first], blocks), header, coins, digests, progress)
    return UtxoSetScan(
        version=header.version,
        message_start=header.message_start,
        base_hash=header.base_hash,
        coins=coins.read,
        matched=_matched(coins.found, _ALL_BITS if header.version == _VERSION else _NO_PEGOUT),
        set_hash=hashlib.sha256(digests.coins.digest()).digest()[::-1].hex() if hashed else "",
        total_sats=coins.total,
        file_sha256=digests.file.hexdigest() if file_hash else "",
        bytes=size,
    )


class _Digests:
    """Hashes of the file and of its coins, made in a thread of their own, a few blocks behind."""

    def __init__(self, worker: ThreadPoolExecutor, *, whole: bool) -> None:
        self.file, self.coins = hashlib.sha256(), hashlib.sha256()
        self._worker, self._whole = worker, whole
        self._waiting: deque[Future[object]] = deque()

    def add_file(self, data: bytes) -> None:
        if self._whole:
            self._add(self.file.update, data)

    def add_coins(self, data: bytes | memoryview) -> None:
        self._add(self.coins.update, data)

    def finish(self) -> None:
        while self._waiting:
            self._waiting.popleft().result()

    def _add(self, update: Hashed, data: bytes | memoryview) -> None:
        self._waiting.append(self._worker.submit(update, data))
        if len(self._waiting) > BEHIND:
            self._waiting.popleft().result()


def _read(
    blocks: Iterable[bytes], header: _Header, coins: _Coins, digests: _Digests, progress: Callable[[int], None]
) -> int:
    """Read all of the file; how many bytes it has."""
    size, skipped = 0, header.size
    for block in blocks:
        digests.add_file(block)
        try:
            coins.feed(block[skipped:] if skipped else block)
        except CoinFault as found:
            raise _refused(found, header) from None
        size, skipped = size + len(block), 0
        progress(size)
    if not coins.finish():
        raise _cut_short(f"{coins.read:,} of {header.coins:,} coins in {size:,} bytes")
    _require_total(coins.total, MOST_SATS if header.version == _VERSION else BEYOND - 1)
    digests.finish()
    return size


def _require_total(total: int, most: int) -> None:
    """No coin is negative, so this bounds every one of them, and every sum."""
    if total > most:
        raise UtxoSetError(
            f"UTXO-set dump of {total:,} units: there are never more than {most:,}", hint=_MADE_BADLY
        )


def _blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of a sensible size."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size >= BLOCK:
            yield b"".join(parts)
            parts, size = [], 0
    yield b"".join(parts)


def _header(data: bytes, message_start: bytes | None) -> _Header:
    if message_start is None:
        return _older_header(data)
    if data[: len(_MAGIC)] != _MAGIC[: len(data)]:
        raise UtxoSetError("no UTXO-set dump: it does not start with 7574786fff", hint=_HOW_TO_DUMP)
    if len(data) < _HEADER:
        raise _cut_short(f"{len(data)} bytes, not even the header")
    version = int.from_bytes(data[5:7], "little")
    if version != _VERSION:
        raise UtxoSetError(f"UTXO-set dump of version {version}: version {_VERSION} is read", hint=_HOW_TO_DUMP)
    if data[7:11] != message_start:
        raise UtxoSetError(
            f"UTXO-set dump of another network: its message start is {data[7:11].hex()}, not {message_start.hex()}",
            hint="dump the set of a node of the network the wallets are on",
        )
    return _Header(
        version, data[7:11].hex(), data[11:43][::-1].hex(), int.from_bytes(data[43:51], "little"), _HEADER
    )


def _older_header(data: bytes) -> _Header:
    if data.startswith(_MAGIC):
        raise UtxoSetError(
            "UTXO-set dump with a message start where the older format without one was expected",
            hint="name the network's message start",
        )
    if len(data) < _OLDER_HEADER:
        raise _cut_short(f"{len(data)} bytes, not even the header")
    return _Header(0, "", data[:32][::-1].hex(), int.from_bytes(data[32:40], "little"), _OLDER_HEADER)


def _reader(header: _Header, scripts: Collection[bytes], hashed: Hashed | None) -> _Coins:
    older = header.version != _VERSION
    if header.coins < WORTH_COMPILING or find_spec("numba") is None:
        return PlainCoins(header.coins, scripts, older=older, hashed=hashed)
    from reservecheck.chains.bitcoind.compiled_coins import CompiledCoins  # noqa: PLC0415  # optional

    return CompiledCoins(header.coins, scripts, older=older, hashed=hashed)


def _refused(found: CoinFault, header: _Header) -> UtxoSetError:
    if found.fault == Fault.TRAILING:
        what = f"UTXO-set dump that goes on after its {header.coins:,} coins"
    else:
        what = f"UTXO-set dump, coin {found.coin:,} of {header.coins:,}: {_SAID[found.fault]}"
    return UtxoSetError(what, hint=_MADE_BADLY)


def _cut_short(what: str) -> UtxoSetError:
    return UtxoSetError(f"UTXO-set dump that is cut short: {what}", hint=_MADE_PARTLY)


def _matched(found: Iterable[FoundCoin], bits: int) -> tuple[MatchedCoin, ...]:
    coins = (
        MatchedCoin(
            txid=coin.txid[::-1].hex(),
            vout=coin.vout,
            height=(coin.code & bits) >> 1,
            coinbase=bool(coin.code & 1),
            sats=coin.sats,
            script=coin.script.hex(),
        )
        for coin in found
    )
    return tuple(sorted(coins))
