"""Of every asset at least as much decides as is owed, in kind."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import AssetPosition, Position
from reservecheck.model.words import Answer, Bound, Severity
from reservecheck.rules.figures import amount, covered, left_out, percent
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each asset; house coins never close a gap."""
    for asset in position.assets:
        outcome, case = _answer(asset)
        yield Answered(subject=asset.asset, outcome=outcome, case=case, values=_values(asset))


def _answer(asset: AssetPosition) -> tuple[Answer, str]:
    if not asset.in_perimeter:
        return Answer.NOT_APPLICABLE, "outside"
    if asset.owed == 0:
        return Answer.NOT_APPLICABLE, ""
    if asset.deciding.bound is Bound.UNKNOWN:
        return Answer.NOT_ASSESSABLE, "unknown"
    if covered(asset):
        return Answer.HOLDS, "at least" if asset.unread else ""
    if asset.unread or asset.deciding.held + asset.demonstrable >= asset.owed - asset.tolerance:
        return Answer.NOT_ASSESSABLE, ""
    return Answer.BREAKS, "even then" if asset.demonstrable else ""


def _values(asset: AssetPosition) -> dict[str, str]:
    return {
        "owed": amount(asset.owed, asset),
        "deciding": amount(asset.deciding.held, asset),
        "ratio": percent(asset.deciding.ratio),
        "shortfall": amount(asset.shortfall, asset),
        "missing": amount(max(asset.shortfall - asset.demonstrable, 0), asset),
        "left_out": left_out(asset),
        "why": asset.why,
    }


RULE = Rule(
    id="asset_shortfall",
    title="Of every asset at least as much decides as is owed",
    severity=Severity.CRITICAL,
    ask=ask,
)
