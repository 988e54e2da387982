"""No valued aggregate of 100 % or more stands over an asset that is below 100 % under the same view."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from reservecheck.assess.ratios import counted_in_aggregate
from reservecheck.model.assessment import AssetPosition, Position
from reservecheck.model.words import Answer, Bound, Severity
from reservecheck.rules.figures import percent
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer: the first view whose aggregate hides a hole, or the worst asset beside the aggregates."""
    figures = position.aggregate
    if figures.worst_asset is None:
        return
    values = {
        "worst_asset": figures.worst_asset,
        "worst_ratio": percent(figures.worst_ratio),
        "in_kind_coverage": percent(figures.in_kind_coverage),
        "why": figures.why,
    }
    hidden = next(_hidden(position), None)
    if hidden:
        yield Answered(subject="aggregate", outcome=Answer.BREAKS, values={**values, **hidden})
    elif figures.worst_ratio is not None and figures.worst_ratio >= 1:
        yield Answered(subject="aggregate", outcome=Answer.HOLDS, case="covered", values=values)
    else:
        outcome = Answer.NOT_ASSESSABLE if figures.ratio is None else Answer.HOLDS
        yield Answered(subject="aggregate", outcome=outcome, values=values)


def _hidden(position: Position) -> Iterator[dict[str, str]]:
    """Like is compared with like: claims lift the broad aggregate, and the broad ratio of each asset too."""
    figures = position.aggregate
    counted = [asset for asset in position.assets if counted_in_aggregate(asset, position.inputs)]
    totals = {"deciding": figures.ratio, "segregated": figures.ratio_segregated, "broad": figures.ratio_broad}
    for view, total in totals.items():
        holes = [(_ratio(asset, view), asset.asset) for asset in counted if asset.deciding.bound is Bound.EXACT]
        lowest, asset = min(holes, default=(Fraction(1), ""))
        if total is not None and total >= 1 > lowest:
            yield {"view": view, "aggregate": percent(total), "hole": asset, "hole_ratio": percent(lowest)}


def _ratio(asset: AssetPosition, view: str) -> Fraction:
    held = {"deciding": asset.deciding.held, "segregated": asset.segregated.held, "broad": asset.broad.held}[view]
    return Fraction(held, asset.owed)


RULE = Rule(
    id="aggregate_hides_a_hole",
    title="No aggregate hides a hole",
    severity=Severity.CRITICAL,
    ask=ask,
)
