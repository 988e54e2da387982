"""Customers were drawn by the block that was named before it was made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reservecheck.assess.drawn import AS_COMMITTED, TEST_CHAIN, UNKNOWN_BLOCK, UNREAD_NETWORK, drawing
from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule

_NOTED: Final = (UNKNOWN_BLOCK, UNREAD_NETWORK, TEST_CHAIN)
_OUTCOMES: Final = {AS_COMMITTED: Answer.HOLDS} | dict.fromkeys(_NOTED, Answer.NOT_ASSESSABLE)


def ask(position: Position) -> Iterator[Answered]:
    """One answer where a list of customers asked was received; a block that nothing here tells is a note."""
    how = drawing(position.inputs)
    if how is None:
        return
    yield Answered(
        subject="draw",
        outcome=_OUTCOMES.get(how.case, Answer.BREAKS),
        case=how.case,
        values=how.values,
        severity=Severity.NOTE if how.case in _NOTED else None,
    )


RULE = Rule(
    id="draw_not_committed",
    title="Customers were drawn by the block that was committed to beforehand",
    severity=Severity.CRITICAL,
    ask=ask,
)
