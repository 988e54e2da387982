from __future__ import annotations

from importlib.resources import files

from reservecheck.money import parse_amount
from reservecheck.registry.shipped import load_registry
from reservecheck.registry.supply import most_there_can_be


def test_every_row_is_of_a_registered_coin_and_says_where_it_is_from() -> None:
    assets = load_registry().assets
    assert {assets[asset].kind for asset in most_there_can_be()} == {"coin"}
    rows = (
        files("reservecheck.registry").joinpath("data", "supply.csv").read_text(encoding="utf-8").splitlines()[1:]
    )
    assert len(rows) == len(most_there_can_be())
    assert all(row.split(",", 2)[2] for row in rows)
    assert all(parse_amount(row.split(",")[1], 0) > 0 for row in rows)


def test_bitcoins_end_is_the_sum_of_its_rewards_rounded_up_to_whole_coins() -> None:
    rewards = sum(210_000 * (50 * 10**8 >> era) for era in range(33))
    assert rewards <= most_there_can_be()["BTC"] * 10**8 < rewards + 10**8
    assert most_there_can_be()["LTC"] == 4 * most_there_can_be()["BTC"]
