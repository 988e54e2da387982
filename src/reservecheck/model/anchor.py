"""Block hashes the practitioner or a reader knows from elsewhere, and what they say of a pin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from reservecheck.model.evidence import Pin


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


def about(pin: Pin, anchors: Iterable[Anchor]) -> list[Anchor]:
    """The anchors of the pin's height on its network, whatever hash they name."""
    return [anchor for anchor in anchors if anchor.network == pin.network and anchor.height == pin.height]


def agrees(pin: Pin, anchor: Anchor) -> bool:
    """Whether an anchor about the pin names the pin's hash."""
    return anchor.hash == bare_hash(pin.hash)
