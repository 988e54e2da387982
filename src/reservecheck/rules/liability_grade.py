"""How well what is owed is known."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Grade, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for the liabilities."""
    grade = position.inputs.books.liabilities.grade
    outcome = Answer.BREAKS if grade is Grade.TOTALS else Answer.HOLDS
    yield Answered(subject="liabilities", outcome=outcome, values={"grade": str(grade)})


RULE = Rule(
    id="liability_grade",
    title="What is owed was summed from customers' rows",
    severity=Severity.NOTE,
    ask=ask,
)
