"""How well what is owed is known."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.assess.grades import grade
from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Grade, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each asset that stands in what was received, cash as well."""
    for asset in sorted({line.asset for line in position.inputs.books.liabilities.lines}):
        known = grade(asset, position.inputs)
        outcome = Answer.BREAKS if known is Grade.TOTALS else Answer.HOLDS
        case = {Grade.COMMITTED: "committed", Grade.TESTED: "tested"}.get(known, "")
        yield Answered(subject=asset, outcome=outcome, case=case, values={"grade": str(known)})


RULE = Rule(
    id="liability_grade",
    title="What is owed was summed from customers' rows",
    severity=Severity.NOTE,
    ask=ask,
)
