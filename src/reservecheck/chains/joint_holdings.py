"""One reading of each holding from those of several sources, and who contradicts whom, or his own proof."""

from __future__ import annotations

from collections.abc import Mapping

from reservecheck.chains.panel import CORROBORATING, Panel
from reservecheck.chains.reader import NetworkReading, Reading
from reservecheck.model.evidence import Said
from reservecheck.model.words import FREEZE_UNKNOWN, Evidence

Holding = tuple[str, str]
"""(identity, instrument)"""
Contradiction = tuple[Holding | str, tuple[Said, ...], bool]
"""Of what, who says what, and whether one of them was taken."""


def held_together(
    used: Mapping[str, NetworkReading], sources: Panel, lost: str, most: Mapping[str, Evidence]
) -> tuple[Mapping[Holding, Reading], dict[Holding, Evidence], list[Contradiction]]:
    """A reading for each holding, what it is worth, and every contradiction.

    `lost` says why nothing counts at all, `most` what a token's holdings are worth at best. A source whose own
    proof shows another number than it answered is unread; what it answered still speaks against others, is not
    taken from others either, and where there is one such, no proof settles what voices cannot.
    """
    first = next(iter(used.values())).readings
    if len(used) == 1:
        name = next(iter(used))
        odd = [(key, (_said(name, one),), False) for key, one in first.items() if one.answered is not None]
        return first, {}, [*odd]
    worth: dict[tuple[str, ...], Evidence] = {}
    readings: dict[Holding, Reading] = {}
    evidence: dict[Holding, Evidence] = {}
    differ: list[Contradiction] = []
    for key in first:
        said = {name: one.readings[key] for name, one in used.items() if _number(one.readings[key]) is not None}
        by_value: dict[int | None, list[str]] = {}
        for name, reading in said.items():
            by_value.setdefault(_number(reading), []).append(name)
        odd_ones = any(reading.answered is not None for reading in said.values())
        names = _taken(by_value, said, sources, odd=odd_ones)
        if len(by_value) > 1 or odd_ones:
            differ.append((key, tuple(_said(name, reading) for name, reading in said.items()), bool(names)))
        if lost or not names:
            readings[key] = nobody_says(key, used, lost or _differing(by_value, said))
            continue
        by, apart = _who_says_what_is_locked(names, said)
        differ += [(key, apart, True)] if apart else []
        readings[key] = _same([said[name] for name in names], [said[name] for name in by])
        found = worth[by] if by in worth else worth.setdefault(by, sources.evidence(by))
        evidence[key] = min(found, most.get(key[1], found), key=lambda kind: kind.rank)
    return readings, evidence, differ


def nobody_says(key: Holding, read: Mapping[str, NetworkReading], reason: str) -> Reading:
    """Why nobody's word is taken: `reason`, or what each source says of it where they say different things."""
    said = {name: one.readings[key] for name, one in read.items()}
    reasons = dict.fromkeys(reading.reason for reading in said.values() if reading.reason)
    if not reason:
        apart = (f"{name}: {reading.reason}" for name, reading in said.items() if reading.reason)
        reason = next(iter(reasons), "") if len(reasons) < CORROBORATING else "; ".join(apart)
    return Reading(None, reason, tuple(sorted({n for reading in said.values() for n in reading.exchanges})))


def _number(reading: Reading) -> int | None:
    """What a source answered, whether or not its own proof shows the same."""
    return reading.units if reading.answered is None else reading.answered


def _said(name: str, reading: Reading) -> Said:
    if reading.answered is None:
        return Said(source=name, value=str(reading.units))
    return Said(source=name, value=f"{reading.answered}, though {reading.reason.partition(',')[0]}")


def _taken(
    by_value: Mapping[int | None, list[str]], said: Mapping[str, Reading], sources: Panel, *, odd: bool
) -> list[str]:
    """Whose word is taken: a proof's before voices', and nobody's where it is what somebody's own proof denies."""
    if not by_value:
        return []
    proven = [] if odd else _proven(by_value, said)
    chosen = proven or sources.chosen(list(by_value.values()))
    return [] if any(said[name].answered is not None for name in chosen) else chosen


def _proven(by_value: Mapping[int | None, list[str]], said: Mapping[str, Reading]) -> list[str]:
    """Who says what somebody proves: a proof to the block all are read at settles what voices cannot."""
    found = [names for names in by_value.values() if any(said[name].proof for name in names)]
    return found[0] if len(found) == 1 and len(by_value) > 1 else []


def _who_says_what_is_locked(
    names: list[str], said: Mapping[str, Reading]
) -> tuple[tuple[str, ...], tuple[Said, ...]]:
    """Those who say how much is locked, or all where nobody does; and what they say, where that differs."""
    if not any(said[name].locked for name in names):
        return tuple(names), ()
    by = tuple(name for name in names if said[name].locked_why != FREEZE_UNKNOWN) or tuple(names)
    if len({said[name].locked for name in by}) == 1:
        return by, ()
    return by, tuple(Said(source=name, value=f"{said[name].locked} locked") for name in by)


def _same(readings: list[Reading], heard: list[Reading]) -> Reading:
    """What several sources read alike; the most that any of those who know it says to be locked is locked."""
    numbers = tuple(sorted({n for reading in readings for n in reading.exchanges}))
    most = max(heard, key=lambda reading: reading.locked)
    proof = next((reading.proof for reading in readings if reading.proof), "")
    return Reading(readings[0].units, "", numbers, proof, most.locked, most.locked_why)


def _differing(by_value: Mapping[int | None, list[str]], said: Mapping[str, Reading]) -> str:
    if len(by_value) < CORROBORATING:
        return ""
    return f"the sources disagree: {', '.join(f'{name} {_number(reading)}' for name, reading in said.items())}"
