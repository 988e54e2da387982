from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.commitment.trees import ROWS, SCOPE, SECRET, rows, scope_of

from reservecheck.commitment.building import build
from reservecheck.commitment.columns import Row, of_rows
from reservecheck.commitment.leaf_owners import owners
from reservecheck.commitment.scheme import least_height
from reservecheck.errors import CommitmentError


@given(rows(), st.integers(0, 2))
def test_every_leaf_of_a_row_is_its_customers(given_rows: list[Row], taller: int) -> None:
    tree = build(given_rows, scope_of(least_height(len(given_rows)) + taller), SECRET)
    whole = [row for row in given_rows if not row.part]
    places = {tree.place(row.customer, row.units, SECRET): row.customer for row in whole}
    assert owners(tree, of_rows(given_rows), SECRET, places) == places
    assert [tree.node(0, place)[1] for place in places] == [row.units for row in whole]


def test_customers_who_are_owed_the_same_are_told_apart_by_their_leaves() -> None:
    alike = [Row(f"user-{number}", 7) for number in range(16)]
    tree = build(alike, scope_of(4), SECRET)
    assert sorted(owners(tree, of_rows(alike), SECRET, range(16)).values()) == sorted(row.customer for row in alike)


def test_nobody_is_looked_for_where_nothing_was_drawn() -> None:
    assert owners(build(ROWS, SCOPE, SECRET), of_rows(ROWS), SECRET, []) == {}


@pytest.mark.parametrize(
    ("left", "secret"), [(ROWS[1:], SECRET), (ROWS, bytes(32)), ((*ROWS[1:], Row(ROWS[0].customer, 1)), SECRET)]
)
def test_a_leaf_of_no_row_is_refused(left: tuple[Row, ...], secret: bytes) -> None:
    tree = build(ROWS, SCOPE, SECRET)
    place = tree.place(ROWS[0].customer, ROWS[0].units, SECRET)
    with pytest.raises(CommitmentError) as caught:
        owners(tree, of_rows(left), secret, [place])
    assert str(caught.value) == (
        f"{SCOPE.asset}: 1 of the leaves drawn are of no customer in the rows (leaf {place} first)\n"
        "  hint: the tree was made of other rows, or with another secret: this is not the snapshot committed to"
    )


def test_a_customer_amount_or_secret_that_is_not_there_has_no_place() -> None:
    tree, first = build(ROWS, SCOPE, SECRET), ROWS[0]
    assert tree.place(first.customer, first.units, SECRET) >= 0
    assert tree.place(first.customer, first.units + 1, SECRET) == -1
    assert tree.place("mallory", first.units, SECRET) == -1
    assert tree.place(first.customer, first.units, bytes(32)) == -1
