"""What the practitioner decides: the instant, the perimeter, and what counts towards a pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reservecheck.model.words import Control, Evidence

DEFAULT_SKEW_SECONDS = 7200
DEFAULT_WINDOW_MINUTES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """What a unit of value must show to count towards a pass; the defaults are the strict ones."""

    owner: str = "customers"  # customers | all
    evidence: Evidence = Evidence.OBSERVED
    control: Control = Control.SIGNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Quorum:
    """k equal answers of n sources of distinct operators, none run by the entity, corroborate a holding."""

    n: int = 1
    k: int = 1


def usual_k(n: int) -> int:
    """1 of 1, 2 of 2, 2 of 3, else a majority."""
    return n if n <= 2 else n // 2 + 1  # noqa: PLR2004  # the numbers of the rule above


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedInstrument:
    """An instrument the practitioner counts to an asset, by name and with a reason."""

    instrument: str
    asset: str
    reason: str
    decimals: int | None = None
    symbol: str = ""
    issuer: str = ""
    same_balance_as: str = ""
    frozen_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """What the entity says of itself that the practitioner takes as given."""

    owner: bool = False  # the declared owner of wallets
    cash_titles: bool = False  # the declared titles of bank accounts
    instruments: tuple[AcceptedInstrument, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfScope:
    """An asset that is left out, and why."""

    asset: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """One engagement. `cutoff` is RFC 3339 with its offset as written; `cutoff_epoch` the same in seconds."""

    id: str
    entity: str
    practitioner: str
    rehearsal: bool
    cutoff: str
    cutoff_epoch: int
    currency: str
    assets: tuple[str, ...]  # the perimeter; empty only where no engagement file was given
    out_of_scope: tuple[OutOfScope, ...] = ()
    packs: tuple[str, ...] = ("core/1",)
    deciding: Deciding = field(default_factory=Deciding)
    sources: Mapping[str, Quorum] = field(default_factory=dict)
    accept: Accept = field(default_factory=Accept)
    skew_seconds: int = DEFAULT_SKEW_SECONDS
    window_minutes: int = DEFAULT_WINDOW_MINUTES
    tolerance: Mapping[str, str] = field(default_factory=dict)  # asset → amount in whole units
    given: bool = True  # False: no engagement.toml; strict defaults, and every output says so
