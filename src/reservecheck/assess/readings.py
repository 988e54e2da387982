"""Which cells count: read, at the cut-off, of a token scaled as the registry says, and each balance once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from reservecheck.model.assessment import CountedOnce, Inputs, UnreadCell
from reservecheck.model.evidence import Cell, Observation, Pin
from reservecheck.model.registry import Instrument, Registry
from reservecheck.model.words import CellStatus, WalletKind
from reservecheck.money import LIMIT

CUTOFF_ROLE: Final = "cutoff"
_AT_CUTOFF: Final = f"@{CUTOFF_ROLE}"
_UNREAD: Final = CellStatus.UNREAD  # a name of its own: looking it up takes longer than what is asked of a cell


@dataclass(slots=True)
class Readings:
    """The cells that are summed, and what became of the others; keys of the mappings are assets."""

    counted: list[Cell] = field(default_factory=list)
    asset_of: dict[str, tuple[str, int]] = field(default_factory=dict)
    unread: dict[str, list[UnreadCell]] = field(default_factory=lambda: defaultdict(list))
    inexact: dict[str, str] = field(default_factory=dict)
    counted_once: list[CountedOnce] = field(default_factory=list)
    beyond_range: list[tuple[Cell, str]] = field(default_factory=list)  # and why it was not read, "" where it was
    locked: list[Cell] = field(default_factory=list)  # of those counted, what nobody can spend, and why
    looked_at: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def readings(inputs: Inputs) -> Readings:
    """Sort the cells of the cut-off; raises ValueError where one holding stands twice in the observation."""
    registry, result = inputs.registry, Readings()
    scale_of = scales(registry, inputs.observation)
    pins = {pin.id: pin for pin in inputs.observation.pins}
    holders = {wallet.line: (wallet.network, wallet.identity) for wallet in inputs.wallets}
    beyond = {wallet.line for wallet in inputs.wallets if wallet.kind is WalletKind.BEYOND_RANGE}
    seen: set[tuple[tuple[str, str], str]] = set()
    any_read: dict[tuple[str, str], bool] = {}
    read: list[Cell] = []
    for cell in inputs.observation.cells:
        if not cell.pin.endswith(_AT_CUTOFF):
            continue
        holding = (holders[cell.line], cell.instrument)
        if holding in seen:
            raise ValueError(f"{cell.instrument} of {cell.label!r} stands twice in the observation")
        seen.add(holding)
        asset = registry.instruments[cell.instrument].asset
        reason = _why_unread(cell, scale_of[cell.instrument])
        if not reason:
            read.append(cell)
        if cell.line in beyond:
            result.beyond_range.append((cell, reason))
            continue
        result.looked_at[asset] += 1
        if reason:
            result.unread[asset].append(UnreadCell(label=cell.label, instrument=cell.instrument, reason=reason))
        any_read[asset, cell.pin] = any_read.get((asset, cell.pin), False) or not reason
    bounded = {asset for (asset, _), some in any_read.items() if some}
    for (asset, name), some in any_read.items():
        if some or asset not in bounded:  # where nothing of an asset was read, there is no lower bound either
            _note_inexact(result, asset, pins.get(name), name, inputs.engagement.cutoff_epoch)
    result.asset_of = {
        instrument: (registry.instruments[instrument].asset, scale)
        for instrument, scale in scale_of.items()
        if isinstance(scale, int)
    }
    _count_each_balance_once(result, read, registry, holders)
    return result


def scales(registry: Registry, observation: Observation) -> dict[str, int | str]:
    """Instrument → how many digits finer its asset is, or the reason why its cells cannot be read."""
    answered = {answer.instrument: answer.decimals for answer in observation.decimals}
    named = {cell.instrument for cell in observation.cells}
    return {name: _scale(registry.instruments[name], registry, answered.get(name)) for name in sorted(named)}


def _scale(row: Instrument, registry: Registry, answered: int | None) -> int | str:
    finest = registry.assets[row.asset].decimals
    if row.contract and answered is None:
        return "the token did not answer decimals()"
    if row.contract and row.decimals is not None and row.decimals != answered:
        return f"decimals differ: registry {row.decimals}, chain {answered}"
    decimals = answered if row.contract else row.decimals
    if decimals is None:
        return "the registry states no decimals for this coin"
    if decimals > finest:
        return f"decimals do not fit: chain {decimals}, the asset {finest}"
    return finest - decimals


def _why_unread(cell: Cell, scale: int | str) -> str:
    if cell.status is _UNREAD or cell.units is None:
        return cell.reason or "no reason recorded"
    if isinstance(scale, str):
        return scale
    return "out of range" if abs(cell.units) * 10**scale >= LIMIT or cell.units < 0 else ""


def _note_inexact(result: Readings, asset: str, pin: Pin | None, name: str, cutoff: int) -> None:
    if pin is None:
        result.inexact[asset] = f"there is no block for {name.partition('@')[0]}"
    elif pin.time > cutoff:
        result.inexact[asset] = f"the block of {pin.network} is after the cut-off"
    elif not pin.final:
        result.inexact[asset] = f"the block of {pin.network} was not final"
    elif not pin.still_there:
        result.inexact[asset] = f"the block of {pin.network} was not shown to be there still"


def _count_each_balance_once(
    result: Readings, read: Iterable[Cell], registry: Registry, holders: Mapping[int, tuple[str, str]]
) -> None:
    """Second entry points of a token, and contract addresses of a native coin, show one balance again."""
    groups: dict[tuple[tuple[str, str], str], list[Cell]] = defaultdict(list)
    roots = {name: balance_root(name, registry) for name in result.asset_of}
    for cell in read:
        groups[holders[cell.line], roots[cell.instrument]].append(cell)
    for (_, root), cells in groups.items():
        first, *again = sorted(cells, key=lambda cell: (cell.instrument != root, cell.instrument))
        result.counted.append(_spendable(_with_most_locked(first, again, result.asset_of), result))
        for cell in again:
            asset, scale = result.asset_of[cell.instrument]
            result.counted_once.append(
                CountedOnce(
                    asset=asset,
                    label=cell.label,
                    instrument=cell.instrument,
                    counted=first.instrument,
                    units=(cell.units or 0) * 10**scale,
                )
            )


def _with_most_locked(first: Cell, again: Iterable[Cell], asset_of: Mapping[str, tuple[str, int]]) -> Cell:
    """What any of a balance's instruments shows as locked is locked, whichever of them is counted."""
    scale = asset_of[first.instrument][1]
    for cell in again:
        units = -(-cell.locked * 10 ** asset_of[cell.instrument][1] // 10**scale)
        if units > first.locked:
            first = first._replace(locked=units, locked_why=cell.locked_why)
    return first


def _spendable(cell: Cell, result: Readings) -> Cell:
    """The part of a cell that can be spent at the pin; the rest is put aside."""
    locked = min(cell.locked, cell.units or 0)
    if locked <= 0:
        return cell
    result.locked.append(cell._replace(units=locked, locked=locked))
    return cell._replace(units=(cell.units or 0) - locked, locked=0)


def balance_root(instrument: str, registry: Registry) -> str:
    """The instrument whose balance this one shows, following `same_balance_as` to its end; cycles have one root."""
    path = [instrument]
    while True:
        row = registry.instruments.get(path[-1])
        following = row.same_balance_as if row else ""
        if not following:
            return path[-1]
        if following in path:
            return min(path[path.index(following) :])
        path.append(following)
