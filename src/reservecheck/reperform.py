"""The pins and holdings of a bundle, read again from the reader's own sources, and compared one by one.

A bundle shows what its sources answered. Whoever does not take their word asks somebody else about the same blocks:
what he is told is equal, or differs, or can no longer be read. Holdings are compared where the blocks are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from reservecheck.bundle import Gathered
from reservecheck.errors import InputError, Problem
from reservecheck.model.declared import Wallet
from reservecheck.model.evidence import Cell, Observation
from reservecheck.model.words import FREEZE_UNKNOWN
from reservecheck.observe import declared_pairs
from reservecheck.pipeline import Prepared
from reservecheck.transport.record import SourceCard
from reservecheck.vault.canonical import sha256

DECIMALS: Final = "decimals of the token"
"""No label of a wallet: those have no blanks."""
ELSEWHERE: Final = "read at another block than the bundle's"


class Again(StrEnum):
    """What became of something that was read again."""

    EQUAL = "equal"
    DIFFERS = "differs"
    UNREADABLE = "no longer readable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One block (`instrument` is empty), one holding, or what a token says of its decimals.

    Each as the bundle says and as the reader was told.
    """

    network: str
    label: str
    instrument: str
    result: Again
    then: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reperformance:
    """Everything that was read again, blocks first, and the networks of the bundle for which nobody was asked."""

    compared: tuple[Compared, ...]
    not_asked: tuple[str, ...]
    holdings: int  # of the bundle

    @property
    def counts(self) -> Mapping[Again, int]:
        """How many came out how."""
        return Counter(one.result for one in self.compared)

    @property
    def equal(self) -> bool:
        """Whether something was compared, and everything is equal."""
        return bool(self.compared) and all(one.result is Again.EQUAL for one in self.compared)


def again(
    gathered: Gathered, cards: Sequence[SourceCard], *, sample: int | None = None, seed: str = ""
) -> Prepared:
    """What is to be read again: every declared line on the networks the reader has a source for, or some of them.

    Which `sample` lines are drawn depends on the seed and the lines' numbers alone. How many sources have to agree
    is the usual number for the reader's own. Raises InputError when none of his is of a network of the bundle.
    """
    networks = {card.network for card in cards}
    lines = list(
        dict.fromkeys(wallet.line for wallet, _ in declared_pairs(gathered.job) if wallet.network in networks)
    )
    if not lines:
        there = ", ".join(sorted(gathered.job.registry.networks)) or "none"
        message = f"no source is of a network of the bundle, which has: {there}"
        raise InputError(Problem(path="providers", message=message, hint="name a source for one of them"))
    if sample is not None:
        lines = sorted(lines, key=lambda line: sha256(f"{seed}:{line}".encode()))[:sample]
    drawn = set(lines)
    job = replace(
        gathered.job,
        engagement=replace(gathered.job.engagement, sources={}),
        wallets=tuple(wallet for wallet in gathered.job.wallets if wallet.line in drawn),
        sources=tuple(card for card in cards if card.network in gathered.job.registry.networks),
    )
    return Prepared(cover=gathered.cover, job=job)


def compare(then: Observation, now: Observation, asked: Sequence[Wallet]) -> Reperformance:
    """Blocks and holdings of the bundle beside what the reader was told."""
    networks = {wallet.network for wallet in asked}
    blocks = {pin.network: pin for pin in now.pins}
    same = {pin.network for pin in then.pins if pin.network in blocks and blocks[pin.network].hash == pin.hash}
    cells = {(cell.line, cell.instrument): cell for cell in now.cells}
    return Reperformance(
        compared=(
            *_blocks(then, now, networks),
            *_holdings(then, cells, blocks.keys() - same),
            *_decimals(then, now, {cell.instrument for cell in now.cells}),
        ),
        not_asked=tuple(sorted({pin.network for pin in then.pins} - networks)),
        holdings=len(then.cells),
    )


def _blocks(then: Observation, now: Observation, networks: set[str]) -> Iterator[Compared]:
    found = {pin.network: pin for pin in now.pins}
    why = {seen.network: seen.left_out or seen.why_unread for seen in now.sources}
    for pin in then.pins:
        if pin.network not in networks:
            continue
        mine = found.get(pin.network)
        equal = mine is not None and (mine.height, mine.hash, mine.time) == (pin.height, pin.hash, pin.time)
        yield Compared(
            network=pin.network,
            label="the block at the cut-off",
            instrument="",
            result=Again.UNREADABLE if mine is None else Again.EQUAL if equal else Again.DIFFERS,
            then=f"{pin.height} {pin.hash}",
            now=why.get(pin.network, "") if mine is None else f"{mine.height} {mine.hash}",
        )


def _holdings(then: Observation, now: Mapping[tuple[int, str], Cell], elsewhere: set[str]) -> Iterator[Compared]:
    for cell in then.cells:
        mine = now.get((cell.line, cell.instrument))
        if mine is None:
            continue
        network = cell.pin.partition("@")[0]
        reason = ELSEWHERE if network in elsewhere else mine.reason or _silent(mine, cell)
        readable = mine.units is not None and not reason
        equal = (mine.units, mine.locked) == (cell.units, cell.locked)
        yield Compared(
            network=network,
            label=cell.label,
            instrument=cell.instrument,
            result=Again.UNREADABLE if not readable else Again.EQUAL if equal else Again.DIFFERS,
            then="unread" if cell.units is None else _amount(cell),
            now=_amount(mine) if readable else reason,
        )


def _decimals(then: Observation, now: Observation, read: set[str]) -> Iterator[Compared]:
    """A balance in units is no amount: by what a token says of its decimals it becomes one."""
    told = {one.instrument: one.decimals for one in now.decimals}
    for one in then.decimals:
        if one.instrument not in read or one.decimals is None:
            continue
        mine = told.get(one.instrument)
        yield Compared(
            network=one.instrument.partition("/")[0],
            label=DECIMALS,
            instrument=one.instrument,
            result=Again.UNREADABLE if mine is None else Again.EQUAL if mine == one.decimals else Again.DIFFERS,
            then=str(one.decimals),
            now="not answered" if mine is None else str(mine),
        )


def _silent(mine: Cell, then: Cell) -> str:
    """What the bundle knows of a freeze, and the reader was not told."""
    return mine.locked_why if mine.locked_why == FREEZE_UNKNOWN != then.locked_why else ""


def _amount(cell: Cell) -> str:
    return f"{cell.units}, {cell.locked} of them locked" if cell.locked else str(cell.units)
