"""Asking for coins: scans of the tip, the blocks since the pin, and what they did to the scripts.

A node scans for one client at a time, so a busy one is waited for; a tip that moves between two chunks starts
the scans again. Nothing is judged here: what is asked is recorded, and `cells` reads the record.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reservecheck.chains.bitcoind.answers import Asker, Unreadable, block_hash, hash_calls, value, values
from reservecheck.chains.bitcoind.cells import ATTEMPT, CHUNK, header_calls
from reservecheck.chains.bitcoind.coins import (
    ACTIVITY,
    FILTER,
    SCAN,
    Scan,
    activity_call,
    filter_call,
    read_scan,
    relevant_blocks,
    scan_call,
)
from reservecheck.chains.bitcoind.pins import DECODER as HEADER
from reservecheck.chains.bitcoind.pins import PinnedBlock
from reservecheck.model.progress import Progress
from reservecheck.transport.jsonrpc import Call, RpcError
from reservecheck.transport.record import Recorded

STATUS: Final = "bitcoind.status/1"
"""Answers that only tell when to ask again; nothing is decoded from them."""

WAITING: Final = "waiting for somebody else's scan to end"
_POLLS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much is asked at once, and how long a busy node is waited for."""

    scripts: int = 100_000
    blocks: int = 100  # whose activity is asked for at once
    headers: int = 1_000
    filter_beyond: int = 2_000  # blocks to undo from which the filter index is tried
    filter_scripts: int = 1_000  # and up to how many scripts: its cost grows with them
    attempts: int = 3  # scans started again because the tip moved
    busy_retries: int = 3  # one node scans for one client at a time
    busy_polls: int = 20
    busy_wait_s: float = 15
    sleep: Callable[[float], None] = time.sleep


def fetch_cells(
    asker: Asker, scripts: Sequence[str], pinned: PinnedBlock, progress: Progress, pace: Pace
) -> str | None:
    """Scan, then ask what happened since the pin; gives the tip the scan stood on, None where there is none."""
    chunks = [scripts[i : i + pace.scripts] for i in range(0, len(scripts), pace.scripts)]
    scans = _scan_until_still(asker, chunks, progress, pace)
    tip = next((scan for scan in scans if scan is not None), None)
    if tip is None or len({scan.tip for scan in scans if scan is not None}) > 1:
        return None
    blocks = _fetch_blocks(asker, range(pinned.height + 1, tip.height + 1), pace)
    if pinned.height + len(blocks) != tip.height:
        return tip.tip
    for number, (chunk, scan) in enumerate(zip(chunks, scans, strict=False)):
        progress("undo", number, len(chunks))
        if scan is not None:
            _fetch_activity(asker, number, chunk, blocks, pace)
    return tip.tip


def _fetch_activity(asker: Asker, number: int, chunk: Sequence[str], blocks: Mapping[str, int], pace: Pace) -> None:
    """The blocks in parts: all of them, or those the filter index names where there are many and scripts few."""
    wanted = list(blocks)
    if len(blocks) > pace.filter_beyond and len(chunk) <= pace.filter_scripts:
        item = asker.ask("filter", number, FILTER, [filter_call(chunk, min(blocks.values()), max(blocks.values()))])
        wanted = relevant_blocks(item, blocks, chunk)
    for part, start in enumerate(range(0, len(wanted), pace.blocks)):
        call = activity_call(wanted[start : start + pace.blocks], chunk)
        asker.ask("undo", number * ATTEMPT + part, ACTIVITY, [call])


def _scan_until_still(
    asker: Asker, chunks: Sequence[Sequence[str]], progress: Progress, pace: Pace
) -> list[Scan | None]:
    scans: list[Scan | None] = []
    for attempt in range(pace.attempts):
        scans = []
        for number, chunk in enumerate(chunks):
            progress("scan", number, len(chunks))
            scans.append(_scan(asker, attempt * ATTEMPT + number * CHUNK, chunk, progress, pace))
            if len({scan.tip for scan in scans if scan is not None}) > 1:
                break
        else:
            break
    return scans


def _scan(asker: Asker, ordinal: int, chunk: Sequence[str], progress: Progress, pace: Pace) -> Scan | None:
    item = asker.ask("cells", ordinal, SCAN, [scan_call(chunk)])
    for again in range(1, pace.busy_retries + 1):
        if not _busy(item):
            break
        _wait_until_free(asker, (ordinal + again) * _POLLS, progress, pace)
        item = asker.ask("cells", ordinal + again, SCAN, [scan_call(chunk)])
    try:
        return read_scan(item)
    except Unreadable:
        return None


def _busy(item: Recorded) -> bool:
    answers = item.reply.opened(item.question) or ()
    return any(isinstance(answer, RpcError) and "already in progress" in answer.message for answer in answers)


def _wait_until_free(asker: Asker, ordinal: int, progress: Progress, pace: Pace) -> None:
    for tried in range(pace.busy_polls):
        progress(WAITING, tried, pace.busy_polls)
        pace.sleep(pace.busy_wait_s)
        try:
            status = value(asker.ask("busy", ordinal + tried, STATUS, [Call("scantxoutset", ["status"])]))
        except Unreadable:
            continue
        if status is None:
            return


def _fetch_blocks(asker: Asker, heights: range, pace: Pace) -> dict[str, int]:
    """Heights by hash of the blocks after the pin, headers recorded; those that could not be had are missing."""
    blocks: dict[str, int] = {}
    for number, start in enumerate(range(0, len(heights), pace.headers)):
        calls = hash_calls(heights[start : start + pace.headers])
        try:
            hashes = [
                block_hash(found) for found in values(asker.ask("blocks", 2 * number, HEADER, calls, batch=True))
            ]
        except Unreadable:
            return blocks
        asker.ask("blocks", 2 * number + 1, HEADER, header_calls(hashes), batch=True)
        blocks.update(zip(hashes, heights[start:], strict=False))
    return blocks
