"""Reads EVM chains: one small program of ours answers for thousands of balances in one call.

`fetch` finds the block at the cut-off, reads every balance at its hash, asks for proofs of them where the source is
to give any, and looks at the block once more. `decode` derives pin, balances, proofs and decimals from the recorded
exchanges alone; it imports nothing heavy but an EVM, and that only where a token's balance is to be proven.
"""

from __future__ import annotations

from collections.abc import Sequence

from reservecheck.chains.evm.asked import METHODS, PURPOSES, asked
from reservecheck.chains.evm.cells import NEVER_ASKED, read_cells
from reservecheck.chains.evm.decimals import read_decimals
from reservecheck.chains.evm.frozen import with_locks
from reservecheck.chains.evm.pins import LEFT, Found, find_pin
from reservecheck.chains.evm.proof.proving import prove
from reservecheck.chains.reader import Block, NetworkReading, Plan, Reading
from reservecheck.model.progress import Progress
from reservecheck.model.registry import Network
from reservecheck.transport.record import Recorded, SourceCard, Transport

__all__ = ["METHODS", "PURPOSES", "asked", "decode", "fetch", "read_block"]


def fetch(plan: Plan, source: SourceCard, transport: Transport, progress: Progress) -> None:
    """Pin, decimals, balances, and the pin again; everything learned is in what the transport recorded.

    Raises SourceError for the wrong chain and PinError where the cut-off's block is not final or not there. A
    source that falls silent raises nothing.
    """
    from reservecheck.chains.evm.reading import read_network  # noqa: PLC0415  # web3 takes seconds to import

    read_network(plan, source, transport, progress)


def read_block(network: Network, source: SourceCard, transport: Transport, height: int) -> Block:
    """The block at a height, once it is final; raises SourceError and PinError."""
    from reservecheck.chains.evm.one_block import read_one_block  # noqa: PLC0415  # web3 takes seconds to import

    return read_one_block(network, source, transport, height)


def decode(plan: Plan, exchanges: Sequence[Recorded]) -> NetworkReading:
    """Pin, one reading for each pair, and decimals; pure, and silent about nothing: what is unread says why."""
    found = find_pin(plan, exchanges) if exchanges else Found(None, NEVER_ASKED)
    pin = found.pin
    if pin is None:
        return NetworkReading(pin=None, readings=_all_unread(plan, found.reason, ()), why=found.reason)
    decimals = read_decimals(plan, pin.hash, exchanges)
    if found.reason:
        readings = _all_unread(plan, found.reason, pin.exchanges)
        left = found.reason == LEFT
        return NetworkReading(pin=pin, readings=readings, decimals=decimals, why=found.reason, left=left)
    read = with_locks(plan, pin.hash, exchanges, read_cells(plan, pin.hash, exchanges))
    readings, unproven = prove(plan, pin, exchanges, read)
    return NetworkReading(pin=pin, readings=readings, decimals=decimals, unproven=unproven)


def _all_unread(plan: Plan, reason: str, exchanges: tuple[int, ...]) -> dict[tuple[str, str], Reading]:
    reading = Reading(None, reason, exchanges)
    return {(pair.identity, pair.instrument): reading for pair in plan.pairs}
