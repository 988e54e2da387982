from __future__ import annotations

import pytest
from tests.chains.evm.node_transport import AT, SOURCE, Fault, NodeTransport, failed, node_says
from tests.chains.evm.small_chain import NETWORK
from tests.nodes.running import Node

from reservecheck.chains.evm.asking import GIVE_UP_AFTER, Next, after, ask_in_batches
from reservecheck.chains.evm.conversation import Conversation
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import ANSWERED, Question, Recorded, Reply

CALL = Call("eth_blockNumber", ())
MALFORMED = Reply(ANSWERED, b'{"jsonrpc":"2.0","id":', 1, AT)


def exchange(reply: Reply) -> Recorded:
    question = Question(network="n", source="s", purpose="cells", ordinal=1, decoder="evm.cells/1", calls=(CALL,))
    return Recorded(1, question, reply)


@pytest.mark.parametrize(
    ("reply", "then"),
    [
        (Reply(ANSWERED, b'{"id":1,"result":"0x"}', 1, AT), Next.GO_ON),
        (MALFORMED, Next.SMALLER),
        (failed("timed out"), Next.SMALLER),
        (failed("http 413"), Next.SMALLER),
        (failed("wrong id"), Next.SMALLER),
        (failed("rate limited"), Next.STOP),
        (failed("http 502"), Next.SMALLER),
        (failed("http 429"), Next.STOP),
        (failed("http 401"), Next.STOP),
        (failed("unreachable"), Next.STOP),
        (node_says("out of gas"), Next.SMALLER),
        (node_says("execution aborted (timeout = 5s)"), Next.SMALLER),
        (node_says("rate limit exceeded"), Next.STOP),
        (node_says("hash is not currently canonical"), Next.STOP),
        (node_says("header not found"), Next.STOP),
        (node_says("too many arguments, want at most 2", -32602), Next.OTHERWISE),
        (node_says("the method does not exist", -32601), Next.OTHERWISE),
        (node_says("state override is not supported"), Next.OTHERWISE),
    ],
)
def test_what_an_outcome_asks_for(reply: Reply, then: Next) -> None:
    assert after(exchange(reply)) is then


def ask(node: Node, count: int, size: int, fault: Fault = lambda _: None) -> tuple[Next, list[int]]:
    transport = NodeTransport(node, fault)
    then = ask_in_batches(Conversation(NETWORK, SOURCE, transport), "p", "d", [CALL] * count, size)
    return then, [len(question.calls) for question, _ in transport.said]


def test_batches_hold_every_call_once(funded: Node) -> None:
    assert ask(funded, 7, 3) == (Next.GO_ON, [3, 3, 1])
    assert ask(funded, 0, 3) == (Next.GO_ON, [])


def test_a_batch_that_is_too_much_is_halved(funded: Node) -> None:
    def no_more_than_two(question: Question) -> Reply | None:
        return MALFORMED if len(question.calls) > 2 else None

    assert ask(funded, 8, 8, no_more_than_two) == (Next.GO_ON, [8, 4, 2, 2, 4, 2, 2])


def test_a_call_refused_alone_is_an_answer(funded: Node) -> None:
    assert ask(funded, 2, 1, lambda _: node_says("out of gas")) == (Next.GO_ON, [1, 1])


def test_a_source_that_is_gone_is_not_asked_again(funded: Node) -> None:
    assert ask(funded, 8, 2, lambda _: failed("unreachable")) == (Next.STOP, [2])
    then, sizes = ask(funded, 40, 1, lambda _: failed("timed out"))
    assert (then, len(sizes)) == (Next.STOP, GIVE_UP_AFTER)
