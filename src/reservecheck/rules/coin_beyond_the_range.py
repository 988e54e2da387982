"""No coin stands on a script that a descriptor has outside its declared range."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.money import format_amount
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each descriptor with coins beyond its range, and one for scripts that were not read."""
    beyond = position.beyond_range
    decimals = {asset.asset: asset.decimals for asset in position.assets}
    for found in beyond.found:
        values = {
            "amount": format_amount(found.units, decimals[found.asset]),
            "asset": found.asset,
            "scripts": str(found.scripts),
            "first": found.first,
        }
        yield Answered(subject=found.label, outcome=Answer.BREAKS, values=values)
    if beyond.unread:
        first = beyond.unread[0]
        values = {"unread": str(len(beyond.unread)), "scripts": str(beyond.looked_at), "first": first.label}
        values["reason"] = first.reason
        yield Answered(subject="ranges", outcome=Answer.NOT_ASSESSABLE, values=values)
    elif beyond.looked_at and not beyond.found:
        yield Answered(subject="ranges", outcome=Answer.HOLDS, values={"scripts": str(beyond.looked_at)})


RULE = Rule(
    id="coin_beyond_the_range",
    title="No coin stands beyond the declared range of a descriptor",
    severity=Severity.WARNING,
    ask=ask,
)
