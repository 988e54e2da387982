"""Block hashes the practitioner or a reader knows from elsewhere, and what they say of a pin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from reservecheck.model.evidence import Pin
from reservecheck.moments import parse_moment

COLUMNS: Final = ("network", "height", "hash", "source", "taken_by", "taken_at")
_HEIGHT: Final = re.compile(r"[0-9]{1,15}", re.ASCII)
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LONGEST: Final = 200
WANTED: Final[Mapping[str, str]] = {
    "network": "a network of the bundle, such as bitcoin:mainnet",
    "height": "the block's number in digits",
    "hash": "64 hex digits, with or without 0x",
    "source": "where you looked the block up, in a few printable words",
    "taken_by": "who looked it up, in a few printable words",
    "taken_at": "when, such as 2018-07-02T09:00:00+09:00",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """One block; `hash` is 64 lower-case hex digits without 0x."""

    network: str
    height: int
    hash: str
    source: str  # where it was looked up
    taken_by: str
    taken_at: str
    line: int = field(default=0, compare=False)  # of the file it was read from


def bare_hash(text: str) -> str:
    """A hash without 0x, in lower case."""
    return text.lower().removeprefix("0x")


def wrong_row(row: Mapping[str, str]) -> tuple[str, str]:
    """What is wrong with a row of COLUMNS, and what to write; the first thing only, or two empty texts."""
    for name in COLUMNS:
        if not row[name]:
            return f"the column {name!r} is empty", f"write {WANTED[name]}"
    for name in ("network", "source", "taken_by"):
        if not row[name].isprintable() or len(row[name]) > _LONGEST:
            return f"{row[name][:60]!r} is no name", f"write {WANTED[name]} under {name!r}"
    if _HEIGHT.fullmatch(row["height"]) is None:
        return f"{row['height'][:60]!r} is not a block height", f"write {WANTED['height']} under 'height'"
    if _HASH.fullmatch(bare_hash(row["hash"])) is None:
        return f"{row['hash'][:80]!r} is not a block hash", f"write {WANTED['hash']} under 'hash'"
    try:
        parse_moment(row["taken_at"])
    except ValueError as error:
        return str(error)[:160], f"write {WANTED['taken_at']} under 'taken_at'"
    return "", ""


def about(pin: Pin, anchors: Iterable[Anchor]) -> list[Anchor]:
    """The anchors of the pin's height on its network, whatever hash they name."""
    return [anchor for anchor in anchors if anchor.network == pin.network and anchor.height == pin.height]


def about_next(pin: Pin, anchors: Iterable[Anchor]) -> list[Anchor]:
    """The anchors of the height after the pin's, where the pin rests on a block there."""
    if pin.state_root is None:
        return []
    return [anchor for anchor in anchors if (anchor.network, anchor.height) == (pin.network, pin.height + 1)]


def settled(pin: Pin, anchors: Iterable[Anchor]) -> bool:
    """Whether the block after the pin is known too, where any header may be made up after a real one.

    A block is the last one by the cut-off because the next one is later. One of Bitcoin's costs work to make up.
    """
    return pin.state_root is None or any(follows(pin, row) for row in about_next(pin, anchors))


def follows(pin: Pin, anchor: Anchor) -> bool:
    """Whether an anchor of the height after the pin's names the block that the pin rests on."""
    return anchor.hash == bare_hash(pin.next_hash)


def agrees(pin: Pin, anchor: Anchor) -> bool:
    """Whether an anchor about the pin names the pin's hash."""
    return anchor.hash == bare_hash(pin.hash)
