"""A balance that two instruments show counts once."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.money import format_amount
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each balance shown twice."""
    decimals = {asset.asset: asset.decimals for asset in position.assets}
    for again in position.counted_once:
        values = {
            "instrument": again.instrument,
            "counted": again.counted,
            "amount": format_amount(again.units, decimals[again.asset]),
            "asset": again.asset,
        }
        yield Answered(subject=f"{again.label} {again.instrument}", outcome=Answer.BREAKS, values=values)
    if not position.counted_once:
        yield Answered(subject="wallets", outcome=Answer.HOLDS)


RULE = Rule(
    id="same_balance_counted_once",
    title="No balance is shown by two instruments",
    severity=Severity.NOTE,
    ask=ask,
)
