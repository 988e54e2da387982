"""Tip scan and undo, decoded: balances of scripts at the pin, in satoshis.

Every chunk of scripts is scanned at one and the same tip, or all are scanned again. Then the blocks between the
pin and that tip are undone from what they did. A chunk that was not answered leaves its scripts unread; a script
that was scanned and not found is a read zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from reservecheck.chains.bitcoind.answers import (
    Unreadable,
    block_hash,
    heights_asked,
    require_calls,
    values,
)
from reservecheck.chains.bitcoind.coins import (
    IMMATURE,
    Scan,
    activity_call,
    blocks_asked,
    coins_at_pin,
    immature_at_pin,
    read_activity,
    read_scan,
    relevant_blocks,
    scripts_asked,
)
from reservecheck.chains.bitcoind.headers import linked, parse_header
from reservecheck.chains.bitcoind.pins import PinnedBlock
from reservecheck.chains.bitcoind.work import require_work
from reservecheck.chains.reader import Reading
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Recorded

ATTEMPT: Final = 1_000_000
"""Ordinals of scans: attempt × this + chunk × CHUNK + try; of activity: chunk × this + part."""
CHUNK: Final = 10
_MOVED: Final = "the tip moved during the scan"


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
    by_chunk = {no: list(group) for no, group in groupby(undone, lambda item: item.question.ordinal // ATTEMPT)}
    for item, scan in scans:
        if not scan.scripts.isdisjoint(readings):
            raise Unreadable("garbled question: a script was scanned twice")
        number = item.question.ordinal % ATTEMPT // CHUNK
        searched = [one for one in items if one.question.key[2:] == ("filter", number)]
        readings.update(_chunk_readings(pinned, item, scan, blocks, [*searched, *by_chunk.get(number, [])]))
    return tip.tip, readings


def _chunk_readings(
    pinned: PinnedBlock, item: Recorded, scan: Scan, blocks: Mapping[str, int], since: Sequence[Recorded]
) -> dict[str, Reading]:
    exchanges = (item.n, *(one.n for one in since))
    try:
        totals = _undo(pinned, item, scan, blocks, since)
    except Unreadable as reason:
        return dict.fromkeys(scan.scripts, Reading(None, str(reason), exchanges))
    readings = {script: Reading(totals.get(script, 0), "", exchanges) for script in scan.scripts}
    for script, locked in immature_at_pin(scan, pinned.height).items():
        readings[script] = readings[script]._replace(locked=locked, locked_why=IMMATURE)
    return readings


def _undo(
    pinned: PinnedBlock, item: Recorded, scan: Scan, blocks: Mapping[str, int], since: Sequence[Recorded]
) -> dict[str, int]:
    asked = scripts_asked(item)
    left = list(blocks)
    read = []
    for one in since:
        if one.question.purpose == "filter":
            left = relevant_blocks(one, blocks, asked)
            continue
        part = left[: blocks_asked(one)]
        require_calls(one, [activity_call(part, asked)])
        read.append(read_activity(one, {block: blocks[block] for block in part}, scan.scripts))
        left = left[len(part) :]
    if left:
        raise Unreadable("blocks between the pin and the tip were not asked for")
    return coins_at_pin(scan, read, pinned.height)


def _last_scans(items: Sequence[Recorded]) -> list[Recorded]:
    """The scans of the last attempt, for each chunk the last time it was tried."""
    if not items:
        raise Unreadable("no scan was asked for")
    attempt = items[-1].question.ordinal // ATTEMPT
    last = {item.question.ordinal // CHUNK: item for item in items}
    return [item for item in last.values() if item.question.ordinal // ATTEMPT == attempt]


def header_calls(hashes: Sequence[str]) -> list[Call]:
    """One `getblockheader` a block, as 80 bytes."""
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
        require_calls(answered, header_calls(hashes))
        headers += [parse_header(raw) for raw in values(answered)]
    ends = [pinned.hash, *(header.hash for header in headers)]
    follows = not headers or headers[0].previous == pinned.hash
    if tip.height - pinned.height != len(headers) or ends[-1] != tip.tip or not follows or not linked(headers):
        raise Unreadable("the blocks between the pin and the scan's tip do not follow from each other")
    require_work(pinned.network, headers, pinned.height + 1)
    return {header.hash: height for height, header in enumerate(headers, pinned.height + 1)}
