from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.commitment.trees import EXAMPLE, ROWS, SCOPE, SECRET, rows, scope_of

from reservecheck.commitment.building import build
from reservecheck.commitment.columns import Row
from reservecheck.commitment.proof import as_json, verify
from reservecheck.commitment.scheme import least_height
from reservecheck.commitment.tree import FIRST_KEPT, NODE, Tree
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


def altered(tree: Tree, *, level: int, place: int, sum_: bool) -> Tree:
    """The tree with one bit of a kept node turned, of its hash or of its sum."""
    leaves, upper = bytearray(tree.leaves), bytearray(tree.upper)
    before = (2 << (tree.scope.height - FIRST_KEPT)) - (2 << (tree.scope.height - level)) if level else 0
    memory, at = (upper if level else leaves), (before + place) * NODE + (NODE - 1 if sum_ else 0)
    memory[at] ^= 1
    return Tree(scope=tree.scope, leaves=memoryview(leaves), upper=memoryview(upper))


@pytest.mark.parametrize("sum_", [False, True])
@pytest.mark.parametrize("level", [0, FIRST_KEPT, FIRST_KEPT + 1])
def test_a_node_that_was_altered_leads_nowhere(level: int, *, sum_: bool) -> None:
    rows = [Row(f"c{number}", number + 1) for number in range(60)]
    tree = build(rows, scope_of(6), SECRET)
    sound: set[tuple[int, int]] = set()
    for index in range(64):
        tree.require_sound(index, sound)
    assert len(sound) == 4 + 2 + 1
    wrong = altered(tree, level=level, place=0, sum_=sum_)
    said = "BTC: leaf 0 does not lead to the root of the tree that is kept"
    with pytest.raises(CommitmentError) as refused:
        wrong.require_sound(0, set())
    assert (refused.value.message, refused.value.hint) == (
        said,
        "its files were altered or damaged: build it again from the rows",
    )


def test_no_proof_is_made_of_a_tree_that_was_altered() -> None:
    rows = [Row(f"c{number}", number + 1) for number in range(60)]
    tree = build(rows, scope_of(6), SECRET)
    wrong = altered(tree, level=FIRST_KEPT, place=0, sum_=False)
    said = []
    for row in rows:
        try:
            verify(wrong.prove(row.customer, [row.units], SECRET), tree.commitment)
        except CommitmentError as error:
            said.append(error.message.partition(" does ")[2])
    assert set(said) == {"not lead to the root of the tree that is kept"}
    assert len(said) <= 16
