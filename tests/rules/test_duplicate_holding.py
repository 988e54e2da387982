from __future__ import annotations

from tests.assess.inputs_factory import BITCOIN, WALLETS, inputs, wallet
from tests.rules.asking import ask

from reservecheck.model.words import Owner
from reservecheck.rules.duplicate_holding import RULE


def test_duplicate_holding_breaks_for_each_holding_declared_twice() -> None:
    again = wallet(5, "again", BITCOIN, "0014aa", owner=Owner.HOUSE, duplicate_of=1)
    assert ask(RULE, inputs(wallets=(*WALLETS, again))) == [
        (
            "breaks",
            "warning",
            (
                "bitcoin:regtest 0014aa is declared btc-hot, again (lines 1, 5, owners customers, house);"
                " it counts once, for the least favourable"
            ),
        )
    ]


def test_duplicate_holding_holds_where_every_line_is_its_own() -> None:
    assert ask(RULE, inputs()) == [("holds", "warning", "4 lines, none declared twice")]
