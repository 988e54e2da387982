from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from tests.chains.evm.node_transport import AT, NodeTransport, failed, node_says
from tests.chains.evm.small_chain import NETWORK, mine, plan_at, read, rewrite
from tests.nodes.running import GENESIS, Node, evm_block

from reservecheck.chains.evm.answers import header
from reservecheck.chains.evm.pins import (
    FINAL,
    FORGED,
    LEFT,
    NOT_CHECKED,
    NOT_FINAL,
    block_call,
    blocks_until_final,
    chain_id_call,
    find_pin,
    not_final_until,
    wrong_chain,
)
from reservecheck.chains.reader import Plan
from reservecheck.errors import PinError
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import ANSWERED, Question, Recorded, Reply, seal
from reservecheck.vault.canonical import Json

Said = list[tuple[Question, Reply]]


def without(said: Said, *purposes: str) -> Said:
    return [(question, reply) for question, reply in said if question.purpose not in purposes]


def numbered(said: Said) -> Sequence[Recorded]:
    return seal(said).exchanges


@pytest.fixture
def conversation(fresh_anvil: Node) -> NodeTransport:
    mine(fresh_anvil, 12, 12, 12, 12)
    return read(fresh_anvil, plan_at(fresh_anvil, 2))[1]


def test_the_pin_is_derived_from_the_log_alone(fresh_anvil: Node, conversation: NodeTransport) -> None:
    pin, reason = find_pin(plan_at(fresh_anvil, 2), numbered(conversation.said))
    block = evm_block(fresh_anvil, "0x2")
    assert reason == ""
    assert pin is not None
    assert (pin.id, pin.network, pin.role, pin.height) == ("eip155:31337@cutoff", "eip155:31337", "cutoff", 2)
    assert (pin.hash, pin.state_root, hex(pin.time)) == (block["hash"], block["stateRoot"], block["timestamp"])
    assert (pin.final, pin.still_there, pin.agreed, pin.asked) == (True, True, ("own-node",), ("own-node",))
    assert pin.mtp is None
    assert pin.exchanges


def test_without_the_child_of_the_block_there_is_no_pin(fresh_anvil: Node, conversation: NodeTransport) -> None:
    child = block_call(3)
    said = [(question, reply) for question, reply in conversation.said if question.calls[0] != child]
    said = [one for one in said if "latest" not in one[0].calls[0].params]
    found = find_pin(plan_at(fresh_anvil, 2), numbered(said))
    assert found == (None, "the answers do not show which block is at the cut-off")


def test_a_header_answered_for_another_height_does_not_count(fresh_anvil: Node) -> None:
    mine(fresh_anvil, 12, 12, 12)

    def other_block(question: Question) -> Reply | None:
        asked = replace(question, calls=(block_call(1),))
        wanted = block_call(2) in question.calls
        return NodeTransport(fresh_anvil).pass_on(asked) if wanted else None

    reading, _ = read(fresh_anvil, plan_at(fresh_anvil, 1), other_block)
    assert reading.pin is None


@pytest.mark.parametrize(
    "params", [("0x2", 0), ("0x02", False), ("0x2", True), ("0x2",), ("0x2", False, "0x"), (2, False)]
)
def test_a_block_asked_for_in_other_words_does_not_count(
    fresh_anvil: Node, conversation: NodeTransport, params: tuple[Json, ...]
) -> None:
    said = [
        (replace(q, calls=(Call(q.calls[0].method, params),)) if q.calls == (block_call(2),) else q, reply)
        for q, reply in conversation.said
    ]
    assert any(q.calls == (block_call(2),) for q, _ in conversation.said)
    assert find_pin(plan_at(fresh_anvil, 2), numbered(said)).pin is None


def test_a_chain_id_asked_for_in_other_words_does_not_count(fresh_anvil: Node, conversation: NodeTransport) -> None:
    said = [
        (replace(q, calls=(Call("eth_chainId", (0,)),)) if q.calls == (chain_id_call(),) else q, reply)
        for q, reply in conversation.said
    ]
    found = find_pin(plan_at(fresh_anvil, 2), numbered(said))
    assert found == (None, "the chain id was not answered, expected 31337")


def test_two_branches_at_the_cut_off_are_no_pin(fresh_anvil: Node) -> None:
    plan = Plan(network=NETWORK, cutoff_epoch=GENESIS + 24, pairs=())
    snapshot = fresh_anvil("evm_snapshot")
    mine(fresh_anvil, 12, 12, 12)
    _, conversation = read(fresh_anvil, plan)
    rewrite(fresh_anvil, snapshot, 12, 12, 12)
    _, other = read(fresh_anvil, plan)
    said = conversation.said + [(replace(q, ordinal=q.ordinal + 90), r) for q, r in without(other.said, FINAL)]
    assert find_pin(plan, numbered(said)) == (None, "the answers show several blocks at the cut-off")


def test_nothing_answered_is_no_pin_and_says_what_failed(fresh_anvil: Node) -> None:
    plan = plan_at(fresh_anvil, 0)
    _, transport = read(fresh_anvil, plan, lambda _: failed("timed out"))
    assert [question.purpose for question, _ in transport.said] == ["chain"]
    assert find_pin(plan, numbered(transport.said)) == (None, "timed out")


def test_a_pin_must_be_looked_at_again(fresh_anvil: Node, conversation: NodeTransport) -> None:
    plan = plan_at(fresh_anvil, 2)
    pin, reason = find_pin(plan, numbered(without(conversation.said, FINAL)))
    assert (pin is not None and pin.still_there, reason) == (False, NOT_CHECKED)
    silent = [(q, failed("http 429") if q.purpose == FINAL else r) for q, r in conversation.said]
    assert find_pin(plan, numbered(silent)).reason == "http 429"
    refused = [(q, node_says("busy") if q.purpose == FINAL else r) for q, r in conversation.said]
    assert find_pin(plan, numbered(refused)).reason == "node error -32000: busy"
    gone = Reply(ANSWERED, b'{"jsonrpc":"2.0","id":1,"result":null}', 1, AT)
    away = [(q, gone if q.purpose == FINAL else r) for q, r in conversation.said]
    assert find_pin(plan, numbered(away)).reason == LEFT


def test_a_log_that_does_not_show_finality_gives_a_pin_that_counts_for_nothing(
    fresh_anvil: Node, conversation: NodeTransport
) -> None:
    strict = replace(plan_at(fresh_anvil, 2), network=replace(NETWORK, finality="confirmations:9"))
    pin, reason = find_pin(strict, numbered(conversation.said))
    assert (pin is not None and pin.final, reason) == (False, NOT_FINAL)


def test_what_the_registry_fixes_must_have_been_answered(fresh_anvil: Node, conversation: NodeTransport) -> None:
    fork = replace(NETWORK, fork_height=1, fork_hash=evm_block(fresh_anvil, "0x1")["hash"])
    plan = replace(plan_at(fresh_anvil, 2), network=fork)
    found = find_pin(plan, numbered(conversation.said))
    assert found == (None, f"block 1 was not answered, expected {fork.fork_hash}")
    assert wrong_chain(fork, numbered(conversation.said)) == ""
    assert find_pin(plan, ()) == (None, "the chain id was not answered, expected 31337")


def test_a_network_without_a_chain_id_is_not_held_to_one(fresh_anvil: Node, conversation: NodeTransport) -> None:
    plan = replace(plan_at(fresh_anvil, 2), network=replace(NETWORK, chain_id=None))
    assert find_pin(plan, numbered(conversation.said)).pin is not None


def test_malformed_answers_about_the_chain_are_another_chain(conversation: NodeTransport) -> None:
    body = b'{"jsonrpc":"2.0","id":1,"result":{}}'
    said = [(q, Reply(ANSWERED, body, 1, AT) if q.purpose == "chain" else r) for q, r in conversation.said]
    got = wrong_chain(NETWORK, numbered(said))
    assert got == "wrong chain for eip155:31337: the chain id is None, expected 31337"


def test_finality_counts_confirmations_or_takes_the_nodes_word(funded: Node) -> None:
    head = header(evm_block(funded, "0x2"))
    final = header(evm_block(funded, "0x1"))
    tag = replace(NETWORK, finality="tag:finalized")
    assert [blocks_until_final(NETWORK, height, head, None) for height in (0, 1, 2)] == [0, 0, 1]
    assert [blocks_until_final(tag, height, head, final) for height in (0, 1, 3)] == [0, 0, 2]
    assert blocks_until_final(tag, 0, head, None) is None
    assert blocks_until_final(NETWORK, 0, None, final) is None


def test_without_the_nodes_word_finality_cannot_be_shown(fresh_anvil: Node, conversation: NodeTransport) -> None:
    plan = replace(plan_at(fresh_anvil, 2), network=replace(NETWORK, finality="tag:finalized"))
    assert not_final_until(plan, 2, numbered(conversation.said)) == (
        "eip155:31337: block 2 at 2018-06-26T08:00:24Z cannot be shown to be final: "
        "the node does not say which blocks are"
    )


def altered(field: str, value: str, *heights: str) -> Callable[[Question, Reply], Reply]:
    """Another value in the headers of these heights, under the hash they have."""

    def alter(question: Question, reply: Reply) -> Reply:
        if question.calls[0].method != "eth_getBlockByNumber" or question.calls[0].params[0] not in heights:
            return reply
        answer = json.loads(reply.body or b"")
        answer["result"][field] = value
        return replace(reply, body=json.dumps(answer).encode())

    return alter


@pytest.mark.parametrize(
    ("field", "value", "height"),
    [
        ("timestamp", hex(GENESIS), "0x2"),
        ("stateRoot", "0x" + 64 * "1", "0x2"),
        ("timestamp", hex(GENESIS + 10_000), "0x3"),
        ("gasUsed", "0x7", "0x2"),
    ],
)
def test_a_header_altered_under_a_true_hash_is_not_believed(
    fresh_anvil: Node, conversation: NodeTransport, field: str, value: str, height: str
) -> None:
    alter = altered(field, value, height)
    said = [(question, alter(question, reply)) for question, reply in conversation.said]
    assert find_pin(plan_at(fresh_anvil, 2), numbered(said)) == (None, FORGED)


def test_a_header_altered_at_the_last_look_leaves_the_pin_unchecked(
    fresh_anvil: Node, conversation: NodeTransport
) -> None:
    alter = altered("timestamp", "0x1", "0x2")
    said = [(q, alter(q, reply) if q.purpose == FINAL else reply) for q, reply in conversation.said]
    pin, reason = find_pin(plan_at(fresh_anvil, 2), numbered(said))
    assert (pin is not None and pin.still_there, reason) == (False, FORGED)


def test_the_first_block_as_pin_is_recomputed_too(fresh_anvil: Node) -> None:
    mine(fresh_anvil, 12, 12, 12)
    plan = plan_at(fresh_anvil, 0)
    reading, transport = read(fresh_anvil, plan)
    assert reading.pin is not None
    assert reading.pin.height == 0
    alter = altered("stateRoot", "0x" + 64 * "1", "0x0")
    said = [(question, alter(question, reply)) for question, reply in transport.said]
    assert find_pin(plan, numbered(said)).pin is None


def test_where_headers_are_not_ethereums_the_stated_hash_stands(
    fresh_anvil: Node, conversation: NodeTransport
) -> None:
    plan = replace(plan_at(fresh_anvil, 2), network=replace(NETWORK, header=""))
    alter = altered("gasUsed", "0x7", "0x2", "0x3")
    said = [(question, alter(question, reply)) for question, reply in conversation.said]
    assert find_pin(plan, numbered(said)).pin is not None


def test_a_source_that_alters_headers_is_refused_while_it_is_asked(fresh_anvil: Node) -> None:
    mine(fresh_anvil, 12, 12, 12, 12)
    alter = altered("stateRoot", "0x" + 64 * "1", "0x2")
    node = NodeTransport(fresh_anvil)
    with pytest.raises(PinError) as caught:
        read(fresh_anvil, plan_at(fresh_anvil, 2), lambda question: alter(question, node.pass_on(question)))
    assert caught.value.message == f"eip155:31337: {FORGED}"
