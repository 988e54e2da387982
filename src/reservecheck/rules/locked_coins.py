"""No coins that were read are known to be frozen, immature or otherwise out of reach at the pin."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import FREEZE_UNKNOWN, Answer, Severity
from reservecheck.money import format_amount
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each holding of which something is locked, or of which nobody said whether it is."""
    decimals = {asset.asset: asset.decimals for asset in position.assets}
    for held in position.locked:
        values = {
            "amount": format_amount(held.units, decimals[held.asset]),
            "asset": held.asset,
            "reason": held.reason,
        }
        outcome = Answer.NOT_ASSESSABLE if held.reason == FREEZE_UNKNOWN else Answer.BREAKS
        yield Answered(subject=f"{held.label} {held.instrument}", outcome=outcome, values=values)
    if not position.locked:
        yield Answered(subject="wallets", outcome=Answer.HOLDS)


RULE = Rule(
    id="locked_coins",
    title="No coins that were read are locked",
    severity=Severity.WARNING,
    ask=ask,
)
