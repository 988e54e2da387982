from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assess.inputs_factory import (
    BITCOIN,
    BTC,
    CELLS,
    ETHEREUM,
    TOKEN,
    WALLETS,
    books,
    cell,
    custodian,
    engagement,
    inputs,
    instrument,
    liabilities,
    observation,
    owed,
    pin,
    registry,
    wallet,
)

from reservecheck.assess.positions import position
from reservecheck.model.assessment import AssetPosition, Inputs
from reservecheck.model.books import Reconciling
from reservecheck.model.engagement import Accept, Deciding
from reservecheck.model.words import Bound, Control, Evidence, Owner

COIN = 10**8


def btc(given_: Inputs) -> AssetPosition:
    return next(found for found in position(given_).assets if found.asset == "BTC")


def excluded(found: AssetPosition) -> dict[str, int]:
    return {row.reason: row.amount for row in found.excluded}


def test_three_views_of_one_asset_stand_side_by_side() -> None:
    found = btc(inputs())
    assert (found.owed, found.deciding.held, found.segregated.held, found.broad.held) == (
        98 * COIN,
        100 * COIN,
        100 * COIN,
        130 * COIN,
    )
    assert found.deciding.ratio == Fraction(100, 98)
    assert found.broad.ratio == Fraction(130, 98)
    assert (found.shortfall, found.surplus, found.deciding.bound) == (0, 2 * COIN, Bound.EXACT)
    assert excluded(found) == {"house or mixed wallet": 30 * COIN}


def test_gross_decides_and_the_rest_of_what_is_owed_stands_beside_it() -> None:
    lines = (owed("BTC", 60, negative=5, house=1, class_="spot"), owed("BTC", 40, negative=2, class_="earn"))
    found = btc(inputs(books=books(liabilities=liabilities(lines))))
    assert (found.owed, found.owed_gross, found.owed_negative, found.owed_net, found.owed_house) == (
        100,
        100,
        7,
        93,
        1,
    )


def test_nothing_owed_has_no_ratio() -> None:
    found = btc(inputs(books=books(liabilities=liabilities([owed("ETH", 1)]))))
    assert (found.deciding.ratio, found.segregated.ratio, found.broad.ratio) == (None, None, None)
    assert found.deciding.bound is Bound.EXACT


def test_an_unread_cell_makes_the_ratio_a_lower_bound() -> None:
    cells = (*CELLS[:1], cell(2, "btc-treasury", BTC, None), *CELLS[2:])
    found = btc(inputs(cells=cells))
    assert (found.deciding.bound, found.deciding.ratio) == (Bound.AT_LEAST, Fraction(100, 98))
    assert [row.label for row in found.unread] == ["btc-treasury"]


def test_where_nothing_of_an_asset_was_read_there_is_no_lower_bound() -> None:
    cells = (cell(1, "btc-hot", BTC, None), cell(2, "btc-treasury", BTC, None), *CELLS[2:])
    found = btc(inputs(cells=cells))
    assert (found.deciding.bound, found.deciding.ratio, found.broad.ratio) == (Bound.UNKNOWN, None, None)
    assert found.why == "none of its holdings was read"


def test_without_a_block_the_ratio_is_not_known() -> None:
    cells = (cell(1, "btc-hot", BTC, None), *CELLS[2:])
    found = btc(inputs(observation=observation(cells, pins=(pin(ETHEREUM),))))
    assert (found.deciding.bound, found.deciding.ratio) == (Bound.UNKNOWN, None)
    assert found.why == "there is no block for bitcoin:regtest"


def test_outside_the_perimeter_nobody_looked_and_nothing_is_zero() -> None:
    found = btc(inputs(engagement=engagement(assets=("ETH", "USDT")), cells=CELLS[2:]))
    assert (found.deciding.bound, found.deciding.ratio, found.broad.ratio) == (Bound.UNKNOWN, None, None)
    assert found.why == "it is outside the perimeter, so nobody looked for it"


def test_coins_nobody_accepted_the_owner_of_do_not_decide() -> None:
    found = btc(inputs(engagement=engagement(accept=Accept())))
    assert excluded(found) == {"owner as declared, not accepted": 100 * COIN, "house or mixed wallet": 30 * COIN}
    assert (found.deciding.held, found.demonstrable, found.shortfall) == (0, 100 * COIN, 98 * COIN)


def test_declared_observed_and_controlled_are_nested() -> None:
    cells = (
        cell(1, "btc-hot", BTC, 5, control=Control.UNDEMONSTRATED),
        cell(2, "btc-treasury", BTC, 7, evidence=Evidence.CLAIMED),
        cell(5, "btc-cold", BTC, 11, control=Control.MOVED, evidence=Evidence.PROVEN),
    )
    found = btc(inputs(wallets=(*WALLETS, wallet(5, "btc-cold", BITCOIN, "0014cc")), cells=cells))
    assert (found.declared, found.observed, found.controlled) == (23, 16, 11)
    assert found.by_evidence == {
        Evidence.CLAIMED: 7,
        Evidence.OBSERVED: 5,
        Evidence.CORROBORATED: 0,
        Evidence.PROVEN: 11,
    }
    assert found.by_control == {
        Control.UNDEMONSTRATED: 5,
        Control.SIGNED: 7,
        Control.MOVED: 11,
        Control.CONFIRMED: 0,
    }


def test_a_letter_makes_a_statement_observed_and_controlled() -> None:
    usdt = next(found for found in position(inputs()).assets if found.asset == "USDT")
    assert usdt.declared == usdt.observed == usdt.controlled == 2_600 * 10**18
    assert usdt.by_instrument == {TOKEN: 2_000 * 10**18, "statement/vault": 600 * 10**18}


@pytest.mark.parametrize(("pledged", "deciding", "taken"), [(40, 60, 40), (500, 0, 100)])
def test_pledged_coins_come_off_what_decides(pledged: int, deciding: int, taken: int) -> None:
    row = Reconciling(kind="loan", asset="BTC", units=pledged * COIN, reference="a lender")
    other = Reconciling(kind="loan", asset="ETH", units=1, reference="a lender")
    found = btc(inputs(books=books(encumbrances=(row, other))))
    assert found.deciding.held == deciding * COIN
    assert excluded(found)["encumbered"] == taken * COIN


def test_pledged_coins_cannot_be_made_good_by_showing_more_of_the_same() -> None:
    row = Reconciling(kind="loan", asset="BTC", units=10 * COIN, reference="a lender")
    found = btc(inputs(books=books(encumbrances=(row,)), engagement=engagement(accept=Accept())))
    assert found.demonstrable == 90 * COIN
    assert "encumbered" not in excluded(found)


def test_a_balance_shown_twice_adds_nothing_and_is_named() -> None:
    alias = f"{ETHEREUM}/erc20:0x{'22' * 20}"
    rows = {**registry().instruments, alias: instrument(alias, "USDT", 6, same_balance_as=TOKEN)}
    seen = observation((*CELLS, cell(3, "eth-hot", alias, 2_000 * 10**6)))
    said = (*seen.decimals, seen.decimals[0].__class__(instrument=alias, decimals=6, exchanges=()))
    given_ = inputs(registry=registry(instruments=rows), observation=observation(seen.cells, decimals=said))
    usdt = next(found for found in position(given_).assets if found.asset == "USDT")
    assert usdt.broad.held == 2_600 * 10**18
    assert excluded(usdt) == {f"same balance as {TOKEN}": 0}


OWNERS = st.sampled_from(list(Owner))
UNITS = st.integers(min_value=0, max_value=10**20)
POLICIES = st.builds(
    Deciding,
    owner=st.sampled_from(["customers", "all"]),
    evidence=st.sampled_from(list(Evidence)[1:]),
    control=st.sampled_from(list(Control)),
)
KINDS = st.tuples(UNITS, OWNERS, st.sampled_from(list(Evidence)), st.sampled_from(list(Control)), st.booleans())


@given(
    rows=st.lists(KINDS, max_size=8),
    policy=POLICIES,
    accepted=st.booleans(),
    statement_units=UNITS,
    pledged=UNITS,
)
def test_every_unit_either_decides_or_is_excluded_for_one_reason(
    rows: list[tuple[int, Owner, Evidence, Control, bool]],
    policy: Deciding,
    accepted: bool,  # noqa: FBT001  # hypothesis draws it by name
    statement_units: int,
    pledged: int,
) -> None:
    lines, cells = list(WALLETS), []
    for line, (units, owner, evidence, control, read) in enumerate(rows, start=5):
        lines.append(wallet(line, f"w{line}", BITCOIN, f"{line:04x}", owner=owner))
        cells.append(cell(line, f"w{line}", BTC, units if read else None, evidence=evidence, control=control))
    found = btc(
        inputs(
            wallets=tuple(lines),
            cells=cells,
            engagement=engagement(deciding=policy, accept=Accept(owner=accepted)),
            books=books(
                custodians=(custodian("vault", "BTC", statement_units),),
                encumbrances=(Reconciling(kind="loan", asset="BTC", units=pledged, reference="a lender"),),
            ),
        )
    )
    assert found.deciding.held + sum(row.amount for row in found.excluded) == found.broad.held
    assert found.deciding.held <= found.broad.held
    assert found.segregated.held <= found.broad.held
    assert found.controlled <= found.observed <= found.declared == found.broad.held
    assert sum(found.by_evidence.values()) == sum(found.by_control.values()) == found.broad.held
    assert sum(found.by_instrument.values()) == found.broad.held
    assert found.shortfall * found.surplus == 0


def test_a_dead_chain_beside_a_read_one_leaves_a_lower_bound() -> None:
    cells = (*CELLS[:1], cell(2, "btc-cold", BTC, None, pin="bitcoin:testnet4@cutoff"), *CELLS[2:])
    found = btc(inputs(observation=observation(cells)))
    assert found.deciding.bound is Bound.AT_LEAST
