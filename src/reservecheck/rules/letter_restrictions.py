"""No letter received directly restricts what it confirms."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each letter received directly."""
    for letter in position.inputs.books.letters or ():
        if letter.channel == "direct" and letter.received_on:
            free = letter.restrictions.strip().casefold() in {"", "none"}
            outcome = Answer.HOLDS if free else Answer.NOT_ASSESSABLE
            values = {"label": letter.label, "asset": letter.asset, "restrictions": letter.restrictions}
            yield Answered(subject=f"letter {letter.id}", outcome=outcome, values=values)


RULE = Rule(
    id="letter_restrictions",
    title="No letter restricts what it confirms",
    severity=Severity.WARNING,
    ask=ask,
)
