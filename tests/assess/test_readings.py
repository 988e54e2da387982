from __future__ import annotations

import pytest
from tests.assess.inputs_factory import (
    BITCOIN,
    BTC,
    CELLS,
    CUTOFF_EPOCH,
    ETH,
    ETHEREUM,
    TOKEN,
    cell,
    inputs,
    instrument,
    observation,
    pin,
    registry,
)

from reservecheck.assess.readings import balance_root, readings
from reservecheck.model.evidence import OnChainDecimals
from reservecheck.model.registry import Registry

ALIAS = f"{ETHEREUM}/erc20:0x{'22' * 20}"
SECOND = f"{ETHEREUM}/erc20:0x{'33' * 20}"


def with_instruments(*rows: tuple[str, str, int | None, str]) -> Registry:
    base = registry()
    more = {name: instrument(name, of, decimals, same_balance_as=same) for name, of, decimals, same in rows}
    return registry(instruments={**base.instruments, **more})


def answered(**decimals: int | None) -> tuple[OnChainDecimals, ...]:
    names = {"token": TOKEN, "alias": ALIAS, "second": SECOND}
    return tuple(
        OnChainDecimals(instrument=names[name], decimals=said, exchanges=()) for name, said in decimals.items()
    )


def test_cells_that_were_read_count_with_the_digits_their_asset_is_finer() -> None:
    found = readings(inputs())
    assert found.counted == list(CELLS)
    assert found.asset_of == {BTC: ("BTC", 0), ETH: ("ETH", 0), TOKEN: ("USDT", 12)}
    assert found.unread == {}
    assert found.inexact == {}
    assert found.looked_at == {"BTC": 2, "ETH": 1, "USDT": 1}


@pytest.mark.parametrize(
    ("decimals", "reason"),
    [
        (answered(token=18), "decimals differ: registry 6, chain 18"),
        (answered(token=None), "the token did not answer decimals()"),
        ((), "the token did not answer decimals()"),
    ],
)
def test_a_token_whose_scale_the_chain_does_not_confirm_is_unread(
    decimals: tuple[OnChainDecimals, ...], reason: str
) -> None:
    found = readings(inputs(observation=observation(decimals=decimals)))
    assert [(row.label, row.instrument, row.reason) for row in found.unread["USDT"]] == [("eth-hot", TOKEN, reason)]
    assert TOKEN not in {row.instrument for row in found.counted}


@pytest.mark.parametrize(
    ("registered", "said", "outcome"),
    [
        (None, 6, ("USDT", 12)),
        (None, 18, ("USDT", 0)),
        (None, 19, "decimals do not fit: chain 19, the asset 18"),
    ],
)
def test_a_row_without_decimals_takes_those_of_the_chain(
    registered: int | None, said: int, outcome: tuple[str, int] | str
) -> None:
    book = with_instruments((TOKEN, "USDT", registered, ""))
    found = readings(inputs(registry=book, observation=observation(decimals=answered(token=said))))
    if isinstance(outcome, str):
        assert [row.reason for row in found.unread["USDT"]] == [outcome]
    else:
        assert found.asset_of[TOKEN] == outcome


def test_a_native_coin_without_decimals_is_unread() -> None:
    found = readings(inputs(registry=with_instruments((BTC, "BTC", None, ""))))
    assert {row.reason for row in found.unread["BTC"]} == {"the registry states no decimals for this coin"}


@pytest.mark.parametrize(
    ("units", "reason"),
    [(None, "timed out"), (10**30, "out of range"), (10**26, "out of range"), (-1, "out of range")],
)
def test_unread_and_unreasonable_amounts_are_listed_with_their_reason(units: int | None, reason: str) -> None:
    """O9: a negative amount is subtracted from nothing; account lines below zero exist on XRP alone."""
    found = readings(inputs(cells=(cell(3, "eth-hot", TOKEN, units, reason="timed out"),)))
    assert [row.reason for row in found.unread["USDT"]] == [reason]
    assert found.counted == []


def test_the_largest_amount_in_range_counts() -> None:
    found = readings(inputs(cells=(cell(3, "eth-hot", TOKEN, 10**26 - 1),)))
    assert len(found.counted) == 1


def test_an_unread_cell_without_a_reason_says_so() -> None:
    found = readings(inputs(cells=(cell(1, "btc-hot", BTC, None, reason=""),)))
    assert [row.reason for row in found.unread["BTC"]] == ["no reason recorded"]


def test_only_the_blocks_of_the_cutoff_are_summed() -> None:
    window = cell(1, "btc-hot", BTC, 10**12, pin=f"{BITCOIN}@window")
    assert readings(inputs(cells=(*CELLS, window))).counted == list(CELLS)


def test_one_holding_twice_in_the_observation_is_refused() -> None:
    with pytest.raises(ValueError, match="stands twice in the observation") as caught:
        readings(inputs(cells=(*CELLS, CELLS[0])))
    assert str(caught.value) == "bitcoin:regtest/native of 'btc-hot' stands twice in the observation"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"time": CUTOFF_EPOCH + 1}, "the block of bitcoin:regtest is after the cut-off"),
        ({"final": False}, "the block of bitcoin:regtest was not final"),
        ({"still_there": False}, "the block of bitcoin:regtest was not shown to be there still"),
    ],
)
def test_a_block_that_does_not_stand_makes_its_assets_inexact(changed: dict[str, object], why: str) -> None:
    seen = observation(pins=(pin(BITCOIN, **changed), pin(ETHEREUM)))
    assert readings(inputs(observation=seen)).inexact == {"BTC": why}


def test_a_network_without_a_block_makes_its_assets_inexact() -> None:
    seen = observation(pins=(pin(BITCOIN),))
    why = "there is no block for eip155:31337"
    assert readings(inputs(observation=seen)).inexact == {"ETH": why, "USDT": why}


def test_a_contract_address_of_the_native_coin_counts_once() -> None:
    book = with_instruments((ALIAS, "ETH", 18, ETH))
    cells = (cell(3, "eth-hot", ALIAS, 51 * 10**18), *CELLS)
    found = readings(inputs(registry=book, observation=observation(cells, decimals=answered(token=6, alias=18))))
    assert [row.instrument for row in found.counted if row.instrument in {ETH, ALIAS}] == [ETH]
    (again,) = found.counted_once
    assert (again.asset, again.instrument, again.counted, again.units) == ("ETH", ALIAS, ETH, 51 * 10**18)


def test_an_alias_counts_where_the_other_instrument_was_not_read() -> None:
    book = with_instruments((ALIAS, "ETH", 18, ETH))
    cells = (cell(3, "eth-hot", ALIAS, 7), cell(3, "eth-hot", ETH, None))
    found = readings(inputs(registry=book, observation=observation(cells, decimals=answered(alias=18))))
    assert [row.instrument for row in found.counted] == [ALIAS]
    assert found.counted_once == []


def test_two_aliases_of_one_balance_count_once() -> None:
    book = with_instruments((ALIAS, "ETH", 18, ETH), (SECOND, "ETH", 18, ETH))
    cells = (cell(3, "eth-hot", ALIAS, 7), cell(3, "eth-hot", SECOND, 7))
    found = readings(inputs(registry=book, observation=observation(cells, decimals=answered(alias=18, second=18))))
    assert [row.instrument for row in found.counted] == [ALIAS]
    assert [row.instrument for row in found.counted_once] == [SECOND]


@pytest.mark.parametrize(("locked", "counts"), [(4, 3), (7, 0), (9, 0), (0, 7)])
def test_what_is_locked_is_put_aside_and_never_more_than_there_is(locked: int, counts: int) -> None:
    one = cell(1, "btc-hot", BTC, 7, locked=locked, locked_why="immature coinbase")
    found = readings(inputs(cells=(one,)))
    assert [row.units for row in found.counted] == [counts]
    assert [(row.units, row.locked) for row in found.locked] == ([(min(locked, 7),) * 2] if locked else [])


def test_what_one_instrument_of_a_balance_shows_as_locked_is_locked_in_the_other() -> None:
    book = with_instruments((ALIAS, "ETH", 17, ETH), (SECOND, "ETH", 18, ETH))
    alias = cell(3, "eth-hot", ALIAS, 7, locked=7, locked_why="frozen")
    cells = (
        cell(3, "eth-hot", ETH, 75, locked=1, locked_why="other"),
        alias,
        cell(3, "eth-hot", SECOND, 75, locked=2),
    )
    found = readings(inputs(registry=book, observation=observation(cells, decimals=answered(alias=17, second=18))))
    assert [(row.instrument, row.units) for row in found.counted] == [(ETH, 5)]
    assert [(row.instrument, row.units, row.locked_why) for row in found.locked] == [(ETH, 70, "frozen")]
    finer = with_instruments((ALIAS, "ETH", 18, TOKEN), (TOKEN, "ETH", 17, ""))
    two = (cell(3, "eth-hot", TOKEN, 8), cell(3, "eth-hot", ALIAS, 71, locked=71, locked_why="frozen"))
    found = readings(inputs(registry=finer, observation=observation(two, decimals=answered(alias=18, token=17))))
    assert [row.units for row in found.locked] == [8]


def test_rows_that_name_each_other_have_one_root() -> None:
    book = with_instruments((ALIAS, "ETH", 18, SECOND), (SECOND, "ETH", 18, ALIAS))
    assert balance_root(ALIAS, book) == balance_root(SECOND, book) == min(ALIAS, SECOND)


def test_a_root_may_be_an_instrument_the_registry_lacks() -> None:
    assert balance_root(ALIAS, with_instruments((ALIAS, "ETH", 18, "elsewhere"))) == "elsewhere"
