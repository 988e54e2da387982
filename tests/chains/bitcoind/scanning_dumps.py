"""Both readers of a dump's coins, by name, so that a test can ask either."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

import pytest
from tests.chains.bitcoind.written_dumps import REGTEST

from reservecheck.chains.bitcoind import utxo_set
from reservecheck.chains.bitcoind.utxo_set import UtxoSetError, UtxoSetScan, scan_utxo_set

READERS: Final = ("plain", "compiled")
either: Final = pytest.mark.parametrize("reader", READERS)
NO_COIN_COUNT: Final = 1 << 64


def scan(  # noqa: PLR0913  # everything a test may vary
    data: bytes,
    scripts: Collection[bytes] = (),
    *,
    reader: str,
    message_start: bytes | None = REGTEST,
    chunk: int = 1 << 20,
    set_hash: bool = True,
    file_hash: bool = True,
) -> UtxoSetScan:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(utxo_set, "WORTH_COMPILING", 0 if reader == "compiled" else NO_COIN_COUNT)
        return scan_utxo_set(
            chunks(data, chunk), scripts, message_start=message_start, set_hash=set_hash, file_hash=file_hash
        )


def chunks(data: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def refusal(data: bytes, *, reader: str, message_start: bytes | None = REGTEST, chunk: int = 1 << 20) -> str:
    with pytest.raises(UtxoSetError) as caught:
        scan(data, reader=reader, message_start=message_start, chunk=chunk)
    return str(caught.value)


def outcome(data: bytes, scripts: Collection[bytes], **how: object) -> UtxoSetScan | str:
    """What was read, or what was said of it."""
    try:
        return scan(data, scripts, **how)  # type: ignore[arg-type]  # as the caller has it
    except UtxoSetError as refused:
        return str(refused)
