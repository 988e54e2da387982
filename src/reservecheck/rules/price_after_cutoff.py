"""No price was taken after the cut-off."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.assess.ratios import counted_in_aggregate, late_prices
from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each priced asset that the valued figures need."""
    inputs = position.inputs
    counted = [asset for asset in position.assets if counted_in_aggregate(asset, inputs)]
    late = set(late_prices(counted, inputs))
    as_of = {row.asset: row.as_of for row in inputs.books.prices or ()}
    for asset in counted:
        if asset.asset in as_of:
            outcome = Answer.NOT_ASSESSABLE if asset.asset in late else Answer.HOLDS
            values = {"as_of": as_of[asset.asset], "cutoff": inputs.engagement.cutoff}
            yield Answered(subject=asset.asset, outcome=outcome, values=values)


RULE = Rule(
    id="price_after_cutoff",
    title="No price was taken after the cut-off",
    severity=Severity.WARNING,
    ask=ask,
)
