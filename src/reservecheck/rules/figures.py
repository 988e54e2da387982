"""How rules write figures, and which assets they look at."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from reservecheck.model.assessment import AssetPosition, Position
from reservecheck.money import format_amount, grouped, percent_down


def owed_assets(position: Position) -> Iterator[AssetPosition]:
    """The assets in the perimeter of which something is owed."""
    return (asset for asset in position.assets if asset.in_perimeter and asset.owed > 0)


def covered(asset: AssetPosition) -> bool:
    """What decides reaches what is owed, less the engagement's tolerance."""
    return asset.deciding.ratio is not None and asset.deciding.held >= asset.owed - asset.tolerance


def amount(units: int, asset: AssetPosition) -> str:
    """Whole units."""
    return format_amount(units, asset.decimals)


def percent(ratio: Fraction | None) -> str:
    """Two decimals rounded down, or "not known"."""
    return "not known" if ratio is None else percent_down(ratio)


def left_out(asset: AssetPosition) -> str:
    """What did not decide, by reason, and how many holdings were not read."""
    parts = [f"{row.reason}: {grouped(amount(row.amount, asset))}" for row in asset.excluded if row.amount]
    if asset.unread:
        parts.append(f"unread: {len(asset.unread)} of {asset.lines} holdings")
    return "; ".join(parts) or "nothing"
