"""Looks for the block at the cut-off in a dozen header requests, and refuses another chain or a block not final.

Interpolation between the nearest known headers finds it fast where blocks come evenly; every third step halves
the interval, so that no chain takes more than three times a bisection. Imports web3: import it where it is needed.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from reservecheck.chains.evm.answers import Header
from reservecheck.chains.evm.conversation import Conversation
from reservecheck.chains.evm.pins import (
    CHAIN,
    FINALIZED,
    FORGED,
    LATEST,
    PIN,
    find_pin,
    forged,
    not_final_until,
    wrong_chain,
)
from reservecheck.chains.evm.provider import Headers, Silent
from reservecheck.chains.reader import Plan
from reservecheck.errors import PinError, SourceError
from reservecheck.model.evidence import Pin
from reservecheck.model.progress import Progress
from reservecheck.model.registry import Network
from reservecheck.moments import utc_text

AGAIN: Final = "run again then, or use --wait"
_BISECT_EVERY: Final = 3


def search_pin(plan: Plan, conversation: Conversation, headers: Headers, progress: Progress) -> Pin:
    """The pin, as the log shows it.

    Raises SourceError for another chain, PinError when the cut-off is not passed, before the chain's first block
    or not final, Silent when the source stops answering.
    """
    network = plan.network
    first = identified(network, conversation, headers)
    if network.finality == f"tag:{FINALIZED}":
        headers.block(FINALIZED, PIN)
    head = headers.block(LATEST, PIN)
    cutoff = utc_text(plan.cutoff_epoch)
    if head.time <= plan.cutoff_epoch:
        raise PinError(
            f"{network.network}: the chain has not passed the cut-off {cutoff} yet: its newest block {head.height}"
            f" is from {utc_text(head.time)}",
            hint="run again later, or use --wait",
        )
    if first.time > plan.cutoff_epoch:
        raise PinError(
            f"{network.network}: what the source has begins after the cut-off {cutoff}:"
            f" block {first.height} is from {utc_text(first.time)}",
            hint="check the cut-off in engagement.toml",
        )
    height = _narrow(plan.cutoff_epoch, first, head, headers, progress)
    return _settled(plan, height, conversation)


def identified(network: Network, conversation: Conversation, headers: Headers) -> Header:
    """The first block of the right chain that the source still has; asks for its id and all known blocks.

    Raises SourceError for another chain, Silent when the source does not answer.
    """
    found: list[Header] = []
    known = sorted({0, *(height for height, _ in network.known_blocks)})
    try:
        headers.chain_id(CHAIN)
        _refuse_another_chain(network, conversation)
        for height in known:
            with suppress(*([] if height == known[-1] else [Silent])):
                found.append(headers.block(height, CHAIN))
    finally:
        _refuse_another_chain(network, conversation)
    return found[0]


def _refuse_another_chain(network: Network, conversation: Conversation) -> None:
    problem = wrong_chain(network, conversation.exchanges())
    if problem:
        raise SourceError(problem, hint="correct the source's url or network in providers.toml")


def _narrow(cutoff: int, low: Header, high: Header, headers: Headers, progress: Progress) -> int:
    """The height of the last block at or before the cut-off, its child asked for too."""
    step = 0
    while high.height - low.height > 1:
        step += 1
        progress("block at the cut-off", step, 0)
        wide = high.height - low.height
        ahead = (cutoff - low.time) * wide // max(1, high.time - low.time) if step % _BISECT_EVERY else wide // 2
        middle = headers.block(low.height + min(max(ahead, 1), wide - 1), PIN)
        if middle.time <= cutoff:
            low = middle
        else:
            high = middle
    return low.height


def _settled(plan: Plan, height: int, conversation: Conversation) -> Pin:
    exchanges = conversation.exchanges()
    pin, reason = find_pin(plan, exchanges)  # the reason beside a pin is that the last look is still to come
    if pin is None and forged(plan.network, exchanges):
        raise PinError(f"{plan.network.network}: {FORGED}", hint="ask another source")
    waiting = not_final_until(plan, height, exchanges)
    if waiting:
        raise PinError(waiting, hint=AGAIN if "until" in waiting else "")
    if pin is None:
        raise PinError(
            f"{plan.network.network}: the chain changed while the block at the cut-off was looked for: {reason}",
            hint="run again",
        )
    return pin
