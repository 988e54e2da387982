from __future__ import annotations

from typing import Final

import pytest
from tests.chains.evm.node_transport import AT, Fault, failed, node_says, only_plain_calls
from tests.chains.evm.small_chain import (
    OWNERS,
    TOKENS,
    mine,
    one_by_one,
    owner,
    pair_of,
    pairs_of,
    plan_at,
    read,
    token,
    units,
)
from tests.nodes.running import Node

from reservecheck.chains.evm import decode
from reservecheck.chains.evm.asking import GIVE_UP_AFTER
from reservecheck.chains.evm.cells import (
    AGAIN,
    DIFFER,
    EMPTY,
    NOT_AGAIN,
    OUT_OF_RANGE,
    REASONS,
    REVERTED,
    balance_call,
)
from reservecheck.chains.evm.grids import cells_answered, grid_asked
from reservecheck.chains.evm.program import FAILED, NO_CODE, READER, SHORT
from reservecheck.chains.reader import Plan
from reservecheck.money import LIMIT
from reservecheck.transport.record import ANSWERED, Question, Reply, seal

NO_OVERRIDE = node_says("too many arguments, want at most 2", -32602)
NOTHING = Reply(ANSWERED, b'{"jsonrpc":"2.0","id":1,"result":"0x"}', 1, AT)
GAS_BURNERS = ["burner", "loop", "hungry"]
READABLE = ["", "storage", "hash", "two-words", "largest"]


def is_override(question: Question) -> bool:
    return question.purpose == "cells" and len(question.calls[0].params) == 3


def ignores_overrides(question: Question) -> Reply | None:
    """A node that runs the call without looking at its third parameter."""
    return NOTHING if is_override(question) else None


def refuses_overrides(question: Question) -> Reply | None:
    return NO_OVERRIDE if is_override(question) else None


@pytest.fixture(scope="session")
def everything(funded: Node) -> Plan:
    """Every owner and some who own nothing; tokens that burn all the gas there is for two owners only."""
    quiet = ["", *(name for name in TOKENS if name not in GAS_BURNERS)]
    pairs = pairs_of([owner(i) for i in range(OWNERS + 5)], quiet)
    return plan_at(funded, 1, pairs + pairs_of([owner(0), owner(OWNERS)], GAS_BURNERS))


@pytest.mark.parametrize("fault", [lambda _: None, ignores_overrides, refuses_overrides, only_plain_calls])
def test_every_way_gives_what_plain_calls_one_by_one_give(funded: Node, everything: Plan, fault: Fault) -> None:
    found, _ = read(funded, everything, fault)
    assert found.pin is not None
    seen = {0, 1, 7, OWNERS - 1, OWNERS, OWNERS + 4}
    for pair in (pair for pair in everything.pairs if pair.identity in {owner(i) for i in seen}):
        expected = one_by_one(funded, pair, found.pin.hash)
        reading = found.readings[pair.identity, pair.instrument]
        if expected is not None and expected >= LIMIT:
            assert (reading.units, reading.reason) == (None, OUT_OF_RANGE)
        else:
            assert reading.units == expected
        assert bool(reading.reason) == (reading.units is None)


def test_all_ways_agree_on_every_cell(funded: Node, everything: Plan) -> None:
    faults: list[Fault] = [lambda _: None, refuses_overrides, only_plain_calls]
    by_override, as_init_code, by_batch = (units(read(funded, everything, fault)[0]) for fault in faults)
    assert by_override == as_init_code == by_batch
    assert len(by_override) == len(everything.pairs)


def test_a_failed_token_call_is_unread_with_its_reason_in_every_way(funded: Node) -> None:
    names = ["revert", "stop", "one-byte", "nothing"]
    plan = plan_at(funded, 1, pairs_of([owner(0)], names))
    reasons = [one.reason for one in read(funded, plan)[0].readings.values()]
    assert reasons == [REVERTED, REASONS[SHORT], REASONS[SHORT], REASONS[NO_CODE]]
    plainly = [one.reason for one in read(funded, plan, only_plain_calls)[0].readings.values()]
    assert plainly == [REVERTED, EMPTY, REASONS[SHORT], EMPTY]


def test_a_token_hungry_for_gas_is_read_alone(funded: Node) -> None:
    plan = plan_at(funded, 1, pairs_of([owner(0), owner(5)], ["hungry", "storage"]))
    found, transport = read(funded, plan)
    assert list(units(found).values()) == [1, 1, 6, 6]
    (question,) = transport.asked("cells-single")
    assert [call.method for call in question.calls] == ["eth_call", "eth_call"]
    assert question.decoder == "evm.single/1"


def test_without_the_second_look_a_starved_cell_is_unread(funded: Node) -> None:
    plan = plan_at(funded, 1, pairs_of([owner(0)], ["hungry", "storage"]))
    found, _ = read(funded, plan, lambda q: failed("timed out") if q.purpose == "cells-single" else None)
    assert [one.reason for one in found.readings.values()] == ["timed out", ""]
    assert REASONS[FAILED] == "the token call reverted or ran out of gas"


def test_a_call_that_is_too_much_is_halved_and_nothing_is_lost(funded: Node) -> None:
    plan = plan_at(funded, 1, pairs_of([owner(i) for i in range(OWNERS)], READABLE))

    def no_more_than_ninety(question: Question) -> Reply | None:
        pin = dict(question.calls[0].params[1])["blockHash"] if question.purpose == "cells" else ""  # type: ignore[arg-type]  # the block
        grid = grid_asked(question.calls[0], str(pin)) if pin else None
        return node_says("out of gas") if grid is not None and grid.cells > 90 else None

    found, transport = read(funded, plan, no_more_than_ninety)
    assert units(found) == units(read(funded, plan)[0])
    assert len(transport.asked("cells")) > 8
    assert not transport.asked("cells-batch")


def test_a_single_cell_that_is_too_much_is_asked_otherwise(funded: Node) -> None:
    plan = plan_at(funded, 1, pairs_of([owner(1)], ["storage"]))
    found, transport = read(funded, plan, lambda q: failed("timed out") if q.purpose == "cells" else None)
    assert list(units(found).values()) == [2]
    assert [len(question.calls) for question in transport.asked("cells-batch")] == [1]


def test_a_way_that_only_times_out_is_given_up(funded: Node) -> None:
    plan = plan_at(funded, 1, pairs_of([owner(i) for i in range(OWNERS)], READABLE))
    found, transport = read(funded, plan, lambda q: failed("timed out") if q.purpose.startswith("cells") else None)
    assert {one.reason for one in found.readings.values()} == {"timed out"}
    assert len(transport.said) < 3 * GIVE_UP_AFTER + 12


@pytest.mark.parametrize("fault", [failed("unreachable"), failed("http 429"), node_says("header not found")])
def test_a_source_that_is_gone_is_not_asked_again_and_every_cell_says_why(funded: Node, fault: Reply) -> None:
    plan = plan_at(funded, 1, pairs_of([owner(i) for i in range(OWNERS)], READABLE))
    found, transport = read(funded, plan, lambda q: fault if q.purpose == "cells" else None)
    assert len(transport.asked("cells")) == 1
    assert {one.units for one in found.readings.values()} == {None}
    words = {"unreachable", "http 429", "node error -32000: header not found"}
    assert {one.reason for one in found.readings.values()} <= words


def test_wallets_with_different_tokens_are_asked_only_for_their_own(funded: Node) -> None:
    pairs = (pair_of(owner(0), ""), pair_of(owner(1), ""), pair_of(owner(1), "storage"), pair_of(owner(2), ""))
    found, transport = read(funded, plan_at(funded, 1, pairs))
    assert list(units(found).values()) == [10**18, 10**18 + 1, 2, 10**18 + 2]
    asked = 0
    for question in transport.asked("cells"):
        assert found.pin is not None
        grid = grid_asked(question.calls[0], found.pin.hash)
        assert grid is not None
        assert cells_answered(grid, "0x" + grid.cells * 66 * "0") is not None
        asked += grid.cells
    assert asked == len(pairs)


def test_no_pairs_are_no_questions(funded: Node) -> None:
    _, transport = read(funded, plan_at(funded, 1))
    assert {question.purpose for question, _ in transport.said} == {"chain", "pin", "final"}


AMOUNT: Final = 10**13
SELECTOR_IS_DECIMALS: Final = "60003560e01c63313ce56714"
CALLER_IS_OUR_READER: Final = f"3373{READER[2:]}14"
AT_MOST_A_MILLION_GAS: Final = "5a620f424111"  # 1,000,001 > GAS
OTHERWISE: Final = {"nothing is held": "60006000526020" + "6000f3", "reverts": "60006000fd", "burns its gas": "fe"}


def two_faced(condition: str, otherwise: str) -> str:
    """A token with 6 decimals that answers AMOUNT where the condition holds, and something else where not."""
    body = f"{SELECTOR_IS_DECIMALS}60DD57{condition}60YY57{otherwise}"
    yes, lie = len(body) // 2, f"5b69{AMOUNT:020x}60005260206000f3"
    code = body.replace("YY", f"{yes:02x}").replace("DD", f"{yes + len(lie) // 2:02x}")
    return f"0x{code}{lie}5b600660005260206000f3"


@pytest.mark.parametrize("otherwise", OTHERWISE.values(), ids=OTHERWISE.keys())
@pytest.mark.parametrize("condition", [CALLER_IS_OUR_READER, AT_MOST_A_MILLION_GAS], ids=["caller", "gas"])
def test_a_token_that_lies_to_our_program_alone_is_unread(
    fresh_anvil: Node, condition: str, otherwise: str
) -> None:
    fresh_anvil("anvil_setCode", token("storage"), two_faced(condition, otherwise))
    mine(fresh_anvil, 12, 12)
    found, transport = read(fresh_anvil, plan_at(fresh_anvil, 1, pairs_of([owner(0)], ["storage", ""])))
    assert list(units(found).values()) == [None, 0]
    assert next(iter(found.readings.values())).reason in {DIFFER, "node error -32603: EVM error InvalidFEOpcode"}
    (question,) = transport.asked("cells-again")
    assert (question.decoder, len(question.calls)) == ("evm.batch/1", 1)


def test_only_the_largest_holdings_of_each_token_are_asked_for_again(funded: Node) -> None:
    plan = plan_at(funded, 1, pairs_of([owner(i) for i in range(OWNERS + 1)], ["", "storage", "hash", "revert"]))
    found, transport = read(funded, plan)
    (question,) = transport.asked("cells-again")
    assert len(question.calls) == 2 * AGAIN
    assert found.pin is not None
    wanted = [balance_call(owner(OWNERS - 1 - i), token("storage"), found.pin.hash) for i in range(AGAIN)]
    assert all(call in question.calls for call in wanted)
    assert len(found.readings[owner(OWNERS - 1), f"eip155:31337/erc20:{token('storage')}"].exchanges) == 2
    assert len(found.readings[owner(0), f"eip155:31337/erc20:{token('storage')}"].exchanges) == 1


def test_what_was_not_asked_for_again_is_unread(funded: Node) -> None:
    plan = plan_at(funded, 1, pairs_of([owner(i) for i in range(7)], ["storage"]))
    found, transport = read(funded, plan, lambda q: failed("timed out") if q.purpose == "cells-again" else None)
    assert [one.units for one in found.readings.values()] == [1, 2, None, None, None, None, None]
    assert {one.reason for one in found.readings.values()} == {"", "timed out"}
    without = seal([one for one in transport.said if one[0].purpose != "cells-again"]).exchanges
    assert {one.reason for one in decode(plan, without).readings.values()} == {"", NOT_AGAIN}


def test_nothing_is_asked_for_again_where_every_answer_was_plain(funded: Node) -> None:
    plan = plan_at(funded, 1, pairs_of([owner(0), owner(1)], ["storage"]))
    found, transport = read(funded, plan, only_plain_calls)
    assert list(units(found).values()) == [1, 2]
    assert not transport.asked("cells-again")
