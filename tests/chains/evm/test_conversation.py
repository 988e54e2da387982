from __future__ import annotations

from tests.chains.evm.node_transport import SOURCE, NodeTransport
from tests.chains.evm.small_chain import NETWORK
from tests.nodes.running import Node

from reservecheck.chains.evm.conversation import Conversation
from reservecheck.transport.jsonrpc import Call, Result


def test_ordinals_count_within_a_purpose_and_what_was_said_is_numbered_like_a_log(funded: Node) -> None:
    transport = NodeTransport(funded)
    conversation = Conversation(NETWORK, SOURCE, transport)
    asks = [
        conversation.ask(purpose, "evm.header/1", [Call("eth_chainId", ())]) for purpose in ("pin", "chain", "pin")
    ]
    assert [item.question.key for item in asks] == [
        ("eip155:31337", "own-node", "pin", 1),
        ("eip155:31337", "own-node", "chain", 1),
        ("eip155:31337", "own-node", "pin", 2),
    ]
    assert asks[0].reply.opened(asks[0].question) == (Result("0x7a69"),)
    assert conversation.exchanges() == transport.log().exchanges
    assert [item.question.purpose for item in conversation.exchanges()] == ["chain", "pin", "pin"]
