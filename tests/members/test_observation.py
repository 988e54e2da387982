from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from tests.assess.inputs_factory import BITCOIN, BTC, TOKEN, cell, observation, pin
from tests.members.records import cells, record

from reservecheck.members.codec import from_json
from reservecheck.members.observation import CELLS_HEADER, write_cells, write_pins
from reservecheck.members.rows import read_rows, unguarded
from reservecheck.model.evidence import Cell, Observation, OnChainDecimals, Pin


def test_one_row_a_cell_and_an_unread_one_has_no_units() -> None:
    rows = (
        cell(1, "btc-hot", BTC, 150_000_000, exchanges=(3, 12)),
        cell(2, "=b", BTC, None, reason="-", exchanges=(3, 12)),
        cell(3, "'c", TOKEN, 5, proof="state proof", locked=2, locked_why="frozen"),
    )
    assert write_cells(rows).decode().splitlines() == [
        "pin,label,instrument,units,status,reason,evidence,control,exchanges,proof,locked,locked_reason",
        "bitcoin:regtest@cutoff,btc-hot,bitcoin:regtest/native,150000000,read,,observed,signed,3 12,,,",
        "bitcoin:regtest@cutoff,'=b,bitcoin:regtest/native,,unread,'-,observed,signed,3 12,,,",
        f"eip155:31337@cutoff,''c,{TOKEN},5,read,,observed,signed,,state proof,2,frozen",
    ]


@given(st.lists(cells, max_size=4))
def test_whatever_a_cell_says_can_be_read_back_from_its_row(given_: list[Cell]) -> None:
    rows = list(read_rows(write_cells(given_), CELLS_HEADER, name="cells.csv.gz"))
    assert len(rows) == len(given_)
    for row, one in zip(rows, given_, strict=True):
        name, label, instrument, units, status, reason, evidence, control, exchanges, *more = row
        assert (name, instrument, status, evidence, control) == (
            one.pin,
            one.instrument,
            one.status,
            one.evidence,
            one.control,
        )
        assert (unguarded(label), unguarded(reason)) == (one.label, one.reason)
        assert (int(units) if units else None) == one.units
        assert tuple(map(int, exchanges.split())) == one.exchanges
        assert more == [one.proof, str(one.locked) if one.locked else "", one.locked_why]


@given(record(Observation, cells=st.just(())))
def test_pins_and_decimals_come_back(before: Observation) -> None:
    written = json.loads(write_pins(before))
    assert from_json(tuple[Pin, ...], written["pins"], where="pins") == before.pins
    assert from_json(tuple[OnChainDecimals, ...], written["decimals"], where="decimals") == before.decimals


def test_what_a_token_did_not_say_is_null() -> None:
    silent = OnChainDecimals(instrument=TOKEN, decimals=None, exchanges=(7,))
    written = json.loads(write_pins(observation(pins=(pin(BITCOIN),), decimals=(silent,))))
    assert written["decimals"] == [{"instrument": TOKEN, "decimals": None, "exchanges": [7]}]
    assert written["pins"][0]["id"] == "bitcoin:regtest@cutoff"
