"""What a proof is worth: to a block known from elsewhere, and by a hash from the practitioner's own source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from reservecheck.chains.panel import Panel
from reservecheck.chains.reader import NetworkReading
from reservecheck.model.anchor import Anchor, about, about_next, agrees, bare_hash, follows, settled
from reservecheck.model.evidence import Pin
from reservecheck.model.operators import PRACTITIONER
from reservecheck.model.registry import Instrument, Network
from reservecheck.model.words import UTXO_SET
from reservecheck.moments import parse_moment
from reservecheck.transport.record import SourceCard

THIS_TOOL: Final = ""
"""Who looked a shipped checkpoint up; no row of a file has it."""
NOT_ASKED: Final = "no proof of it was asked for, or its network has none"
NOT_OWN: Final = "the hash of its coin set is stated by a source that is not the practitioner's own"


def anchored(pin: Pin, sources: Panel, anchors: Iterable[Anchor]) -> Pin:
    """The pin with what the practitioner knows of it: his own sources at it, and the hashes he looked up.

    Hashes that were looked up say nothing of when the next block was made, unless that one was looked up too.
    """
    looked_up = tuple(anchors)
    own = (f"{name}, the practitioner's own source" for name in pin.agreed if _is_own(name, sources))
    rows, after = about(pin, looked_up), about_next(pin, looked_up)
    against = (
        *(said for row in rows if (said := _against(pin, row, same=agrees(pin, row), what=""))),
        *(said for row in after if (said := _against(pin, row, same=follows(pin, row), what="of the next block "))),
    )
    known = (*own, *(_looked_up(row) for row in rows if settled(pin, looked_up)))
    return replace(pin, anchors=() if against else known, against=against)


def _against(pin: Pin, row: Anchor, *, same: bool, what: str) -> str:
    if parse_moment(row.taken_at) < pin.time:
        return f"{_looked_up(row)}, {what}before the block was made"
    return "" if same else f"{_looked_up(row)}, says {what}{row.hash}"


def _looked_up(row: Anchor) -> str:
    return f"{row.source}, looked up by {row.taken_by}" if row.taken_by != THIS_TOOL else row.source


def checkpoints(network: Network) -> tuple[Anchor, ...]:
    """The blocks of a network that ship with this tool, as anchors of themselves."""
    return tuple(
        Anchor(
            network=network.network,
            height=row.height,
            hash=bare_hash(row.hash),
            source=f"a checkpoint of {row.dated} shipped with this tool",
            taken_by=THIS_TOOL,
            taken_at=f"{row.dated}T23:59:59Z",
        )
        for row in network.checkpoints
    )


def admissible(read: NetworkReading, sources: Panel, name: str) -> NetworkReading:
    """A coin set's hash is only as good as who states it: the practitioner's own source, or it proves nothing."""
    rests = {key: one for key, one in read.readings.items() if one.proof == UTXO_SET}
    if not rests or _is_own(name, sources):
        return read
    bare = {key: one._replace(proof="") for key, one in rests.items()}
    return replace(read, readings={**read.readings, **bare}, unproven=(len(bare), NOT_OWN))


def with_bare(read: NetworkReading, card: SourceCard) -> NetworkReading:
    """What a source that is to prove did not, counted in full: leaving its proofs out of a log hides nothing."""
    bare = sum(1 for one in read.readings.values() if one.units is not None and not one.proof)
    count, why = read.unproven
    if not card.proofs or bare <= count:
        return read
    return replace(read, unproven=(bare, why or NOT_ASKED))


def is_scaled(instrument: Instrument) -> bool:
    """Whether its decimals are known from elsewhere: what a token says of them is not proven with its balance."""
    return not instrument.contract or instrument.decimals is not None


def _is_own(name: str, sources: Panel) -> bool:
    """The practitioner runs it, and is not the entity by another name."""
    return name in sources.cards and sources.cards[name].run_by == PRACTITIONER and sources.is_voice(name)
