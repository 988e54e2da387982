"""The extract has no duplicates or look-alikes, and sums to what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each kind of row and asset; zeros, house accounts, tickers and rows out of scope are notes."""
    found = [row for row in position.inputs.books.liabilities.findings if row.kind != "negative"]
    for row in found:
        noted = row.kind in NOTED
        values = {"count": str(row.count), "where": ", ".join(row.where[:SHOWN]) or "the file as a whole"}
        yield Answered(
            subject=f"{row.kind} {row.asset}".strip(),
            outcome=Answer.BREAKS,
            case="noted" if noted else "",
            severity=Severity.NOTE if noted else None,
            values=values,
        )
    if all(row.kind in NOTED for row in found):
        yield Answered(subject="extract", outcome=Answer.HOLDS)


NOTED = frozenset({"zero", "house-account", "out-of-scope", "ticker"})
SHOWN = 5


RULE = Rule(
    id="liability_extract",
    title="The extract is consistent in itself",
    severity=Severity.CRITICAL,
    ask=ask,
)
