"""Coins on scripts that a descriptor has outside its declared range: the declaration is not complete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from reservecheck.model.assessment import BeyondRange, FoundBeyond, UnreadCell
from reservecheck.model.evidence import Cell


def beyond_range(cells: Sequence[tuple[Cell, str]], asset_of: Mapping[str, tuple[str, int]]) -> BeyondRange:
    """What `cells`, each with the reason why it was not read, say of each descriptor.

    `asset_of` maps an instrument to its asset and to how many digits finer the asset is.
    """
    unread = [UnreadCell(label=cell.label, instrument=cell.instrument, reason=why) for cell, why in cells if why]
    holding = sorted(
        (_descriptor(cell), cell.instrument, cell.line, cell) for cell, why in cells if not why and cell.units
    )
    return BeyondRange(
        looked_at=len(cells),
        unread=tuple(unread),
        found=tuple(
            _found(label, [cell for *_, cell in group], *asset_of[instrument])
            for (label, instrument), group in groupby(holding, lambda row: row[:2])
        ),
    )


def _descriptor(cell: Cell) -> str:
    """The label of the descriptor: its scripts are labelled `<label>/…`."""
    return cell.label.partition("/")[0]


def _found(label: str, cells: Sequence[Cell], asset: str, scale: int) -> FoundBeyond:
    return FoundBeyond(
        label=label,
        instrument=cells[0].instrument,
        asset=asset,
        units=sum(cell.units or 0 for cell in cells) * 10**scale,
        scripts=len(cells),
        first=cells[0].label,
    )
