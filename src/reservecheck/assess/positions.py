"""The whole position of an entity at the cut-off, from everything that was declared, read and received."""

from __future__ import annotations

from reservecheck.assess.assets import CASH, asset_position, perimeter
from reservecheck.assess.cash import cash_positions
from reservecheck.assess.join import Joined, join
from reservecheck.assess.policy import loosened
from reservecheck.assess.ratios import aggregate
from reservecheck.model.assessment import Inputs, Position


def position(inputs: Inputs) -> Position:
    """Join, sum and compare; the same inputs give the same position.

    Raises ValueError where one holding stands twice in the observation, MoneyError on a sum out of range or a
    tolerance that the asset's decimals cannot hold.
    """
    joined = join(inputs)
    assets = tuple(asset_position(asset, inputs, joined) for asset in _assets(inputs, joined))
    return Position(
        inputs=inputs,
        assets=assets,
        cash=cash_positions(inputs),
        aggregate=aggregate(assets, inputs),
        duplicates=joined.duplicates,
        loosened=loosened(inputs.engagement, inputs.registry),
        outside=_outside(inputs),
        unread_lines=joined.unread_lines,
        counted_once=joined.counted_once,
        unspendable=joined.unspendable,
        locked=joined.locked,
        beyond_range=joined.beyond_range,
    )


def _assets(inputs: Inputs, joined: Joined) -> list[str]:
    """The perimeter in its own order, then what is owed or held beside it; cash apart."""
    owed = {line.asset for line in inputs.books.liabilities.lines}
    held = {parcel.asset for parcel in joined.parcels} | set(joined.lines) | set(joined.unread)
    named = [*inputs.engagement.assets, *sorted((owed | held | perimeter(inputs)) - set(inputs.engagement.assets))]
    return [asset for asset in named if inputs.registry.assets[asset].kind != CASH]


def _outside(inputs: Inputs) -> tuple[str, ...]:
    owed = {line.asset for line in inputs.books.liabilities.lines if line.gross or line.negative}
    left_out = {row.asset for row in inputs.engagement.out_of_scope}
    return tuple(sorted(owed - perimeter(inputs) - left_out))
