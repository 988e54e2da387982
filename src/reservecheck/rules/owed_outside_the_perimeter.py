"""Nothing is owed outside the perimeter without being listed out of scope."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.money import format_amount
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each asset left out; without an engagement the perimeter is whatever is owed."""
    if not position.inputs.engagement.given:
        yield Answered(subject="perimeter", outcome=Answer.NOT_APPLICABLE)
        return
    listed = {row.asset: row.reason for row in position.inputs.engagement.out_of_scope}
    for asset in position.outside:
        yield Answered(subject=asset, outcome=Answer.BREAKS, values={"owed": _owed(asset, position)})
    for asset, reason in sorted(listed.items()):
        values = {"owed": _owed(asset, position), "reason": reason}
        yield Answered(subject=asset, outcome=Answer.HOLDS, case="listed", values=values)
    if not position.outside and not listed:
        yield Answered(subject="perimeter", outcome=Answer.HOLDS)


def _owed(asset: str, position: Position) -> str:
    owed = sum(line.gross for line in position.inputs.books.liabilities.lines if line.asset == asset)
    row = position.inputs.registry.assets.get(asset)
    return format_amount(owed, row.decimals) if row else "not known"


RULE = Rule(
    id="owed_outside_the_perimeter",
    title="Nothing owed is left out in silence",
    severity=Severity.CRITICAL,
    ask=ask,
)
