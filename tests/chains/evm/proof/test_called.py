from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from eth_typing import Address
from eth_utils.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from tests.chains.evm.proof.vectors import BLOCK, TOKENS, world_of

from reservecheck.chains.evm.proof import machine
from reservecheck.chains.evm.proof.accounts import ABSENT, EMPTY_CODE, Account, Shown
from reservecheck.chains.evm.proof.block import Block, block_of
from reservecheck.chains.evm.proof.called import balance_of
from reservecheck.chains.evm.proof.machine import GAS
from reservecheck.chains.evm.proof.trie import EMPTY_ROOT, Unproven
from reservecheck.chains.evm.proof.world import World

TOKEN = "0x" + 20 * "70"
OTHER = "0x" + 20 * "71"
OWNER = "0x" + 20 * "0a"
NOW = block_of(31337, BLOCK)
BLOCKS = json.loads(
    (Path(__file__).resolve().parents[3] / "data" / "ethereum-blocks" / "blocks.json").read_text(encoding="utf-8")
)
ANSWER = "60005260206000f3"  # what is on the stack, as one word


def code(program: str) -> bytes:
    return bytes.fromhex(program.replace(" ", ""))


def installed(program: str, *, words: dict[int, int] | None = None, address: str = TOKEN) -> World:
    return extended(World(), program, words or {}, address)


def extended(world: World, program: str, words: dict[int, int], address: str) -> World:
    before = set(world.codes)
    world.add_code(code(program))
    (digest,) = (set(world.codes) - before) or {EMPTY_CODE}
    world.add(address, Shown(Account(1, 5, EMPTY_ROOT, digest), words))
    return world


def answer(program: str, block: Block = NOW) -> int:
    return balance_of(installed(program), block, TOKEN, OWNER)


def refusal(world: World, block: Block = NOW) -> str:
    with pytest.raises(Unproven) as caught:
        balance_of(world, block, TOKEN, OWNER)
    return str(caught.value)


@pytest.mark.parametrize("token", TOKENS, ids=lambda token: f"{token['name']}-{token['balanceOf'][:3]}")
def test_every_layout_answers_over_proven_state_what_its_node_answered(token: dict[str, Any]) -> None:
    found = balance_of(world_of(token), NOW, token["token"].lower(), token["holder"].lower())
    assert found == int(token["balanceOf"])


@pytest.mark.parametrize("token", TOKENS[::2], ids=lambda token: token["name"])
def test_whatever_is_left_out_of_what_was_proven_leaves_the_call_unproven(token: dict[str, Any]) -> None:
    address, holder = token["token"].lower(), token["holder"].lower()
    whole = world_of(token)
    for at, slot in whole.words:
        part = world_of(token)
        del part.words[at, slot]
        with pytest.raises(Unproven, match=f"^slot {slot:#x} of 0x{at.hex()} was not proven$"):
            balance_of(part, NOW, address, holder)
    for at in whole.accounts:
        part = world_of(token)
        del part.accounts[at]
        with pytest.raises(Unproven, match=f"^the account 0x{at.hex()} was not proven$"):
            balance_of(part, NOW, address, holder)
        part = world_of(token)
        del part.codes[part.account(at).code_hash]
        with pytest.raises(Unproven, match=f"^the code of 0x{at.hex()} was not answered$"):
            balance_of(part, NOW, address, holder)


def test_a_code_counts_only_where_its_hash_is_the_one_proven() -> None:
    world = installed("602a" + ANSWER)
    assert balance_of(world, NOW, TOKEN, OWNER) == 42
    world.add(TOKEN, Shown(world.account(bytes.fromhex(TOKEN[2:]))._replace(code_hash=bytes(32)), {}))
    assert refusal(world) == f"the code of {TOKEN} was not answered"


def test_a_contract_without_code_answers_nothing() -> None:
    world = World()
    world.add(TOKEN, Shown(ABSENT, {}))
    assert refusal(world) == "the contract answers fewer than 32 bytes"
    assert refusal(installed("60ff60005360016000f3")) == "the contract answers fewer than 32 bytes"


def test_of_a_longer_answer_the_first_word_counts() -> None:
    assert answer("602a600052600760205260406000f3") == 42


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("60006000fd", "the call did not succeed: Revert"),
        ("fe", "the call did not succeed: InvalidInstruction"),
        ("5b600056", "the call did not succeed: OutOfGas"),
        ("6001600055", "the call did not succeed: WriteProtection"),
        ("600040" + ANSWER, "the contract asks for the hash of block 0"),
        ("4a" + ANSWER, "the contract asks for the price of blobs"),
        ("48" + ANSWER, "the contract asks for the base fee"),
        ("60011e" + ANSWER, "the contract uses opcode 0x1e, which these rules do not know"),
        ("30ff", "the call did not succeed: InvalidInstruction"),
        ("600054" + ANSWER, f"slot 0x0 of {TOKEN} was not proven"),
        ("6002 31" + ANSWER, f"the account 0x{2:040x} was not proven"),
        ("6010 3b" + ANSWER, f"the contract calls 0x{16:040x}, which is not run here"),
        ("6000 3b" + ANSWER, f"the contract calls 0x{0:040x}, which is not run here"),
        ("610100 31" + ANSWER, f"the contract asks about 0x{256:040x}, which is not run here"),
        ("6003 3f" + ANSWER, f"the contract asks about 0x{3:040x}, which is not run here"),
        ("73" + 20 * "71" + "3f" + ANSWER, f"the account {OTHER} was not proven"),
    ],
)
def test_what_is_not_proven_is_never_zero(program: str, reason: str) -> None:
    assert refusal(installed(program)) == reason


def test_calls_without_end_are_unproven() -> None:
    again = "6020 6000 6000 6000 30 5a fa 50" + "602a" + ANSWER
    assert refusal(installed(again)) == "calls within calls are too deep"


def test_the_block_is_what_its_header_says() -> None:
    assert answer("43" + ANSWER) == int(BLOCK["number"], 16)
    assert answer("42" + ANSWER) == int(BLOCK["timestamp"], 16)
    assert answer("41" + ANSWER) == int(BLOCK["miner"], 16)
    assert answer("44" + ANSWER) == int(BLOCK["mixHash"], 16)
    assert answer("45" + ANSWER) == int(BLOCK["gasLimit"], 16)
    assert answer("46" + ANSWER) == 31337
    assert answer("47" + ANSWER) == 5
    assert answer("33" + ANSWER) == answer("32" + ANSWER) == answer("3a" + ANSWER) == 0
    assert answer("5a" + ANSWER) == GAS - 2


def test_other_accounts_are_read_where_they_are_proven() -> None:
    asks = "73" + 20 * "71" + "{}" + ANSWER
    world = extended(installed(asks.format("3b")), "6001", {}, OTHER)
    assert balance_of(world, NOW, TOKEN, OWNER) == 2
    world = extended(installed(asks.format("31")), "6001", {}, OTHER)
    assert balance_of(world, NOW, TOKEN, OWNER) == 5
    world = installed(asks.format("3f"))
    world.add(OTHER, Shown(Account(0, 1, EMPTY_ROOT, EMPTY_CODE), {}))
    assert balance_of(world, NOW, TOKEN, OWNER) == int.from_bytes(EMPTY_CODE, "big")
    world.add(OTHER, Shown(ABSENT, {}))
    assert balance_of(world, NOW, TOKEN, OWNER) == 0


def test_precompiled_contracts_that_no_fork_changed_are_run() -> None:
    hashed = "602a600052" + "6020 6020 6020 6000 6002 5a fa 50 6020 51" + ANSWER
    assert answer(hashed) == int.from_bytes(hashlib.sha256((42).to_bytes(32, "big")).digest(), "big")


@pytest.mark.parametrize(
    ("fork", "rules"),
    [
        ("london", "London"),
        ("merge", "Paris"),
        ("shanghai", "Shanghai"),
        ("cancun", "Cancun"),
        ("prague", "Prague"),
    ],
)
def test_the_rules_are_those_of_the_headers_fork(fork: str, rules: str) -> None:
    name = next(one for one in BLOCKS if fork in one)
    block = block_of(1, BLOCKS[name])
    assert (block.rules, block.later, block.under) == (rules, False, "")
    assert answer("602a" + ANSWER, block) == 42
    pushes_zero = "5f" + ANSWER
    if rules in {"London", "Paris"}:
        assert refusal(installed(pushes_zero), block).startswith("the contract uses opcode 0x5f")
    else:
        assert answer(pushes_zero, block) == 0


def test_a_header_of_a_later_fork_is_run_under_the_newest_rules_and_says_so() -> None:
    for field in ("blockAccessListHash", "slotNumber"):
        block = block_of(1, {**BLOCK, field: "0x" + 64 * "1"})
        assert (block.rules, block.later) == ("Prague", True)
        assert block.under == "executed under Prague's rules, the block is of a later fork"


def test_a_header_from_before_london_does_not_say_which_rules_apply() -> None:
    for name in ("baseFeePerGas", "miner", "mixHash", "number", "timestamp", "gasLimit", "difficulty"):
        with pytest.raises(Unproven, match=r"^the header does not say which fork's rules apply$"):
            block_of(1, {**BLOCK, name: None})


def test_the_machine_does_not_raise_the_limit_of_recursion() -> None:
    asked = "import sys; import reservecheck.chains.evm.proof.machine; print(sys.getrecursionlimit())"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "1000\n"


def test_a_token_where_precompiled_contracts_are_is_unproven() -> None:
    token = f"0x{5:040x}"
    world = installed("602a" + ANSWER, address=token)
    with pytest.raises(Unproven, match=f"^the contract calls {token}, which is not run here$"):
        balance_of(world, NOW, token, OWNER)


def test_no_way_to_an_account_leads_past_the_proven_world() -> None:
    known = machine._state(installed("602a" + ANSWER), NOW)
    token, other = Address(bytes.fromhex(TOKEN[2:])), Address(bytes.fromhex(OTHER[2:]))
    assert (known.get_nonce(token), known.get_balance(token), known.has_code_or_nonce(token)) == (1, 5, True)
    for ask in (known.get_nonce, known.get_balance, known.get_code, known.get_code_hash, known.account_is_empty):
        with pytest.raises(Unproven, match=f"^the account {OTHER} was not proven$"):
            ask(other)


class Odd(World):
    """A world whose storage makes the machine stop."""

    def word(self, address: bytes, slot: int) -> int:
        raise ValidationError(f"{address!r} {slot}")


def test_a_machine_that_stops_proves_nothing() -> None:
    world = extended(Odd(), "600054" + ANSWER, {}, TOKEN)
    assert refusal(world) == "the machine stopped: ValidationError"


def answered_or_unproven(world: World) -> bool:
    try:
        return 0 <= balance_of(world, NOW, TOKEN, OWNER) < 2**256
    except Unproven:
        return True


@given(st.binary(max_size=60))
def test_whatever_code_there_is_answers_a_number_or_is_unproven(program: bytes) -> None:
    assert answered_or_unproven(extended(World(), program.hex(), {0: 7, 1: 0}, TOKEN))


CALLS_AND_WHAT_THEY_NEED = bytes.fromhex("00013133353b3c3f515254555c5d5e5f608090a0f0f1f2f3f4f5fafdff203d3e5a300102")


@given(st.lists(st.sampled_from(CALLS_AND_WHAT_THEY_NEED), max_size=60), st.binary(max_size=8))
def test_whatever_calls_there_are_answer_a_number_or_are_unproven(opcodes: list[int], tail: bytes) -> None:
    pushes = "5f" * 12 + "6001" * 4 + "30" + "5a"
    assert answered_or_unproven(extended(World(), pushes + bytes(opcodes).hex() + tail.hex(), {0: 7, 1: 0}, TOKEN))
