"""Cells, wallets, instruments and statements joined into parcels: quantities alike in everything that decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reservecheck.assess.beyond_range import beyond_range
from reservecheck.assess.owners import Tag, duplicates, tags, unspendable
from reservecheck.assess.readings import readings
from reservecheck.assess.statements import Parcel, statements
from reservecheck.model.assessment import (
    BeyondRange,
    CountedOnce,
    Duplicate,
    Inputs,
    Locked,
    UnreadCell,
    Unspendable,
)
from reservecheck.model.evidence import Cell
from reservecheck.model.words import Control, Evidence
from reservecheck.tables import holdings


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Everything that was declared, with what evidence says of it; keys of the mappings are assets."""

    parcels: tuple[Parcel, ...]
    unread: Mapping[str, tuple[UnreadCell, ...]]
    unread_lines: tuple[UnreadCell, ...]
    inexact: Mapping[str, str]
    lines: Mapping[str, int]
    duplicates: tuple[Duplicate, ...]
    counted_once: tuple[CountedOnce, ...]
    unspendable: tuple[Unspendable, ...]
    locked: tuple[Locked, ...]
    beyond_range: BeyondRange


def join(inputs: Inputs) -> Joined:
    """Join; raises ValueError where one holding stands twice in the observation, MoneyError on too large a sum."""
    by_line = tags(inputs.wallets, inputs.registry)
    cells, said = readings(inputs), statements(inputs)
    owner_of = {line: tag.text for line, tag in by_line.items()}
    sums = holdings(cells.counted, owner_of, cells.asset_of)
    parcels = []
    for (asset, instrument, text, evidence, control), units in sums.items():
        tag = Tag.from_text(text)
        parcels.append(Parcel(asset, instrument, tag.owner, tag.flag, Evidence(evidence), Control(control), units))
    parcels += [_locked(cell, by_line[cell.line], *cells.asset_of[cell.instrument]) for cell in cells.locked]
    unread = {asset: list(found) for asset, found in cells.unread.items()}
    lines = dict(cells.looked_at)
    for asset, cell in said.unread:
        unread.setdefault(asset, []).append(cell)
    for parcel in said.parcels:
        lines[parcel.asset] = lines.get(parcel.asset, 0) + 1
    return Joined(
        parcels=tuple(sorted((*parcels, *said.parcels))),
        unread={asset: tuple(found) for asset, found in unread.items() if asset},
        unread_lines=tuple(unread.get("", ())),
        inexact=cells.inexact,
        lines=lines,
        duplicates=duplicates(inputs.wallets),
        counted_once=tuple(cells.counted_once),
        unspendable=unspendable(inputs.wallets, by_line),
        locked=tuple(_shown(cell, *cells.asset_of[cell.instrument]) for cell in cells.locked),
        beyond_range=beyond_range(cells.beyond_range, cells.asset_of),
    )


def _shown(cell: Cell, asset: str, scale: int) -> Locked:
    units = cell.locked * 10**scale
    return Locked(asset=asset, label=cell.label, instrument=cell.instrument, units=units, reason=cell.locked_why)


def _locked(cell: Cell, tag: Tag, asset: str, scale: int) -> Parcel:
    """What nobody can spend at the pin, as a parcel of its own that can never decide."""
    flag = tag.flag or cell.locked_why
    return Parcel(asset, cell.instrument, tag.owner, flag, cell.evidence, cell.control, cell.locked * 10**scale)
