"""Loans and pledges are stated, or somebody asserts that there are none."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for the register."""
    rows = position.inputs.books.encumbrances
    if rows is None:
        yield Answered(subject="encumbrances", outcome=Answer.BREAKS)
        return
    who = ", ".join(sorted({row.asserted_by for row in rows if row.asserted_by})) or "nobody named"
    yield Answered(subject="encumbrances", outcome=Answer.HOLDS, values={"rows": str(len(rows)), "by": who})


RULE = Rule(
    id="encumbrances_not_asserted",
    title="Encumbrances are asserted",
    severity=Severity.NOTE,
    ask=ask,
)
