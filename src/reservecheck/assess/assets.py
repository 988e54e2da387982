"""One asset's position: what is owed, what is held under every view, and why the rest does not decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from reservecheck.assess.grades import committed_tree, grade
from reservecheck.assess.join import Joined
from reservecheck.assess.policy import Exclusion, exclusion, observed, tolerance
from reservecheck.assess.statements import Parcel
from reservecheck.model.assessment import AssetPosition, DecidingReserve, Excluded, Held, Inputs
from reservecheck.model.books import OwedLine
from reservecheck.model.words import Bound, Control, Evidence, Owner

CASH: Final = "cash"


def asset_position(asset: str, inputs: Inputs, joined: Joined) -> AssetPosition:
    """Everything known of one asset that is not cash."""
    row = inputs.registry.assets[asset]
    owed = _owed(asset, inputs)
    gross = sum(line.gross for line in owed)
    parcels = [parcel for parcel in joined.parcels if parcel.asset == asset]
    held, demonstrable, sorted_out = _decide(asset, parcels, inputs)
    bound = _bound(asset, inputs, joined)
    against = 0 if bound is Bound.UNKNOWN else gross
    return AssetPosition(
        asset=asset,
        decimals=row.decimals,
        kind=row.kind,
        owed=gross,
        owed_gross=gross,
        owed_negative=sum(line.negative for line in owed),
        owed_net=sum(line.net for line in owed),
        owed_house=sum(line.house for line in owed),
        grade=grade(asset, inputs),
        commitment=committed_tree(asset, inputs),
        in_perimeter=asset in perimeter(inputs),
        deciding=DecidingReserve(held=held, ratio=ratio(held, against), bound=bound),
        segregated=_held((one for one in parcels if one.owner is Owner.CUSTOMERS), against),
        broad=_held(parcels, against),
        shortfall=max(gross - held, 0),
        surplus=max(held - gross, 0),
        by_evidence={kind: _total(p for p in parcels if p.evidence is kind) for kind in Evidence},
        by_control={kind: _total(p for p in parcels if p.control is kind) for kind in Control},
        declared=_total(parcels),
        observed=_total(parcel for parcel in parcels if observed(parcel)),
        controlled=_total(p for p in parcels if observed(p) and p.control is not Control.UNDEMONSTRATED),
        excluded=_excluded(asset, sorted_out, joined),
        unread=joined.unread.get(asset, ()),
        by_instrument=_by_instrument(parcels),
        demonstrable=demonstrable,
        tolerance=tolerance(inputs.engagement, asset, row.decimals),
        lines=joined.lines.get(asset, 0),
        why=_why_unknown(asset, inputs, joined),
    )


def perimeter(inputs: Inputs) -> frozenset[str]:
    """The assets the question is about: what the engagement names, or whatever is owed where there is none."""
    if inputs.engagement.given:
        return frozenset(inputs.engagement.assets)
    return frozenset(line.asset for line in inputs.books.liabilities.lines)


def ratio(held: int, owed: int) -> Fraction | None:
    """Held over owed, or None where nothing is owed: neither infinite nor 100 %."""
    return Fraction(held, owed) if owed else None


def _decide(asset: str, parcels: Iterable[Parcel], inputs: Inputs) -> tuple[int, int, dict[Exclusion | None, int]]:
    """What decides, what more evidence could let in, and everything that was left out."""
    sorted_out = _sorted_out(parcels, inputs)
    pledged = sum(max(row.units, 0) for row in inputs.books.encumbrances or () if row.asset == asset)
    taken = _take_encumbered(sorted_out, pledged)
    held = sorted_out.pop(None, 0)
    demonstrable = sum(units for why, units in sorted_out.items() if why and why.demonstrable)
    return held, max(demonstrable - (pledged - taken), 0), sorted_out


def _owed(asset: str, inputs: Inputs) -> list[OwedLine]:
    return [line for line in inputs.books.liabilities.lines if line.asset == asset]


def _held(parcels: Iterable[Parcel], owed: int) -> Held:
    held = _total(parcels)
    return Held(held=held, ratio=ratio(held, owed))


def _total(parcels: Iterable[Parcel]) -> int:
    return sum(parcel.units for parcel in parcels)


def _sorted_out(parcels: Iterable[Parcel], inputs: Inputs) -> dict[Exclusion | None, int]:
    """Every unit under exactly one heading; None is the heading of what decides."""
    result: dict[Exclusion | None, int] = defaultdict(int)
    for parcel in parcels:
        result[exclusion(parcel, inputs)] += parcel.units
    return result


def _take_encumbered(sorted_out: dict[Exclusion | None, int], pledged: int) -> int:
    """Nobody says which coins are pledged, so they come off what decides first; answers how many did."""
    taken = min(pledged, sorted_out.get(None, 0))
    if taken:
        sorted_out[None] -= taken
        sorted_out[Exclusion("encumbered", demonstrable=False)] = taken
    return taken


def _excluded(asset: str, sorted_out: dict[Exclusion | None, int], joined: Joined) -> tuple[Excluded, ...]:
    amounts = {why.reason: units for why, units in sorted_out.items() if why and units}
    for again in joined.counted_once:
        if again.asset == asset:
            amounts.setdefault(f"same balance as {again.counted}", 0)
    return tuple(Excluded(reason=reason, amount=amount) for reason, amount in sorted(amounts.items()))


def _by_instrument(parcels: Iterable[Parcel]) -> dict[str, int]:
    result: dict[str, int] = defaultdict(int)
    for parcel in parcels:
        result[parcel.instrument] += parcel.units
    return dict(sorted(result.items()))


def _bound(asset: str, inputs: Inputs, joined: Joined) -> Bound:
    if _why_unknown(asset, inputs, joined):
        return Bound.UNKNOWN
    return Bound.AT_LEAST if joined.unread.get(asset) else Bound.EXACT


def _why_unknown(asset: str, inputs: Inputs, joined: Joined) -> str:
    if asset not in perimeter(inputs) and not joined.lines.get(asset):
        return "it is outside the perimeter, so nobody looked for it"
    if joined.unread.get(asset) and all(parcel.asset != asset for parcel in joined.parcels):
        return joined.inexact.get(asset, "none of its holdings was read")
    return joined.inexact.get(asset, "")
