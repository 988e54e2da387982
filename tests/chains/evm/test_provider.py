from __future__ import annotations

import subprocess
import sys

import pytest
from tests.chains.evm.node_transport import SOURCE, Fault, NodeTransport, failed, node_says
from tests.chains.evm.small_chain import NETWORK
from tests.nodes.running import Node, evm_block
from web3 import Web3
from web3.types import RPCEndpoint

from reservecheck.chains.evm.conversation import Conversation
from reservecheck.chains.evm.provider import Headers, RecordedProvider, Silent


def headers(node: Node, fault: Fault = lambda _: None) -> Headers:
    return Headers(Conversation(NETWORK, SOURCE, NodeTransport(node, fault)))


def test_web3_rides_on_the_recorded_transport(funded: Node) -> None:
    transport = NodeTransport(funded)
    provider = RecordedProvider(Conversation(NETWORK, SOURCE, transport))
    provider.purpose = "chain"
    web3 = Web3(provider)
    assert web3.eth.chain_id == 31337
    assert web3.eth.get_block(1)["number"] == 1
    methods = [question.calls[0].method for question, _ in transport.said]
    assert methods == ["eth_chainId", "eth_getBlockByNumber"]
    assert [question.ordinal for question, _ in transport.said] == [1, 2]


def test_an_answer_that_nests_without_end_ends_no_process() -> None:
    program = (
        "import reservecheck.chains.evm.provider\n"
        "from reservecheck.transport.jsonrpc import EnvelopeError, open_envelope\n"
        "try:\n"
        "    open_envelope(b'[' * 200_000 + b']' * 200_000, 1)\n"
        "except EnvelopeError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "not JSON\n")


def test_addresses_a_contract_names_are_never_followed() -> None:
    assert RecordedProvider.global_ccip_read_enabled is False


def test_a_block_is_found_by_height_and_by_tag(funded: Node) -> None:
    assert headers(funded).block(1, "pin").hash == evm_block(funded, "0x1")["hash"]
    assert headers(funded).block("latest", "pin").height == 2
    assert headers(funded).chain_id("chain") == "0x7a69"


@pytest.mark.parametrize("reply", [failed("timed out"), node_says("no"), node_says("limit", -32005)])
def test_a_failure_is_silence(funded: Node, reply: object) -> None:
    asking = headers(funded, lambda _: reply)  # type: ignore[arg-type,return-value]  # a Reply, seen as an object
    with pytest.raises(Silent):
        asking.chain_id("chain")


def test_a_block_that_is_not_there_is_silence(funded: Node) -> None:
    with pytest.raises(Silent, match=r"^no header of block 99$"):
        headers(funded).block(99, "pin")


def test_parameters_that_are_no_list_are_none(funded: Node) -> None:
    provider = RecordedProvider(Conversation(NETWORK, SOURCE, NodeTransport(funded)))
    assert provider.make_request(RPCEndpoint("eth_chainId"), None)["result"] == "0x7a69"
