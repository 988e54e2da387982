from __future__ import annotations

import dataclasses

import pytest
from tests.transport.asking import CHAIN_ID, NOW_TEXT, answered, question

from reservecheck.errors import ReplayError
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Reply, seal
from reservecheck.transport.replay import ReplayTransport

HINT = "\n  hint: collect again with the same wallets, engagement and version"
OTHER = "the recording lacks an answer: exchange 1 (cells 0 on eip155:31337 from node) asked something else"


def test_a_recorded_question_gets_its_recorded_reply_failures_included() -> None:
    failed = question(("eth_call", []), ordinal=1)
    replay = ReplayTransport(seal([(CHAIN_ID, answered(b"{}")), (failed, Reply("timed out", None, 5, NOW_TEXT))]))
    assert replay.ask(CHAIN_ID) == answered(b"{}")
    assert replay.ask(failed).outcome == "timed out"


def test_params_in_a_tuple_and_in_a_list_are_the_same_question() -> None:
    replay = ReplayTransport(seal([(question(("eth_call", [["a"], {"b": "c"}])), answered(b"{}"))]))
    asked = dataclasses.replace(CHAIN_ID, calls=(Call("eth_call", (("a",), {"b": "c"})),))
    assert replay.ask(asked) == answered(b"{}")


def test_a_question_that_was_never_asked_is_named() -> None:
    with pytest.raises(ReplayError) as refused:
        ReplayTransport(seal([])).ask(CHAIN_ID)
    assert str(refused.value) == (
        "the recording lacks an answer: cells 0 on eip155:31337 from node was never asked" + HINT
    )


@pytest.mark.parametrize(
    "other",
    [
        question(("eth_blockNumber", [])),
        question(("eth_chainId", [1])),
        question(("eth_chainId", []), batch=True),
        dataclasses.replace(CHAIN_ID, decoder="test/2"),
    ],
)
def test_a_question_in_other_words_is_not_answered(other: object) -> None:
    replay = ReplayTransport(seal([(CHAIN_ID, answered(b"{}"))]))
    with pytest.raises(ReplayError) as refused:
        replay.ask(other)  # type: ignore[arg-type]  # a Question
    assert str(refused.value) == OTHER + HINT
