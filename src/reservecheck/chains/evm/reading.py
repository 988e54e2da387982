"""One source of one EVM network, from the first question to the last. Imports web3."""

from __future__ import annotations

from contextlib import suppress

from reservecheck.chains.evm.cell_requests import ask_for_cells
from reservecheck.chains.evm.conversation import Conversation
from reservecheck.chains.evm.decimals import ask_for_decimals
from reservecheck.chains.evm.frozen import ask_for_frozen
from reservecheck.chains.evm.header_hash import ETHEREUM
from reservecheck.chains.evm.pin_search import search_pin
from reservecheck.chains.evm.pins import FINAL
from reservecheck.chains.evm.proof.requests import ask_for_proofs
from reservecheck.chains.evm.provider import Headers, Silent
from reservecheck.chains.reader import Plan
from reservecheck.model.progress import Progress
from reservecheck.transport.record import SourceCard, Transport


def read_network(plan: Plan, source: SourceCard, transport: Transport, progress: Progress) -> None:
    """Ask everything a plan needs. Raises SourceError and PinError; a silent source raises nothing."""
    conversation = Conversation(plan.network, source, transport)
    headers = Headers(conversation)
    with suppress(Silent):
        pin = search_pin(plan, conversation, headers, progress)
        ask_for_decimals(plan, pin.hash, conversation)
        ask_for_cells(plan, pin.hash, conversation, progress)
        ask_for_frozen(plan, pin.hash, conversation)
        if source.proofs and plan.network.header == ETHEREUM:
            ask_for_proofs(plan, pin, conversation, progress)
        headers.block(pin.height, FINAL)
