"""What a run concludes: positions, ratios, findings, outcome. Amounts are smallest units, ratios fractions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from reservecheck.model.anchor import Anchor
from reservecheck.model.books import Books
from reservecheck.model.committed import CommittedTree
from reservecheck.model.declared import InputFile, Provenance, Wallet
from reservecheck.model.engagement import Engagement
from reservecheck.model.evidence import Observation, Pin
from reservecheck.model.registry import Registry
from reservecheck.model.words import Answer, Bound, Control, Evidence, Grade, Outcome, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Everything derive() needs, and nothing else: a live run and a bundle both become this."""

    entity: str
    name: str
    provenance: Provenance
    engagement: Engagement
    registry: Registry
    wallets: tuple[Wallet, ...]
    observation: Observation
    books: Books
    input_files: tuple[InputFile, ...] = ()
    tool: str = ""  # "reservecheck 0.1.0"
    anchors: tuple[Anchor, ...] = ()  # block hashes the practitioner looked up himself


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A quantity against what is owed; ratio is None when nothing is owed, or where the quantity is not known."""

    held: int
    ratio: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidingReserve:
    """The deciding reserve: what counts under the engagement's policy, and what its ratio bounds."""

    held: int
    ratio: Fraction | None
    bound: Bound
    ratio_upper: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """What the policy left out of the deciding reserve, by reason."""

    reason: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadCell:
    """A cell that could not be read."""

    label: str
    instrument: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetPosition:
    """One asset: what is owed, what is held under every view, and what stands behind it."""

    asset: str
    decimals: int
    kind: str
    owed: int  # gross
    owed_gross: int
    owed_negative: int
    owed_net: int
    owed_house: int
    grade: Grade
    in_perimeter: bool
    deciding: DecidingReserve
    segregated: Held  # customers' wallets
    broad: Held  # all wallets, claims included
    shortfall: int  # max(owed − deciding, 0)
    surplus: int
    by_evidence: Mapping[Evidence, int]
    by_control: Mapping[Control, int]
    declared: int  # every line
    observed: int  # evidence ≥ observed, or control = confirmed
    controlled: int  # observed, and control in signed, moved, confirmed
    excluded: tuple[Excluded, ...]
    unread: tuple[UnreadCell, ...]
    by_instrument: Mapping[str, int]
    commitment: CommittedTree | None = None
    demonstrable: int = 0  # the part of excluded that more evidence, proof of control or acceptance could let in
    tolerance: int = 0
    lines: int = 0  # holdings and statements looked at, read or not
    why: str = ""  # why the bound is unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """Valued figures over assets with something owed; None where they cannot be computed, with `why`."""

    currency: str
    ratio: Fraction | None  # deciding
    ratio_segregated: Fraction | None
    ratio_broad: Fraction | None
    in_kind_coverage: Fraction | None
    worst_asset: str | None
    worst_ratio: Fraction | None
    bound: Bound
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CashPosition:
    """One currency. Segregated = customer or trust title; broad = all accounts; deciding = what counts."""

    currency: str
    decimals: int
    owed: int
    grade: Grade
    deciding: Held
    segregated: Held
    broad: Held
    confirmed: int  # the part of broad a letter received directly confirms
    asserted: bool  # a cash register was received
    commitment: CommittedTree | None = None
    attainable: int = 0  # segregated as declared, no more than any letter says: what deciding could become
    tolerance: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule's answer about one subject. `values` are strings, in the order they are printed."""

    rule: str
    outcome: Answer
    severity: Severity
    subject: str
    message: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A holding declared more than once; it is counted once, on the first line."""

    network: str
    identity: str
    lines: tuple[int, ...]
    labels: tuple[str, ...]
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedOnce:
    """A balance that two instruments show; `instrument` is not summed because `counted` already is."""

    asset: str
    label: str
    instrument: str
    counted: str
    units: int  # the asset's smallest units


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """Coins that are there and that nobody can spend at the pin, or nobody said whether they can be."""

    asset: str
    label: str
    instrument: str
    units: int  # the asset's smallest units
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unspendable:
    """A declared wallet that nobody can spend from, or that is a token's own contract."""

    label: str
    network: str
    identity: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundBeyond:
    """Coins on scripts of one descriptor that are outside its declared range."""

    label: str  # the descriptor's
    instrument: str
    asset: str
    units: int  # the asset's smallest units
    scripts: int  # that hold something
    first: str  # the label of the first of them


@dataclass(frozen=True, slots=True, kw_only=True)
class BeyondRange:
    """What was looked at outside the declared ranges, and what was found there."""

    looked_at: int = 0  # holdings
    unread: tuple[UnreadCell, ...] = ()
    found: tuple[FoundBeyond, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The joined state that ratios and rules look at."""

    inputs: Inputs
    assets: tuple[AssetPosition, ...]  # every asset that is owed, held or in the perimeter; cash apart
    cash: tuple[CashPosition, ...]
    aggregate: Aggregate
    duplicates: tuple[Duplicate, ...]
    loosened: tuple[str, ...]  # settings looser than the default, as sentences
    outside: tuple[str, ...]  # assets owed but neither in the perimeter nor listed out of scope
    unread_lines: tuple[UnreadCell, ...] = ()  # statements without a figure: no asset can be named for them
    counted_once: tuple[CountedOnce, ...] = ()
    unspendable: tuple[Unspendable, ...] = ()
    locked: tuple[Locked, ...] = ()
    beyond_range: BeyondRange = BeyondRange()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """How the rules answered."""

    held: int
    broke: int
    not_assessable: int
    not_applicable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The result of a run; every report is a rendering of this and of nothing else."""

    position: Position
    findings: tuple[Finding, ...]
    checks: Checks
    outcome: Outcome
    pins: tuple[Pin, ...]
