from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest
from tests.chains.evm.node_transport import AT, NodeTransport, failed, node_says
from tests.chains.evm.small_chain import NETWORK, owner, pair_of, pairs_of, plan_at, read, token
from tests.nodes.running import Node

from reservecheck.chains.evm import decode
from reservecheck.chains.evm.cells import (
    AGAIN,
    BATCH,
    CELLS,
    DIFFER,
    EMPTY,
    NEVER_ASKED,
    NOT_AGAIN,
    OUT_OF_RANGE,
    REASONS,
    REVERTED,
    SINGLE,
    balance_call,
    read_cells,
)
from reservecheck.chains.evm.grids import Grid, block_reference, override_call
from reservecheck.chains.evm.program import FAILED, NATIVE, NO_CODE, SHORT
from reservecheck.chains.reader import Pair, Plan, Reading
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import ANSWERED, Question, Recorded, Reply, seal

PIN = "0x" + 64 * "a"
PAIR = pair_of(owner(1), "storage")
KEY = (owner(1), token("storage"))
PLAN = Plan(network=NETWORK, cutoff_epoch=0, pairs=(PAIR,))


def said(decoder: str, call: Call, body: str | Reply, ordinal: int = 1) -> tuple[Question, Reply]:
    question = Question(
        network="eip155:31337",
        source="s",
        purpose="cells" if decoder == CELLS else "cells-batch",
        ordinal=ordinal,
        decoder=decoder,
        calls=(call,),
    )
    return question, Reply(ANSWERED, body.encode(), 1, AT) if isinstance(body, str) else body


def result(value: object) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "result": value})


def cell(status: int, word: int) -> str:
    return result("0x" + f"{status:02x}{word:064x}")


def grid_said(body: str | Reply, ordinal: int = 1) -> tuple[Question, Reply]:
    return said(CELLS, override_call(Grid((KEY[1],), (KEY[0],)), PIN), body, ordinal)


def call_said(body: str | Reply, ordinal: int = 1, decoder: str = BATCH) -> tuple[Question, Reply]:
    return said(decoder, balance_call(*KEY, PIN), body, ordinal)


def reading(*items: tuple[Question, Reply], plan: Plan = PLAN) -> Reading:
    return next(iter(read_cells(plan, PIN, seal(items).exchanges).values()))


PLAIN: Final = call_said(result(f"0x{17:064x}"), 9)


def test_a_word_is_the_balance_and_points_at_its_exchanges() -> None:
    assert reading(PLAIN) == Reading(17, "", (1,))
    assert reading(grid_said(cell(0, 17)), PLAIN) == Reading(17, "", (1, 2))


def test_a_word_that_only_our_program_was_told_is_not_believed() -> None:
    assert reading(grid_said(cell(0, 17))) == Reading(None, NOT_AGAIN, ())
    assert reading(grid_said(cell(0, 0))) == Reading(0, "", (1,))
    for answer in (result("0x"), result("0xff"), node_says("execution reverted")):
        assert reading(grid_said(cell(0, 17)), call_said(answer)) == Reading(None, DIFFER, (1, 2))
    silent = call_said(failed("timed out"))
    assert reading(grid_said(cell(0, 17)), silent) == Reading(None, "timed out", (2,))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (grid_said(cell(1, 0)), REASONS[FAILED]),
        (grid_said(cell(2, 0)), REASONS[SHORT]),
        (grid_said(cell(3, 0)), REASONS[NO_CODE]),
        (grid_said(cell(9, 0)), "unknown status 9"),
        (grid_said(cell(0, 10**38)), OUT_OF_RANGE),
        (grid_said(result("0x")), "the answer does not have a status and a word for each cell asked"),
        (grid_said(result(None)), "the answer does not have a status and a word for each cell asked"),
        (grid_said(failed("timed out")), "timed out"),
        (grid_said(failed("http 429")), "http 429"),
        (grid_said(node_says("out of gas")), "node error -32000: out of gas"),
        (grid_said("<html>"), "not a JSON-RPC answer to what was asked"),
        (call_said(result("0x")), EMPTY),
        (call_said(result("0xff")), REASONS[SHORT]),
        (call_said(result("0x" + 32 * "ff")), OUT_OF_RANGE),
        (call_said(result(5)), "malformed answer"),
        (call_said(node_says("execution reverted: no")), REVERTED),
        (call_said(node_says("anything", 3)), REVERTED),
        (call_said(node_says("header not found")), "node error -32000: header not found"),
        (call_said(failed("reset")), "reset"),
        (call_said(result("0x"), decoder=SINGLE), EMPTY),
    ],
)
def test_a_cell_that_failed_is_unread_with_its_reason_and_never_zero(
    answer: tuple[Question, Reply], reason: str
) -> None:
    assert reading(answer) == Reading(None, reason, (1,))


def test_a_cell_nobody_asked_for_says_so_or_what_failed_last() -> None:
    assert reading() == Reading(None, NEVER_ASKED, ())
    other = said(CELLS, override_call(Grid((NATIVE,), (owner(2),)), PIN), failed("unreachable"))
    assert reading(other) == Reading(None, "unreachable", ())


def test_a_request_at_another_block_or_not_ours_says_nothing() -> None:
    grid = Grid((KEY[1],), (KEY[0],))
    elsewhere = said(CELLS, override_call(grid, "0x" + 64 * "b"), cell(0, 17))
    call = override_call(grid, PIN)
    two_calls = (replace(elsewhere[0], calls=(call, call), batch=True), elsewhere[1])
    assert reading(two_calls).units is None
    plain, word = balance_call(*KEY, PIN), result("0x" + 64 * "0")
    foreign = [
        elsewhere,
        said(BATCH, balance_call(*KEY, "0x" + 64 * "b"), cell(0, 17)),
        said(BATCH, Call("eth_call", ({"data": "0x70a08231", "to": KEY[1]}, block_reference(PIN))), cell(0, 17)),
        said(
            BATCH, replace(plain, params=(plain.params[0], {**block_reference(PIN), "requireCanonical": 1})), word
        ),
        said(BATCH, Call("eth_getBalance", (7, block_reference(PIN))), result("0x11")),
        said(BATCH, Call("eth_getBalance", ("someone", block_reference(PIN))), result("0x11")),
        said(BATCH, Call("eth_getBalance", ()), result("0x11")),
        said("evm.other/1", override_call(grid, PIN), cell(0, 17)),
    ]
    assert [reading(item) for item in foreign] == [Reading(None, NEVER_ASKED, ())] * len(foreign)


def test_two_answers_must_agree() -> None:
    three = reading(*(grid_said(cell(0, 17), n) for n in (1, 2)), PLAIN)
    assert three == Reading(17, "", (1, 2, 3))
    assert reading(grid_said(cell(0, 17)), grid_said(cell(0, 18), 2)) == Reading(None, DIFFER, (1, 2))
    assert reading(grid_said(cell(0, 17)), call_said(result(f"0x{18:064x}"))) == Reading(None, DIFFER, (1, 2))
    assert reading(grid_said(cell(3, 0)), call_said(result(f"0x{18:064x}"))) == Reading(None, DIFFER, (2, 1))


def test_owners_one_token_fails_for_do_not_spoil_the_others() -> None:
    owners = (owner(0), owner(1), owner(2))
    body = result("0x" + f"00{5:064x}" + f"02{0:064x}" + f"00{7:064x}")
    plan = replace(PLAN, pairs=pairs_of(owners, ["storage"]))
    answer = said(CELLS, override_call(Grid((KEY[1],), owners), PIN), body)
    again = [said(BATCH, balance_call(owners[i], KEY[1], PIN), result(f"0x{i + 5:064x}"), i + 1) for i in (0, 2)]
    assert list(read_cells(plan, PIN, seal([answer, *again]).exchanges).values()) == [
        Reading(5, "", (1, 2)),
        Reading(None, REASONS[SHORT], (1,)),
        Reading(7, "", (1, 3)),
    ]


def test_a_cell_starved_in_company_may_answer_alone() -> None:
    assert reading(grid_said(cell(1, 0)), call_said(result(f"0x{17:064x}"))) == Reading(17, "", (2,))
    assert reading(grid_said(cell(1, 0)), call_said(node_says("execution reverted"))) == Reading(
        None, REVERTED, (2,)
    )


@pytest.mark.parametrize("pair", [Pair("bc1q", "n/native", ""), Pair(owner(1), "n/erc20:0x0", NATIVE)])
def test_a_pair_that_cannot_be_asked_for_is_unread_whatever_was_answered(pair: Pair) -> None:
    plan = replace(PLAN, pairs=(pair,))
    native = said(CELLS, override_call(Grid((NATIVE,), (owner(1),)), PIN), cell(0, 17))
    by_name = said(BATCH, Call("eth_getBalance", (pair.identity, block_reference(PIN))), result("0x11"))
    found = reading(native, by_name, plan=plan)
    assert found.units is None
    assert found.reason


def test_the_chains_own_coin_is_a_cell_like_any_other() -> None:
    plan = replace(PLAN, pairs=(pair_of(owner(1), ""),))
    assert reading(said(BATCH, balance_call(owner(1), NATIVE, PIN), result("0x11")), plan=plan).units == 17


def test_every_reading_stands_in_the_order_of_the_plan(funded: Node) -> None:
    plan = plan_at(funded, 1, pairs_of([owner(2), owner(1)], ["hash", "", "storage"]))
    found, _ = read(funded, plan)
    assert list(found.readings) == [(pair.identity, pair.instrument) for pair in plan.pairs]


def corrupted(log: NodeTransport, change: Callable[[bytes], bytes]) -> list[Recorded]:
    items = [
        (question, replace(reply, body=change(reply.body)) if question.purpose == "cells" and reply.body else reply)
        for question, reply in log.said
        if question.purpose != "cells-again"
    ]
    return list(seal(items).exchanges)


def test_an_answer_cut_short_or_altered_in_form_leaves_every_cell_of_it_unread(funded: Node) -> None:
    plan = plan_at(funded, 1, pairs_of([owner(i) for i in range(4)], ["", "storage"]))
    _, log = read(funded, plan)
    for change in (
        lambda body: body[:-20],
        lambda body: body[:-4] + body[-2:],
        lambda _: b"",
        lambda body: body.replace(b'"id":1', b'"id":2'),
    ):
        found = decode(plan, corrupted(log, change))
        assert {one.units for one in found.readings.values()} == {None}
        assert all(one.reason for one in found.readings.values())


def test_fifty_thousand_balances_are_decoded_in_well_under_a_second() -> None:
    owners = tuple(owner(i) for i in range(10_000))
    names = ("", "hash", "storage", "largest", "two-words")
    tokens = tuple(sorted(token(name) if name else NATIVE for name in names))
    items = []
    for n in range(10):
        part = Grid(tokens, owners[n * 1_000 : (n + 1) * 1_000])
        body = result("0x" + "".join(f"00{i:064x}" for i in range(part.cells)))
        items.append(said(CELLS, override_call(part, PIN), body, n + 1))
    plan = replace(PLAN, pairs=pairs_of(owners, names))
    exchanges = seal(items).exchanges
    started = time.process_time()
    found = read_cells(plan, PIN, exchanges)
    assert time.process_time() - started < 2
    assert len(found) == 50_000
    assert [one.reason for one in found.values()].count("") == 50_000 - 4 * AGAIN
