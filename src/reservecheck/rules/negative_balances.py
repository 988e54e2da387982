"""Negative balances are shown and never netted."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.figures import amount
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each asset with negative balances."""
    for asset in position.assets:
        if asset.owed_negative:
            values = {
                "negative": amount(asset.owed_negative, asset),
                "gross": amount(asset.owed_gross, asset),
                "net": amount(asset.owed_net, asset),
            }
            yield Answered(subject=asset.asset, outcome=Answer.BREAKS, values=values)
    if not any(asset.owed_negative for asset in position.assets):
        yield Answered(subject="liabilities", outcome=Answer.HOLDS)


RULE = Rule(
    id="negative_balances",
    title="Negative balances are not netted",
    severity=Severity.NOTE,
    ask=ask,
)
