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


@dataclass(frozen=True, slots=True, kw_only=True)
class OnChainDecimals:
    """What a token's own `decimals()` answered at the pin; None: it did not answer."""

    instrument: str
    decimals: int | None
    exchanges: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Everything decoded from one log of exchanges: the same log gives the same observation."""

    pins: tuple[Pin, ...]
    cells: tuple[Cell, ...]
    decimals: tuple[OnChainDecimals, ...] = ()
