from __future__ import annotations

from tests.chains.evm.node_transport import Fault, failed, only_plain_calls
from tests.chains.evm.small_chain import owner, pairs_of, plan_at, read, token
from tests.nodes.running import Node

from reservecheck.chains.evm import asked
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Question, Recorded
from reservecheck.vault.canonical import Json


def test_every_holding_asked_for_shows_in_every_way_of_asking(funded: Node) -> None:
    owners = [owner(i) for i in range(4)]
    plan = plan_at(funded, 1, pairs_of(owners, ["", "storage"]))
    faults: list[Fault] = [
        lambda _: None,
        only_plain_calls,
        lambda q: failed("reset") if q.purpose == "cells" else None,
    ]
    for fault in faults:
        _, transport = read(funded, plan, fault)
        wanted = {(one.identity, one.contract) for one in plan.pairs}
        assert set(asked(transport.log().exchanges)) == wanted | {("", token("storage"))}


def test_questions_about_blocks_ask_for_nobody(funded: Node) -> None:
    _, transport = read(funded, plan_at(funded, 1))
    assert not [*asked(transport.log().exchanges)]


def test_a_question_of_another_form_asks_for_nobody() -> None:
    block: dict[str, Json] = {"blockHash": "0x" + 64 * "a", "requireCanonical": True}
    calls = (Call("eth_call", ({"to": owner(1)}, block)), Call("eth_call", ({}, {"blockHash": 1})), Call("x", ()))
    question = Question(network="n", source="s", purpose="cells", ordinal=1, decoder="d", calls=calls, batch=True)
    assert not [*asked([Recorded(1, question, failed("timed out"))])]
