from __future__ import annotations

import pytest
from tests.assess.inputs_factory import ETHEREUM, TOKEN, books, inputs, instrument, liabilities, owed, registry
from tests.rules.asking import ask

from reservecheck.rules.instrument_not_shipped import RULE


def test_instrument_not_shipped_shows_the_share_of_what_is_held() -> None:
    rows = {**registry().instruments, TOKEN: instrument(TOKEN, "USDT", 6, origin="engagement")}
    assert ask(RULE, inputs(registry=registry(instruments=rows))) == [
        (
            "breaks",
            "note",
            f"{TOKEN} counts as USDT because the engagement says so: 2,000, 76.93 % (rounded up) of all USDT held",
        )
    ]


@pytest.mark.parametrize(
    ("name", "shown"), [("BTC", "0, 0.00 % of all BTC held"), ("KDE", "0, 0.00 % of all KDE held")]
)
def test_instrument_not_shipped_shows_what_nothing_is_held_of(name: str, shown: str) -> None:
    added = f"{ETHEREUM}/erc20:0x99"
    rows = {**registry().instruments, added: instrument(added, name, 8, origin="engagement")}
    register = books(liabilities=liabilities([owed("KDE", 1)]))
    (said,) = ask(RULE, inputs(registry=registry(instruments=rows), books=register))
    assert said[2].endswith(shown)


def test_instrument_not_shipped_has_nothing_to_say_of_an_asset_nobody_holds_or_owes() -> None:
    added = f"{ETHEREUM}/erc20:0x99"
    rows = {**registry().instruments, added: instrument(added, "KDE", 8, origin="engagement")}
    assert ask(RULE, inputs(registry=registry(instruments=rows)))[0][0] == "not-applicable"


def test_instrument_not_shipped_holds_where_all_rows_ship() -> None:
    assert ask(RULE, inputs()) == [("holds", "note", "everything counts through shipped instruments")]
