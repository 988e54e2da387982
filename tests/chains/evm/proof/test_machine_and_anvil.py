"""The same programs, run here over proven state and by a real node: the same answers, down to the gas left."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from tests.chains.evm.proof.installed import HOLDER, pair, plan_of, read, reading_of
from tests.chains.evm.proof.programs import (
    CALL,
    COINBASE,
    DELEGATE,
    FORWARDER,
    OTHER,
    RICH,
    TOKEN,
    WORDS,
    Programs,
)
from tests.chains.evm.small_chain import mine
from tests.nodes.running import Node, anvil

from reservecheck.chains.evm.proof.accounts import ABSENT, Account, Shown
from reservecheck.chains.evm.proof.block import Block, block_of
from reservecheck.chains.evm.proof.machine import TOO_DEEP, run
from reservecheck.chains.evm.proof.trie import EMPTY_ROOT, Unproven
from reservecheck.chains.evm.proof.world import World

AT: Final = "0x" + 20 * "f0"
BALANCES: Final = {TOKEN: 5, OTHER: 10**18, DELEGATE: 0, RICH: 7}
PROGRAMS: Final = 60
FAILED: Final = "the call did not succeed: "
ANSWER: Final = "60005260206000f3"


@pytest.fixture(scope="module", params=["London", "Paris", "Shanghai", "Cancun", "Prague"])
def chain(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, Block]]:
    """A node of each fork, and its newest block."""
    rules = str(request.param)
    with anvil(tmp_path_factory.mktemp("fork"), 31337, "--hardfork", rules.lower()) as node:
        node("anvil_setCoinbase", "0x" + COINBASE.hex())
        node("evm_mine")
        block = block_of(31337, node("eth_getBlockByNumber", "latest", False))  # noqa: FBT003  # JSON-RPC
        assert block.coinbase == COINBASE
        assert block.rules == rules.replace("London", "Paris")  # its London has no difficulty, as no chain's had
        yield node, block._replace(rules=rules)


def world_of(codes: dict[bytes, bytes]) -> World:
    world = World()
    for at in (COINBASE, *(one.to_bytes(20, "big") for one in (1, 2, 4))):
        world.add("0x" + at.hex(), Shown(ABSENT, {}))
    for at, code in codes.items():
        world.add_code(code)
        digest = next(digest for digest, (one, _) in world.codes.items() if one == code)
        world.add("0x" + at.hex(), Shown(Account(0, BALANCES[at], EMPTY_ROOT, digest), WORDS))
    return world


def here(codes: dict[bytes, bytes], block: Block) -> bytes | str:
    try:
        return run(world_of(codes), block, TOKEN, CALL)
    except Unproven as error:
        return str(error)


def asked(codes: dict[bytes, bytes], n: int) -> dict[str, Any]:
    """The call to a node, everything laid over its state."""
    words = {f"0x{slot:064x}": f"0x{word:064x}" for slot, word in WORDS.items()}
    over: dict[str, Any] = {
        "0x" + at.hex(): {"code": "0x" + code.hex(), "balance": hex(BALANCES[at]), "stateDiff": words}
        for at, code in codes.items()
    }
    over[AT] = {"code": "0x" + FORWARDER.hex()}
    call = {"to": AT, "data": "0x" + CALL.hex(), "gas": hex(20_000_000)}
    return {"jsonrpc": "2.0", "id": n, "method": "eth_call", "params": [call, "latest", over]}


def there(node: Node, programs: list[dict[bytes, bytes]]) -> list[bytes]:
    answers = node.post([asked(codes, n) for n, codes in enumerate(programs)])
    return [bytes.fromhex(one["result"][2:]) for one in sorted(answers, key=lambda one: int(one["id"]))]


def test_random_programs_answer_here_what_a_node_answers(chain: tuple[Node, Block]) -> None:
    node, block = chain
    made = Programs(block.rules, random.Random(7))  # noqa: S311  # not for secrets
    programs = [
        {TOKEN: made.program(8), OTHER: made.program(4), DELEGATE: made.delegation(), RICH: b""}
        for _ in range(PROGRAMS)
    ]
    seen: Counter[str] = Counter()
    for codes, answered in zip(programs, there(node, programs), strict=True):
        ours = here(codes, block)
        if ours == TOO_DEEP:
            seen[TOO_DEEP] += 1
        elif isinstance(ours, bytes):
            seen["answered"] += 1
            assert (1, ours) == (answered[31], answered[32:]), codes
        else:
            seen["failed"] += 1
            assert ours.startswith(FAILED), (ours, codes)
            assert answered[31] == 0, codes
    assert seen["answered"] > PROGRAMS // 3, seen


@pytest.mark.parametrize("opcode", ["32", "33", "3a"], ids=["ORIGIN", "CALLER", "GASPRICE"])
def test_a_call_without_sender_or_gas_price_sees_zero_here_and_there(
    chain: tuple[Node, Block], opcode: str
) -> None:
    node, block = chain
    code = bytes.fromhex(opcode + ANSWER)
    call = {"to": "0x" + TOKEN.hex()}
    answer = node("eth_call", call, "latest", {call["to"]: {"code": "0x" + code.hex()}})
    assert answer == "0x" + 64 * "0"
    assert here({TOKEN: code}, block) == bytes(32)


COSTS: Final = "5a {} 50 5a 90 03" + ANSWER  # what asking costs, with what stands around it
ASKED: Final = {
    "the token": "30 31",
    "a precompiled contract": "6001 31",
    "the coinbase": "41 31",
    "another": "73" + OTHER.hex() + "31",
}


@pytest.mark.parametrize("asking", ASKED.values(), ids=ASKED.keys())
def test_what_is_warm_before_a_call_begins_is_warm_here(chain: tuple[Node, Block], asking: str) -> None:
    node, block = chain
    codes = {TOKEN: bytes.fromhex(COSTS.format(asking)), OTHER: b"\x00"}
    (answered,) = there(node, [codes])
    assert here(codes, block) == answered[32:]


def test_a_token_that_tells_this_machine_from_a_node_by_its_gas_is_read_as_the_node_reads_it(
    tmp_path: Path,
) -> None:
    """It holds 10^24 where asking for its own balance costs what a cold account's does, on no node that is."""
    code = "0x5a 3031 50 5a 90 03 6103e8 10 69".replace(" ", "") + f"{10**24:020x}" + "02" + ANSWER
    token = "0x" + TOKEN.hex()
    with anvil(tmp_path, 31337) as node:
        node("anvil_setCode", token, code)
        mine(node, 12, 12)
        found, _ = read(node, plan_of(node, pair(HOLDER, token)))
    reading = reading_of(found, pair(HOLDER, token))
    assert (reading.units, reading.proof, reading.reason) == (0, "proven call", "")
