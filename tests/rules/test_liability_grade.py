from __future__ import annotations

from tests.assess.inputs_factory import REBUILT, books, committed, inputs, liabilities, owed
from tests.rules.asking import ask

from reservecheck.rules.liability_grade import RULE


def test_liability_grade_notes_a_total_nobody_summed_and_each_asset_has_its_own() -> None:
    lines = (owed("BTC", 98 * 10**8), owed("ETH", 5, rows=0))
    assert ask(RULE, inputs(books=books(liabilities=liabilities(lines)))) == [
        ("holds", "note", "BTC: grade L1: what is owed was summed from customers' rows"),
        ("breaks", "note", "ETH: grade L0: a total was received, and nobody summed customers' rows"),
    ]


def test_liability_grade_is_of_cash_as_well_and_says_what_the_rows_gave_again() -> None:
    known = liabilities((owed("JPY", 1_000_000),), commitment=committed(REBUILT))
    said = "JPY: grade L2: what is owed was summed from customers' rows, which give the root committed to"
    assert ask(RULE, inputs(books=books(liabilities=known))) == [("holds", "note", said)]


def test_liability_grade_has_nothing_to_grade_where_nothing_is_listed() -> None:
    said = "there is nothing to look at in what was received"
    assert ask(RULE, inputs(books=books(liabilities=liabilities([])))) == [("not-applicable", "note", said)]
