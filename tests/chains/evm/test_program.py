from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from tests.chains.evm.small_chain import TOKENS, one_by_one, owner, pair_of, token
from tests.nodes.running import Node, evm_block

from reservecheck.chains.evm.grids import Grid, cells_answered, cut, deployless_call, override_call, statuses, words
from reservecheck.chains.evm.program import (
    DEPLOYLESS_CELLS,
    FAILED,
    NATIVE,
    NO_CODE,
    PROGRAM,
    READ,
    READER,
    SHORT,
)
from reservecheck.transport.jsonrpc import Call

WAYS = pytest.mark.parametrize("way", [override_call, deployless_call])
EXPECTED = {
    "storage": READ,
    "hash": READ,
    "two-words": READ,
    "largest": READ,
    "too-large": READ,
    "revert": FAILED,
    "burner": FAILED,
    "loop": FAILED,
    "hungry": FAILED,
    "stop": SHORT,
    "one-byte": SHORT,
    "nothing": NO_CODE,
}


def ask(node: Node, call: Call, grid: Grid) -> tuple[bytes, list[int]]:
    raw = cells_answered(grid, node(call.method, *call.params))
    assert raw is not None
    return statuses(raw), words(raw)


def pin_of(node: Node) -> str:
    return str(evm_block(node, "0x1")["hash"])


def test_the_assembled_program_never_changes_by_accident() -> None:
    assert len(PROGRAM) == 335
    digest = "59194d2613f40ae60e2a582cf9be05b4e821acda4d71d6a5d61202e1fd79aad2"
    assert hashlib.sha256(PROGRAM).hexdigest() == digest


def test_the_account_it_is_laid_over_says_what_it_is() -> None:
    assert bytes.fromhex(READER[2:]) == b"reservecheck-reader\x01"


@WAYS
def test_every_kind_of_token_gets_its_status_and_word(funded: Node, way: Callable[[Grid, str], Call]) -> None:
    grid = Grid((NATIVE, *(token(name) for name in TOKENS)), (owner(0), owner(7), owner(9_999)))
    pin = pin_of(funded)
    said, found = ask(funded, way(grid, pin), grid)
    names = ("", *TOKENS)
    for (who, _), name, status, word in zip(
        grid.cell_keys(), [name for name in names for _ in grid.owners], said, found, strict=True
    ):
        assert status == EXPECTED.get(name, READ), name
        if status == READ:
            assert word == one_by_one(funded, pair_of(who, name), pin), name
        else:
            assert word == 0, name


def test_a_gas_burner_and_a_loop_first_cost_the_tokens_after_them_nothing(funded: Node) -> None:
    grid = Grid((token("burner"), token("loop"), token("storage")), tuple(owner(i) for i in range(6)))
    said, found = ask(funded, override_call(grid, pin_of(funded)), grid)
    assert list(said) == [FAILED] * 12 + [READ] * 6
    assert found[12:] == [1, 2, 3, 4, 5, 6]


def test_both_ways_of_running_it_give_the_same_bytes(funded: Node) -> None:
    grid = Grid((NATIVE, token("hash"), token("revert")), tuple(owner(i) for i in range(80)))
    pin = pin_of(funded)
    assert ask(funded, override_call(grid, pin), grid) == ask(funded, deployless_call(grid, pin), grid)


def test_as_init_code_it_answers_for_744_cells_and_not_for_745(funded: Node) -> None:
    most = Grid((token("hash"),), tuple(owner(i) for i in range(DEPLOYLESS_CELLS)))
    assert set(ask(funded, deployless_call(most, pin_of(funded)), most)[0]) == {READ}
    one_more = Grid(most.tokens, (*most.owners, owner(DEPLOYLESS_CELLS)))
    call = deployless_call(one_more, pin_of(funded))
    with pytest.raises(RuntimeError, match="CreateContractSizeLimit"):
        funded(call.method, *call.params)
    assert [part.cells for part in cut(one_more, DEPLOYLESS_CELLS)] == [744, 1]


def test_a_grid_of_one_cell_is_answered(funded: Node) -> None:
    grid = Grid((NATIVE,), (owner(3),))
    assert ask(funded, override_call(grid, pin_of(funded)), grid) == (b"\0", [10**18 + 3])
