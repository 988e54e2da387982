"""Tip scan and undo, as asked and as decoded: balances of scripts at the pin, in satoshis.

Every chunk of scripts is scanned at one and the same tip, or all are scanned again. Then the blocks between the
pin and that tip are undone from what they did. A chunk that was not answered leaves its scripts unread; a script
that was scanned and not found is a read zero.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from reservecheck.chains.bitcoind.answers import (
    Asker,
    Unreadable,
    block_hash,
    hash_calls,
    heights_asked,
    require_calls,
    value,
    values,
)
from reservecheck.chains.bitcoind.coins import (
    ACTIVITY,
    SCAN,
    Scan,
    activity_call,
    blocks_asked,
    coins_at_pin,
    read_activity,
    read_scan,
    scan_call,
    scripts_asked,
)
from reservecheck.chains.bitcoind.headers import linked, parse_header
from reservecheck.chains.bitcoind.pins import DECODER as HEADER
from reservecheck.chains.bitcoind.pins import PinnedBlock
from reservecheck.chains.reader import Reading
from reservecheck.model.progress import Progress
from reservecheck.transport.jsonrpc import Call, RpcError
from reservecheck.transport.record import Recorded

STATUS: Final = "bitcoind.status/1"
"""Answers that only tell the fetcher when to ask again; nothing is decoded from them."""

_ATTEMPT: Final = 1_000_000
_CHUNK: Final = 10
_POLLS: Final = 1_000
_MOVED: Final = "the tip moved during the scan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much is asked at once, and how long a busy node is waited for."""

    scripts: int = 100_000
    blocks: int = 100  # whose activity is asked for at once
    headers: int = 1_000
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
    parts = [blocks[i : i + pace.blocks] for i in range(0, len(blocks), pace.blocks)]
    for chunk_no, (chunk, scan) in enumerate(zip(chunks, scans, strict=False)):
        for part_no, part in enumerate(parts):
            progress("undo", chunk_no * len(parts) + part_no, len(chunks) * len(parts))
            if scan is not None:
                asker.ask("undo", chunk_no * _ATTEMPT + part_no, ACTIVITY, [activity_call(part, chunk)])
    return tip.tip


def decode_cells(pinned: PinnedBlock, items: Sequence[Recorded]) -> tuple[str | None, dict[str, Reading]]:
    """The tip the scan stood on and a reading for every script that was asked for; raises Unreadable for all."""
    scanned = _last_scans([item for item in items if item.question.purpose == "cells"])
    readings: dict[str, Reading] = {}
    scans: list[tuple[Recorded, Scan]] = []
    for item in scanned:
        try:
            scans.append((item, read_scan(item)))
        except Unreadable as reason:
            readings.update(dict.fromkeys(scripts_asked(item), Reading(None, str(reason), (item.n,))))
    if not scans:
        return None, readings
    if len({scan.tip for _, scan in scans}) > 1:
        raise Unreadable(_MOVED)
    tip = scans[0][1]
    blocks = _read_blocks(pinned, tip, [item for item in items if item.question.purpose == "blocks"])
    undone = [item for item in items if item.question.purpose == "undo"]
    by_chunk = {no: list(group) for no, group in groupby(undone, lambda item: item.question.ordinal // _ATTEMPT)}
    for item, scan in scans:
        if not scan.scripts.isdisjoint(readings):
            raise Unreadable("garbled question: a script was scanned twice")
        activities = by_chunk.get(_chunk_number(item), [])
        readings.update(_chunk_readings(pinned, item, scan, blocks, activities))
    return tip.tip, readings


def _chunk_readings(
    pinned: PinnedBlock, item: Recorded, scan: Scan, blocks: Mapping[str, int], activities: Sequence[Recorded]
) -> dict[str, Reading]:
    exchanges = (item.n, *(activity.n for activity in activities))
    try:
        totals = _undo(pinned, item, scan, blocks, activities)
    except Unreadable as reason:
        return dict.fromkeys(scan.scripts, Reading(None, str(reason), exchanges))
    return {script: Reading(totals.get(script, 0), "", exchanges) for script in scan.scripts}


def _undo(
    pinned: PinnedBlock, item: Recorded, scan: Scan, blocks: Mapping[str, int], activities: Sequence[Recorded]
) -> dict[str, int]:
    asked = scripts_asked(item)
    left = list(blocks)
    read = []
    for activity in activities:
        part = left[: blocks_asked(activity)]
        require_calls(activity, [activity_call(part, asked)])
        read.append(read_activity(activity, {block: blocks[block] for block in part}, scan.scripts))
        left = left[len(part) :]
    if left:
        raise Unreadable("blocks between the pin and the tip were not asked for")
    return coins_at_pin(scan, read, pinned.height)


def _scan_until_still(
    asker: Asker, chunks: Sequence[Sequence[str]], progress: Progress, pace: Pace
) -> list[Scan | None]:
    scans: list[Scan | None] = []
    for attempt in range(pace.attempts):
        scans = []
        for number, chunk in enumerate(chunks):
            progress("scan", number, len(chunks))
            scans.append(_scan(asker, attempt * _ATTEMPT + number * _CHUNK, chunk, pace))
            if len({scan.tip for scan in scans if scan is not None}) > 1:
                break
        else:
            break
    return scans


def _scan(asker: Asker, ordinal: int, chunk: Sequence[str], pace: Pace) -> Scan | None:
    item = asker.ask("cells", ordinal, SCAN, [scan_call(chunk)])
    for again in range(1, pace.busy_retries + 1):
        if not _busy(item):
            break
        _wait_until_free(asker, (ordinal + again) * _POLLS, pace)
        item = asker.ask("cells", ordinal + again, SCAN, [scan_call(chunk)])
    try:
        return read_scan(item)
    except Unreadable:
        return None


def _busy(item: Recorded) -> bool:
    answers = item.reply.opened(item.question) or ()
    return any(isinstance(answer, RpcError) and "already in progress" in answer.message for answer in answers)


def _wait_until_free(asker: Asker, ordinal: int, pace: Pace) -> None:
    for tried in range(pace.busy_polls):
        pace.sleep(pace.busy_wait_s)
        try:
            status = value(asker.ask("busy", ordinal + tried, STATUS, [Call("scantxoutset", ["status"])]))
        except Unreadable:
            continue
        if status is None:
            return


def _last_scans(items: Sequence[Recorded]) -> list[Recorded]:
    """The scans of the last attempt, for each chunk the last time it was tried."""
    if not items:
        raise Unreadable("no scan was asked for")
    attempt = items[-1].question.ordinal // _ATTEMPT
    last = {item.question.ordinal // _CHUNK: item for item in items}
    return [item for item in last.values() if item.question.ordinal // _ATTEMPT == attempt]


def _chunk_number(item: Recorded) -> int:
    return item.question.ordinal % _ATTEMPT // _CHUNK


def _fetch_blocks(asker: Asker, heights: range, pace: Pace) -> list[str]:
    """Hashes of the blocks after the pin, with their headers recorded; those that could not be had are missing."""
    blocks: list[str] = []
    for number, start in enumerate(range(0, len(heights), pace.headers)):
        calls = hash_calls(heights[start : start + pace.headers])
        try:
            hashes = [
                block_hash(found) for found in values(asker.ask("blocks", 2 * number, HEADER, calls, batch=True))
            ]
        except Unreadable:
            return blocks
        asker.ask("blocks", 2 * number + 1, HEADER, _header_calls(hashes), batch=True)
        blocks += hashes
    return blocks


def _header_calls(hashes: Sequence[str]) -> list[Call]:
    in_words = False
    return [Call("getblockheader", [block, in_words]) for block in hashes]


def _read_blocks(pinned: PinnedBlock, tip: Scan, items: Sequence[Recorded]) -> dict[str, int]:
    """Heights by hash of the blocks after the pin up to the scan's tip, each naming the one before it."""
    for item in items:
        values(item)
    headers = []
    for asked, answered in zip(items[0::2], items[1::2], strict=False):
        heights_asked(asked)
        hashes = [block_hash(found) for found in values(asked)]
        require_calls(answered, _header_calls(hashes))
        headers += [parse_header(raw) for raw in values(answered)]
    ends = [pinned.hash, *(header.hash for header in headers)]
    follows = not headers or headers[0].previous == pinned.hash
    if tip.height - pinned.height != len(headers) or ends[-1] != tip.tip or not follows or not linked(headers):
        raise Unreadable("the blocks between the pin and the scan's tip do not follow from each other")
    return {header.hash: height for height, header in enumerate(headers, pinned.height + 1)}
