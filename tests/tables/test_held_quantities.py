from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.errors import MoneyError
from reservecheck.model.evidence import Cell
from reservecheck.model.words import CellStatus, Control, Evidence
from reservecheck.tables import holdings

USDT_6 = "eip155:31337/erc20:0x" + "a" * 40
USDT_18 = "eip155:31338/erc20:0x" + "b" * 40
ASSETS = {USDT_6: ("USDT", 12), USDT_18: ("USDT", 0)}


def cell(line: int, units: int | None, instrument: str = USDT_6, evidence: Evidence = Evidence.OBSERVED) -> Cell:
    return Cell(
        pin="p",
        line=line,
        label=f"w{line}",
        instrument=instrument,
        units=units,
        status=CellStatus.UNREAD if units is None else CellStatus.READ,
        reason="",
        evidence=evidence,
        control=Control.SIGNED,
        exchanges=(),
    )


def test_units_are_scaled_to_the_asset_and_grouped_by_what_stands_behind_them() -> None:
    cells = [cell(1, 5), cell(2, 7), cell(3, 1), cell(1, 9, USDT_18), cell(2, None)]
    cells.append(cell(1, 3, evidence=Evidence.PROVEN))
    assert holdings(cells, {1: "customers", 2: "customers", 3: "house"}, ASSETS) == {
        ("USDT", USDT_6, "customers", "observed", "signed"): 12 * 10**12,
        ("USDT", USDT_6, "customers", "proven", "signed"): 3 * 10**12,
        ("USDT", USDT_6, "house", "observed", "signed"): 10**12,
        ("USDT", USDT_18, "customers", "observed", "signed"): 9,
    }


def test_nothing_read_is_nothing_held_and_unread_is_not_listed_as_zero() -> None:
    assert holdings([cell(1, None)], {1: "customers"}, ASSETS) == {}
    assert holdings([], {}, {}) == {}


@given(st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.integers(0, 10**36)), max_size=20))
def test_sums_equal_those_of_python_integers(rows: list[tuple[int, int]]) -> None:
    expected: Counter[str] = Counter()
    for line, units in rows:
        expected[f"owner-{line}"] += units
    owners = {line: f"owner-{line}" for line in (1, 2, 3)}
    held = holdings([cell(line, units, USDT_18) for line, units in rows], owners, ASSETS)
    assert {key[2]: units for key, units in held.items()} == expected


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([cell(9, 5)], "a cell was read for the line 9, which has no owner"),
        ([cell(1, 5, "x/native")], "a cell was read for the instrument x/native, which has no asset"),
        ([cell(1, 5)._replace(units=None)], f"the cell of 'w1' and {USDT_6} was read, but has no amount"),
        (
            [cell(1, 10**38)],
            f"the cell of 'w1' and {USDT_6} was read, but has an amount of 10^38 units or more",
        ),
        ([cell(1, 10**26)], "the amount is out of range: 10^38 smallest units or more"),
        ([cell(1, 10**38 - 1, USDT_18)] * 2, "the amount is out of range: 10^38 smallest units or more"),
    ],
)
def test_what_cannot_be_summed_exactly_is_refused(cells: list[Cell], message: str) -> None:
    with pytest.raises(MoneyError) as caught:
        holdings(cells, {1: "customers"}, ASSETS)
    assert str(caught.value) == message


def test_an_instrument_finer_than_its_asset_is_refused() -> None:
    with pytest.raises(MoneyError, match=r"has more decimals than USDT: it cannot be scaled without rounding$"):
        holdings([cell(1, 1)], {1: "customers"}, {USDT_6: ("USDT", -1)})


def test_fifty_thousand_cells_take_well_below_a_second() -> None:
    cells = [cell(line, line) for line in range(1, 50_001)]
    owners = dict.fromkeys(range(1, 50_001), "customers")
    start = time.process_time()
    held = holdings(cells, owners, ASSETS)
    assert time.process_time() - start < 1
    assert list(held.values()) == [50_000 * 50_001 // 2 * 10**12]
