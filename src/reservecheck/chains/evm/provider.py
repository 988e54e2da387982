"""web3 riding on the recorded transport: every request it makes is a question with its place in the log.

Importing web3 takes seconds: import this module inside the function that needs it.
"""

from __future__ import annotations

import sys
from typing import Final

from web3 import Web3
from web3.providers.base import BaseProvider
from web3.types import RPCEndpoint, RPCResponse

from reservecheck.chains.evm.answers import Header, failure, header
from reservecheck.chains.evm.conversation import Conversation
from reservecheck.chains.evm.pins import DECODER, block_call, chain_id_call
from reservecheck.transport.jsonrpc import Call, Result

VERSION: Final = "2.0"
PYTHONS_OWN: Final = 1000
sys.setrecursionlimit(PYTHONS_OWN)  # py_ecc, which web3 brings, raises it until nested JSON overflows the C stack


class Silent(Exception):  # noqa: N818  # what the source is, caught by the fetch that stops there
    """The source did not answer, or not with what was asked; the log says how."""


class RecordedProvider(BaseProvider):
    """A web3 provider of one conversation. It never follows an address a contract names (CCIP-read is off)."""

    global_ccip_read_enabled = False

    def __init__(self, conversation: Conversation) -> None:
        super().__init__()
        self.purpose = ""
        self._conversation = conversation

    def make_request(self, method: RPCEndpoint, params: object) -> RPCResponse:
        """One exchange; raises Silent when it fails as a whole."""
        call = Call(method, tuple(params) if isinstance(params, list | tuple) else ())
        exchange = self._conversation.ask(self.purpose, DECODER, (call,))
        answers = exchange.reply.opened(exchange.question)
        if answers is None or not isinstance(answers[0], Result):
            raise Silent(failure(exchange))
        return {"jsonrpc": VERSION, "id": 1, "result": answers[0].value}


class Headers:
    """Chain id and block headers by web3, without its middleware: a header of any EVM chain is welcome."""

    def __init__(self, conversation: Conversation) -> None:
        self._provider = RecordedProvider(conversation)
        self._web3 = Web3(self._provider, middleware=[])

    def chain_id(self, purpose: str) -> object:
        """What the node answers, unchecked: the log is judged, not this. Raises Silent."""
        return self._ask(purpose, chain_id_call())

    def block(self, block: int | str, purpose: str) -> Header:
        """The header at a height or tag; raises Silent when there is none or it is another's."""
        found = header(self._ask(purpose, block_call(block)))
        if found is None or (isinstance(block, int) and found.height != block):
            raise Silent(f"no header of block {block}")
        return found

    def _ask(self, purpose: str, call: Call) -> object:
        self._provider.purpose = purpose
        answer: object = self._web3.manager.request_blocking(RPCEndpoint(call.method), list(call.params))
        return answer
