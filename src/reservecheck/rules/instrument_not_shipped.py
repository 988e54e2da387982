"""What counts through rows the engagement added is shown with its share."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.money import percent_down, percent_up
from reservecheck.rules.figures import amount
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each instrument the engagement added, with its share of everything held of the asset."""
    rows = [row for row in position.inputs.registry.instruments.values() if row.origin != "shipped"]
    for row in sorted(rows, key=lambda row: row.instrument):
        asset = next((one for one in position.assets if one.asset == row.asset), None)
        if asset is None:
            continue
        through = asset.by_instrument.get(row.instrument, 0)
        part = Fraction(through, asset.broad.held) if asset.broad.held else Fraction(0)
        share = percent_up(part)
        rounded = "" if share == percent_down(part) else " (rounded up)"
        values = {"asset": row.asset, "amount": amount(through, asset), "share": share, "rounded": rounded}
        yield Answered(subject=row.instrument, outcome=Answer.BREAKS, values=values)
    if not rows:
        yield Answered(subject="registry", outcome=Answer.HOLDS)


RULE = Rule(
    id="instrument_not_shipped",
    title="Only shipped instruments count",
    severity=Severity.NOTE,
    ask=ask,
)
