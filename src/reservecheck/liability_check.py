"""The customers' side alone: what a snapshot says is owed, read, summed, and asked whether it can be true.

Nothing here is a second opinion: rows are read and findings made by the same books that a run reads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reservecheck.books.owed import CustomerSide, gross_of, read_customer_side
from reservecheck.books.plausibility import Facts, coarse, doubts
from reservecheck.books.register import Location
from reservecheck.books.totals import read_totals
from reservecheck.held_amounts import held_in_evidence, held_in_file
from reservecheck.model.books import Liabilities, Reconciling
from reservecheck.model.engagement import Engagement
from reservecheck.model.liability_check import Doubt, HeldAmount, LiabilityCheck
from reservecheck.model.progress import Progress
from reservecheck.model.registry import Registry
from reservecheck.model.words import Grade, Severity
from reservecheck.money import format_amount
from reservecheck.pipeline import problems_in
from reservecheck.registry.supply import most_there_can_be
from reservecheck.rules import (
    classes_not_stated,
    extract_as_of,
    liability_extract,
    liability_grade,
    negative_balances,
)
from reservecheck.rules import owed_outside_the_perimeter as outside
from reservecheck.snapshot_engagement import engaged

_ORDER: Final = list(Severity)
_PENDING: Final = "pending-withdrawal"
"""How the class of withdrawals under way begins, where the checklist has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What to compare with: an earlier snapshot or its totals, and an evidence set or a list of what is held."""

    previous: Path | None = None
    evidence: Path | None = None
    held: Path | None = None


def check_liabilities(
    snapshot: Path, beside: Beside, progress: Progress, shipped: Registry | None = None
) -> LiabilityCheck:
    """Read the folder once and ask everything that can be asked of it; `shipped` stands for the shipped registry.

    Raises InputError for whatever cannot be read, and what `held_in_evidence` raises.
    """
    given = engaged(snapshot, shipped)
    engagement, registry = given.engagement, given.registry
    side = given.customer_side(progress)
    previous = side.previous
    if beside.previous is not None:
        previous = _previous(beside.previous, engagement, registry, progress)
    held = _held(beside, side, registry, engagement)
    facts = _facts(side, registry, previous, held)
    owed = side.books.liabilities
    found = (*_row_doubts(owed, registry), *doubts(facts), *_extract_doubts(owed, engagement, registry))
    return LiabilityCheck(
        entity=given.entity,
        rehearsal=engagement.rehearsal,
        cutoff=engagement.cutoff if engagement.given else "",
        liabilities=owed,
        decimals={name: asset.decimals for name, asset in registry.assets.items()},
        coarse=coarse(facts),
        in_flight=_in_flight(side.books.reconciling or ()),
        doubts=tuple(sorted(found, key=lambda one: (_ORDER.index(one.severity), one.kind, one.asset))),
        not_compared=tuple(_not_compared(side, engagement, previous, held)),
        files=side.books.files,
    )


def _previous(path: Path, engagement: Engagement, registry: Registry, progress: Progress) -> Mapping[str, int]:
    if not path.is_dir():
        with problems_in(path.parent):
            totals, _ = read_totals(Location(path.parent, path.name), registry.assets, listed=frozenset())
        return gross_of(totals)
    with problems_in(path):
        before = read_customer_side(
            path,
            registry,
            entity=engagement.entity,
            out_of_scope=frozenset(item.asset for item in engagement.out_of_scope),
            progress=progress,
        )
    return gross_of(before.books.liabilities)


def _held(
    beside: Beside, side: CustomerSide, registry: Registry, engagement: Engagement
) -> Mapping[str, HeldAmount | None] | None:
    if beside.held is not None:
        return held_in_file(beside.held, registry.assets)
    if beside.evidence is None:
        return None
    cutoff = engagement.cutoff_epoch if engagement.given else None
    return held_in_evidence(beside.evidence, side.books, entity=engagement.entity, cutoff_epoch=cutoff)


def _facts(
    side: CustomerSide,
    registry: Registry,
    previous: Mapping[str, int] | None,
    held: Mapping[str, HeldAmount | None] | None,
) -> Facts:
    rows: Counter[str] = Counter()
    for line in side.books.liabilities.lines:
        rows[line.asset] += line.rows
    return Facts(
        assets=registry.assets,
        gross=gross_of(side.books.liabilities),
        rows=rows,
        figures=side.figures,
        most=most_there_can_be(),
        held=held,
        previous=previous,
    )


def _row_doubts(owed: Liabilities, registry: Registry) -> Iterator[Doubt]:
    """What the books found of the rows, as severe as the rules of a run take it."""
    noted = {*liability_extract.NOTED, "negative"}
    for row in owed.findings:
        severity = liability_extract.RULE.severity
        if row.kind in noted:
            severity = negative_balances.RULE.severity
        asset = registry.assets.get(row.asset)
        values = {"count": str(row.count), "amount": format_amount(row.units, asset.decimals) if asset else "0"}
        yield Doubt(kind=row.kind, severity=severity, asset=row.asset, values=values, where=row.where)


def _extract_doubts(owed: Liabilities, engagement: Engagement, registry: Registry) -> Iterator[Doubt]:
    """What the rules of a run say of grade, classes, date and perimeter."""
    if owed.grade is Grade.TOTALS:
        yield Doubt(kind="totals-only", severity=liability_grade.RULE.severity, values={})
    if not owed.classes:
        yield Doubt(kind="classes-not-stated", severity=classes_not_stated.RULE.severity, values={})
    if not engagement.given:
        return
    extract, severity = owed.extract, extract_as_of.RULE.severity
    values = {"as_of": extract.as_of, "cutoff": engagement.cutoff}
    if extract.as_of_epoch is None:
        yield Doubt(kind="as-of-not-stated", severity=severity, values=values)
    elif apart := extract_as_of.apart(extract.as_of_epoch, engagement.cutoff_epoch):
        yield Doubt(kind="as-of", severity=severity, values=values | {"difference": apart})
    inside = {*engagement.assets, *(row.asset for row in engagement.out_of_scope)}
    gross, there = gross_of(owed), {line.asset for line in owed.lines if line.gross or line.negative}
    for asset in sorted(there - inside):
        values = {"owed": format_amount(gross[asset], registry.assets[asset].decimals)}
        yield Doubt(kind="outside-the-perimeter", severity=outside.RULE.severity, asset=asset, values=values)


def _in_flight(items: tuple[Reconciling, ...]) -> tuple[Reconciling, ...]:
    """Items of one kind, asset and side together; the transactions are left out."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for item in items:
        sums[item.kind, item.asset, item.side] += item.units
    return tuple(
        Reconciling(kind=kind, asset=asset, units=units, reference="", side=side)
        for (kind, asset, side), units in sorted(sums.items())
    )


def _is_pending(class_: str) -> bool:
    return class_.startswith(_PENDING)


def _not_compared(
    side: CustomerSide,
    engagement: Engagement,
    previous: Mapping[str, int] | None,
    held: Mapping[str, HeldAmount | None] | None,
) -> Iterator[str]:
    extract, books = side.books.liabilities.extract, side.books
    asked = {
        "cutoff": engagement.given,
        "rows": extract.rows is not None,
        "totals": bool(extract.totals),
        "ledger": side.ledger,
        "commitment": books.liabilities.commitment is None,
        "pending": books.reconciling is not None or any(map(_is_pending, books.liabilities.classes)),
        "previous": previous is not None,
        "held": held is not None,
        "cash": held is None or None not in held.values(),
    }
    yield from (name for name, given in asked.items() if not given)
