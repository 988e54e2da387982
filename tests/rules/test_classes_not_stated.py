from __future__ import annotations

from tests.assess.inputs_factory import books, inputs, liabilities
from tests.rules.asking import ask

from reservecheck.rules.classes_not_stated import RULE


def test_classes_not_stated_notes_their_absence() -> None:
    assert ask(RULE, inputs(books=books(liabilities=liabilities(classes={})))) == [
        ("breaks", "note", "product classes are not stated: earn, margin or others may be missing")
    ]


def test_classes_not_stated_shows_what_is_stated() -> None:
    classes = {"spot": "listed", "earn": "none, asserted by CFO"}
    assert ask(RULE, inputs(books=books(liabilities=liabilities(classes=classes)))) == [
        ("holds", "note", "product classes: earn: none, asserted by CFO; spot: listed")
    ]
