"""Whether customers were drawn as was committed to, and who of them answered: what a tested population rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from reservecheck.model.anchor import Anchor
from reservecheck.model.assessment import Inputs
from reservecheck.model.books import Books
from reservecheck.model.committed import COMMITMENT_FILE
from reservecheck.model.confirmations import Answers, Confirmations, ReadFrom
from reservecheck.moments import parse_moment

AS_COMMITTED: Final = ""
UNKNOWN_BLOCK: Final = "unknown block"


class Drawing(NamedTuple):
    """How customers were drawn: AS_COMMITTED, or the first thing that speaks against it, and its figures."""

    case: str
    values: Mapping[str, str]


def drawing(inputs: Inputs) -> Drawing | None:
    """What drew the customers who were asked, beside what was committed to; None where no list was received."""
    kept = inputs.books.confirmations
    if kept is None:
        return None
    by, stated = kept.drawn_by, inputs.books.liabilities.commitment
    values = {"network": by.network, "height": str(by.height), "block": by.block, "time": by.time or "not stated"}
    values["commitment"] = by.commitment
    if stated is None:
        return Drawing("no commitment", values)
    if stated.draw is None:
        return Drawing("no draw", values)
    if by.commitment != committed_digest(inputs.books):
        return Drawing("another commitment", values | {"published": committed_digest(inputs.books)})
    if (by.network, by.height) != (stated.draw.network, stated.draw.height):
        draw = {"draw_network": stated.draw.network, "draw_height": str(stated.draw.height)}
        return Drawing("another block", values | draw)
    return _block(kept, inputs, values)


def committed_digest(books: Books) -> str:
    """The SHA-256 of the commitment file that was received, "" without one."""
    names = (file for file in books.files if file.name.rpartition("/")[2] == COMMITMENT_FILE)
    return next((file.sha256 for file in names), "")


def answered(asset: str, inputs: Inputs) -> Answers | None:
    """The answers about an asset that could be held against its tree."""
    kept = inputs.books.confirmations
    return None if kept is None else kept.of(asset)


def is_tested(asset: str, inputs: Inputs) -> bool:
    """Enough customers were drawn as was committed to, and every one of them answered directly that it is right."""
    how, answers = drawing(inputs), answered(asset, inputs)
    as_committed = how is not None and how.case == AS_COMMITTED
    return as_committed and answers is not None and answers.enough and answers.all_agreed


def _block(kept: Confirmations, inputs: Inputs, values: Mapping[str, str]) -> Drawing:
    by, cutoff = kept.drawn_by, inputs.engagement.cutoff_epoch
    below = [pin for pin in inputs.observation.pins if pin.network == by.network and by.height <= pin.height]
    if below or (by.time and parse_moment(by.time) <= cutoff):
        return Drawing("before the cut-off", {**values, "cutoff": inputs.engagement.cutoff})
    known = [row for row in inputs.anchors if (row.network, row.height) == (by.network, by.height)]
    if other := next((row for row in known if row.hash != by.block), None):
        return Drawing("another hash", {**values, **_said(other)})
    late = [row for row in known if not by.time or parse_moment(row.taken_at) >= parse_moment(by.time)]
    if by.read_from is not ReadFrom.OWN and not late:
        return Drawing(UNKNOWN_BLOCK, {**values, "read_from": str(by.read_from)})
    return Drawing(AS_COMMITTED, values)


def _said(row: Anchor) -> dict[str, str]:
    return {"source": row.source, "hash": row.hash}
