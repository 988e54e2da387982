"""What every chain module offers: `fetch` asks and records, `decode` turns recorded exchanges into readings.

`fetch` returns nothing but exceptions: everything it learned is in the log. `decode` is the only way figures
come into being, live and in `verify` alike. `block` reads one block's hash, by which customers are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from reservecheck.model.evidence import OnChainDecimals, Pin
from reservecheck.model.progress import Progress
from reservecheck.model.registry import Network
from reservecheck.transport.record import Recorded, SourceCard, Transport


class Pair(NamedTuple):
    """One holding to read: who, and what."""

    identity: str  # Wallet.identity
    instrument: str  # Instrument.instrument
    contract: str  # Instrument.contract, "" for the native coin


Asked = tuple[str, str]
"""Whose holding a question is about, and of which contract, as in a Pair; "" for everybody's, of a token alone."""


class Reading(NamedTuple):
    """One holding as read: `units` in the instrument's own smallest units, or None and a reason.

    `proof` is words: "state proof", "proven call" or "UTXO set". A proof of other units than were answered leaves
    the holding unread.
    """

    units: int | None
    reason: str
    exchanges: tuple[int, ...]
    proof: str = ""  # what proves the units to the pin's hash; "" where nothing does
    locked: int = 0  # of `units`, what nobody can spend at the pin
    locked_why: str = ""
    answered: int | None = None  # where the proof shows another number than this, which the source answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to read on one network. The same plan is used to fetch and to decode."""

    network: Network
    cutoff_epoch: int
    pairs: tuple[Pair, ...]  # distinct, in declared order
    role: str = "cutoff"
    frozen_by: Mapping[str, str] = field(
        default_factory=dict
    )  # instrument → Instrument.frozen_by, where it has one

    @property
    def pin_id(self) -> str:
        """The id the pin will have."""
        return f"{self.network.network}@{self.role}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkReading:
    """What one source's log says of a network. `pin` is None when it shows none; then every pair is unread.

    `why` says why nothing read at the pin counts, `left` that it left the chain while it was read, `unproven`
    how many holdings it was asked to prove and did not, and why the first.
    """

    pin: Pin | None
    readings: Mapping[tuple[str, str], Reading]  # (identity, instrument), one for each pair of the plan
    decimals: tuple[OnChainDecimals, ...] = ()
    why: str = ""
    left: bool = False
    unproven: tuple[int, str] = (0, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A final block at a height that was asked for; `hash` as nodes print it, in lower case without 0x."""

    height: int
    hash: str
    time: int  # of its header, in seconds since 1970
    certain: int  # every later block is later than this: the median of the last eleven, or the block's own time


def blocks_to_go(missing: int) -> str:
    """How long it takes until a block is final, in blocks."""
    return "1 block to go" if missing == 1 else f"{missing} blocks to go"


class Fetch(Protocol):
    """Pin, read, check the pin again.

    Raises SourceError for the wrong chain (chain id, genesis, fork block), PinError when the block at the
    cut-off is not final yet or left the chain before anything was read. A dead source raises nothing.
    """

    def __call__(self, plan: Plan, source: SourceCard, transport: Transport, progress: Progress) -> None:
        """Everything that is asked goes through `transport`."""
        ...


class Decode(Protocol):
    """Pure: the same exchanges give the same readings. Never raises for what a source answered."""

    def __call__(self, plan: Plan, exchanges: Sequence[Recorded]) -> NetworkReading:
        """Exchanges are those of one source of the plan's network, in log order."""
        ...


class ReadBlock(Protocol):
    """One block by its height, once it is final.

    Raises SourceError for the wrong chain and for a source that does not answer with what can be believed, PinError
    where the block is not there or not final.
    """

    def __call__(self, network: Network, source: SourceCard, transport: Transport, height: int) -> Block:
        """Everything that is asked goes through `transport`."""
        ...
