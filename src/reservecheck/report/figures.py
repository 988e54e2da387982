"""Amounts and ratios as readers see them: side by side, rounded against the entity, bounds said in words."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from reservecheck import money
from reservecheck.model.assessment import AssetPosition, CashPosition, Held, Position
from reservecheck.model.committed import CommittedTree
from reservecheck.model.words import Bound, Evidence
from reservecheck.money import format_amount, percent_down, percent_up
from reservecheck.report.answered import answer_notes
from reservecheck.report.document import Figure, Table

_HEAD = ("owed", "deciding", "segregated", "broad")


def percent(ratio: Fraction | None, bound: Bound = Bound.EXACT) -> str:
    """`103.00 %`, `≥ 98.10 %`, or `not known`."""
    if ratio is None:
        return "not known"
    return f"≥ {percent_down(ratio)} %" if bound is Bound.AT_LEAST else f"{percent_down(ratio)} %"


def grouped(units: int, decimals: int) -> str:
    """Whole units with every digit, the whole part in groups of three: `1,234,567.89`."""
    return money.grouped(format_amount(units, decimals))


def asset_table(position: Position) -> Table:
    """A row for each asset: owed, deciding, segregated, broad."""
    return Table(head=("asset", *_HEAD), rows=tuple(_asset_row(asset) for asset in position.assets))


def cash_table(position: Position) -> Table:
    """A row for each currency."""
    return Table(head=("currency", *_HEAD), rows=tuple(_cash_row(cash) for cash in position.cash))


def asset_notes(position: Position) -> tuple[str, ...]:
    """For each asset: what its bound means, what was left out and why, what stands behind it."""
    return tuple(
        note
        for asset in position.assets
        for note in (*_asset_notes(asset), *answer_notes(position, asset.asset, asset.grade))
    )


def cash_notes(position: Position) -> tuple[str, ...]:
    """For each currency: what letters confirm, or that no register was received; how well what is owed is known."""
    return tuple(
        note
        for cash in position.cash
        for note in (*_cash_notes(cash), *answer_notes(position, cash.currency, cash.grade))
    )


def aggregate_points(position: Position) -> tuple[str, ...]:
    """Worst asset, in-kind coverage and valued aggregate: always together, because the last alone hides holes."""
    figures = position.aggregate
    if figures.worst_asset is None:
        worst = "worst asset: none, because no coins are owed in the file received"
    else:
        bounds = {asset.asset: asset.deciding.bound for asset in position.assets}
        shown = percent(figures.worst_ratio, bounds[figures.worst_asset])
        worst = f"worst asset: {figures.worst_asset}, {shown}"
    if figures.ratio is None or figures.in_kind_coverage is None:
        missing = f"not computed, because {figures.why}"
        return worst, f"in-kind coverage: {missing}", f"valued aggregate: {missing}"
    valued = percent(figures.ratio, figures.bound)
    segregated, broad = (percent(ratio, figures.bound) for ratio in (figures.ratio_segregated, figures.ratio_broad))
    hides = "; alone it would hide holes" if figures.in_kind_coverage < 1 else ""
    beside = f"segregated {segregated}, broad {broad}"
    return (
        worst,
        f"in-kind coverage: {percent(figures.in_kind_coverage, figures.bound)}",
        f"valued aggregate in {figures.currency}: {valued} ({beside}){hides}",
    )


def _asset_row(asset: AssetPosition) -> tuple[Figure, ...]:
    deciding = Held(held=asset.deciding.held, ratio=asset.deciding.ratio)
    owed = asset.owed > 0
    return (
        Figure(above=asset.asset),
        _owed(asset.owed, asset.decimals),
        _held(deciding, asset.decimals, owed=owed, bound=asset.deciding.bound),
        _held(asset.segregated, asset.decimals, owed=owed, bound=asset.deciding.bound),
        _held(asset.broad, asset.decimals, owed=owed, bound=asset.deciding.bound),
    )


def _cash_row(cash: CashPosition) -> tuple[Figure, ...]:
    name, owed = Figure(above=cash.currency), _owed(cash.owed, cash.decimals)
    if not cash.asserted:
        return name, owed, *(Figure(above="not asserted"),) * 3
    parts = (cash.deciding, cash.segregated, cash.broad)
    return name, owed, *(_held(part, cash.decimals, owed=cash.owed > 0) for part in parts)


def _owed(owed: int, decimals: int) -> Figure:
    return Figure(above=grouped(owed, decimals) if owed else "none *")


def _held(held: Held, decimals: int, *, owed: bool, bound: Bound = Bound.EXACT) -> Figure:
    return Figure(above=percent(held.ratio, bound) if owed else "–", below=grouped(held.held, decimals))


def _asset_notes(asset: AssetPosition) -> Iterator[str]:
    if asset.owed == 0:
        yield f"{asset.asset}: * none in the file received"
    if not asset.in_perimeter:
        yield f"{asset.asset}: not in the perimeter"
    if asset.deciding.bound is Bound.AT_LEAST and asset.owed:
        shown = percent(asset.deciding.ratio, Bound.AT_LEAST)
        yield f"{asset.asset}: {shown} of what was read; {len(asset.unread)} of {asset.lines} holdings are unread"
    if asset.deciding.bound is Bound.UNKNOWN:
        yield f"{asset.asset}: the ratio is not known, because {asset.why}"
    left_out = [f"{row.reason} {grouped(row.amount, asset.decimals)}" for row in asset.excluded if row.amount]
    if left_out:
        yield f"{asset.asset}: excluded: {', '.join(left_out)}"
    if asset.by_evidence.get(Evidence.CORROBORATED) or asset.by_evidence.get(Evidence.PROVEN):
        yield f"{asset.asset}: {', '.join(_shares(asset))}"
    parts = (("declared", asset.declared), ("observed", asset.observed), ("controlled", asset.controlled))
    behind = ", ".join(f"{word} {grouped(units, asset.decimals)}" for word, units in parts)
    yield f"{asset.asset}: {behind}; owed at grade {asset.grade}"
    if asset.commitment is not None:
        yield f"{asset.asset}: {_committed(asset.commitment)}"


def _shares(asset: AssetPosition) -> Iterator[str]:
    """How much of what is declared is of each class: what flatters is rounded down, what does not, up."""
    for kind in reversed(Evidence):
        units = asset.by_evidence.get(kind, 0)
        if units:
            share = Fraction(units, asset.declared)
            flatters = kind in {Evidence.CORROBORATED, Evidence.PROVEN}
            shown = percent_down(share) if flatters else percent_up(share)
            yield f"{kind} {grouped(units, asset.decimals)} ({shown} %)"


def _committed(tree: CommittedTree) -> str:
    """What was published of an asset's tree, and what this run did with it."""
    total = grouped(tree.total, tree.decimals)
    if tree.rebuilt is None:
        done = "stated, not rebuilt"
    elif tree.is_rebuilt:
        done = "the customer rows and the secret give it, as the practitioner's run has it"
    else:
        done = "the customer rows and the secret of the practitioner's run give another"
    return f"what is owed is committed to by root {tree.root} (height {tree.height}, total {total}); {done}"


def _cash_notes(cash: CashPosition) -> Iterator[str]:
    if cash.asserted:
        confirmed = grouped(cash.confirmed, cash.decimals)
        titles = "segregated is as declared (customer or trust title), broad is all accounts"
        yield f"{cash.currency}: letters received directly confirm {confirmed}; {titles}"
    else:
        yield f"{cash.currency}: no cash register was received"
    if cash.owed:
        yield f"{cash.currency}: owed at grade {cash.grade}"
    if cash.commitment is not None:
        yield f"{cash.currency}: {_committed(cash.commitment)}"
