"""Every holding is read at a block at or before the cut-off, near enough, final, and still there."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.evidence import Pin
from reservecheck.model.registry import Network
from reservecheck.model.words import Answer, Severity
from reservecheck.moments import utc_text
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each block of the cut-off, and one for each network that has none."""
    engagement = position.inputs.engagement
    pins = {pin.id: pin for pin in position.inputs.observation.pins}
    needed = {cell.pin for cell in position.inputs.observation.cells} | pins.keys()
    for name in sorted(name for name in needed if name.endswith("@cutoff")):
        pin = pins.get(name)
        if pin is None:
            yield Answered(subject=name.partition("@")[0], outcome=Answer.NOT_ASSESSABLE)
            continue
        network = position.inputs.registry.networks.get(pin.network)
        limit = _skew_limit(network, position)
        wrong = _what_is_wrong(pin, engagement.cutoff_epoch, limit)
        outcome = Answer.BREAKS if wrong else Answer.HOLDS
        case = wrong or ("taken as stated" if _hash_taken_as_stated(network) else "")
        values = {
            "height": str(pin.height),
            "time": utc_text(pin.time),
            "skew": str(abs(engagement.cutoff_epoch - pin.time)),
            "limit": str(limit),
            "why": _why_unread(pin, position),
        }
        yield Answered(subject=pin.network, outcome=outcome, case=case, values=values)


def _hash_taken_as_stated(network: Network | None) -> bool:
    """An EVM chain whose headers are not Ethereum's: nobody here can say what a header hashes to."""
    return network is not None and network.family == "evm" and not network.header


def _why_unread(pin: Pin, position: Position) -> str:
    """What all holdings at this block say of why they were not read; "" where they say different things."""
    reasons = {cell.reason for cell in position.inputs.observation.cells if cell.pin == pin.id and cell.reason}
    return f" ({reasons.pop()})" if len(reasons) == 1 else ""


def _skew_limit(network: Network | None, position: Position) -> int:
    """Seconds: the engagement's limit, or the network's own where that is tighter."""
    limit = position.inputs.engagement.skew_seconds
    return min(limit, network.max_skew_s) if network else limit


def _what_is_wrong(pin: Pin, cutoff: int, limit: int) -> str:
    if pin.time > cutoff:
        return "after"
    if not pin.final:
        return "not final"
    if not pin.still_there:
        return "gone"
    return "skew" if cutoff - pin.time > limit else ""


RULE = Rule(
    id="pin_time",
    title="Every block read is at or before the cut-off, final, and still there",
    severity=Severity.CRITICAL,
    ask=ask,
)
