from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from tests.chains.evm.node_transport import Fault, failed, node_says
from tests.chains.evm.small_chain import mine, owner, pair_of, pairs_of, plan_at, read, token, units
from tests.nodes.freezable_token import OTHER_ANSWERS, SELECTOR, put, set_frozen
from tests.nodes.running import Node, anvil

from reservecheck.chains.evm import asked, decode
from reservecheck.chains.evm.frozen import DECODER, FreezeCall, frozen_asked, frozen_call
from reservecheck.chains.reader import Plan
from reservecheck.model.words import FREEZE_UNKNOWN, FROZEN
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Question, Reply, seal
from reservecheck.vault.canonical import Json

NAME: Final = "freezable"
INSTRUMENT: Final = pair_of(owner(0), NAME).instrument
FREE, STOPPED, EMPTY = owner(0), owner(1), owner(2)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """Block 1: two accounts hold the token, one of them frozen. Block 2: the other is frozen instead."""
    with anvil(tmp_path_factory.mktemp("frozen"), 31337) as node:
        put(node, token(NAME), {FREE: 5, STOPPED: 7})
        node("anvil_setBalance", FREE, "0x9")
        node("anvil_setBalance", STOPPED, "0x8")
        set_frozen(node, token(NAME), STOPPED, frozen=True)
        mine(node, 12, 12)  # what is set without a transaction changes the newest block too
        set_frozen(node, token(NAME), STOPPED, frozen=False)
        set_frozen(node, token(NAME), FREE, frozen=True)
        mine(node, 12, 12)
        yield node


def plan(node: Node, height: int = 1, *, names: tuple[str, ...] = (NAME,)) -> Plan:
    asked_for = plan_at(node, height, pairs_of([FREE, STOPPED, EMPTY], names))
    return replace(asked_for, frozen_by={INSTRUMENT: SELECTOR})


def locks(node: Node, asked_for: Plan, fault: Fault = lambda _: None) -> dict[str, tuple[int | None, int, str]]:
    """(units, locked, why) of the token by owner."""
    found, _ = read(node, asked_for, fault)
    return {
        who: (one.units, one.locked, one.locked_why)
        for (who, what), one in found.readings.items()
        if what == INSTRUMENT
    }


@pytest.mark.parametrize(("height", "frozen"), [(1, STOPPED), (2, FREE)])
def test_a_frozen_account_is_read_and_locked_as_of_the_pin(chain: Node, height: int, frozen: str) -> None:
    """O6: it is shown, and it does not count."""
    held = {FREE: 5, STOPPED: 7, EMPTY: 0}
    assert locks(chain, plan(chain, height)) == {
        who: (much, much, FROZEN) if who == frozen else (much, 0, "") for who, much in held.items()
    }


def test_only_holdings_of_tokens_with_a_list_are_asked_and_only_where_something_is_held(chain: Node) -> None:
    found, transport = read(chain, plan(chain, names=("", NAME)))
    (question,) = transport.asked("frozen")
    assert found.pin is not None
    assert (question.decoder, question.batch) == (DECODER, True)
    assert list(question.calls) == [
        frozen_call(FreezeCall(who, token(NAME), SELECTOR), found.pin.hash) for who in (FREE, STOPPED)
    ]
    assert list(units(found).values()) == [9, 5, 8, 7, 0, 0]
    without = plan_at(chain, 1, pairs_of([FREE], [NAME]))
    assert read(chain, without)[1].asked("frozen") == []
    assert read(chain, replace(plan(chain), pairs=pairs_of([EMPTY], [NAME])))[1].asked("frozen") == []


def test_a_reading_names_the_answer_about_its_freeze(chain: Node) -> None:
    found, transport = read(chain, plan(chain))
    purposes = {item.n: item.question.purpose for item in transport.log().exchanges}
    said = [[purposes[n] for n in one.exchanges] for one in found.readings.values()]
    assert said == [["cells", "cells-again", "frozen"]] * 2 + [["cells"]]


@pytest.mark.parametrize("freeze", OTHER_ANSWERS.values(), ids=OTHER_ANSWERS.keys())
def test_an_answer_that_is_neither_yes_nor_no_locks_what_is_held(tmp_path: Path, freeze: str) -> None:
    with anvil(tmp_path, 31337) as node:
        put(node, token(NAME), {FREE: 5, STOPPED: 7}, freeze)
        mine(node, 12, 12)
        assert locks(node, plan(node)) == {
            FREE: (5, 5, FREEZE_UNKNOWN),
            STOPPED: (7, 7, FREEZE_UNKNOWN),
            EMPTY: (0, 0, ""),
        }


@pytest.mark.parametrize("fault", [failed("timed out"), failed("http 429"), node_says("header not found")])
def test_a_source_that_does_not_answer_leaves_everything_held_locked(chain: Node, fault: Reply) -> None:
    found = locks(chain, plan(chain), lambda question: fault if question.purpose == "frozen" else None)
    assert found == {FREE: (5, 5, FREEZE_UNKNOWN), STOPPED: (7, 7, FREEZE_UNKNOWN), EMPTY: (0, 0, "")}


def test_a_source_that_takes_no_batches_is_asked_one_by_one(chain: Node) -> None:
    def no_batch(question: Question) -> Reply | None:
        return node_says("batch limit exceeded") if question.purpose == "frozen" and question.batch else None

    assert locks(chain, plan(chain), no_batch) == locks(chain, plan(chain))


def test_a_log_in_which_nobody_asked_locks_what_is_held(chain: Node) -> None:
    _, transport = read(chain, plan(chain))
    without = seal([one for one in transport.said if one[0].purpose != "frozen"]).exchanges
    found = decode(plan(chain), without).readings
    assert [(one.locked, one.locked_why) for one in found.values()] == [
        (5, FREEZE_UNKNOWN),
        (7, FREEZE_UNKNOWN),
        (0, ""),
    ]


def test_two_answers_that_differ_are_none(chain: Node) -> None:
    def said_again(change: bytes) -> list[tuple[int, str]]:
        _, transport = read(chain, plan(chain))
        question, reply = next(one for one in transport.said if one[0].purpose == "frozen")
        assert reply.body is not None
        other = (replace(question, ordinal=9), replace(reply, body=reply.body.replace(change, b'01"')))
        readings = decode(plan(chain), seal([*transport.said, other]).exchanges).readings.values()
        return [(one.locked, one.locked_why) for one in readings]

    assert said_again(b'nothing of the kind"') == [(0, ""), (7, FROZEN), (0, "")]
    assert said_again(b'00"') == [(5, FREEZE_UNKNOWN), (7, FROZEN), (0, "")]


def test_a_question_in_another_form_says_nothing(chain: Node) -> None:
    pin = "0x" + 64 * "a"
    call = frozen_call(FreezeCall(FREE, token(NAME), SELECTOR), pin)
    assert frozen_asked(call, pin) == FreezeCall(FREE, token(NAME), SELECTOR)
    (first, block) = call.params
    assert isinstance(first, dict)
    others: list[list[Json]] = [
        [first, block, {}],
        [first, {"blockHash": pin}],
        [first, {"blockHash": pin, "requireCanonical": 1}],
        [{**first, "from": FREE}, block],
        [{**first, "to": token(NAME).upper()}, block],
        [{**first, "data": str(first["data"]) + "00"}, block],
        [{**first, "data": SELECTOR}, block],
        [FREE, block],
        [],
    ]
    for params in others:
        assert frozen_asked(Call("eth_call", params), pin) is None
    assert frozen_asked(Call("eth_estimateGas", call.params), pin) is None
    _, transport = read(chain, plan(chain))
    elsewhere = [
        (
            replace(
                question,
                calls=tuple(frozen_call(FreezeCall(FREE, token(NAME), SELECTOR), pin) for _ in question.calls),
            ),
            reply,
        )
        if question.purpose == "frozen"
        else (question, reply)
        for question, reply in transport.said
    ]
    found = decode(plan(chain), seal(elsewhere).exchanges).readings.values()
    assert [one.locked_why for one in found] == [FREEZE_UNKNOWN, FREEZE_UNKNOWN, ""]


def test_accounts_whose_freeze_was_asked_for_are_accounts_that_were_asked_for(chain: Node) -> None:
    _, transport = read(chain, plan(chain))
    frozen = [one for one in transport.said if one[0].purpose == "frozen"]
    assert set(asked(seal(frozen).exchanges)) == {(FREE, token(NAME)), (STOPPED, token(NAME))}


def test_a_block_that_left_the_chain_leaves_nothing_locked_either(tmp_path: Path) -> None:
    with anvil(tmp_path, 31337) as node:
        put(node, token(NAME), {FREE: 5})
        snapshot = node("evm_snapshot")
        mine(node, 12, 12)

        def reorganised(question: Question) -> None:
            if question.purpose == "frozen":
                assert node("evm_revert", snapshot)
                mine(node, 13, 12)

        found, _ = read(node, plan(node), reorganised)
        assert {(one.units, one.locked) for one in found.readings.values()} == {(None, 0)}
