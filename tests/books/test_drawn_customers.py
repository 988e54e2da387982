from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reservecheck.books.confirmations import Asked, AskedList
from reservecheck.books.drawn_customers import Counting, answers_of, can_be_counted
from reservecheck.commitment.building import build
from reservecheck.commitment.columns import Row, of_rows
from reservecheck.commitment.draw import Lot, draw
from reservecheck.commitment.leaf_owners import owners
from reservecheck.commitment.scheme import Scope
from reservecheck.model.committed import DrawStated
from reservecheck.model.confirmations import Answers, DrawnBy, ReadFrom

SECRET = bytes(range(32))
ROWS = [Row(f"user-{number}", 1_000 + number) for number in range(200)]
TREE = build(ROWS, Scope(snapshot="s", asset="BTC", decimals=8, height=8), SECRET)
LOT = Lot(commitment=bytes(32), block=bytes([7]) * 32, method="amount", size=30)
DRAWN = draw(TREE, LOT)
CUSTOMERS = owners(TREE, of_rows(ROWS), SECRET, [one.index for one in DRAWN])
LIST = [
    Asked(number=number, asset="BTC", customer=CUSTOMERS[one.index], units=one.units, hits=one.hits,
          answer="agrees", stated=one.units, channel="direct")
    for number, one in enumerate(DRAWN, 1)
]  # fmt: skip
BY = DrawnBy(
    commitment="00" * 32, network="bitcoin:regtest", height=9, block="07" * 32, time="", read_from=ReadFrom.TYPED
)
NONE = Answers(asset="BTC", draws=30, agreed=0, via_entity=0, differing=0, no_reply=0)


def answers(*rows: Asked) -> Answers:
    return answers_of(TREE, SECRET, LOT, rows)


def test_a_list_of_all_that_were_drawn_agrees() -> None:
    found = answers(*LIST)
    assert found == replace(NONE, agreed=len(LIST))
    assert found.all_agreed
    assert answers(*reversed(LIST)) == found


def test_an_answer_by_way_of_the_entity_counts_apart() -> None:
    assert answers(*LIST[1:], replace(LIST[0], channel="via-entity")) == replace(
        NONE, agreed=len(LIST) - 1, via_entity=1
    )


def test_who_did_not_reply_is_counted() -> None:
    silent = [replace(row, answer="no-reply", stated=0, channel="") for row in LIST[:4]]
    assert answers(*silent, *LIST[4:]) == replace(NONE, agreed=len(LIST) - 4, no_reply=4)


def test_differences_are_summed_by_direction_and_never_one_customers_alone() -> None:
    first, second, third = LIST[:3]
    more = [replace(row, answer="differs", stated=row.units + 10) for row in (first, second)]
    less = replace(third, answer="differs", stated=0, channel="via-entity")
    expected = replace(NONE, agreed=len(LIST) - 3, differing=3, owed_more=20, owed_less=None)
    assert answers(*more, less, *LIST[3:]) == expected
    one = replace(NONE, agreed=len(LIST) - 1, differing=1, owed_more=None)
    assert answers(more[0], *LIST[1:]) == one


@pytest.mark.parametrize(
    "swapped",
    [
        {"customer": "user-0-of-ours"},
        {"units": LIST[0].units + 1, "stated": LIST[0].units + 1},
        {"hits": LIST[0].hits + 1},
    ],
)
def test_a_row_that_was_swapped_is_added_and_the_one_drawn_is_left_out(swapped: dict[str, Any]) -> None:
    other = replace(LIST[0], **swapped)
    assert answers(other, *LIST[1:]) == replace(NONE, agreed=len(LIST) - 1, left_out=1, added=1)


def test_a_customer_who_was_not_drawn_is_added() -> None:
    row = next(row for row in ROWS if row.customer not in CUSTOMERS.values())
    extra = replace(LIST[0], customer=row.customer, units=row.units, stated=row.units)
    assert answers(extra, *LIST) == replace(NONE, agreed=len(LIST), added=1)


def test_one_who_agrees_twice_hides_nobody() -> None:
    first = LIST[0]
    other = next(row for row in LIST[1:] if row.hits == first.hits)
    twice = [replace(first, number=other.number) if row is other else row for row in LIST]
    assert answers(*twice) == replace(NONE, agreed=len(LIST) - 1, left_out=1, added=1)


def test_the_house_answers_by_way_of_the_entity() -> None:
    kept = AskedList(drawn_by=BY, sha256="11" * 32, asked=tuple(LIST))
    stated = DrawStated(network=BY.network, height=BY.height, method="amount", size=30)
    counting = Counting(kept, stated, "00" * 32, SECRET, frozenset({LIST[0].customer}))
    counting.seen(TREE)
    assert counting.confirmations.answers == (replace(NONE, agreed=len(LIST) - 1, via_entity=1),)


@pytest.mark.parametrize(
    ("changes", "possible"),
    [
        ({}, True),
        ({"agreed": -1, "via_entity": 1}, True),
        ({"agreed": -1, "added": 1}, True),
        ({"agreed": -1, "left_out": 1}, False),
        ({"agreed": -1, "no_reply": 1}, False),
        ({"agreed": -1, "differing": 1}, False),
        ({"agreed": 1, "via_entity": -1}, False),
    ],
)
def test_counts_that_a_list_cannot_give_are_told(changes: dict[str, int], possible: bool) -> None:  # noqa: FBT001  # a column of the table
    lines = (replace(LIST[0], channel="via-entity"), *LIST[1:])
    kept = AskedList(drawn_by=BY, sha256="11" * 32, asked=lines)
    true = {"agreed": len(LIST) - 1, "via_entity": 1}
    counts: dict[str, Any] = true | {name: true.get(name, 0) + change for name, change in changes.items()}
    assert can_be_counted(replace(NONE, **counts), kept) is possible


def test_nobody_listed_is_everybody_left_out() -> None:
    assert answers() == replace(NONE, left_out=len(LIST))


def test_nobody_is_drawn_where_nothing_is_owed() -> None:
    tree = build([Row("a", 0)], Scope(snapshot="s", asset="BTC", decimals=8, height=2), SECRET)
    assert answers_of(tree, SECRET, LOT, []) == NONE
    assert answers_of(tree, SECRET, LOT, LIST[:1]) == replace(NONE, added=1)
