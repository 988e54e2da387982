"""Reads EVM chains: one small program of ours answers for thousands of balances in one call.

`fetch` finds the block at the cut-off, reads every balance at its hash and looks at the block once more. `decode`
derives pin, balances and decimals from the recorded exchanges alone and imports nothing heavy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reservecheck.chains.evm.asked import DECODERS, METHODS, PURPOSES, asked
from reservecheck.chains.evm.cells import NEVER_ASKED, read_cells
from reservecheck.chains.evm.decimals import read_decimals
from reservecheck.chains.evm.pins import LEFT, Found, find_pin
from reservecheck.chains.reader import NetworkReading, Plan, Reading
from reservecheck.model.progress import Progress
from reservecheck.transport.record import Recorded, SourceCard, Transport

__all__ = ["DECODERS", "METHODS", "PURPOSES", "asked", "decode", "fetch"]

SOURCES_DISAGREE: str = "the sources disagree about the block at the cut-off"


def fetch(plan: Plan, source: SourceCard, transport: Transport, progress: Progress) -> None:
    """Pin, decimals, balances, and the pin again; everything learned is in what the transport recorded.

    Raises SourceError for the wrong chain and PinError where the cut-off's block is not final or not there. A
    source that falls silent raises nothing.
    """
    from reservecheck.chains.evm.reading import read_network  # noqa: PLC0415  # web3 takes seconds to import

    read_network(plan, source, transport, progress)


def decode(plan: Plan, exchanges: Sequence[Recorded]) -> NetworkReading:
    """Pin, one reading for each pair, and decimals; pure, and silent about nothing: what is unread says why."""
    found = _agreed(plan, exchanges)
    pin = found.pin
    if pin is None:
        return NetworkReading(pin=None, readings=_all_unread(plan, found.reason, ()))
    decimals = read_decimals(plan, pin.hash, exchanges)
    if found.reason:
        return NetworkReading(pin=pin, readings=_all_unread(plan, found.reason, pin.exchanges), decimals=decimals)
    return NetworkReading(pin=pin, readings=read_cells(plan, pin.hash, exchanges), decimals=decimals)


def _agreed(plan: Plan, exchanges: Sequence[Recorded]) -> Found:
    """The pin of all sources that show one; a reason beside a pin means nothing read at it counts."""
    by_source: dict[str, list[Recorded]] = {}
    for item in exchanges:
        by_source.setdefault(item.question.source, []).append(item)
    found = {name: find_pin(plan, items) for name, items in by_source.items()}
    pins = [one.pin for one in found.values() if one.pin is not None]
    if not pins:
        reasons = [one.reason for one in found.values()]
        return Found(None, reasons[0] if reasons else NEVER_ASKED)
    if len({(pin.height, pin.hash, pin.time, pin.state_root) for pin in pins}) > 1:
        return Found(None, SOURCES_DISAGREE)
    reasons = [one.reason for one in found.values() if one.pin is not None]
    pin = replace(
        pins[0],
        final=any(one.final for one in pins),
        still_there=any(one.still_there for one in pins) and LEFT not in reasons,
        agreed=tuple(name for name, one in found.items() if one.pin is not None),
        asked=tuple(found),
        exchanges=tuple(sorted(n for one in pins for n in one.exchanges)),
    )
    return Found(pin, LEFT if LEFT in reasons else "" if "" in reasons else reasons[0])


def _all_unread(plan: Plan, reason: str, exchanges: tuple[int, ...]) -> dict[tuple[str, str], Reading]:
    reading = Reading(None, reason, exchanges)
    return {(pair.identity, pair.instrument): reading for pair in plan.pairs}
