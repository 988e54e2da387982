"""Whatever a source answers, decoding raises nothing and makes no balance out of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.chains.evm.node_transport import AT
from tests.chains.evm.small_chain import owner, pairs_of, plan_at, read
from tests.nodes.running import Node

from reservecheck.chains.evm import asked, decode
from reservecheck.chains.reader import Plan
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import ANSWERED, Question, Reply, seal
from reservecheck.vault.canonical import Json

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=8),
    st.sampled_from(["0x", "0x0", "0x1", "0x" + 64 * "0", "0x" + 66 * "0", "0x" + 80 * "f", "latest", "-0x1"]),
)
NAMES = st.sampled_from(
    ["number", "hash", "parentHash", "timestamp", "stateRoot", "data", "to", "blockHash", "code"]
)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=8
)


@pytest.fixture(scope="session")
def recorded(funded: Node) -> tuple[Plan, list[tuple[Question, Reply]]]:
    plan = plan_at(funded, 1, pairs_of([owner(0), owner(1)], ["", "storage", "revert"]))
    return plan, read(funded, plan)[1].said


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_an_answer_of_any_shape_is_read_or_unread_but_never_an_error(
    recorded: tuple[Plan, list[tuple[Question, Reply]]], data: st.DataObject
) -> None:
    plan, said = recorded
    at = data.draw(st.integers(0, len(said) - 1))
    question, reply = said[at]
    answer = data.draw(ANYTHING)
    results = [{"id": i, "result": answer} for i in range(1, len(question.calls) + 1)]
    body = json.dumps(results if question.batch else results[0]).encode()
    honest = decode(plan, seal(said).exchanges)
    found = decode(plan, seal([*said[:at], (question, Reply(ANSWERED, body, 1, AT)), *said[at + 1 :]]).exchanges)
    assert set(found.readings) == set(honest.readings)
    for key, reading in found.readings.items():
        assert (reading.units is None) == bool(reading.reason)
        assert question.purpose == "cells-single" or reading.units in (None, honest.readings[key].units)
    assert reply.outcome == ANSWERED


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_question_of_any_shape_says_nothing(
    recorded: tuple[Plan, list[tuple[Question, Reply]]], data: st.DataObject
) -> None:
    plan, said = recorded
    at = data.draw(st.integers(0, len(said) - 1))
    question, reply = said[at]
    params: list[Json] = data.draw(st.lists(ANYTHING, max_size=4))
    method = data.draw(st.sampled_from(["eth_call", "eth_getBalance", "eth_getBlockByNumber", "eth_chainId"]))
    odd = replace(question, calls=tuple(Call(method, params) for _ in question.calls))
    exchanges = seal([*said[:at], (odd, reply), *said[at + 1 :]]).exchanges
    honest = decode(plan, seal(said).exchanges)
    found = decode(plan, exchanges)
    assert set(asked(exchanges)) <= set(asked(seal(said).exchanges))
    for key, reading in found.readings.items():
        assert reading.units in (None, honest.readings[key].units)
