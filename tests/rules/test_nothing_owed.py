from __future__ import annotations

from tests.assess.inputs_factory import books, inputs, liabilities, owed
from tests.rules.asking import ask

from reservecheck.rules.nothing_owed import RULE


def test_nothing_owed_breaks_on_an_empty_file_and_on_zeros() -> None:
    message = "nothing is owed in the file received ({} rows): there is nothing to compare"
    empty = inputs(books=books(liabilities=liabilities([])))
    assert ask(RULE, empty) == [("breaks", "critical", message.format(0))]
    zeros = inputs(books=books(liabilities=liabilities([owed("BTC", 0)])))
    assert ask(RULE, zeros) == [("breaks", "critical", message.format(3))]


def test_nothing_owed_holds_where_something_is() -> None:
    assert ask(RULE, inputs()) == [("holds", "critical", "something is owed in 4 lines of totals over 12 rows")]
