from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from eth.vm.code_stream import CodeStream
from hypothesis import given
from hypothesis import strategies as st
from tests.chains.evm.proof.installed import pair, plan_of, put, read
from tests.chains.evm.proof.test_called import ANSWER, NOW, OTHER, OWNER, TOKEN, extended, installed, refusal
from tests.chains.evm.small_chain import mine
from tests.nodes.running import anvil

from reservecheck.chains.evm.proof.accounts import ABSENT, Shown
from reservecheck.chains.evm.proof.called import balance_of
from reservecheck.chains.evm.proof.machine import DEEPEST
from reservecheck.chains.evm.proof.patience import (
    EASY,
    FRAME,
    GIVEN_UP,
    OF_A_NETWORK,
    OF_A_TOKEN,
    Patience,
    Steps,
)
from reservecheck.chains.evm.proof.trie import Unproven
from reservecheck.chains.evm.proof.world import LONGEST_CODE, World

LOOP: Final = "5b 6001 90 03 80 6004 57"  # after a PUSH3: as often as that says, 26 gas and seven steps each
CALLS_OTHER: Final = "5f5f5f5f 73" + OTHER[2:] + "5a fa 50"


def taken(world: World) -> int:
    world.steps = Steps()
    balance_of(world, NOW, TOKEN, OWNER)
    return world.steps.taken


def test_a_step_is_an_opcode_and_twenty_gas_and_more_for_calls_within_calls() -> None:
    assert taken(installed("602a" + ANSWER)) == FRAME + 6  # its 18 gas are less than a step
    calls = extended(installed(CALLS_OTHER + "602a" + ANSWER), "00", {}, OTHER)
    assert taken(calls) == 2 * FRAME + 8 + 1 + 6 + 2633 // 20


def test_a_call_that_is_unproven_counts_the_gas_it_spent_and_not_what_it_had_left() -> None:
    world = installed("600054" + ANSWER)
    world.steps = Steps()
    refusal(world)
    assert world.steps.taken == FRAME + 2 + 2103 // 20


@pytest.mark.parametrize(
    ("program", "least"),
    [
        ("5b 6020 6000 20 50 600056", 300_000),
        ("5b" + 5 * "6000" + "50 6000600060006000 6001 5a fa 50 600056", 1_000_000),
    ],
    ids=["hashes", "signatures"],
)
def test_what_is_dear_to_run_and_cheap_in_gas_counts_for_more(program: str, least: int) -> None:
    world = installed(program)
    world.add(f"0x{1:040x}", Shown(ABSENT, {}))
    refusal(world)
    assert world.steps.taken >= least


def nesting(calls: int) -> World:
    """A token that calls itself, with a byte more each time, before it answers 42."""
    enough = f"60{36 + calls:02x} 36 10 6011 57 602a 6000 52 6020 6000 f3"
    return installed(enough + "5b 6020 6000 6001 36 01 6000 30 5a fa 50 6020 6000 f3")


def deeper(frames: int, world: World) -> int:
    return deeper(frames - 1, world) if frames else balance_of(world, NOW, TOKEN, OWNER)


def test_calls_within_calls_end_at_one_depth_however_deep_in_python_the_asking_is() -> None:
    for frames in (0, 200):
        assert deeper(frames, nesting(DEEPEST)) == 42
        with pytest.raises(Unproven, match=r"^calls within calls are too deep$"):
            deeper(frames, nesting(DEEPEST + 1))


def test_python_s_own_limit_would_be_said_in_the_same_words() -> None:
    assert refusal(extended(TooDeep(), "600054" + ANSWER, {}, TOKEN)) == "calls within calls are too deep"


class TooDeep(World):
    """A world whose storage is where Python's frames end."""

    def word(self, address: bytes, slot: int) -> int:
        raise RecursionError(f"{address!r} {slot}")


def test_a_code_longer_than_a_contract_may_have_is_unproven() -> None:
    longest = "602a" + ANSWER
    padding = "5b" * (LONGEST_CODE - len(longest) // 2)
    assert balance_of(installed(longest + padding), NOW, TOKEN, OWNER) == 42
    assert refusal(installed(longest + padding + "5b")) == f"the code of {TOKEN} is longer than a contract may have"


@given(st.binary(max_size=200))
def test_where_opcodes_start_is_what_the_machine_itself_finds(code: bytes) -> None:
    found = CodeStream(code)
    assert World().starts(code) == bytes(found.is_valid_opcode(at) for at in range(len(code)))


def test_where_opcodes_start_is_worked_out_once_for_a_code() -> None:
    world = World()
    assert world.starts(b"\x60\x5b\x5b") is world.starts(b"\x60\x5b\x5b") == b"\1\0\1"


def test_a_token_has_its_patience_and_a_network_has_one_for_all() -> None:
    patience = Patience()
    for _ in range(3):
        assert patience.steps("easy").most == EASY + OF_A_TOKEN
        spend(patience, "easy", EASY)
    for n in range(OF_A_NETWORK // OF_A_TOKEN):
        spend(patience, f"token {n}", EASY + OF_A_TOKEN)
        with pytest.raises(Unproven, match=f"^{GIVEN_UP}$"):
            patience.steps(f"token {n}")
    for _ in range(3):
        spend(patience, "easy", EASY)
    assert patience.steps("hard").most == EASY
    spend(patience, "hard", EASY + 1)
    with pytest.raises(Unproven, match=f"^{GIVEN_UP}$"):
        patience.steps("hard")


def spend(patience: Patience, token: str, steps: int) -> None:
    one = patience.steps(token)
    one.taken = steps
    patience.took(token, one)


def test_a_call_ends_where_its_patience_does() -> None:
    world = installed("5b600056")
    world.steps = Steps(EASY)
    assert refusal(world) == GIVEN_UP
    assert EASY < world.steps.taken < EASY + 1_000 + 30_000 // 20


TOKENS: Final = tuple(f"0x{0x7000 + n:040x}" for n in range(2**16, 2**16 + 6))
OWNERS: Final = tuple(f"0x{n:040x}" for n in range(2**16, 2**16 + 12))
SELECTOR: Final = "0xe47d6060"


def freeze_list_that_takes(rounds: int) -> str:
    """balanceOf answers 1 at once; whatever else is asked goes round so often, 26 gas each, and answers 0."""
    is_balance = "6000 35 60e0 1c 6370a08231 14 6026 57"  # jumps to its end
    goes_round = f"62{rounds:06x} 5b 6001 90 03 80 6013 57 6000" + ANSWER
    return "0x" + (is_balance + goes_round + "5b 6001" + ANSWER).replace(" ", "")


def test_a_freeze_list_that_takes_too_much_is_given_up(tmp_path: Path) -> None:
    pairs = [pair(owner, TOKENS[0]) for owner in OWNERS]
    with anvil(tmp_path, 31337) as node:
        put(node, TOKENS[0], freeze_list_that_takes(36_000), {})
        mine(node, 12, 12)
        plan = replace(plan_of(node, *pairs), frozen_by={pairs[0].instrument: SELECTOR})
        found, _ = read(node, plan)
    assert [(one.units, one.proof) for one in found.readings.values()] == 3 * [(1, "proven call")] + 9 * [(1, "")]
    assert found.unproven == (9, f"whether it is frozen: {GIVEN_UP}")


def test_tokens_that_take_too_much_are_given_up_and_others_are_not(tmp_path: Path) -> None:
    """Each takes less than all the gas of a call, and answers."""
    hungry, easy = "0x62007fff" + LOOP.replace(" ", "") + "6001" + ANSWER, "0x6001" + ANSWER
    with anvil(tmp_path, 31337) as node:
        for token in TOKENS[:-1]:
            put(node, token, hungry, {})
        put(node, TOKENS[-1], easy, {})
        mine(node, 12, 12)
        found, _ = read(node, plan_of(node, *(pair(owner, token) for token in TOKENS for owner in OWNERS)))
    proven = [
        sum(bool(one.proof) for (_, what), one in found.readings.items() if what.endswith(token))
        for token in TOKENS
    ]
    assert proven == [3, 3, 3, 0, 0, 12]
    assert found.unproven == (5 * 12 - sum(proven[:-1]), GIVEN_UP)
