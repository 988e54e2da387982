"""The trees committed to were built again from the customer rows."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each tree; whether what came out is the same, another rule says."""
    stated = position.inputs.books.liabilities.commitment
    for tree in () if stated is None else stated.trees:
        outcome = Answer.BREAKS if tree.rebuilt is None else Answer.HOLDS
        yield Answered(subject=tree.asset, outcome=outcome, values={"root": tree.root})


RULE = Rule(
    id="commitment_not_rebuilt",
    title="Every tree committed to was built again",
    severity=Severity.NOTE,
    ask=ask,
)
