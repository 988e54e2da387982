"""How well what is owed is known: what each grade means, what was committed to, and how customers were drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from reservecheck.assess.drawn import committed_digest
from reservecheck.model.assessment import Inputs, Position
from reservecheck.model.committed import Committed, DrawStated
from reservecheck.model.confirmations import DrawnBy, ReadFrom
from reservecheck.model.words import Grade

TITLE: Final = "How well what is owed is known"
_MEANS: Final[Mapping[Grade, str]] = {
    Grade.TOTALS: "a total was received, and nobody summed customers' rows",
    Grade.RESUMMED: "customers' rows were summed",
    Grade.COMMITTED: (
        "customers' rows were summed and give the root committed to, so that each customer can check what was"
        " counted"
    ),
    Grade.TESTED: (
        "customers' rows were summed and give the root committed to, and every customer drawn answered directly"
        " that it is right"
    ),
}
_NOT_SHOWN: Final = "no grade shows that every customer stands in the rows, or that a commitment was public in time"
_READ: Final[Mapping[ReadFrom, str]] = {
    ReadFrom.OWN: "read from a source of the practitioner's own",
    ReadFrom.THIRD_PARTY: "read from a third party's source",
    ReadFrom.TYPED: "typed by the practitioner",
}


def known_points(position: Position) -> tuple[str, ...]:
    """A line for each grade that is reached, then the commitment and the draw, if there are any."""
    reached: dict[Grade, list[str]] = {}
    for name, grade, owed in (
        *((asset.asset, asset.grade, asset.owed) for asset in position.assets),
        *((cash.currency, cash.grade, cash.owed) for cash in position.cash),
    ):
        if owed:
            reached.setdefault(grade, []).append(name)
    grades = [f"{', '.join(names)}: {kind}, {_MEANS[kind]}" for kind, names in sorted(reached.items())]
    stated = position.inputs.books.liabilities.commitment
    committed = () if stated is None else _commitment(stated, position.inputs)
    return (*grades, *([_NOT_SHOWN] if grades else ()), *committed)


def _commitment(stated: Committed, inputs: Inputs) -> Iterator[str]:
    yield (
        f"{stated.entity} committed to what it owes as {stated.snapshot}, in a file of SHA-256"
        f" {committed_digest(inputs.books)}: compare it with the one that was published"
    )
    if stated.draw is None:
        yield "the commitment announces no draw of customers to be asked"
    else:
        yield from _draw(stated.draw, inputs)


def _draw(draw: DrawStated, inputs: Inputs) -> Iterator[str]:
    kept = inputs.books.confirmations
    yield (
        f"the commitment announces {draw.size} draws of each tree by {draw.method}, by block {draw.height} of"
        f" {draw.network}"
    )
    if kept is None:
        yield "no list of customers asked was received"
        return
    by = kept.drawn_by
    yield f"{_drawn(by)}, {_READ[by.read_from]}"
    yield from _looked_up(by, inputs)


def _drawn(by: DrawnBy) -> str:
    made = f" of {by.time}" if by.time else ""
    return f"customers were drawn by block {by.height} of {by.network}{made}, hash {by.block}"


def _looked_up(by: DrawnBy, inputs: Inputs) -> Iterator[str]:
    """Who else says of a block of this height what its hash is."""
    for row in inputs.anchors:
        if (row.network, row.height) == (by.network, by.height):
            said = "the same hash" if row.hash == by.block else row.hash
            yield f"of that block {row.source}, looked up on {row.taken_at}, has {said}"
