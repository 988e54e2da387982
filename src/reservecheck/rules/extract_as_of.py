"""The liability extract is as of the cut-off, to the second."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for the extract."""
    extract, engagement = position.inputs.books.liabilities.extract, position.inputs.engagement
    values = {"as_of": extract.as_of, "cutoff": engagement.cutoff}
    outcome = Answer.HOLDS
    if extract.as_of_epoch is None:
        outcome = Answer.NOT_ASSESSABLE
    elif difference := apart(extract.as_of_epoch, engagement.cutoff_epoch):
        outcome = Answer.BREAKS
        values["difference"] = difference
    yield Answered(subject="extract", outcome=outcome, values=values)


def apart(as_of: int, cutoff: int) -> str:
    """How far before or after the cut-off, "" where it is the same second."""
    seconds = as_of - cutoff
    return f"{abs(seconds)} s {'after' if seconds > 0 else 'before'}" if seconds else ""


RULE = Rule(
    id="extract_as_of",
    title="The extract is as of the cut-off",
    severity=Severity.CRITICAL,
    ask=ask,
)
