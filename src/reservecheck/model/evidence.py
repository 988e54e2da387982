"""What a chain answered: pins and cells, each pointing at the recorded exchanges they were decoded from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from reservecheck.model.words import CellStatus, Control, Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """The one block of a network at which everything on it is read."""

    id: str  # "<network>@<role>"
    network: str
    role: str  # cutoff | window | publication | bracket-before | bracket-after; only cutoff is summed
    height: int
    hash: str
    time: int  # header time, epoch seconds
    mtp: int | None  # median time past, Bitcoin family only
    state_root: str | None  # EVM only
    final: bool  # was final under the network's rule when it was read
    still_there: bool  # the last read found the same hash at this height
    agreed: tuple[str, ...]  # source names
    asked: tuple[str, ...]
    exchanges: tuple[int, ...] = ()
    anchors: tuple[
        str, ...
    ] = ()  # from where the practitioner knows this block; () where anything speaks against it
    against: tuple[str, ...] = ()  # what names another block at this height, or after it
    next_hash: str = ""  # EVM only: of the block after it, by whose time this is the last one by the cut-off


class Cell(NamedTuple):
    """One wallet × one instrument at one pin. `units` are the instrument's own smallest units; None if unread."""

    pin: str
    line: int  # Wallet.line
    label: str  # Wallet.label
    instrument: str
    units: int | None
    status: CellStatus
    reason: str  # why unread, or ""
    evidence: Evidence
    control: Control
    exchanges: tuple[int, ...]
    proof: str = ""  # what proves it to the pin's hash, anchored or not: "state proof", "proven call", "UTXO set"
    locked: int = 0  # of `units`, what nobody can spend at the pin
    locked_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnChainDecimals:
    """What a token's own `decimals()` answered at the pin; None: it did not answer."""

    instrument: str
    decimals: int | None
    exchanges: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one source says: `123 0xabc…` of a block, smallest units of a holding, a number of decimals."""

    source: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Sources of one network that say different things of one subject at the cut-off."""

    network: str
    subject: str  # "the block at the cut-off", a wallet's label, "decimals"
    instrument: str  # "" for a block
    said: tuple[Said, ...]
    settled: bool  # enough of them say one thing, which is taken; the others are never outvoted in silence


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSeen:
    """One source that was asked, why nothing of it was used ("" where something was), and what it did not read."""

    network: str
    source: str
    operator: str
    run_by: str
    left_out: str
    unread: int = 0  # holdings
    why_unread: str = ""  # of the first of them
    unproven: int = 0  # holdings it was asked to prove and did not
    why_unproven: str = ""  # of the first of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Everything decoded from one log of exchanges: the same log gives the same observation."""

    pins: tuple[Pin, ...]
    cells: tuple[Cell, ...]
    decimals: tuple[OnChainDecimals, ...] = ()
    sources: tuple[SourceSeen, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
