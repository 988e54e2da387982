"""A customer's leaf is found by the id and the secret alone, and the same with and without compiled loops."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.commitment.trees import ROWS, SCOPE, SECRET, rows, scope_of

from reservecheck.commitment import indexing
from reservecheck.commitment.building import build_columns
from reservecheck.commitment.columns import Row, of_rows
from reservecheck.commitment.indexing import index_columns
from reservecheck.commitment.leaf_index import LeafIndex, written
from reservecheck.commitment.proof import verify
from reservecheck.commitment.scheme import PADDING, least_height, salt
from reservecheck.errors import CommitmentError
from reservecheck.kernels import leaf_places
from reservecheck.kernels.sha256 import NATIVE


@settings(deadline=None)
@given(rows(), st.integers(0, 2))
def test_every_customer_is_found_without_the_amount(given_rows: list[Row], taller: int) -> None:
    columns = of_rows(given_rows)
    tree = build_columns(columns, scope_of(least_height(len(given_rows)) + taller), SECRET)
    index = index_columns(columns, tree, SECRET)
    for row in given_rows:
        proof = tree.prove_by(index, row.customer, SECRET)
        if row.part == 0:
            assert proof == tree.prove(row.customer, [row.units], SECRET)
            verify(proof, tree.commitment)
    for nobody in ("nobody", "zoe"):
        assert tree.prove_by(index, nobody, SECRET) is None


@settings(deadline=None)
@given(given_rows=rows().filter(bool), taller=st.integers(0, 3), native=st.booleans())
def test_both_ways_make_the_same_index(given_rows: list[Row], taller: int, *, native: bool) -> None:
    columns = of_rows(given_rows)
    tree = build_columns(columns, scope_of(least_height(len(given_rows)) + taller), SECRET)
    one = LeafIndex(height=tree.scope.height, memory=indexing._plain(columns, tree, SECRET))
    other = LeafIndex(height=tree.scope.height, memory=indexing._compiled(columns, tree, SECRET))
    for row in given_rows:
        salted = salt(SECRET, tree.scope.context, row.customer.encode(), row.part)
        assert sorted(one.leaves(salted)) == sorted(other.leaves(salted))
    memory = columns.ids, columns.starts, columns.low, columns.high, columns.parts
    words = leaf_places.leaf_places(
        memory, tree.leaves, context=tree.scope.context, secret=SECRET, bits=max(0, tree.scope.height - 2),
        native=native and NATIVE,
    )  # fmt: skip
    assert words is not None
    assert words.tobytes() == bytes(other.memory)


def test_a_large_tree_has_the_same_index_with_and_without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = of_rows(Row(f"user-{number}", number**9) for number in range(3_000))
    tree = build_columns(columns, scope_of(12), SECRET)
    index = index_columns(columns, tree, SECRET)
    asked: list[str] = []
    monkeypatch.setattr(indexing, "find_spec", asked.append)
    twin = index_columns(columns, tree, SECRET)
    assert asked == ["numba"]
    assert len(twin.memory) == len(index.memory) == 4 * (1024 + 1 + 3_000)
    for number in range(0, 3_000, 7):
        proof = tree.prove_by(index, f"user-{number}", SECRET)
        assert proof is not None
        assert proof == tree.prove_by(twin, f"user-{number}", SECRET)
        assert proof.units == number**9


def test_an_index_takes_five_bytes_a_leaf_of_a_full_tree() -> None:
    columns = of_rows(Row(f"user-{number}", 1) for number in range(4_096))
    tree = build_columns(columns, scope_of(12), SECRET)
    index = index_columns(columns, tree, SECRET)
    assert len(index.memory) == 5 * 4_096 + 4
    assert len(tree.leaves) + len(tree.upper) + len(index.memory) <= 64 * 4_096


def test_a_tree_without_customers_has_an_index_of_nobody() -> None:
    columns = of_rows([])
    tree = build_columns(columns, scope_of(13), SECRET)
    index = index_columns(columns, tree, SECRET)
    assert tree.prove_by(index, "ada", SECRET) is None


def test_zero_leaves_are_nobodys() -> None:
    columns = of_rows(ROWS)
    tree = build_columns(columns, SCOPE, SECRET)
    index = index_columns(columns, tree, SECRET)
    found = list(index.leaves(salt(SECRET, SCOPE.context, PADDING, 0)))
    assert len(found) < len(ROWS)
    with pytest.raises(CommitmentError) as caught:
        tree.prove_by(index, "", SECRET)
    assert str(caught.value) == "this is no customer's id: it is empty"


@pytest.mark.parametrize("height", [4, 12])
def test_rows_or_secrets_of_another_tree_are_refused(height: int) -> None:
    tree = build_columns(of_rows(ROWS), scope_of(height), SECRET)
    for columns, secret in (
        (of_rows(ROWS), bytes(32)),
        (of_rows([*ROWS, Row("mallory", 1)]), SECRET),
        (of_rows([Row(ROWS[0].customer, ROWS[0].units + 1)]), SECRET),
    ):
        with pytest.raises(CommitmentError) as caught:
            index_columns(columns, tree, secret)
        assert str(caught.value) == "the tree was not built from these rows and this secret"


@pytest.mark.parametrize("memory", [b"", bytes(7), bytes(8) + b"\2\0\0\0" + bytes(4), bytes(24)])
def test_bytes_that_are_no_index_are_refused(memory: bytes) -> None:
    with pytest.raises(CommitmentError) as caught:
        LeafIndex(height=3, memory=memoryview(memory))
    assert str(caught.value) == "this is no index of the leaves of a tree of height 3"


def test_numbers_of_no_leaf_find_nobody() -> None:
    tree = build_columns(of_rows(ROWS), SCOPE, SECRET)
    salted = salt(SECRET, SCOPE.context, ROWS[0].customer.encode())
    index = LeafIndex(height=4, memory=memoryview(written([(salted, 99)], 4)))
    assert tree.prove_by(index, ROWS[0].customer, SECRET) is None
