from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.chains.evm.small_chain import owner, pair_of, token

from reservecheck.chains.evm.grids import (
    Grid,
    cells_answered,
    cut,
    deployless_call,
    grid_asked,
    grids_of,
    override_call,
    statuses,
    unaskable,
    words,
)
from reservecheck.chains.evm.program import NATIVE, PROGRAM_HEX, READER
from reservecheck.chains.reader import Pair
from reservecheck.transport.jsonrpc import Call
from reservecheck.vault.canonical import Json

PIN = "0x" + 64 * "a"
GRID = Grid((NATIVE, token("a")), (owner(1), owner(2), owner(3)))
SUBSETS = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["", "a", "b", "c", "d"])), unique=True)


@given(SUBSETS, st.integers(1, 12))
def test_grids_ask_for_every_declared_pair_once_and_for_nothing_else(
    cells: list[tuple[int, str]], most: int
) -> None:
    pairs = [pair_of(owner(i), name) for i, name in cells]
    asked = [key for grid in grids_of(pairs, most) for key in grid.cell_keys()]
    assert sorted(asked) == sorted((pair.identity, pair.contract or NATIVE) for pair in pairs)
    assert all(0 < grid.cells <= most for grid in grids_of(pairs, most))


@pytest.mark.parametrize("count", [1, 4_999, 5_000, 5_001, 10_000, 10_001])
def test_no_cell_is_lost_where_the_last_call_holds_one(count: int) -> None:
    grids = grids_of([pair_of(owner(i), "") for i in range(count)], 5_000)
    assert sum(grid.cells for grid in grids) == count
    assert len(grids) == -(-count // 5_000)


def test_ten_thousand_owners_of_five_tokens_are_ten_calls() -> None:
    pairs = [pair_of(owner(i), name) for i in range(10_000) for name in "abcde"]
    assert [grid.cells for grid in grids_of(pairs, 5_000)] == [5_000] * 10


@given(st.integers(1, 9), st.integers(1, 9))
def test_halves_hold_the_same_cells(tokens: int, owners: int) -> None:
    grid = Grid(tuple(token(str(i)) for i in range(tokens)), tuple(owner(i) for i in range(owners)))
    if grid.cells > 1:
        first, second = grid.halves()
        assert sorted([*first.cell_keys(), *second.cell_keys()]) == sorted(grid.cell_keys())
        assert first.cells
        assert second.cells


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 40))
def test_cutting_keeps_every_cell(tokens: int, owners: int, most: int) -> None:
    grid = Grid(tuple(token(str(i)) for i in range(tokens)), tuple(owner(i) for i in range(owners)))
    parts = list(cut(grid, most))
    assert sorted(key for part in parts for key in part.cell_keys()) == sorted(grid.cell_keys())
    assert all(part.cells <= most for part in parts)


@pytest.mark.parametrize(
    ("pair", "reason"),
    [
        (Pair("bc1q", "n/native", ""), "not an address of this network"),
        (Pair("0x" + 40 * "A", "n/native", ""), "not an address of this network"),
        (Pair(owner(1), "n/erc20:x", "x"), "the token's contract is not an address of this network"),
        (Pair(owner(1), "n/erc20:0x0", NATIVE), "the zero address is not a token"),
        (Pair(owner(1), "n/native", ""), ""),
    ],
)
def test_what_cannot_be_asked_for_says_why_and_is_not_asked(pair: Pair, reason: str) -> None:
    assert unaskable(pair) == reason
    assert bool(grids_of([pair], 10)) == (not reason)


@pytest.mark.parametrize("way", [override_call, deployless_call])
def test_a_request_becomes_its_grid_again(way: type) -> None:
    call = way(GRID, PIN)
    assert grid_asked(call, PIN) == GRID
    assert grid_asked(Call(call.method, [dict(p) for p in call.params]), PIN) == GRID


def test_anything_but_our_own_request_is_no_grid() -> None:
    ours = override_call(GRID, PIN)
    asked, block, code = ours.params
    assert isinstance(asked, dict)
    data = str(asked["data"])
    others: list[tuple[Json, ...]] = [
        (asked, block),
        (asked, block, {READER: {"code": PROGRAM_HEX + "00"}}),
        (asked, block, {READER: {"code": PROGRAM_HEX, "balance": "0x1"}}),
        (asked, block, {READER: {"code": PROGRAM_HEX}, token("a"): {"code": "0x00"}}),
        (asked, {"blockHash": "0x" + 64 * "b", "requireCanonical": True}, code),
        (asked, {"blockHash": PIN}, code),
        (asked, {"blockHash": PIN, "requireCanonical": 1}, code),
        (asked, "latest", code),
        ({**asked, "from": owner(1)}, block, code),
        ({**asked, "to": owner(1)}, block, code),
        ({**asked, "data": data[:-2]}, block, code),
        ({**asked, "data": data.upper()}, block, code),
        ({**asked, "data": "1x" + data[2:]}, block, code),
        ({**asked, "data": data + owner(1)[2:]}, block, code),  # an owner twice
        ({**asked, "data": data[:66] + token("a")[2:] + data[106:]}, block, code),  # a token twice
        ({**asked, "data": "0x" + f"{9:064x}" + data[66:]}, block, code),
        ({**asked, "data": "0x" + f"{0:064x}" + data[66:]}, block, code),
        ({**asked, "data": 7}, block, code),
        ({**asked, "data": "0x"}, block, code),
        (PROGRAM_HEX, block),
        (),
    ]
    assert [grid_asked(Call("eth_call", params), PIN) for params in others] == [None] * len(others)
    assert grid_asked(replace(ours, method="eth_estimateGas"), PIN) is None


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2**256 - 1)), min_size=6, max_size=6))
def test_an_answer_is_read_back_exactly(cells: list[tuple[int, int]]) -> None:
    raw = b"".join(bytes([status]) + word.to_bytes(32, "big") for status, word in cells)
    assert cells_answered(GRID, "0x" + raw.hex()) == raw
    assert statuses(raw) == bytes(status for status, _ in cells)
    assert words(raw) == [word for _, word in cells]


@pytest.mark.parametrize(
    "value", [None, 7, "", "0x", "0x" + 65 * 6 * "0", "1x" + 66 * 6 * "0", "0x" + 66 * 6 * "g", "0x" + 66 * 6 * " "]
)
def test_an_answer_of_another_size_or_shape_is_none(value: object) -> None:
    assert cells_answered(GRID, value) is None
