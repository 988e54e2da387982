from __future__ import annotations

from tests.assess.inputs_factory import BTC, CELLS, TOKEN, cell, inputs
from tests.rules.asking import ask

from reservecheck.assess.positions import position
from reservecheck.model.words import FREEZE_UNKNOWN, FROZEN, IMMATURE
from reservecheck.rules.asset_shortfall import RULE as SHORTFALL
from reservecheck.rules.locked_coins import RULE


def test_locked_coins_holds_where_nothing_is_known_to_be_locked() -> None:
    assert ask(RULE, inputs()) == [("holds", "warning", "nothing that was read is known to be locked")]


def test_locked_coins_breaks_for_frozen_tokens_and_immature_coinbases() -> None:
    cells = (
        cell(1, "btc-hot", BTC, 6_000 * 10**8, locked=1_250 * 10**8, locked_why=IMMATURE),
        cell(3, "eth-hot", TOKEN, 2_000 * 10**6, locked=2_000 * 10**6, locked_why=FROZEN),
    )
    assert ask(RULE, inputs(cells=cells)) == [
        ("breaks", "warning", f"btc-hot {BTC}: 1,250 BTC are there and do not count: immature coinbase"),
        (
            "breaks",
            "warning",
            f"eth-hot {TOKEN}: 2,000 USDT are there and do not count: frozen by the token's issuer",
        ),
    ]


def test_locked_coins_is_not_assessable_where_nobody_answered_for_a_freeze() -> None:
    unknown = cell(3, "eth-hot", TOKEN, 2_000 * 10**6, locked=2_000 * 10**6, locked_why=FREEZE_UNKNOWN)
    given = inputs(cells=(*CELLS[:3], unknown))
    said = f"eth-hot {TOKEN}: 2,000 USDT are there and do not count: {FREEZE_UNKNOWN}"
    assert ask(RULE, given) == [("not-assessable", "warning", said)]
    assert [outcome for outcome, _, _ in ask(SHORTFALL, given)][2] == "not-assessable"


def test_locked_coins_that_are_needed_are_a_shortfall_and_stay_in_the_broad_figure() -> None:
    frozen = cell(3, "eth-hot", TOKEN, 2_000 * 10**6, locked=2_000 * 10**6, locked_why=FROZEN)
    given = inputs(cells=(*CELLS[:3], frozen))
    assert [outcome for outcome, _, _ in ask(SHORTFALL, given)][2] == "breaks"
    usdt = next(asset for asset in position(given).assets if asset.asset == "USDT")
    assert (usdt.deciding.held, usdt.broad.held) == (600 * 10**18, 2_600 * 10**18)
