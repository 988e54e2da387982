"""What several sources of one network say together: who is independent of whom, what corroborates, what differs.

Sources of one operator are one voice, and the entity's own sources are none: what only they say is claimed. What k
voices say of a holding at the agreed block is corroborated; what fewer say, and nobody contradicts, is observed. A
contradiction is always said, also where k agree, and where no k do nothing is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from reservecheck.chains.joint_holdings import Holding, held_together, nobody_says
from reservecheck.chains.panel import CORROBORATING, Panel
from reservecheck.chains.reader import NetworkReading, Reading
from reservecheck.model.evidence import OnChainDecimals, Pin, Said
from reservecheck.model.words import FREEZE_UNKNOWN, Evidence

BLOCK: Final = "the block at the cut-off"
DECIMALS: Final = "decimals"
STILL_THERE: Final = "whether the block at the cut-off is still there"
APART: Final = f"the sources disagree about {BLOCK}"
ANOTHER_BLOCK: Final = f"names another block than the others as {BLOCK}"
NOT_FINAL: Final = f"{BLOCK} is not final there, or not reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class JointReading:
    """One network as its sources show it together; `evidence` has every holding that was read.

    Where only one source shows a pin, all that was read is of one class: `alone`, and `evidence` is empty.
    """

    pin: Pin | None
    readings: Mapping[Holding, Reading]
    evidence: Mapping[Holding, Evidence]
    decimals: tuple[OnChainDecimals, ...]
    left_out: Mapping[str, str]  # source → why nothing of it was used
    unread: Mapping[str, tuple[int, str]]  # source → how many holdings it did not read, and why the first
    unproven: Mapping[str, tuple[int, str]]  # source → the same of those it was asked to prove
    contradictions: tuple[tuple[Holding | str, tuple[Said, ...], bool], ...]  # of what, who says what, settled
    alone: Evidence | None = None

    def worth(self, holding: Holding) -> Evidence | None:
        """The class of a holding; None if it was not read."""
        if self.alone is not None and self.readings[holding].units is not None:
            return self.alone
        return self.evidence.get(holding)


def together(read: Mapping[str, NetworkReading], sources: Panel) -> JointReading:
    """One reading of all sources; `read` has what each one's log says, and at least one."""
    pins = {name: one.pin for name, one in read.items() if one.pin is not None}
    groups: dict[tuple[object, ...], list[str]] = {}
    for name in _that_count(pins, sources):
        groups.setdefault(_block(pins[name]), []).append(name)
    chosen = sources.chosen(list(groups.values()))
    left_out = {name: one.why or _first_reason(one) for name, one in read.items() if one.pin is None}
    for name, pin in pins.items():
        if chosen and name not in chosen:
            same = _block(pin) == _block(pins[chosen[0]])
            left_out[name] = NOT_FINAL if same or not pin.final else ANOTHER_BLOCK
    said = tuple(Said(source=name, value=f"{pin.height} {pin.hash}") for name, pin in pins.items())
    apart = ((BLOCK, said, bool(chosen)),) if len({_block(pin) for pin in pins.values()}) > 1 else ()
    unread = {name: missed for name, one in read.items() if (missed := _unread_by(one))[0]}
    unproven = {name: one.unproven for name, one in read.items() if one.unproven[0]}
    if not chosen:
        return replace(_no_pin(read, apart, left_out, unread), unproven=unproven)
    used = {name: read[name] for name in chosen}
    alone = sources.evidence(used) if len(used) == 1 else None
    lost, gone = _lost(used, sources)
    decimals, other, worth = _decimals(used, sources)
    readings, evidence, differ = held_together(used, sources, lost, worth)
    for name, more, why_missed in (*_decimals_missed(used, decimals), *_freezes_missed(used, readings)):
        count, why = unread.get(name, (0, ""))
        unread[name] = (count + more, why or why_missed)
    return JointReading(
        pin=_merged(used, tuple(read), lost=bool(lost)),
        readings=readings,
        evidence=evidence,
        decimals=decimals,
        left_out=left_out,
        unread=unread,
        unproven=unproven,
        contradictions=(*apart, *gone, *other, *differ),
        alone=alone,
    )


def _no_pin(
    read: Mapping[str, NetworkReading],
    apart: tuple[tuple[str, tuple[Said, ...], bool], ...],
    left_out: Mapping[str, str],
    unread: Mapping[str, tuple[int, str]],
) -> JointReading:
    said = apart[0][1] if apart else ()
    reason = f"{APART}: {', '.join(f'{one.source} {one.value}' for one in said)}" if said else ""
    return JointReading(
        pin=None,
        readings={key: nobody_says(key, read, reason) for key in next(iter(read.values())).readings},
        evidence={},
        decimals=(),
        left_out=left_out,
        unread=unread,
        unproven={},
        contradictions=apart,
    )


def _block(pin: Pin) -> tuple[object, ...]:
    return (pin.height, pin.hash, pin.time, pin.state_root)


def _that_count(pins: Mapping[str, Pin], sources: Panel) -> list[str]:
    """Whose pins are weighed: the voices' final ones, or all of theirs; then those at the same block of the entity.

    A pin that is not final counts only where none is, and one of the entity's only where no voice has any.
    """
    first = [name for name in pins if sources.is_voice(name)] or list(pins)
    final = [name for name in first if pins[name].final] or first
    blocks = {_block(pins[name]) for name in final}
    is_final = pins[final[0]].final if final else False
    more = [
        name for name in pins if name not in first and _block(pins[name]) in blocks and pins[name].final is is_final
    ]
    return sorted([*final, *more])


def _lost(
    used: Mapping[str, NetworkReading], sources: Panel
) -> tuple[str, list[tuple[Holding | str, tuple[Said, ...], bool]]]:
    """Why nothing counts where a voice saw the pin leave, whose it is, and what contradicts it."""
    first = {name: one for name, one in used.items() if sources.is_voice(name)} or used
    gone = [name for name, one in first.items() if one.left]
    why = f"{first[gone[0]].why}, as {', '.join(gone)} saw" if gone else ""
    looked = {name: one for name, one in used.items() if one.left or (one.pin is not None and one.pin.still_there)}
    if len({one.left for one in looked.values()}) < CORROBORATING:
        return why, []
    said = tuple(Said(source=name, value="gone" if one.left else "there") for name, one in looked.items())
    return why, [(STILL_THERE, said, not why)]


def _merged(used: Mapping[str, NetworkReading], asked: tuple[str, ...], *, lost: bool) -> Pin:
    """One pin; that one voice saw it leave the chain is enough for it to have left."""
    pins = [one.pin for one in used.values() if one.pin is not None]
    after = {pin.next_hash for pin in pins}
    return replace(
        pins[0],
        next_hash=pins[0].next_hash if len(after) == 1 else "",
        final=any(pin.final for pin in pins),
        still_there=any(pin.still_there for pin in pins) and not lost,
        agreed=tuple(used),
        asked=asked,
        exchanges=tuple(sorted({n for pin in pins for n in pin.exchanges})),
    )


def _unread_by(one: NetworkReading) -> tuple[int, str]:
    reasons = [reading.reason for reading in one.readings.values() if reading.units is None]
    return len(reasons), next(iter(reasons), "")


def _first_reason(one: NetworkReading) -> str:
    return next((reading.reason for reading in one.readings.values()), "nothing was asked for")


def _decimals(
    used: Mapping[str, NetworkReading], sources: Panel
) -> tuple[tuple[OnChainDecimals, ...], list[tuple[Holding | str, tuple[Said, ...], bool]], dict[str, Evidence]]:
    """As holdings are: what is taken, who differs, and what it is worth, for no holding is worth more."""
    answers: dict[str, dict[str, OnChainDecimals]] = {}
    counting = {name: one for name, one in used.items() if not one.why} or used
    for name, one in counting.items():
        for answer in one.decimals:
            answers.setdefault(answer.instrument, {})[name] = answer
    found: list[OnChainDecimals] = []
    differ: list[tuple[Holding | str, tuple[Said, ...], bool]] = []
    worth: dict[str, Evidence] = {}
    for instrument, by_source in answers.items():
        by_value: dict[int, list[str]] = {}
        for name, answer in by_source.items():
            if answer.decimals is not None:
                by_value.setdefault(answer.decimals, []).append(name)
        names = sources.chosen(list(by_value.values())) if by_value else []
        if len(by_value) > 1:
            said = tuple(Said(source=name, value=str(one)) for one, who in by_value.items() for name in who)
            differ.append(((DECIMALS, instrument), said, bool(names)))
        exchanges = sorted({n for name in names or by_source for n in by_source[name].exchanges})
        decimals = by_source[names[0]].decimals if names else None
        found.append(OnChainDecimals(instrument=instrument, decimals=decimals, exchanges=tuple(exchanges)))
        worth[instrument] = sources.evidence(names)
    return tuple(found), differ, worth


def _decimals_missed(
    used: Mapping[str, NetworkReading], taken: Iterable[OnChainDecimals]
) -> Iterator[tuple[str, int, str]]:
    """The sources that did not answer a token's decimals() where others did."""
    known = {answer.instrument for answer in taken if answer.decimals is not None}
    for name, one in used.items():
        silent = [said.instrument for said in one.decimals if said.decimals is None and said.instrument in known]
        if silent:
            yield name, 1, f"decimals() of {silent[-1]} was not answered"


def _freezes_missed(
    used: Mapping[str, NetworkReading], taken: Mapping[Holding, Reading]
) -> Iterator[tuple[str, int, str]]:
    """The sources that did not answer whether an issuer froze a holding where others did."""
    for name, one in used.items():
        silent = [taken[key] for key, reading in one.readings.items() if reading.locked_why == FREEZE_UNKNOWN]
        missed = sum(reading.units is not None and reading.locked_why != FREEZE_UNKNOWN for reading in silent)
        if missed:
            yield name, missed, FREEZE_UNKNOWN
