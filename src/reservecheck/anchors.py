"""Block hashes a reader looked up himself: `anchors.csv` with network,height,hash,source,taken_by,taken_at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from reservecheck.errors import InputError, Problem
from reservecheck.model.anchor import Anchor, about, agrees, bare_hash
from reservecheck.model.evidence import Pin
from reservecheck.moments import parse_moment
from reservecheck.vault.csv_file import read_csv

COLUMNS: Final = ("network", "height", "hash", "source", "taken_by", "taken_at")
_HEIGHT: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_WANTED: Final[Mapping[str, str]] = {
    "network": "a network of the bundle, such as bitcoin:mainnet",
    "height": "the block's number in digits",
    "hash": "64 hex digits, with or without 0x",
    "source": "where you looked the block up",
    "taken_by": "who looked it up",
    "taken_at": "when, such as 2018-07-02T09:00:00+09:00",
}


def read_anchors(path: Path) -> tuple[Anchor, ...]:
    """Raises InputError with the line of everything that is wrong."""
    anchors: list[Anchor] = []
    problems: list[Problem] = []
    for line, row in read_csv(path, required=COLUMNS).rows:
        found = [Problem(path=str(path), line=line, message=message, hint=hint) for message, hint in _problems(row)]
        problems += found
        if not found:
            anchors.append(
                Anchor(
                    network=row["network"],
                    height=int(row["height"]),
                    hash=bare_hash(row["hash"]),
                    source=row["source"],
                    taken_by=row["taken_by"],
                    taken_at=row["taken_at"],
                    line=line,
                )
            )
    if problems:
        raise InputError(*problems)
    return tuple(anchors)


def _problems(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a row, and what to write; the first column only, for one slip moves all the others."""
    empty = [name for name in COLUMNS if not row[name]]
    if empty:
        yield f"the column {empty[0]!r} is empty", f"write {_WANTED[empty[0]]}"
    elif _HEIGHT.fullmatch(row["height"]) is None:
        yield f"{row['height'][:60]!r} is not a block height", f"write {_WANTED['height']} under 'height'"
    elif _HASH.fullmatch(bare_hash(row["hash"])) is None:
        yield f"{row['hash'][:80]!r} is not a block hash", f"write {_WANTED['hash']} under 'hash'"
    else:
        try:
            parse_moment(row["taken_at"])
        except ValueError as error:
            yield str(error)[:160], f"write {_WANTED['taken_at']} under 'taken_at'"


def contradiction(pin: Pin, anchors: tuple[Anchor, ...]) -> str | None:
    """None: no anchor for the pin; "": all there are agree; otherwise how the first other one differs."""
    found = about(pin, anchors)
    for anchor in found:
        if not agrees(pin, anchor):
            said = pin.hash[: len(pin.hash) - len(bare_hash(pin.hash))] + anchor.hash
            return f"{pin.network} block {pin.height}: the bundle says {pin.hash}, {anchor.source} says {said}"
    return "" if found else None


def anchored(pins: tuple[Pin, ...], anchors: tuple[Anchor, ...]) -> frozenset[str]:
    """The ids of the pins an anchor agrees with."""
    return frozenset(pin.id for pin in pins if contradiction(pin, anchors) == "")


def compared(pins: tuple[Pin, ...], anchors: tuple[Anchor, ...]) -> tuple[list[str], list[str]]:
    """Differences, and remarks about rows that are about no block of the bundle; all rows like that differ."""
    differences = [said for pin in pins if (said := contradiction(pin, anchors))]
    unmatched = [said for anchor in anchors if (said := _no_block(anchor, pins))]
    if len(unmatched) < len(anchors):
        return differences, unmatched
    return [*unmatched, "nothing compared: no row is about a block of this bundle"], []


def _no_block(anchor: Anchor, pins: tuple[Pin, ...]) -> str:
    heights = [pin.height for pin in pins if pin.network == anchor.network]
    if anchor.height in heights:
        return ""
    said = f"anchors, line {anchor.line}: no block {anchor.height} of {anchor.network[:80]} in this bundle"
    return f"{said}; it has {', '.join(map(str, heights))}" if heights else f"{said}, nor any other of that network"
