"""Valued figures over assets with something owed: information beside the ratio of each asset, never instead of it.

A = Σp·R ÷ Σp·L lets one asset's surplus hide another's hole; K = Σp·min(R,L) ÷ Σp·L does not; the worst asset
needs no price at all. K ≤ min(1, A), and K = 1 exactly where no asset is below 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from reservecheck.assess.policy import is_entity
from reservecheck.model.assessment import Aggregate, AssetPosition, Inputs
from reservecheck.model.words import Bound


def counted_in_aggregate(position: AssetPosition, inputs: Inputs) -> bool:
    """In the perimeter, owed, and nobody's own token."""
    own = position.kind == "issuer-token" or is_entity(inputs.registry.assets[position.asset].issuer, inputs)
    return position.in_perimeter and position.owed > 0 and not own


def aggregate(positions: Sequence[AssetPosition], inputs: Inputs) -> Aggregate:
    """The valued figures, each None where it cannot be computed; `why` says why."""
    counted = [position for position in positions if counted_in_aggregate(position, inputs)]
    worst, worst_ratio = worst_asset(counted)
    why = _why_not(counted, inputs)
    prices = {} if why else _prices(inputs)

    def weighted(held: Callable[[AssetPosition], int]) -> Fraction | None:
        return None if why else _weighted(counted, prices, held)

    unknown = any(position.deciding.bound is Bound.UNKNOWN for position in counted)
    at_least = any(position.deciding.bound is Bound.AT_LEAST for position in counted)
    return Aggregate(
        currency=inputs.engagement.currency,
        ratio=weighted(lambda position: position.deciding.held),
        ratio_segregated=weighted(lambda position: position.segregated.held),
        ratio_broad=weighted(lambda position: position.broad.held),
        in_kind_coverage=weighted(lambda position: min(position.deciding.held, position.owed)),
        worst_asset=worst,
        worst_ratio=worst_ratio,
        bound=Bound.UNKNOWN if unknown else Bound.AT_LEAST if at_least else Bound.EXACT,
        why=why,
    )


def worst_asset(counted: Sequence[AssetPosition]) -> tuple[str | None, Fraction | None]:
    """The asset with the lowest deciding ratio; one whose ratio is not known comes before all others."""
    if not counted:
        return None, None
    for position in counted:
        if position.deciding.ratio is None:
            return position.asset, None
    worst = min(counted, key=lambda position: position.deciding.ratio or Fraction(0))
    return worst.asset, worst.deciding.ratio


def missing_prices(counted: Sequence[AssetPosition], inputs: Inputs) -> tuple[str, ...]:
    """Assets without a price above zero."""
    prices = _prices(inputs)
    return tuple(position.asset for position in counted if prices.get(position.asset, Fraction(0)) <= 0)


def late_prices(counted: Sequence[AssetPosition], inputs: Inputs) -> tuple[str, ...]:
    """Assets whose price was taken after the cut-off."""
    late = {row.asset for row in inputs.books.prices or () if row.as_of_epoch > inputs.engagement.cutoff_epoch}
    return tuple(position.asset for position in counted if position.asset in late)


def _prices(inputs: Inputs) -> dict[str, Fraction]:
    return {row.asset: row.price for row in inputs.books.prices or ()}


def _why_not(counted: Sequence[AssetPosition], inputs: Inputs) -> str:
    if not counted:
        return "no coins are owed in the file received"
    if not inputs.engagement.currency:
        return "no engagement says in which currency prices are"
    missing, late = missing_prices(counted, inputs), late_prices(counted, inputs)
    if missing:
        return f"no price for {', '.join(missing)}"
    if late:
        return f"the price of {', '.join(late)} was taken after the cut-off"
    unknown = [position.asset for position in counted if position.deciding.bound is Bound.UNKNOWN]
    return f"the holding of {', '.join(unknown)} is not known" if unknown else ""


def _weighted(
    counted: Sequence[AssetPosition], prices: dict[str, Fraction], held: Callable[[AssetPosition], int]
) -> Fraction:
    over = sum((prices[p.asset] * Fraction(held(p), 10**p.decimals) for p in counted), start=Fraction(0))
    under = sum((prices[p.asset] * Fraction(p.owed, 10**p.decimals) for p in counted), start=Fraction(0))
    return over / under
