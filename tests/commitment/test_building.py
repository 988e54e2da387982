from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.commitment.trees import EXAMPLE, ROWS, SCOPE, SECRET, rows, scope_of

from reservecheck.commitment import building, reference
from reservecheck.commitment.building import build, build_columns
from reservecheck.commitment.columns import Columns, Row, of_rows
from reservecheck.commitment.scheme import LIMIT, PADDING, Scope, least_height, odd_customer
from reservecheck.commitment.tree import FIRST_KEPT, Tree
from reservecheck.errors import CommitmentError
from reservecheck.kernels import summation_tree

Builder = Callable[[Columns, Scope, bytes], tuple[Tree, bool]]


@pytest.mark.parametrize("builder", [building._plain, building._compiled])
def test_every_builder_makes_the_root_of_the_example(builder: Builder) -> None:
    tree, repeated = builder(of_rows(ROWS), SCOPE, SECRET)
    assert tree.commitment.root.hex() == EXAMPLE["root"]
    assert str(tree.commitment.total) == EXAMPLE["total"]
    assert not repeated


def test_the_reference_makes_the_root_of_the_example() -> None:
    levels = reference.levels(reference.leaves(ROWS, SCOPE, SECRET), SCOPE)
    assert [(digest.hex(), str(units)) for digest, units in levels[-1]] == [(EXAMPLE["root"], EXAMPLE["total"])]


@settings(deadline=None)
@given(rows(), st.integers(0, 2), st.binary(min_size=32, max_size=32))
def test_all_builders_make_the_same_nodes(given_rows: list[Row], taller: int, secret: bytes) -> None:
    scope = scope_of(least_height(len(given_rows)) + taller)
    levels = reference.levels(reference.leaves(given_rows, scope, secret), scope)
    columns = of_rows(given_rows)
    tree, repeated = building._plain(columns, scope, secret)
    assert not repeated
    for level, nodes in enumerate(levels):
        assert [tree.node(level, index) for index in range(len(nodes))] == nodes
    assert (tree.commitment.root, tree.commitment.total) == levels[-1][0]
    if given_rows and scope.height >= FIRST_KEPT:
        assert building._compiled(columns, scope, secret) == (tree, False)
        arithmetic = summation_tree.ordered_leaves(
            (columns.ids, columns.starts, columns.low, columns.high, columns.parts),
            padding=PADDING,
            context=scope.context,
            secret=secret,
            height=scope.height,
            native=False,
        )
        assert arithmetic[0].data == tree.leaves
        upper = summation_tree.upper_levels(
            arithmetic[0], context=scope.context, height=scope.height, first=FIRST_KEPT, native=False
        )
        assert upper.data == tree.upper


def test_the_order_of_rows_does_not_matter() -> None:
    assert build(reversed(ROWS), SCOPE, SECRET) == build(ROWS, SCOPE, SECRET)


def test_a_large_tree_is_the_same_with_and_without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [Row(f"user-{number}", number**9) for number in range(3_000)]
    compiled = build(many, scope_of(12), SECRET)
    asked: list[str] = []
    monkeypatch.setattr(building, "find_spec", asked.append)
    assert build(many, scope_of(12), SECRET) == compiled
    assert asked == ["numba"]
    assert compiled.commitment.total == sum(row.units for row in many)


def test_a_tree_without_customers_is_zero_leaves() -> None:
    for height in (0, 1, 12):
        tree = build([], scope_of(height), SECRET)
        assert tree.commitment.total == 0
        assert len({tree.node(0, index) for index in range(1 << height)}) == 1 << height


def test_a_small_tree_does_not_load_the_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "_compiled", None)
    assert build(ROWS, SCOPE, SECRET).commitment.root.hex() == EXAMPLE["root"]


def test_padding_is_no_text_so_no_customer_has_its_salts() -> None:
    with pytest.raises(UnicodeDecodeError):
        PADDING.decode()
    assert odd_customer("\udcffpad") == "it is not Unicode text"


@pytest.mark.parametrize("height", [4, 12])
def test_a_customer_that_stands_twice_is_refused(height: int) -> None:
    twice = [Row("a", 1), Row("b", 2), Row("a", 3)]
    with pytest.raises(CommitmentError) as caught:
        build(twice, scope_of(height), SECRET)
    assert str(caught.value) == (
        "row 2: this customer's part 0 stands already in row 0\n"
        "  hint: add up what one customer is owed, or number the parts of a balance"
    )
    assert build([Row("a", 1), Row("a", 3, 1)], scope_of(height), SECRET).commitment.total == 4


def test_salts_that_only_begin_alike_are_let_be(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = building._plain
    monkeypatch.setattr(building, "_plain", lambda *given: (plain(*given)[0], True))
    assert build(ROWS, SCOPE, SECRET).commitment.root.hex() == EXAMPLE["root"]


@pytest.mark.parametrize(
    ("given_rows", "height", "secret", "said"),
    [
        (ROWS, 4, b"short", "a master secret has 32 bytes, this one 5"),
        (ROWS, 31, SECRET, "a tree of height 31 is not built here: 30 is the tallest"),
        (
            ROWS,
            2,
            SECRET,
            "5 rows do not fit into a tree of height 2\n  hint: publish the height 3 or more",
        ),
        ([Row("a", LIMIT - 1), Row("b", 1)], 1, SECRET, "the amounts add up to 2^128 or more"),
    ],
)
def test_what_cannot_be_built_is_refused(given_rows: list[Row], height: int, secret: bytes, said: str) -> None:
    with pytest.raises(CommitmentError) as caught:
        build_columns(of_rows(given_rows), scope_of(height), secret)
    assert str(caught.value) == said


def test_a_total_of_all_sixteen_bytes_is_built_by_every_builder() -> None:
    most = [Row("a", LIMIT - 2), Row("b", 1)]
    for builder in (building._plain, building._compiled):
        tree, _ = builder(of_rows(most), scope_of(4), SECRET)
        assert tree.commitment.total == LIMIT - 1
