"""Statements, bank balances and letters are as of the cut-off, give or take a day, for banks close at night."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.moments import parse_moment
from reservecheck.rules.rule import Answered, Rule

DAY_SECONDS = 86_400


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each bank account, custodian's figure and letter that says as of when it is."""
    engagement = position.inputs.engagement
    for subject, as_of in _dated(position):
        apart = _seconds_apart(as_of, engagement.cutoff, engagement.cutoff_epoch)
        outcome = Answer.NOT_ASSESSABLE
        if apart is not None:
            outcome = Answer.HOLDS if apart <= DAY_SECONDS else Answer.BREAKS
        yield Answered(
            subject=subject, outcome=outcome, values={"as_of": as_of or "not stated", "cutoff": engagement.cutoff}
        )


def _dated(position: Position) -> Iterator[tuple[str, str]]:
    books = position.inputs.books
    yield from ((f"cash {line.label} {line.currency}", line.as_of) for line in books.cash or ())
    yield from ((f"statement {row.label} {row.asset}", row.as_of) for row in books.custodians or ())
    yield from ((f"letter {letter.id}", letter.as_of) for letter in books.letters or () if letter.received_on)


def _seconds_apart(as_of: str, cutoff: str, cutoff_epoch: int) -> int | None:
    """Instants are compared as instants, a bare date with the cut-off's own date; None if it is neither."""
    try:
        return abs(parse_moment(as_of) - cutoff_epoch)
    except ValueError:
        pass
    try:
        return abs((date.fromisoformat(as_of) - date.fromisoformat(cutoff[:10])).days) * DAY_SECONDS
    except ValueError:
        return None


RULE = Rule(
    id="statement_date",
    title="Statements, bank balances and letters are as of the cut-off",
    severity=Severity.WARNING,
    ask=ask,
)
