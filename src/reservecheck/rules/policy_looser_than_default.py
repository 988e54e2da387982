"""Where the engagement asks for less than the strict default, it is said."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each looser setting."""
    for number, sentence in enumerate(position.loosened, start=1):
        yield Answered(subject=f"setting {number}", outcome=Answer.BREAKS, values={"setting": sentence})
    if not position.loosened:
        yield Answered(subject="policy", outcome=Answer.HOLDS)


RULE = Rule(
    id="policy_looser_than_default",
    title="The policy asks for no less than the default",
    severity=Severity.NOTE,
    ask=ask,
)
