from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.commitment.trees import EXAMPLE, ROWS, SCOPE, SECRET, rows, scope_of

from reservecheck.commitment.building import build
from reservecheck.commitment.columns import Row
from reservecheck.commitment.proof import as_json, verify
from reservecheck.commitment.scheme import least_height
from reservecheck.commitment.tree import Tree
from reservecheck.errors import CommitmentError


def test_the_proofs_of_the_example_are_made() -> None:
    tree = build(ROWS, SCOPE, SECRET)
    for row, expected in zip(ROWS, EXAMPLE["proofs"], strict=True):
        assert as_json(tree.prove(row.customer, [row.units], SECRET)) == expected


@settings(deadline=None)
@given(rows(), st.integers(0, 2))
def test_every_row_has_a_proof_that_verifies(given_rows: list[Row], taller: int) -> None:
    firsts = [row for row in given_rows if row.part == 0]
    tree = build(given_rows, scope_of(least_height(len(given_rows)) + taller), SECRET)
    parts = {(row.customer, row.part): row.units for row in given_rows}
    for customer, units, _ in firsts:
        amounts = [units, *([parts[customer, 1]] if (customer, 1) in parts else [])]
        proof = tree.prove(customer, amounts, SECRET)
        verify(proof, tree.commitment)
        assert proof.units == sum(amounts)


def test_a_tree_takes_fifty_four_bytes_a_leaf() -> None:
    for height in (4, 10, 13):
        tree = build(ROWS, scope_of(height), SECRET)
        assert len(tree.leaves) + len(tree.upper) == (54 << height) - 48


def test_a_tree_is_the_same_from_stored_bytes() -> None:
    tree = build(ROWS, SCOPE, SECRET)
    stored = Tree(scope=SCOPE, leaves=memoryview(bytes(tree.leaves)), upper=memoryview(bytes(tree.upper)))
    assert stored.prove(ROWS[0].customer, [ROWS[0].units], SECRET) == tree.prove(
        ROWS[0].customer, [ROWS[0].units], SECRET
    )


def test_stored_bytes_of_another_size_are_refused() -> None:
    tree = build(ROWS, SCOPE, SECRET)
    with pytest.raises(CommitmentError) as caught:
        Tree(scope=SCOPE, leaves=tree.leaves[:-48], upper=tree.upper)
    assert str(caught.value) == ("a tree of height 4 has 768 bytes of leaves and 48 above, not 720 and 48")


@pytest.mark.parametrize(
    ("customer", "amounts", "secret", "said"),
    [
        ("", [1], SECRET, "this is no customer's id: it is empty"),
        ("mallory", [1], SECRET, "the tree has no leaf for this customer, amount and secret (part 0)"),
        ("bob@example.com", [2], SECRET, "the tree has no leaf for this customer, amount and secret (part 0)"),
        ("bob@example.com", [1, 0], SECRET, "the tree has no leaf for this customer, amount and secret (part 1)"),
        ("bob@example.com", [1], bytes(32), "the tree has no leaf for this customer, amount and secret (part 0)"),
        ("bob@example.com", [], SECRET, "a proof is of one amount or more"),
    ],
)
def test_what_is_not_in_the_tree_is_not_proven(customer: str, amounts: list[int], secret: bytes, said: str) -> None:
    with pytest.raises(CommitmentError) as caught:
        build(ROWS, SCOPE, SECRET).prove(customer, amounts, secret)
    assert str(caught.value) == said
