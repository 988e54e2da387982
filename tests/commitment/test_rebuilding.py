from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.commitment.building import build
from reservecheck.commitment.columns import Columns, Row, of_rows
from reservecheck.commitment.rebuilding import ALWAYS_BUILT, rebuild
from reservecheck.commitment.scheme import Scope
from reservecheck.errors import CommitmentError
from reservecheck.model.committed import Committed, CommittedTree, Rebuilt

SECRET: Final = bytes(range(32))
ID: Final = "hanul/2018-06-28"
BTC: Final = (Row("ada", 150_000_000), Row("ben", 1), Row("zoë", 0))
ETH: Final = (Row("ada", 7),)
DECIMALS: Final = {"BTC": 8, "ETH": 18, "KRW": 0}


def committed_tree(asset: str, rows: tuple[Row, ...], height: int = 2) -> CommittedTree:
    scope = Scope(snapshot=ID, asset=asset, decimals=DECIMALS[asset], height=height)
    made = build(rows, scope, SECRET).commitment
    return CommittedTree(
        asset=asset, decimals=DECIMALS[asset], height=height, root=made.root.hex(), total=made.total
    )


STATED: Final = Committed(
    scheme="por-mst/1",
    entity="hanul",
    snapshot=ID,
    trees=(committed_tree("BTC", BTC), committed_tree("ETH", ETH, 0)),
)


def leaves(**rows: tuple[Row, ...]) -> list[tuple[str, Columns]]:
    return [(asset, of_rows(one)) for asset, one in rows.items()]


def test_the_same_rows_and_secret_give_every_root_and_total_again() -> None:
    done = rebuild(STATED, leaves(ETH=ETH, BTC=BTC[::-1], KRW=ETH), SECRET, DECIMALS)
    assert [tree.is_rebuilt for tree in done.trees] == [True, True]
    assert replace(done, trees=STATED.trees) == STATED
    assert [replace(tree, rebuilt=None) for tree in done.trees] == list(STATED.trees)


@given(st.integers(0, 2), st.integers(-1, 5))
def test_another_amount_of_anybody_is_another_root(place: int, more: int) -> None:
    rows = [row._replace(units=max(row.units + more, 0)) if at == place else row for at, row in enumerate(BTC)]
    tree = rebuild(STATED, leaves(BTC=tuple(rows)), SECRET, DECIMALS).trees[0]
    assert tree.is_rebuilt == (tuple(rows) == BTC)
    assert tree.rebuilt is not None
    assert tree.rebuilt.total == sum(row.units for row in rows)


def test_other_rows_of_the_same_total_are_another_root() -> None:
    rows = (Row("ada", 75_000_000), Row("ben", 75_000_001), Row("zoë", 0))
    tree = rebuild(STATED, leaves(BTC=rows), SECRET, DECIMALS).trees[0]
    assert not tree.is_rebuilt
    assert tree.rebuilt is not None
    assert (tree.rebuilt.root != tree.root, tree.rebuilt.total) == (True, tree.total)


def test_another_secret_is_another_root() -> None:
    tree = rebuild(STATED, leaves(BTC=BTC), bytes(32), DECIMALS).trees[0]
    assert not tree.is_rebuilt


def test_a_tree_without_leaves_or_in_other_units_stays_as_it_was_stated() -> None:
    assert rebuild(STATED, [], SECRET, DECIMALS) == STATED
    done = rebuild(STATED, leaves(BTC=BTC, ETH=ETH), SECRET, {**DECIMALS, "BTC": 7})
    assert [tree.rebuilt is None for tree in done.trees] == [True, False]


def test_what_was_built_again_before_is_forgotten() -> None:
    before = replace(STATED, trees=(replace(STATED.trees[0], rebuilt=Rebuilt(root="77" * 32, total=1)),))
    assert rebuild(before, [], SECRET, DECIMALS).trees == STATED.trees[:1]


def test_customers_who_do_not_fit_have_no_root() -> None:
    low = replace(STATED, trees=(replace(STATED.trees[0], height=1),))
    (tree,) = rebuild(low, leaves(BTC=BTC), SECRET, DECIMALS).trees
    assert tree.rebuilt == Rebuilt(root="", total=150_000_001)


def test_a_height_that_only_costs_memory_is_refused() -> None:
    tall = replace(STATED, trees=(replace(STATED.trees[0], height=ALWAYS_BUILT + 1),))
    with pytest.raises(CommitmentError) as refused:
        rebuild(tall, leaves(BTC=BTC), SECRET, DECIMALS)
    assert str(refused.value) == (
        "BTC: a tree of height 23 is not built again for 3 customers: 22 is the tallest\n"
        "  hint: whoever publishes a height decides how much memory its readers need; ask for a lower tree"
    )


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(CommitmentError) as refused:
        rebuild(STATED, leaves(BTC=BTC), bytes(31), DECIMALS)
    assert str(refused.value) == "a master secret has 32 bytes, this one 31"
