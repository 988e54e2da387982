from __future__ import annotations

from tests.assess.inputs_factory import books, inputs, liabilities
from tests.rules.asking import ask

from reservecheck.model.words import Grade
from reservecheck.rules.liability_grade import RULE


def test_liability_grade_notes_totals_nobody_summed() -> None:
    assert ask(RULE, inputs(books=books(liabilities=liabilities(grade=Grade.TOTALS)))) == [
        ("breaks", "note", "grade L0: only totals were received, nobody summed customers' rows")
    ]


def test_liability_grade_holds_from_the_customer_file_on() -> None:
    assert ask(RULE, inputs()) == [("holds", "note", "grade L1: what is owed was summed from customers' rows")]
