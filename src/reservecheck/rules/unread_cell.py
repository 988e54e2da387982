"""Every declared holding was read: unknown is not zero."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import AssetPosition, Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each asset, and one for each custody account without a figure."""
    for asset in position.assets:
        outcome = Answer.NOT_ASSESSABLE if asset.unread else Answer.HOLDS
        values = {"unread": str(len(asset.unread)), "holdings": str(asset.lines), "first": _first(asset)}
        yield Answered(subject=asset.asset, outcome=outcome, values=values)
    for line in position.unread_lines:
        values = {"reason": line.reason}
        yield Answered(subject=line.label, outcome=Answer.NOT_ASSESSABLE, case="line", values=values)


SHOWN = 3


def _first(asset: AssetPosition) -> str:
    shown = [f"{cell.label}: {cell.reason}" for cell in asset.unread[:SHOWN]]
    rest = len(asset.unread) - len(shown)
    return "; ".join([*shown, f"and {rest} more"] if rest else shown)


RULE = Rule(
    id="unread_cell",
    title="Every declared holding was read",
    severity=Severity.CRITICAL,
    ask=ask,
)
