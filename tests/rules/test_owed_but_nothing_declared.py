from __future__ import annotations

from tests.assess.inputs_factory import BTC, books, cell, engagement, inputs
from tests.rules.asking import ask

from reservecheck.rules.owed_but_nothing_declared import RULE


def test_owed_but_nothing_declared_breaks_for_each_asset_without_a_holding() -> None:
    said = ask(RULE, inputs(wallets=(), cells=()))
    assert said[0] == ("breaks", "critical", "BTC: 98 are owed, and no holding was declared")
    assert [outcome for outcome, _, _ in said] == ["breaks"] * 3


def test_owed_but_nothing_declared_holds_where_a_holding_was_looked_at_read_or_not() -> None:
    setting = engagement(assets=("BTC",))
    given = inputs(engagement=setting, cells=(cell(1, "btc-hot", BTC, None),))
    assert ask(RULE, given) == [("holds", "critical", "BTC: 1 holding was looked at")]


def test_owed_but_nothing_declared_holds_for_an_account_whose_figure_is_missing() -> None:
    given = inputs(cells=(), books=books(custodians=None))
    assert [outcome for outcome, _, _ in ask(RULE, given)] == ["breaks", "breaks", "holds"]
