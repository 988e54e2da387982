from __future__ import annotations

from tests.assess.inputs_factory import BITCOIN, BTC, CELLS, WALLETS, cell, engagement, inputs, wallet
from tests.rules.asking import ask

from reservecheck.model.engagement import Deciding
from reservecheck.model.words import Control
from reservecheck.rules.control_undemonstrated import RULE

NOBODY = cell(1, "btc-hot", BTC, 100 * 10**8, control=Control.UNDEMONSTRATED)


def test_control_undemonstrated_is_not_assessable_where_the_coins_are_needed() -> None:
    said = ask(RULE, inputs(cells=(NOBODY, *CELLS[1:])))
    assert said[0] == (
        "not-assessable",
        "warning",
        "BTC: nobody has shown as the policy asks (signed) who holds the keys of 100",
    )


def test_control_undemonstrated_holds_where_other_coins_cover_what_is_owed() -> None:
    more = wallet(5, "btc-cold", BITCOIN, "0014cc")
    cells = (*CELLS, cell(5, "btc-cold", BTC, 5 * 10**8, control=Control.UNDEMONSTRATED))
    assert ask(RULE, inputs(wallets=(*WALLETS, more), cells=cells))[0] == (
        "holds",
        "warning",
        "BTC: covered without the 5 whose keys nobody has shown",
    )


def test_control_undemonstrated_holds_where_all_keys_were_shown() -> None:
    assert ask(RULE, inputs())[0] == ("holds", "warning", "BTC: no coins were left out for want of shown keys")


def test_control_undemonstrated_is_not_applicable_where_the_policy_asks_for_nothing() -> None:
    setting = engagement(deciding=Deciding(control=Control.UNDEMONSTRATED))
    assert ask(RULE, inputs(engagement=setting)) == [
        ("not-applicable", "warning", "the policy does not ask who holds the keys")
    ]
