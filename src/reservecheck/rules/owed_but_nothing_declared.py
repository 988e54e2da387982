"""Every asset that is owed has at least one declared holding."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.figures import amount, owed_assets
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each asset owed in the perimeter."""
    for asset in owed_assets(position):
        outcome = Answer.HOLDS if asset.lines or asset.unread else Answer.BREAKS
        values = {"owed": amount(asset.owed, asset), "holdings": str(asset.lines)}
        yield Answered(subject=asset.asset, outcome=outcome, values=values)


RULE = Rule(
    id="owed_but_nothing_declared",
    title="Every asset owed has a declared holding",
    severity=Severity.CRITICAL,
    ask=ask,
)
