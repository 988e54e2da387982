"""Customers drawn by a block and asked what they are owed: their answers counted, never a customer or a balance.

A practitioner's list has a row a customer; of it only what is here leaves his machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Final

CONFIRMATIONS_FILE: Final = "confirmations.csv"
"""The practitioner's list; no other file has its name."""
CONFIDENCE: Final = Fraction(95, 100)
SHARE_PLACES: Final = 10_000
"""A share is told in hundredths of a percent."""
MOST_ALLOWED: Final = 500
"""Hundredths of a percent that may remain untested: 59 draws and more leave less than 5 %."""


class ReadFrom(StrEnum):
    """Where the practitioner has the hash of the block from that drew."""

    OWN = "own-source"
    THIRD_PARTY = "third-party-source"
    TYPED = "typed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnBy:
    """What drew: a commitment file, by its SHA-256, and a block, its hash 64 digits of hex without 0x."""

    commitment: str
    network: str
    height: int
    block: str
    time: str  # the block's, as in 2018-09-20T09:00:00Z; "" where only the hash was typed
    read_from: ReadFrom


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One asset's answers. Leaves are counted once each, however often they were drawn; a balance is never told.

    Every leaf that was drawn is in exactly one of the five counts from `agreed` to `left_out`.
    """

    asset: str
    draws: int  # how often was drawn, repeated leaves as often as they were
    agreed: int
    via_entity: int  # agreed by way of the entity: counted, and worth nothing
    differing: int  # whatever way the answer came
    no_reply: int
    left_out: int = 0  # drawn, and not in the list or with other hits
    added: int = 0  # in the list, and not drawn
    owed_more: int | None = (
        0  # Σ of what customers say beyond what is recorded, smallest units; None: one customer's
    )
    owed_less: int | None = 0  # Σ of what is recorded beyond what customers say, as above

    @property
    def drawn(self) -> int:
        """Leaves that were drawn, each once."""
        return self.agreed + self.via_entity + self.differing + self.no_reply + self.left_out

    @property
    def is_drawn(self) -> bool:
        """The list is exactly what was drawn."""
        return not self.left_out and not self.added

    @property
    def untested(self) -> int:
        """Hundredths of a percent of the total, or of the customers, that can be wrong at most if all agreed."""
        return most_overstated(self.draws)

    @property
    def enough(self) -> bool:
        """So many draws that little remains untested."""
        return self.untested <= MOST_ALLOWED

    @property
    def all_agreed(self) -> bool:
        """Exactly those drawn were asked, and every one of them answered directly that it is right."""
        return self.is_drawn and self.agreed == self.drawn > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmations:
    """The practitioner's list of answers, held against the trees that were built again.

    `answers` lacks the assets whose tree nobody built again: what was drawn from it is not known.
    """

    drawn_by: DrawnBy
    list_sha256: str
    listed: tuple[str, ...]  # assets with a row in the list, sorted
    answers: tuple[Answers, ...]  # by asset
    otherwise: Mapping[str, int] = field(
        default_factory=dict
    )  # rows of the list that differ, by asset, drawn or not

    def of(self, asset: str) -> Answers | None:
        """What was answered about an asset, if its draw could be held against a tree."""
        return next((one for one in self.answers if one.asset == asset), None)


def most_overstated(draws: int) -> int:
    """Hundredths of a percent of a total that can be overstated at most, at 95 % confidence, n draws all agreeing.

    The smallest whole number p with (1 − p/10,000)^n ≤ 5 %: 1 − 0.05^(1/n), rounded up, in whole numbers alone.
    """
    low, high = 0, SHARE_PLACES
    while low < high:
        middle = (low + high) // 2
        if Fraction(SHARE_PLACES - middle, SHARE_PLACES) ** draws <= 1 - CONFIDENCE:
            high = middle
        else:
            low = middle + 1
    return low
