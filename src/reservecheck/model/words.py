"""The closed vocabularies. Their values are what files, bundles and JSON contain."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Owner(StrEnum):
    """Whose coins a wallet holds, as the entity declares it."""

    CUSTOMERS = "customers"
    HOUSE = "house"
    MIXED = "mixed"


class Storage(StrEnum):
    """How keys are kept, as the entity declares it."""

    HOT = "hot"
    COLD = "cold"
    THIRD_PARTY = "third-party"


class WalletKind(StrEnum):
    """What a declared line is: something a chain answers for, or a custodian's statement.

    `beyond-range` is a script a descriptor has outside its declared range: it is looked at and does not count.
    """

    ADDRESS = "address"
    BEYOND_RANGE = "beyond-range"
    STATEMENT = "statement"


class Evidence(StrEnum):
    """What stands behind a quantity, weakest first."""

    CLAIMED = "claimed"
    OBSERVED = "observed"
    CORROBORATED = "corroborated"
    PROVEN = "proven"

    @property
    def rank(self) -> int:
        """Position in the order, 0 for the weakest."""
        return list(Evidence).index(self)


FROZEN: Final = "frozen by the token's issuer"
FREEZE_UNKNOWN: Final = "whether the issuer froze it was not answered"
IMMATURE: Final = "immature coinbase"
"""Why coins that are there cannot be spent at the pin. The second is a want of knowledge; it counts against."""

UTXO_SET: Final = "UTXO set"
"""The proof that rests on a practitioner's own node: a coin set whose hash it states."""


class Control(StrEnum):
    """What shows who holds the keys, weakest first."""

    UNDEMONSTRATED = "undemonstrated"
    SIGNED = "signed"
    MOVED = "moved"
    CONFIRMED = "confirmed"

    @property
    def rank(self) -> int:
        """Position in the order, 0 for the weakest."""
        return list(Control).index(self)


class Grade(StrEnum):
    """How well a liability is known."""

    TOTALS = "L0"
    RESUMMED = "L1"
    COMMITTED = "L2"
    TESTED = "L3"


class CellStatus(StrEnum):
    """A cell was read, or it was not; there is nothing between."""

    READ = "read"
    UNREAD = "unread"


class Answer(StrEnum):
    """A rule's answer."""

    HOLDS = "holds"
    BREAKS = "breaks"
    NOT_ASSESSABLE = "not-assessable"
    NOT_APPLICABLE = "not-applicable"


class Severity(StrEnum):
    """A note never changes the outcome."""

    CRITICAL = "critical"
    WARNING = "warning"
    NOTE = "note"


class Outcome(StrEnum):
    """The outcome of a run."""

    COVERED = "covered"
    SHORTFALL = "shortfall"
    INCOMPLETE = "incomplete"


class Bound(StrEnum):
    """What a printed ratio bounds."""

    EXACT = "exact"
    AT_LEAST = "at-least"
    INTERVAL = "interval"
    UNKNOWN = "unknown"


class Title(StrEnum):
    """In whose name a bank account stands, as the entity declares it."""

    CUSTOMER = "customer"
    TRUST = "trust"
    COMPANY = "company"
