"""What the snapshot folder says: totals owed, cash, prices, statements, letters. Never a customer's row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from reservecheck.model.committed import Committed
from reservecheck.model.confirmations import Confirmations
from reservecheck.model.declared import InputFile
from reservecheck.model.words import Grade, Title


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedLine:
    """Totals of one asset in one product class, in the asset's smallest units.

    gross = Σ max(balance, 0) over all rows, house accounts included; negative = Σ max(−balance, 0) ≥ 0;
    net = gross − negative; house = the part of gross on the entity's own accounts.
    """

    asset: str
    class_: str  # "" when the extract has no class column
    rows: int
    gross: int
    negative: int
    house: int

    @property
    def net(self) -> int:
        """Shown beside gross, never instead of it."""
        return self.gross - self.negative


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFinding:
    """A questionable kind of row: how many, and where the first ones stand. Never a customer id."""

    kind: str  # negative | duplicate | zero | look-alike-id | house-account | mismatch-rows | mismatch-total …
    asset: str  # "" when it is not about one asset
    count: int
    units: int  # sum of absolute amounts concerned, 0 when it does not apply
    where: tuple[str, ...]  # "customers.csv:17", at most 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """What the entity says about how the extract was made; None or "not stated" where it is silent."""

    as_of: str = "not stated"
    as_of_epoch: int | None = None
    rows: int | None = None
    totals: Mapping[str, str] = field(default_factory=dict)
    script_sha256: str = "not stated"
    ran_at: str = "not stated"
    extracted_by: str = "not stated"
    observed_by: str = "not stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Liabilities:
    """What customers are owed, coins and cash."""

    grade: Grade  # of the files received: L0 with a total among them, else L1; what an asset reaches, assess says
    lines: tuple[OwedLine, ...]
    findings: tuple[RowFinding, ...]
    extract: Extract
    classes: Mapping[str, str]  # product class → "listed" | "total" | "none, asserted by NAME"
    private_files: tuple[InputFile, ...]  # digests of files that never leave the practitioner's machine
    commitment: Committed | None = None

    def gross(self, asset: str) -> int:
        """What is owed of an asset, over all classes."""
        return sum(line.gross for line in self.lines if line.asset == asset)


@dataclass(frozen=True, slots=True, kw_only=True)
class CashLine:
    """One bank account, by label, in the currency's smallest units."""

    label: str
    institution: str
    currency: str
    units: int
    title: Title
    as_of: str
    document_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """One whole unit of an asset in the engagement's currency."""

    asset: str
    price: Fraction
    text: str  # as written, a plain decimal
    source: str
    as_of: str
    as_of_epoch: int
    method: str = ""
    supplied_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodianLine:
    """What a custodian is said to hold at the cut-off, in the asset's smallest units."""

    label: str
    asset: str
    units: int
    as_of: str
    document_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A confirmation as the practitioner registered it; only `direct` ones confirm anything."""

    id: str
    from_: str
    subject: str  # cash | custody
    label: str
    asset: str
    units: int
    as_of: str
    requested_on: str
    received_on: str
    channel: str  # direct | via-entity
    received_by: str
    restrictions: str
    file_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciling:
    """An item in flight, or an encumbrance: what the registers say, in the asset's smallest units."""

    kind: str
    asset: str
    units: int
    reference: str  # tx or counterparty
    side: str = ""
    document_sha256: str = ""
    asserted_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """A snapshot folder, read. None means: the register is absent, which is "not asserted", never empty."""

    liabilities: Liabilities
    cash: tuple[CashLine, ...] | None
    prices: tuple[Price, ...] | None
    custodians: tuple[CustodianLine, ...] | None
    letters: tuple[Letter, ...] | None
    reconciling: tuple[Reconciling, ...] | None
    encumbrances: tuple[Reconciling, ...] | None
    files: tuple[InputFile, ...]  # every file of the folder, by role order
    confirmations: Confirmations | None = None
