"""The extract says of each product class that it is in the file or that there is none."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for the extract."""
    classes = position.inputs.books.liabilities.classes
    outcome = Answer.HOLDS if classes else Answer.BREAKS
    stated = "; ".join(f"{name}: {said}" for name, said in sorted(classes.items()))
    yield Answered(subject="extract", outcome=outcome, values={"classes": stated or "not stated"})


RULE = Rule(
    id="classes_not_stated",
    title="Product classes are stated",
    severity=Severity.NOTE,
    ask=ask,
)
