"""Block hashes a reader looked up himself: `anchors.csv` with network,height,hash,source,taken_by,taken_at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reservecheck.errors import InputError, Problem
from reservecheck.model.anchor import (
    COLUMNS,
    Anchor,
    about,
    about_next,
    agrees,
    bare_hash,
    follows,
    settled,
    wrong_row,
)
from reservecheck.model.books import Books
from reservecheck.model.evidence import Pin
from reservecheck.moments import parse_moment
from reservecheck.vault.csv_file import read_csv


def read_anchors(path: Path) -> tuple[Anchor, ...]:
    """Raises InputError with the line of everything that is wrong."""
    anchors: list[Anchor] = []
    problems: list[Problem] = []
    for line, row in read_csv(path, required=COLUMNS).rows:
        message, hint = wrong_row(row)
        if message:
            problems.append(Problem(path=str(path), line=line, message=message, hint=hint))
        else:
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


def drawing_block(books: Books | None) -> tuple[Pin, ...]:
    """The block that customers were drawn by, as a pin beside those that holdings were read at; at most one.

    Its time is 0 where it is not known.
    """
    kept = None if books is None else books.confirmations
    if kept is None:
        return ()
    by = kept.drawn_by
    return (
        Pin(
            id=f"{by.network}@draw",
            network=by.network,
            role="draw",
            height=by.height,
            hash=f"0x{by.block}" if by.network.startswith("eip155:") else by.block,
            time=parse_moment(by.time) if by.time else 0,
            mtp=None,
            state_root=None,
            final=True,
            still_there=True,
            agreed=(),
            asked=(),
        ),
    )


def contradiction(pin: Pin, anchors: tuple[Anchor, ...]) -> str | None:
    """None: no anchor for the pin; "": all there are agree; otherwise how the first other one differs."""
    found = about(pin, anchors)
    for anchor in found:
        if not agrees(pin, anchor):
            return _differs(pin, pin.height, pin.hash, anchor)
    for anchor in about_next(pin, anchors):
        if not follows(pin, anchor):
            return _differs(pin, pin.height + 1, pin.next_hash, anchor)
    return "" if found else None


def _differs(pin: Pin, height: int, hash_: str, anchor: Anchor) -> str:
    said = hash_[: len(hash_) - len(bare_hash(hash_))] + anchor.hash
    return f"{pin.network} block {height}: the bundle says {hash_}, {anchor.source} says {said}"


def anchored(pins: tuple[Pin, ...], anchors: tuple[Anchor, ...]) -> frozenset[str]:
    """The ids of the pins an anchor agrees with, and with the block after them where they rest on it."""
    return frozenset(pin.id for pin in pins if contradiction(pin, anchors) == "" and settled(pin, anchors))


def compared(pins: tuple[Pin, ...], anchors: tuple[Anchor, ...]) -> tuple[list[str], list[str]]:
    """Differences, and remarks about rows that are about no block of the bundle; all rows like that differ."""
    differences = [said for pin in pins if (said := contradiction(pin, anchors))]
    unmatched = [said for anchor in anchors if (said := _no_block(anchor, pins))]
    if len(unmatched) < len(anchors):
        return differences, [*unmatched, *_unsettled(pins, anchors)]
    return [*unmatched, "nothing compared: no row is about a block of this bundle"], []


def _unsettled(pins: tuple[Pin, ...], anchors: tuple[Anchor, ...]) -> Iterator[str]:
    for pin in pins:
        if contradiction(pin, anchors) == "" and not settled(pin, anchors):
            yield (
                f"{pin.network} block {pin.height}: its hash agrees; that it is the last one by the cut-off rests"
                f" on block {pin.height + 1} {pin.next_hash}: look that up too"
            )


def _no_block(anchor: Anchor, pins: tuple[Pin, ...]) -> str:
    heights = [pin.height for pin in pins if pin.network == anchor.network]
    after = [pin.height + 1 for pin in pins if pin.network == anchor.network and pin.state_root is not None]
    if anchor.height in (*heights, *after):
        return ""
    said = f"anchors, line {anchor.line}: no block {anchor.height} of {anchor.network[:80]} in this bundle"
    return f"{said}; it has {', '.join(map(str, heights))}" if heights else f"{said}, nor any other of that network"
