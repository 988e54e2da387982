from __future__ import annotations

from tests.assess.inputs_factory import books, committed, inputs, liabilities, owed, tree
from tests.rules.asking import Said, ask

from reservecheck.model.committed import Committed
from reservecheck.rules.owed_without_a_tree import RULE

LINES = (
    owed("BTC", 98 * 10**8, class_="spot"),
    owed("BTC", 2 * 10**8, class_="earn"),
    owed("ETH", 0),
    owed("JPY", 1_000_000),
)


def said(stated: Committed | None) -> Said:
    return ask(RULE, inputs(books=books(liabilities=liabilities(LINES, commitment=stated))))


def test_owed_without_a_tree_asks_nothing_where_nothing_was_committed_to() -> None:
    assert said(None) == [("not-applicable", "warning", "there is nothing to look at in what was received")]


def test_owed_without_a_tree_breaks_for_each_asset_left_out_cash_as_well() -> None:
    left_out = "and the commitment has no tree for it, so its customers can check nothing"
    assert said(committed(())) == [
        ("breaks", "warning", f"BTC: 100 are owed, {left_out}"),
        ("breaks", "warning", f"JPY: 1,000,000 are owed, {left_out}"),
    ]


def test_owed_without_a_tree_holds_where_there_is_one() -> None:
    there = committed((tree("BTC", 1), tree("JPY", 1)))
    assert said(there) == [
        ("holds", "warning", "BTC: it has a tree in the commitment"),
        ("holds", "warning", "JPY: it has a tree in the commitment"),
    ]
