"""What a look at the customers' side alone finds, before anything is set against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reservecheck.model.books import Liabilities, Reconciling
from reservecheck.model.declared import InputFile
from reservecheck.model.words import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAmount:
    """What is held of an asset, in its smallest units; `unread` holdings are not in it, and not zero either."""

    units: int
    unread: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One thing found: `values` fill its sentence. Places are file and line, never a customer."""

    kind: str
    severity: Severity
    asset: str = ""
    values: Mapping[str, str]
    where: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coarse:
    """So many balances are multiples of `step`; cut off there, they may fall short by `worst` together."""

    step: int
    rows: int
    worst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiabilityCheck:
    """The whole answer. `not_compared` had nothing to compare with; without an engagement `cutoff` is ""."""

    entity: str
    rehearsal: bool
    cutoff: str
    liabilities: Liabilities
    decimals: Mapping[str, int]
    coarse: Mapping[str, Coarse]
    in_flight: tuple[Reconciling, ...]
    doubts: tuple[Doubt, ...]
    not_compared: tuple[str, ...]
    files: tuple[InputFile, ...]

    @property
    def nothing_found(self) -> bool:
        """Notes are no findings: they change no outcome."""
        return all(doubt.severity is Severity.NOTE for doubt in self.doubts)
