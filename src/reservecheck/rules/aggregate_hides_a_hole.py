"""No valued aggregate of 100 % or more stands over an asset below 100 %."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.figures import percent
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer: the aggregates beside the worst asset."""
    figures = position.aggregate
    if figures.worst_asset is None:
        return
    shown = [part for part in (figures.ratio, figures.ratio_segregated, figures.ratio_broad) if part is not None]
    highest = max(shown, default=None)
    values = {
        "aggregate": percent(highest),
        "worst_asset": figures.worst_asset,
        "worst_ratio": percent(figures.worst_ratio),
        "in_kind_coverage": percent(figures.in_kind_coverage),
        "why": figures.why,
    }
    outcome = Answer.HOLDS
    if figures.worst_ratio is None:
        outcome = Answer.NOT_ASSESSABLE
    elif figures.worst_ratio < 1:
        outcome = Answer.NOT_ASSESSABLE if highest is None else Answer.BREAKS if highest >= 1 else Answer.HOLDS
    case = "covered" if outcome is Answer.HOLDS and figures.worst_ratio and figures.worst_ratio >= 1 else ""
    yield Answered(subject="aggregate", outcome=outcome, case=case, values=values)


RULE = Rule(
    id="aggregate_hides_a_hole",
    title="No aggregate hides a hole",
    severity=Severity.CRITICAL,
    ask=ask,
)
