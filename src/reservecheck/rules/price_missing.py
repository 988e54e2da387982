"""Every asset owed has a price, or the valued figures are not computed."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.assess.ratios import counted_in_aggregate, missing_prices
from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each asset that the valued figures need."""
    inputs = position.inputs
    counted = [asset for asset in position.assets if counted_in_aggregate(asset, inputs)]
    missing = set(missing_prices(counted, inputs))
    for asset in counted:
        outcome = Answer.NOT_ASSESSABLE if asset.asset in missing else Answer.HOLDS
        yield Answered(subject=asset.asset, outcome=outcome, values={"currency": inputs.engagement.currency})


RULE = Rule(
    id="price_missing",
    title="Every asset owed has a price",
    severity=Severity.WARNING,
    ask=ask,
)
