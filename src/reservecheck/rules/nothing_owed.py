"""Something is owed: an empty liability file is never a pass."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for the whole file."""
    lines = position.inputs.books.liabilities.lines
    rows, owed = sum(line.rows for line in lines), sum(1 for line in lines if line.gross > 0)
    outcome = Answer.HOLDS if owed else Answer.BREAKS
    yield Answered(subject="liabilities", outcome=outcome, values={"rows": str(rows), "lines": str(owed)})


RULE = Rule(
    id="nothing_owed",
    title="Something is owed in the file received",
    severity=Severity.CRITICAL,
    ask=ask,
)
