"""Block headers: 80 bytes that hash to what the node called them, each naming the one before.

The layout is Bitcoin's `CBlockHeader`; parsed and hashed by python-bitcoinlib. Its work is judged in `work`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from reservecheck.chains.bitcoind.answers import Unreadable

MEDIAN_SPAN: Final = 11
"""Median time past is the median of a block's own time and the ten before it (`nMedianTimeSpan`)."""

_HEADER_BYTES: Final = 80


class Header(NamedTuple):
    """What is used of a header; hashes in the order nodes print them, time in seconds since 1970."""

    hash: str
    previous: str
    time: int
    bits: int = 0  # the target its work had to reach, in compact form


def parse_header(text: object) -> Header:
    """A header from 160 hex digits; raises Unreadable."""
    from bitcoin.core import CBlockHeader, b2lx  # noqa: PLC0415  # opens a C library: only when a chain is read

    try:
        raw = bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError as error:
        raise Unreadable("garbled answer: header") from error
    if len(raw) != _HEADER_BYTES:
        raise Unreadable("garbled answer: header")
    header = CBlockHeader.deserialize(raw)
    return Header(b2lx(header.GetHash()), b2lx(header.hashPrevBlock), header.nTime, header.nBits)


def linked(headers: Sequence[Header]) -> bool:
    """Whether each header names the one before it."""
    return all(later.previous == earlier.hash for earlier, later in pairwise(headers))


def median_time(times: Sequence[int], index: int, *, first_height: int) -> int | None:
    """Median time past of the block at `index`, from the times of it and those before it.

    None when the blocks before it are not all there; a chain's first blocks have fewer than ten before them.
    """
    start = index - MEDIAN_SPAN + 1
    if start < 0 and first_height > 0:
        return None
    span = sorted(times[max(start, 0) : index + 1])
    return span[len(span) // 2]
