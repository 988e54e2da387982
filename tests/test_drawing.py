from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reservecheck.books.confirmations import COLUMNS, NO_REPLY, read_confirmations
from reservecheck.books.drawn_customers import answers_of
from reservecheck.books.register import Location
from reservecheck.commitment.building import build
from reservecheck.commitment.columns import Columns, Row, of_rows
from reservecheck.commitment.draw import Lot, draw
from reservecheck.commitment.scheme import Scope
from reservecheck.commitment.tree import Tree
from reservecheck.drawing import DrawnAsset, draw_list
from reservecheck.errors import CommitmentError
from reservecheck.model.confirmations import Answers, DrawnBy, ReadFrom
from reservecheck.money import format_amount
from reservecheck.registry.shipped import load_registry

SECRET = bytes(range(32))
LOT = Lot(commitment=bytes([0xCC]) * 32, block=bytes([0xBB]) * 32, method="amount", size=20)
BY = DrawnBy(
    commitment="cc" * 32,
    network="bitcoin:regtest",
    height=120,
    block="bb" * 32,
    time="2018-09-20T09:00:00Z",
    read_from=ReadFrom.OWN,
)
ODD = ["=1+1", "'quoted", "a,b", 'say "so"', "two\nlines", "cr\rhere", " blanks ", "zoë", "'", "-5"]


def made(asset: str, decimals: int, rows: list[Row]) -> tuple[Tree, Columns]:
    scope = Scope(snapshot="nami/2018", asset=asset, decimals=decimals, height=6)
    return build(rows, scope, SECRET), of_rows(rows)


BTC = made("BTC", 8, [Row(f"user-{number}", 10**8 + number) for number in range(60)])
ETH = made("ETH", 18, [Row(customer, 10**18 * (1 + number)) for number, customer in enumerate(ODD)])
NOTHING = made("USDT", 6, [Row("nobody", 0)])


def test_a_list_has_a_row_a_customer_and_is_read_as_it_was_drawn(tmp_path: Path) -> None:
    drawn = draw_list([BTC, ETH, NOTHING], SECRET, LOT, BY)
    (tmp_path / "confirmations.csv").write_bytes(drawn.data)
    found, _ = read_confirmations(Location(tmp_path, "confirmations.csv"), load_registry().assets, as_of=None)
    assert found.drawn_by == BY
    assert [row.number for row in found.asked] == list(range(1, drawn.customers + 1))
    assert {row.answer for row in found.asked} == {NO_REPLY}
    for tree, _ in (BTC, ETH, NOTHING):
        mine = [row for row in found.asked if row.asset == tree.scope.asset]
        assert answers_of(tree, SECRET, LOT, mine) == Answers(
            asset=tree.scope.asset, draws=20, agreed=0, via_entity=0, differing=0, no_reply=len(mine)
        )
    assert drawn.assets == (
        DrawnAsset(asset="BTC", draws=20, customers=len(draw(BTC[0], LOT))),
        DrawnAsset(asset="ETH", draws=20, customers=len(draw(ETH[0], LOT))),
        DrawnAsset(asset="USDT", draws=0, customers=0),
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), st.integers(1, 9)),
    st.integers(1, 30),
)
def test_whatever_customers_are_called_a_list_is_read_as_it_was_drawn(
    tmp_path: Path, owed: dict[str, int], size: int
) -> None:
    rows = [Row(normalize("NFC", customer), units) for customer, units in owed.items()]
    if len({row.customer for row in rows}) < len(rows) or not rows:
        return
    tree, columns = made("BTC", 8, rows[:64])
    lot = replace(LOT, size=size)
    (tmp_path / "confirmations.csv").write_bytes(draw_list([(tree, columns)], SECRET, lot, BY).data)
    found, _ = read_confirmations(Location(tmp_path, "confirmations.csv"), load_registry().assets, as_of=None)
    answers = answers_of(tree, SECRET, lot, found.asked)
    assert (answers.no_reply, answers.is_drawn) == (len(found.asked), True)


def test_the_columns_of_answers_are_empty_and_those_of_the_draw_are_not() -> None:
    rows = list(csv.reader(draw_list([BTC], SECRET, LOT, BY).data.decode().splitlines()))
    assert tuple(rows[0]) == COLUMNS
    first = draw(BTC[0], LOT)[0]
    assert rows[1][0:2] == ["1", "BTC"]
    assert rows[1][3:] == [
        format_amount(first.units, 8),
        str(first.hits),
        *[""] * 5,
        *("cc" * 32, "bitcoin:regtest", "120", "bb" * 32, "2018-09-20T09:00:00Z", "own-source"),
    ]


def test_no_cell_is_anything_a_spreadsheet_would_run() -> None:
    text = draw_list([ETH], SECRET, LOT, BY).data.decode()
    customers = [row[2] for row in csv.reader(StringIO(text, newline=""))]
    assert not [customer for customer in customers if customer[:1] in {"=", "+", "-", "@"}]


def test_rows_that_are_not_those_of_the_tree_are_refused() -> None:
    others = of_rows([Row(f"user-{number}", 10**8) for number in range(60)])
    with pytest.raises(CommitmentError) as caught:
        draw_list([(BTC[0], others)], SECRET, LOT, BY)
    assert caught.value.message.startswith("BTC: ")
    assert "of the leaves drawn are of no customer in the rows" in caught.value.message
