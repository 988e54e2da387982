from __future__ import annotations

import pytest
from tests.assess.inputs_factory import (
    BTC,
    CELLS,
    ETHEREUM,
    WALLETS,
    books,
    cell,
    engagement,
    inputs,
    liabilities,
    observation,
    owed,
    pin,
)
from tests.rules.asking import ask

from reservecheck.model.assessment import Inputs
from reservecheck.model.declared import Wallet
from reservecheck.model.engagement import Accept, Deciding, Engagement
from reservecheck.model.evidence import Observation
from reservecheck.model.words import Control
from reservecheck.rules.asset_shortfall import RULE

COIN = 10**8


def btc(
    owes: int,
    *,
    setting: Engagement | None = None,
    seen: Observation | None = None,
    wallets: tuple[Wallet, ...] = WALLETS,
) -> Inputs:
    return inputs(
        engagement=setting or engagement(assets=("BTC",)),
        observation=seen or observation(CELLS[:2]),
        books=books(liabilities=liabilities([owed("BTC", owes)]), custodians=None, letters=None),
        wallets=wallets,
    )


def test_asset_shortfall_holds_at_one_hundred_percent() -> None:
    assert ask(RULE, btc(100 * COIN)) == [
        ("holds", "critical", "BTC: the ratio is 100.00 %: 100 decide, 100 are owed")
    ]


def test_asset_shortfall_breaks_one_unit_below_and_house_coins_do_not_close_it() -> None:
    assert ask(RULE, btc(100 * COIN + 1)) == [
        (
            "breaks",
            "critical",
            (
                "BTC: the ratio is 99.99 %: 100 decide, 100.00000001 are owed, 0.00000001 are missing"
                " (left out: house or mixed wallet: 30)"
            ),
        )
    ]


def test_asset_shortfall_allows_the_engagements_tolerance_and_no_more() -> None:
    setting = engagement(assets=("BTC",), tolerance={"BTC": "1"})
    assert ask(RULE, btc(101 * COIN, setting=setting))[0][0] == "holds"
    assert ask(RULE, btc(101 * COIN + 1, setting=setting))[0][0] == "breaks"


def test_asset_shortfall_is_not_assessable_where_more_evidence_could_close_the_gap() -> None:
    cells = (cell(1, "btc-hot", BTC, 100 * COIN, control=Control.UNDEMONSTRATED), CELLS[1])
    assert ask(RULE, btc(98 * COIN, seen=observation(cells))) == [
        (
            "not-assessable",
            "critical",
            (
                "BTC: 0 decide, 98 are owed, 98 are not shown;"
                " left out: control undemonstrated: 100; house or mixed wallet: 30"
            ),
        )
    ]
    assert ask(RULE, btc(101 * COIN, seen=observation(cells)))[0][0] == "breaks"


def test_asset_shortfall_tells_what_could_still_be_shown_from_what_is_missing_even_then() -> None:
    cells = (cell(1, "btc-hot", BTC, 100 * COIN, control=Control.UNDEMONSTRATED), CELLS[1])
    assert ask(RULE, btc(20_000 * COIN, seen=observation(cells)))[0][2] == (
        "BTC: the ratio is 0.00 %: 0 decide, 20,000 are owed, 20,000 are not shown;"
        " even if all that could be accepted is, 19,900 are missing"
        " (left out: control undemonstrated: 100; house or mixed wallet: 30)"
    )


def test_asset_shortfall_is_not_assessable_under_owners_nobody_accepted() -> None:
    setting = engagement(assets=("BTC",), accept=Accept())
    assert ask(RULE, btc(98 * COIN, setting=setting))[0][0] == "not-assessable"
    assert ask(RULE, btc(101 * COIN, setting=setting))[0][0] == "breaks"


def test_asset_shortfall_is_not_assessable_where_an_unread_holding_could_close_the_gap() -> None:
    cells = (CELLS[0], cell(2, "btc-treasury", BTC, None))
    assert ask(RULE, btc(101 * COIN, seen=observation(cells))) == [
        (
            "not-assessable",
            "critical",
            "BTC: 100 decide, 101 are owed, 1 are not shown; left out: unread: 1 of 2 holdings",
        )
    ]


def test_asset_shortfall_holds_at_a_lower_bound_that_is_enough() -> None:
    cells = (CELLS[0], cell(2, "btc-treasury", BTC, None))
    assert ask(RULE, btc(98 * COIN, seen=observation(cells))) == [
        ("holds", "critical", "BTC: the ratio is at least 102.04 % of what was read: 100 decide, 98 are owed")
    ]


def test_asset_shortfall_is_not_assessable_without_a_block() -> None:
    seen = observation(CELLS[:2], pins=(pin(ETHEREUM),))
    assert ask(RULE, btc(1, seen=seen)) == [
        (
            "not-assessable",
            "critical",
            (
                "BTC: the ratio is not known, because there is no block for bitcoin:regtest;"
                " left out: house or mixed wallet: 30"
            ),
        )
    ]


@pytest.mark.parametrize(
    ("perimeter", "message"),
    [(("BTC",), "BTC: none owed in the file received"), (("ETH",), "BTC: not in the perimeter")],
)
def test_asset_shortfall_is_not_applicable_to_what_is_not_owed_or_outside(
    perimeter: tuple[str, ...], message: str
) -> None:
    said = ask(RULE, btc(0, setting=engagement(assets=perimeter)))
    assert ("not-applicable", "critical", message) in said


def test_asset_shortfall_breaks_where_nothing_was_declared() -> None:
    said = ask(RULE, btc(5 * COIN, seen=observation(()), wallets=()))
    assert said[0] == (
        "breaks",
        "critical",
        "BTC: the ratio is 0.00 %: 0 decide, 5 are owed, 5 are missing (left out: nothing)",
    )


def test_asset_shortfall_counts_house_coins_only_where_the_policy_says_so() -> None:
    setting = engagement(assets=("BTC",), deciding=Deciding(owner="all"))
    assert ask(RULE, btc(130 * COIN, setting=setting))[0][0] == "holds"
