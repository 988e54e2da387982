from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import pytest
from tests.chains.evm.node_transport import node_says
from tests.chains.evm.proof.installed import PROVER, altering, read
from tests.chains.evm.small_chain import mine, owner, pair_of, pairs_of, plan_at, token
from tests.nodes.freezable_token import OTHER_ANSWERS, SELECTOR, put, set_frozen
from tests.nodes.running import Node, anvil

from reservecheck.chains.evm import asked
from reservecheck.chains.evm.frozen import DECODER
from reservecheck.chains.evm.proof.exchanges import TOUCHED
from reservecheck.chains.reader import NetworkReading, Plan
from reservecheck.model.words import FREEZE_UNKNOWN, FROZEN
from reservecheck.transport.record import Question, Reply

NAME: Final = "freezable"
INSTRUMENT: Final = pair_of(owner(0), NAME).instrument
FREE, STOPPED, EMPTY = owner(0), owner(1), owner(2)
YES, NO = (f"0x{answer:064x}" for answer in (1, 0))
PROVEN: Final = "proven call"


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """Block 1: two accounts hold the token, one of them frozen."""
    with anvil(tmp_path_factory.mktemp("frozen"), 31337) as node:
        put(node, token(NAME), {FREE: 5, STOPPED: 7})
        set_frozen(node, token(NAME), STOPPED, frozen=True)
        mine(node, 12, 12)
        yield node


def plan(node: Node) -> Plan:
    wanted = plan_at(node, 1, pairs_of([FREE, STOPPED, EMPTY], [NAME]))
    return replace(wanted, frozen_by={INSTRUMENT: SELECTOR})


def said(found: NetworkReading) -> dict[str, tuple[int | None, str, int, str]]:
    """(units, proof, locked, why) by owner."""
    return {who: (one.units, one.proof, one.locked, one.locked_why) for (who, _), one in found.readings.items()}


def test_a_freeze_is_proven_with_the_balance(chain: Node) -> None:
    found, transport = read(chain, plan(chain))
    assert said(found) == {
        FREE: (5, PROVEN, 0, ""),
        STOPPED: (7, PROVEN, 7, FROZEN),
        EMPTY: (0, PROVEN, 0, ""),
    }
    assert found.unproven == (0, "")
    assert {who for who, _ in asked(transport.log().exchanges) if who} == {FREE, STOPPED, EMPTY}
    assert any(question.decoder == TOUCHED for question, _ in transport.said)


def test_a_node_that_calls_a_frozen_holder_free_is_not_believed(chain: Node) -> None:
    found, _ = read(chain, plan(chain), altering(chain, DECODER, lambda _: NO))
    assert said(found)[STOPPED] == (7, PROVEN, 7, FROZEN)


def test_what_a_node_calls_frozen_stays_locked_whatever_the_list_shows(chain: Node) -> None:
    found, _ = read(chain, plan(chain), altering(chain, DECODER, lambda _: YES))
    assert said(found)[FREE] == (5, PROVEN, 5, FROZEN)


def test_the_list_settles_what_was_not_answered(chain: Node) -> None:
    def silent(question: Question) -> Reply | None:
        return node_says("try later") if question.decoder == DECODER else None

    assert said(read(chain, plan(chain), silent)[0]) == {
        FREE: (5, PROVEN, 0, ""),
        STOPPED: (7, PROVEN, 7, FROZEN),
        EMPTY: (0, PROVEN, 0, ""),
    }


def test_a_holding_whose_freeze_is_not_shown_is_not_proven(chain: Node) -> None:
    """What is proven is what can be spent, not only what is shown."""
    whole = plan(chain)

    seen: list[object] = []

    def balances_alone(touched: dict[str, Any]) -> dict[str, Any]:
        seen.append(touched)
        return touched if len(seen) == 1 else {**touched, "accessList": []}

    found, _ = read(chain, replace(whole, pairs=whole.pairs[1:2]), altering(chain, TOUCHED, balances_alone))
    (reading,) = found.readings.values()
    assert (reading.units, reading.proof) == (7, "")
    count, why = found.unproven
    assert count == 1
    assert why.startswith("whether it is frozen: slot ")


@pytest.mark.parametrize("freeze", OTHER_ANSWERS.values(), ids=OTHER_ANSWERS.keys())
def test_a_list_that_answers_neither_yes_nor_no_proves_nothing(
    tmp_path_factory: pytest.TempPathFactory, freeze: str
) -> None:
    with anvil(tmp_path_factory.mktemp("odd"), 31337) as node:
        put(node, token(NAME), {FREE: 5, STOPPED: 7}, freeze)
        mine(node, 12, 12)
        found, _ = read(node, plan(node))
    assert said(found)[FREE] == (5, "", 5, FREEZE_UNKNOWN)
    assert found.unproven[1].startswith("whether it is frozen: ")
    assert PROVER.proofs
