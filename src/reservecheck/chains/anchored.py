"""What a proof is worth: to a block known from elsewhere, and by a hash from the practitioner's own source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from reservecheck.chains.panel import Panel
from reservecheck.chains.reader import NetworkReading
from reservecheck.model.anchor import Anchor, about, agrees, bare_hash
from reservecheck.model.evidence import Pin
from reservecheck.model.operators import PRACTITIONER
from reservecheck.model.registry import Network
from reservecheck.model.words import UTXO_SET

NOT_OWN: Final = "the hash of its coin set is stated by a source that is not the practitioner's own"


def anchored(pin: Pin, sources: Panel, anchors: Iterable[Anchor]) -> Pin:
    """The pin with what the practitioner knows of it: his own sources at it, and the hashes he looked up."""
    own = (f"{name}, the practitioner's own source" for name in pin.agreed if _is_own(name, sources))
    rows = about(pin, anchors)
    against = tuple(f"{row.source} says {row.hash}" for row in rows if not agrees(pin, row))
    known = (*own, *(row.source for row in rows))
    return replace(pin, anchors=() if against else known, against=against)


def checkpoints(network: Network) -> tuple[Anchor, ...]:
    """The blocks of a network that ship with this tool, as anchors of themselves."""
    return tuple(
        Anchor(
            network=network.network,
            height=row.height,
            hash=bare_hash(row.hash),
            source=f"a checkpoint of {row.dated}",
            taken_by="this tool",
            taken_at=f"{row.dated}T00:00:00Z",
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


def _is_own(name: str, sources: Panel) -> bool:
    """The practitioner runs it, and is not the entity by another name."""
    return name in sources.cards and sources.cards[name].run_by == PRACTITIONER and sources.is_voice(name)
