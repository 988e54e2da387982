"""Whether what is owed can be true at all: against supply, against what is held, against last time, and in itself.

In February 2026 an exchange credited customers 620,000 BTC by mistake, a unit typed wrong; it held about 42,000. No
row was malformed and all sums agreed. What such a mistake cannot do is fit the world around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from reservecheck.books.row_figures import AssetFigures
from reservecheck.model.liability_check import Coarse, Doubt, HeldAmount
from reservecheck.model.registry import Asset
from reservecheck.model.words import Severity
from reservecheck.money import format_amount, percent_down, percent_up

FEW_ROWS: Final = 10
"""Below so many rows of an asset, a large share and round balances say nothing."""
LARGE_SHARE: Final = Fraction(1, 2)
COARSE_SHARE: Final = Fraction(1, 10_000)
MOST_BALANCES: Final = Fraction(9, 10)
JUMP: Final = Fraction(1, 4)
GREAT_JUMP: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Sums are gross, in smallest units by asset; `most` is in whole units. None: nothing was given to compare."""

    assets: Mapping[str, Asset]
    gross: Mapping[str, int]
    rows: Mapping[str, int]
    figures: Mapping[str, AssetFigures]
    most: Mapping[str, int]
    held: Mapping[str, HeldAmount | None] | None = None
    previous: Mapping[str, int] | None = None

    def text(self, asset: str, units: int) -> str:
        """An amount in whole units."""
        return format_amount(units, self.assets[asset].decimals)


def doubts(facts: Facts) -> tuple[Doubt, ...]:
    """Everything that cannot be true, or is worth a question, asset by asset."""
    found: list[Doubt] = []
    for asset in sorted({*facts.gross, *(facts.previous or {})}):
        found += _above_supply(facts, asset)
        found += _against_held(facts, asset)
        found += _jump(facts, asset)
        found += _concentrated(facts, asset)
        found += _coarse(facts, asset)
    return tuple(found)


def coarse(facts: Facts) -> dict[str, Coarse]:
    """Assets of which more than half of all balances are coarser than the asset's smallest unit.

    One balance more that is not would hide all others. What was cut off to zero counts as cut off.
    """
    found = {}
    for asset, figures in facts.figures.items():
        power, rows = _coarsest(figures.zeros)
        if power and facts.rows[asset] >= FEW_ROWS:
            cut = rows + facts.rows[asset] - sum(figures.zeros.values())
            step = 10**power
            found[asset] = Coarse(step=step, rows=cut, worst=cut * (step - 1))
    return found


def _coarsest(zeros: Mapping[int, int]) -> tuple[int, int]:
    """The largest power of ten of which more than half of the balances are multiples, and how many are."""
    total, rows = sum(zeros.values()), 0
    for power in sorted(zeros, reverse=True):
        rows += zeros[power]
        if 2 * rows > total:
            return power, rows
    return 0, 0


def _above_supply(facts: Facts, asset: str) -> Iterator[Doubt]:
    owed, most = facts.gross.get(asset, 0), facts.most.get(asset)
    if most is not None and owed > most * 10 ** facts.assets[asset].decimals:
        values = {"owed": facts.text(asset, owed), "most": str(most)}
        yield Doubt(kind="above-supply", severity=Severity.CRITICAL, asset=asset, values=values)


def _against_held(facts: Facts, asset: str) -> Iterator[Doubt]:
    owed = facts.gross.get(asset, 0)
    held = None if facts.held is None else facts.held.get(asset, HeldAmount(units=0))
    if held is None or owed <= held.units:
        return
    values = {"owed": facts.text(asset, owed), "held": facts.text(asset, held.units)}
    values["ratio"] = percent_down(Fraction(held.units, owed))
    if held.unread:
        values["unread"] = str(held.unread)
        severity = Severity.CRITICAL if owed >= GREAT_JUMP * held.units else Severity.WARNING
        yield Doubt(kind="owed-above-read", severity=severity, asset=asset, values=values)
        return
    yield Doubt(kind="owed-above-held", severity=Severity.CRITICAL, asset=asset, values=values)
    figures = facts.figures.get(asset)
    if figures is not None and held.units and figures.largest > held.units:
        values = {"held": values["held"], "share": _share(figures.largest, owed)}
        where = (figures.where,)
        yield Doubt(kind="row-above-held", severity=Severity.CRITICAL, asset=asset, values=values, where=where)


def _jump(facts: Facts, asset: str) -> Iterator[Doubt]:
    if facts.previous is None:
        return
    before, now = facts.previous.get(asset, 0), facts.gross.get(asset, 0)
    if before == now:
        return
    values = {"owed": facts.text(asset, now), "previous": facts.text(asset, before)}
    if not before:
        yield Doubt(kind="newly-owed", severity=Severity.NOTE, asset=asset, values=values)
        return
    values["of_previous"] = percent_down(Fraction(now, before))
    if now >= GREAT_JUMP * before:
        yield Doubt(kind="jump", severity=Severity.CRITICAL, asset=asset, values=values)
    elif abs(now - before) > JUMP * before:
        yield Doubt(kind="jump", severity=Severity.WARNING, asset=asset, values=values)


def _concentrated(facts: Facts, asset: str) -> Iterator[Doubt]:
    owed, figures = facts.gross.get(asset, 0), facts.figures.get(asset)
    if figures is None or facts.rows[asset] < FEW_ROWS or figures.largest <= LARGE_SHARE * owed:
        return
    values = {"share": _share(figures.largest, owed), "rows": str(facts.rows[asset])}
    where = (figures.where,)
    yield Doubt(kind="one-large-balance", severity=Severity.WARNING, asset=asset, values=values, where=where)


def _coarse(facts: Facts, asset: str) -> Iterator[Doubt]:
    found, owed = coarse(facts).get(asset), facts.gross.get(asset, 0)
    if found is None or found.worst <= COARSE_SHARE * owed:
        return
    every, rows = facts.rows[asset], found.rows
    values = {"step": facts.text(asset, found.step), "rows": str(rows), "worst": facts.text(asset, found.worst)}
    if rows == every:
        yield Doubt(kind="coarse-balances", severity=Severity.WARNING, asset=asset, values=values)
        return
    severity = Severity.WARNING if rows > MOST_BALANCES * every else Severity.NOTE
    yield Doubt(kind="many-coarse-balances", severity=severity, asset=asset, values={**values, "of": str(every)})


def _share(part: int, whole: int) -> str:
    return percent_up(Fraction(part, whole))
