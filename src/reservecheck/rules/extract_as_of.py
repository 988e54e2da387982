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
    elif extract.as_of_epoch != engagement.cutoff_epoch:
        outcome = Answer.BREAKS
        seconds = extract.as_of_epoch - engagement.cutoff_epoch
        values["difference"] = f"{abs(seconds)} s {'after' if seconds > 0 else 'before'}"
    yield Answered(subject="extract", outcome=outcome, values=values)


RULE = Rule(
    id="extract_as_of",
    title="The extract is as of the cut-off",
    severity=Severity.CRITICAL,
    ask=ask,
)
