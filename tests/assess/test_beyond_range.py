"""What stands beyond the range of a descriptor is seen, and counts nowhere towards a pass."""

from __future__ import annotations

from tests.assess.inputs_factory import BITCOIN, BTC, CELLS, WALLETS, cell, inputs, wallet

from reservecheck.assess.beyond_range import beyond_range
from reservecheck.assess.owners import BEYOND_RANGE, BURNED, OWN_CONTRACT, tags, unspendable
from reservecheck.assess.positions import position
from reservecheck.model.assessment import AssetPosition, BeyondRange, Excluded, FoundBeyond, UnreadCell
from reservecheck.model.words import Owner, WalletKind

FURTHER = wallet(10, "cold/1/12", BITCOIN, "0014cc", kind=WalletKind.BEYOND_RANGE)


def bitcoin(units: int | None) -> tuple[AssetPosition, BeyondRange]:
    found = cell(10, "cold/1/12", BTC, units, reason="" if units is not None else "the node died")
    there = position(inputs(wallets=(*WALLETS, FURTHER), cells=(*CELLS, found)))
    return next(asset for asset in there.assets if asset.asset == "BTC"), there.beyond_range


def test_coins_there_are_left_out_by_that_reason_and_change_nothing_that_decides() -> None:
    without = next(asset for asset in position(inputs()).assets if asset.asset == "BTC")
    btc, beyond = bitcoin(5)
    assert btc.deciding == without.deciding
    assert btc.lines == without.lines
    assert btc.broad.held == without.broad.held + 5
    assert set(btc.excluded) == {*without.excluded, Excluded(reason=BEYOND_RANGE, amount=5)}
    assert beyond == BeyondRange(
        looked_at=1,
        found=(FoundBeyond(label="cold", instrument=BTC, asset="BTC", units=5, scripts=1, first="cold/1/12"),),
    )


def test_a_script_there_that_was_not_read_makes_no_ratio_a_lower_bound() -> None:
    without = next(asset for asset in position(inputs()).assets if asset.asset == "BTC")
    btc, beyond = bitcoin(None)
    assert (btc.deciding, btc.unread) == (without.deciding, without.unread)
    assert beyond.unread == (UnreadCell(label="cold/1/12", instrument=BTC, reason="the node died"),)


def test_it_is_no_wallet_that_nobody_can_spend_from() -> None:
    registry = inputs().registry
    by_line = tags((*WALLETS, FURTHER), registry)
    assert by_line[10].flag == BEYOND_RANGE
    assert by_line[10].owner is Owner.CUSTOMERS
    assert unspendable((*WALLETS, FURTHER), by_line) == ()
    assert BEYOND_RANGE not in {BURNED, OWN_CONTRACT}


def test_units_are_those_of_the_asset() -> None:
    cells = [(cell(10, "cold/12", BTC, 5), ""), (cell(11, "cold/13", BTC, 6), ""), (cell(12, "b/1", BTC, 7), "")]
    found = beyond_range(cells, {BTC: ("BTC", 2)}).found
    assert [(one.label, one.units, one.scripts) for one in found] == [("b", 700, 1), ("cold", 1100, 2)]
