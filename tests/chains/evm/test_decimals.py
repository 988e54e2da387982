from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.chains.evm.node_transport import AT, failed
from tests.chains.evm.small_chain import TOKENS, owner, pair_of, pairs_of, plan_at, read, token
from tests.nodes.running import Node

from reservecheck.chains.evm.decimals import DECODER, decimals_call, read_decimals
from reservecheck.chains.reader import Pair, Plan
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import ANSWERED, Question, Recorded, Reply

PIN = "0x" + 64 * "a"


def answered(value: object, *, call: Call | None = None, n: int = 1, error: bool = False) -> Recorded:
    call = call or decimals_call(token("storage"), PIN)
    question = Question(network="n", source="s", purpose="decimals", ordinal=n, decoder=DECODER, calls=(call,))
    said = {"error": {"code": 3, "message": "reverted"}} if error else {"result": value}
    return Recorded(n, question, Reply(ANSWERED, json.dumps({"id": 1, **said}).encode(), 1, AT))


@pytest.fixture
def plan(funded: Node) -> Plan:
    return plan_at(funded, 1, pairs_of([owner(1), owner(2)], ["", "storage"]))


def test_every_token_is_asked_once_at_the_pin_in_one_batch(funded: Node) -> None:
    plan = plan_at(funded, 1, pairs_of([owner(1), owner(2)], ["", *TOKENS]))
    found, transport = read(funded, plan)
    (question,) = transport.asked("decimals")
    assert [call.params[0] for call in question.calls] == [
        {"data": "0x313ce567", "to": token(name)} for name in TOKENS
    ]
    by_name = {name: line.decimals for name, line in zip(TOKENS, found.decimals, strict=True)}
    assert by_name.pop("storage") == 6
    assert by_name.pop("hungry") == 0
    assert set(by_name.values()) == {None}
    assert all(line.exchanges for line in found.decimals)


@pytest.mark.parametrize(
    ("value", "decimals"),
    [(0, 0), (18, 18), (255, 255), (256, None), (2**255, None)],
)
def test_a_word_counts_up_to_255(plan: Plan, value: int, decimals: int | None) -> None:
    (line,) = read_decimals(plan, PIN, [answered(f"0x{value:064x}")])
    assert (line.decimals, line.exchanges) == (decimals, (1,))


@pytest.mark.parametrize("value", ["0x", "0x12", "0x" + 64 * "0" + "12", None, 18, "0x" + 63 * "0"])
def test_anything_but_one_word_does_not(plan: Plan, value: object) -> None:
    assert read_decimals(plan, PIN, [answered(value)])[0].decimals is None


def test_an_error_silence_or_a_contradiction_is_no_answer(plan: Plan) -> None:
    six, seven = (answered(f"0x{value:064x}", n=value) for value in (6, 7))
    assert read_decimals(plan, PIN, [answered(None, error=True)])[0].decimals is None
    assert read_decimals(plan, PIN, [replace(six, reply=failed("timed out"))])[0].decimals is None
    assert read_decimals(plan, PIN, [six, seven])[0].decimals is None
    assert read_decimals(plan, PIN, [six, six])[0].decimals == 6
    assert (read_decimals(plan, PIN, [])[0].decimals, read_decimals(plan, PIN, [])[0].exchanges) == (None, ())


def test_a_request_that_is_not_ours_says_nothing(plan: Plan) -> None:
    six, ours = f"0x{6:064x}", decimals_call(token("storage"), PIN)
    for call in (
        decimals_call(token("storage"), "0x" + 64 * "b"),
        decimals_call(token("hash"), PIN),
        replace(ours, params=(ours.params[0], {"blockHash": PIN, "requireCanonical": 1})),
        Call("eth_call", ()),
        Call("eth_call", (token("storage"),)),
        Call("eth_call", ({"data": "0x", "to": token("storage")},)),
    ):
        assert read_decimals(plan, PIN, [answered(six, call=call)])[0].decimals is None
    other = answered(six)
    other = replace(other, question=replace(other.question, decoder="evm.cells/1"))
    assert read_decimals(plan, PIN, [other])[0].decimals is None


def test_what_is_no_contract_is_not_asked(funded: Node) -> None:
    plan = plan_at(funded, 1, (pair_of(owner(1), ""), Pair(owner(1), "n/erc20:zero", "0x" + 40 * "0")))
    found, transport = read(funded, plan)
    assert found.decimals == ()
    assert transport.asked("decimals") == []
