"""Whether customers were drawn as was committed to, and who of them answered: what a tested population rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from reservecheck.model.anchor import Anchor, bare_hash
from reservecheck.model.assessment import Inputs
from reservecheck.model.books import Books
from reservecheck.model.committed import COMMITMENT_FILE
from reservecheck.model.confirmations import Answers, Confirmations, DrawnBy, ReadFrom
from reservecheck.moments import parse_moment

AS_COMMITTED: Final = ""
UNKNOWN_BLOCK: Final = "unknown block"
UNREAD_NETWORK: Final = "unread network"
TEST_CHAIN: Final = "test chain"
_WORK_IN_HASH: Final = "sha256d"
_LEAST_WORK: Final = "00000000"
"""Of difficulty 1 no hash has fewer zeros; one typed back to front has them at its end."""
_Said = tuple[str, Mapping[str, str]]


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
    against = (
        *_too_early(kept.drawn_by, inputs),
        *_another(kept.drawn_by, inputs),
        *_unknown(kept.drawn_by, inputs),
    )
    case, more = against[0] if against else (AS_COMMITTED, {})
    return Drawing(case, {**values, **more})


def _too_early(by: DrawnBy, inputs: Inputs) -> Iterator[_Said]:
    """The block was there by the cut-off: whoever committed could try until the draw suited."""
    engagement, pinned = inputs.engagement, _pinned(by, inputs)
    cutoff = {"cutoff": engagement.cutoff}
    if by.time and parse_moment(by.time) <= engagement.cutoff_epoch:
        yield "before the cut-off", cutoff
    if pinned is not None and by.height <= pinned:
        yield "not above the pin", {**cutoff, "pin": str(pinned)}
    for row in _looked_up(by, inputs):
        if row.hash == by.block and parse_moment(row.taken_at) <= engagement.cutoff_epoch:
            yield "known by the cut-off", {**cutoff, "source": row.source, "taken_at": row.taken_at}


def _another(by: DrawnBy, inputs: Inputs) -> Iterator[_Said]:
    """The block of this height has another hash than the one that drew, or no block has such a hash."""
    for row in _looked_up(by, inputs):
        if row.hash != by.block:
            yield "another hash", {"source": row.source, "hash": row.hash}
    network = inputs.registry.networks.get(by.network)
    if network is None:
        return
    for one in network.checkpoints:
        if one.height == by.height and bare_hash(one.hash) != by.block:
            source = f"a checkpoint of {one.dated} shipped with this tool"
            yield "another hash", {"source": source, "hash": bare_hash(one.hash)}
    if network.public and network.header == _WORK_IN_HASH and not by.block.startswith(_LEAST_WORK):
        yield "no work", {}


def _unknown(by: DrawnBy, inputs: Inputs) -> Iterator[_Said]:
    """Nothing here tells the network from one of the entity's own, or the hash from an invented one."""
    network = inputs.registry.networks.get(by.network)
    if _pinned(by, inputs) is None or network is None:
        yield UNREAD_NETWORK, {}
    elif network.test_chain and not inputs.engagement.rehearsal:
        yield TEST_CHAIN, {}
    late = [
        row for row in _looked_up(by, inputs) if not by.time or parse_moment(row.taken_at) >= parse_moment(by.time)
    ]
    if by.read_from is not ReadFrom.OWN and not late:
        yield UNKNOWN_BLOCK, {"read_from": str(by.read_from)}


def _pinned(by: DrawnBy, inputs: Inputs) -> int | None:
    """The height of the last block of the network by the cut-off; None where the network was not read."""
    heights = [pin.height for pin in inputs.observation.pins if pin.network == by.network]
    return max(heights, default=None)


def _looked_up(by: DrawnBy, inputs: Inputs) -> list[Anchor]:
    """What the practitioner looked up about the block's height."""
    return [row for row in inputs.anchors if (row.network, row.height) == (by.network, by.height)]
