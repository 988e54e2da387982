from __future__ import annotations

from tests.assess.inputs_factory import books, inputs, liabilities, owed
from tests.rules.asking import ask

from reservecheck.rules.negative_balances import RULE


def test_negative_balances_are_noted_and_never_netted() -> None:
    lines = [owed("BTC", 97 * 10**8, negative=4 * 10**8), owed("ETH", 1)]
    assert ask(RULE, inputs(books=books(liabilities=liabilities(lines)))) == [
        (
            "breaks",
            "note",
            "BTC: negative balances of 4 are not netted: gross 97 decides, net would be 93",
        )
    ]


def test_negative_balances_holds_without_any() -> None:
    assert ask(RULE, inputs()) == [("holds", "note", "no negative balances in the file received")]
