from __future__ import annotations

from tests.assess.inputs_factory import books, inputs
from tests.rules.asking import ask

from reservecheck.model.books import Reconciling
from reservecheck.rules.encumbrances_not_asserted import RULE


def test_encumbrances_not_asserted_notes_an_absent_register() -> None:
    assert ask(RULE, inputs(books=books(encumbrances=None))) == [
        ("breaks", "note", "loans, pledges and other encumbrances: not asserted")
    ]


def test_encumbrances_not_asserted_names_who_asserts() -> None:
    row = Reconciling(kind="none", asset="BTC", units=0, reference="", asserted_by="CFO")
    assert ask(RULE, inputs(books=books(encumbrances=(row,)))) == [
        ("holds", "note", "encumbrances: 1 row, asserted by CFO")
    ]
    assert ask(RULE, inputs())[0][2] == "encumbrances: 0 rows, asserted by nobody named"
