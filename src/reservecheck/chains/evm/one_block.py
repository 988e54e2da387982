"""One block of an EVM chain by its height: its hash, once it is final. Imports web3."""

from __future__ import annotations

from typing import Final

from reservecheck.chains.evm.conversation import Conversation
from reservecheck.chains.evm.pin_search import identified
from reservecheck.chains.evm.pins import FINALIZED, FORGED, LATEST, PIN, blocks_until_final, forged, heads
from reservecheck.chains.evm.provider import Headers, Silent
from reservecheck.chains.reader import Block, blocks_to_go
from reservecheck.errors import PinError, SourceError
from reservecheck.model.registry import Network
from reservecheck.transport.record import SourceCard, Transport

ASK_ANOTHER: Final = "ask another source"


def read_one_block(network: Network, source: SourceCard, transport: Transport, height: int) -> Block:
    """The block at a height; its hash is made from its header where the network's headers are Ethereum's.

    Raises SourceError for the wrong chain and answers that cannot be believed, PinError where the block is not
    there or not final.
    """
    conversation = Conversation(network, source, transport)
    headers = Headers(conversation)
    try:
        identified(network, conversation, headers)
        if network.finality == f"tag:{FINALIZED}":
            headers.block(FINALIZED, PIN)
        headers.block(LATEST, PIN)
        _require_final(source.name, conversation, height)
        found = headers.block(height, PIN)
    except Silent as error:
        raise SourceError(f"{source.name}: block {height} of {network.network} was not read: {error}") from error
    if said := forged(network, conversation.exchanges()):
        raise SourceError(f"{source.name}: {said}", hint=ASK_ANOTHER)
    return Block(height=height, hash=found.hash.removeprefix("0x"), time=found.time, certain=found.time)


def _require_final(source: str, conversation: Conversation, height: int) -> None:
    network = conversation.network
    head, finalized = heads(network, conversation.exchanges())
    missing = blocks_until_final(network, height, head, finalized)
    if missing is None or head is None:
        raise SourceError(f"{source}: {FORGED}", hint=ASK_ANOTHER)
    if missing:
        state = "is not there yet" if head.height < height else "is not final yet"
        raise PinError(f"{network.network}: block {height} {state}: {blocks_to_go(missing)}", hint="run again then")
