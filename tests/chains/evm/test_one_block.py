from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.chains.evm.node_transport import SOURCE, Fault, NodeTransport, failed
from tests.chains.evm.small_chain import NETWORK, mine
from tests.nodes.running import Node, evm_block

from reservecheck.chains.evm import read_block
from reservecheck.chains.reader import Block
from reservecheck.errors import PinError, SourceError
from reservecheck.model.registry import Network
from reservecheck.transport.record import ANSWERED, Question, Reply


def ask(node: Node, height: int, network: Network = NETWORK, fault: Fault = lambda _: None) -> Block:
    return read_block(network, SOURCE, NodeTransport(node, fault), height)


def altered(node: Node, asked: int | str, **fields: str) -> Fault:
    """A node whose block has other fields than the chain's."""
    transport = NodeTransport(node)

    def fault(question: Question) -> Reply | None:
        wanted = asked if isinstance(asked, str) else hex(asked)
        if question.calls[0].params[:1] != (wanted,):
            return None
        answer = json.loads(transport.pass_on(question).body or b"")
        answer["result"] |= fields
        return Reply(ANSWERED, json.dumps(answer).encode(), 1, "2018-06-27T16:00:00Z")

    return fault


def test_a_final_block_is_read_under_either_rule(fresh_anvil: Node) -> None:
    mine(fresh_anvil, 12, 12, 12, 12)
    block = evm_block(fresh_anvil, "0x2")
    expected = Block(
        height=2, hash=block["hash"][2:], time=int(block["timestamp"], 16), certain=int(block["timestamp"], 16)
    )
    assert ask(fresh_anvil, 2) == expected
    assert ask(fresh_anvil, 2, replace(NETWORK, finality="tag:finalized")) == expected


@pytest.mark.parametrize(
    ("height", "finality", "said"),
    [
        (4, "confirmations:1", "block 4 is not final yet: 1 block to go"),
        (3, "confirmations:6", "block 3 is not final yet: 5 blocks to go"),
        (4, "tag:finalized", "block 4 is not final yet: 2 blocks to go"),
        (9, "confirmations:1", "block 9 is not there yet: 6 blocks to go"),
        (9, "tag:finalized", "block 9 is not there yet: 7 blocks to go"),
    ],
)
def test_a_block_that_is_not_final_is_refused(fresh_anvil: Node, height: int, finality: str, said: str) -> None:
    mine(fresh_anvil, 12, 12, 12, 12)
    with pytest.raises(PinError) as caught:
        ask(fresh_anvil, height, replace(NETWORK, finality=finality))
    assert str(caught.value) == f"eip155:31337: {said}\n  hint: run again then"


def test_a_chain_of_another_id_is_refused(evm_two: Node) -> None:
    with pytest.raises(SourceError, match="wrong chain for eip155:31337: the chain id is 31338, expected 31337"):
        ask(evm_two, 0)


def test_a_hash_of_somebodys_choice_is_refused(fresh_anvil: Node) -> None:
    mine(fresh_anvil, 12, 12, 12)
    with pytest.raises(SourceError) as caught:
        ask(fresh_anvil, 2, fault=altered(fresh_anvil, 2, hash="0x" + "ab" * 32))
    assert str(caught.value) == (
        "own-node: a block's header does not have the hash that is stated for it\n  hint: ask another source"
    )


def test_a_head_that_is_forged_is_refused(fresh_anvil: Node) -> None:
    mine(fresh_anvil, 12, 12, 12)
    with pytest.raises(SourceError, match="own-node: a block's header does not have the hash"):
        ask(fresh_anvil, 2, fault=altered(fresh_anvil, "latest", number="0x99"))


def test_a_node_that_knows_no_final_block_is_refused(fresh_anvil: Node) -> None:
    mine(fresh_anvil, 12, 12, 12)
    with pytest.raises(SourceError) as caught:
        ask(fresh_anvil, 2, replace(NETWORK, finality="tag:finalized", header=""),
            altered(fresh_anvil, "finalized", number="0x1", hash="0x1"))  # fmt: skip
    assert str(caught.value) == "own-node: block 2 of eip155:31337 was not read: no header of block finalized"


def test_a_silent_source_is_refused(fresh_anvil: Node) -> None:
    with pytest.raises(SourceError) as caught:
        ask(fresh_anvil, 0, fault=lambda _: failed("timed out"))
    assert str(caught.value) == "own-node: block 0 of eip155:31337 was not read: timed out"
