"""One block of Bitcoin's family by its height: its hash, once as many blocks follow it as its network asks for."""

from __future__ import annotations

from reservecheck.chains.bitcoind.answers import Asker, Unreadable
from reservecheck.chains.bitcoind.headers import MEDIAN_SPAN, median_time
from reservecheck.chains.bitcoind.identity import ask_identity
from reservecheck.chains.bitcoind.pins import ask_headers, confirmations, read_headers
from reservecheck.chains.bitcoind.work import require_time
from reservecheck.chains.reader import Block, Plan, blocks_to_go
from reservecheck.errors import PinError, SourceError
from reservecheck.model.registry import Network
from reservecheck.transport.record import SourceCard, Transport


def read_block(network: Network, source: SourceCard, transport: Transport, height: int) -> Block:
    """The block at a height; its header and those around it are hashed here, and must have the work they state.

    Raises SourceError for the wrong chain, a node still downloading and answers that cannot be believed, PinError
    where the block is not there or too few blocks follow it.
    """
    plan = Plan(network=network, cutoff_epoch=0, pairs=())
    asker = Asker(network.network, source, transport)
    needed = confirmations(plan)
    try:
        tip = ask_identity(plan, asker)
        if tip < height + needed:
            state = "is not there yet" if tip < height else "is not final yet"
            words = f"{network.network}: block {height} {state}: {blocks_to_go(height + needed - tip)}"
            raise PinError(words, hint="run again then")
        return _read(network, asker, height, needed)
    except Unreadable as error:
        raise SourceError(f"{source.name}: block {height} of {network.network} was not read: {error}") from error


def _read(network: Network, asker: Asker, height: int, needed: int) -> Block:
    first = max(0, height - MEDIAN_SPAN + 1)
    wanted = range(first, height + needed + 1)
    _, headers = read_headers(network, *ask_headers(asker, 0, wanted))
    at, times = height - first, [header.time for header in headers]
    median = median_time(times, at, first_height=first)
    require_time(network, height, times[at])
    return Block(
        height=height, hash=headers[at].hash, time=times[at], certain=times[at] if median is None else median
    )
