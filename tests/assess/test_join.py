from __future__ import annotations

from tests.assess.inputs_factory import (
    BITCOIN,
    BTC,
    CELLS,
    ETH,
    ETHEREUM,
    TOKEN,
    WALLETS,
    books,
    cell,
    inputs,
    wallet,
)

from reservecheck.assess.join import join
from reservecheck.model.words import Control, Evidence, Owner


def test_holdings_alike_are_one_parcel_and_others_are_apart() -> None:
    lines = (*WALLETS, wallet(5, "btc-hot-2", BITCOIN, "0014cc"))
    cells = (*CELLS, cell(5, "btc-hot-2", BTC, 7 * 10**8))
    parcels = [parcel for parcel in join(inputs(wallets=lines, cells=cells)).parcels if parcel.asset == "BTC"]
    assert [(parcel.owner, parcel.units) for parcel in parcels] == [
        (Owner.CUSTOMERS, 107 * 10**8),
        (Owner.HOUSE, 30 * 10**8),
    ]
    assert {(parcel.evidence, parcel.control) for parcel in parcels} == {(Evidence.OBSERVED, Control.SIGNED)}


def test_amounts_are_in_the_assets_units_and_statements_stand_beside_chains() -> None:
    parcels = [parcel for parcel in join(inputs()).parcels if parcel.asset == "USDT"]
    assert sorted(parcel.units for parcel in parcels) == [600 * 10**18, 2_000 * 10**18]
    assert join(inputs()).lines == {"BTC": 2, "ETH": 1, "USDT": 2}


def test_a_holding_declared_twice_takes_the_least_favourable_owner() -> None:
    again = wallet(5, "btc-hot-again", BITCOIN, "0014aa", owner=Owner.HOUSE, duplicate_of=1)
    joined = join(inputs(wallets=(*WALLETS, again)))
    assert [parcel.owner for parcel in joined.parcels if parcel.asset == "BTC"] == [Owner.HOUSE]
    assert [duplicate.labels for duplicate in joined.duplicates] == [("btc-hot", "btc-hot-again")]


def test_unspendable_wallets_keep_their_reason_in_the_parcel() -> None:
    burn = wallet(5, "burn", ETHEREUM, "0x" + "00" * 20)
    joined = join(inputs(wallets=(*WALLETS, burn), cells=(cell(5, "burn", ETH, 9),)))
    (parcel,) = (parcel for parcel in joined.parcels if parcel.asset == "ETH")
    assert (parcel.owner, parcel.flag) == (Owner.CUSTOMERS, "it is nobody's own")
    assert [row.label for row in joined.unspendable] == ["burn"]


def test_an_account_without_a_figure_is_an_unread_line_of_no_asset() -> None:
    joined = join(inputs(books=books(custodians=None, letters=None)))
    assert [line.label for line in joined.unread_lines] == ["vault"]
    assert joined.unread == {}


def test_an_account_without_a_figure_belongs_to_the_asset_a_letter_names() -> None:
    joined = join(inputs(books=books(custodians=None)))
    assert [line.label for line in joined.unread["USDT"]] == ["vault"]
    assert joined.unread_lines == ()


def test_what_nobody_can_spend_is_a_parcel_of_its_own_that_keeps_its_reason() -> None:
    cells = (cell(1, "btc-hot", BTC, 10, locked=4, locked_why="immature coinbase"),)
    parcels = [parcel for parcel in join(inputs(cells=cells)).parcels if parcel.asset == "BTC"]
    assert sorted((parcel.flag, parcel.units) for parcel in parcels) == [("", 6), ("immature coinbase", 4)]


def test_more_than_there_is_cannot_be_locked() -> None:
    cells = (cell(1, "btc-hot", BTC, 3, locked=4, locked_why="frozen"), cell(3, "eth-hot", ETH, 0, locked=1))
    found = [(parcel.asset, parcel.flag, parcel.units) for parcel in join(inputs(cells=cells)).parcels]
    assert [one for one in found if one[0] in {"BTC", "ETH"}] == [
        ("BTC", "", 0), ("BTC", "frozen", 3), ("ETH", "", 0),
    ]  # fmt: skip


def test_locked_coins_of_a_burn_address_are_burned_before_they_are_locked() -> None:
    burn = wallet(5, "burn", ETHEREUM, "0x" + "00" * 20)
    cells = (cell(5, "burn", ETH, 9, locked=9, locked_why="frozen"),)
    parcels = [parcel for parcel in join(inputs(wallets=(*WALLETS, burn), cells=cells)).parcels if parcel.units]
    assert [parcel.flag for parcel in parcels if parcel.asset == "ETH"] == ["it is nobody's own"]


def test_locked_units_are_a_parcel_of_their_own_and_are_shown_in_the_assets_units() -> None:
    frozen = cell(3, "eth-hot", TOKEN, 5, locked=2, locked_why="frozen by the token's issuer")
    joined = join(inputs(cells=(frozen,)))
    parcels = [(one.flag, one.units) for one in joined.parcels if one.instrument == TOKEN]
    assert parcels == [("", 3 * 10**12), ("frozen by the token's issuer", 2 * 10**12)]
    (shown,) = joined.locked
    assert (shown.asset, shown.label, shown.instrument, shown.units) == ("USDT", "eth-hot", TOKEN, 2 * 10**12)
    assert shown.reason == "frozen by the token's issuer"


def test_locked_units_on_a_burn_address_keep_the_worse_reason() -> None:
    burn = wallet(5, "burn", ETHEREUM, "0x" + "00" * 20)
    cells = (cell(5, "burn", TOKEN, 9, locked=9, locked_why="frozen"),)
    flags = {
        one.flag
        for one in join(inputs(wallets=(*WALLETS, burn), cells=cells)).parcels
        if one.units and one.instrument == TOKEN
    }
    assert flags == {"it is nobody's own"}
