"""How well what is owed is known, in words."""

from __future__ import annotations

from dataclasses import replace

from tests.assess.drawn_inputs import AGREED, BLOCK, DIGEST, STATED, answers, asked, confirmations, drawn_by
from tests.assess.inputs_factory import BITCOIN, REBUILT, books, committed, inputs, liabilities

from reservecheck.assess.positions import position
from reservecheck.model.anchor import Anchor
from reservecheck.model.assessment import Inputs
from reservecheck.model.confirmations import ReadFrom
from reservecheck.report.known_owed import known_points

L1 = "BTC, ETH, USDT, JPY: L1, customers' rows were summed"
L3 = (
    "BTC, ETH, USDT, JPY: L3, customers' rows were summed and give the root committed to, and every customer drawn"
    " answered directly that it is right"
)
NOT_SHOWN = "no grade shows that every customer stands in the rows, or that a commitment was public in time"
WHOSE = (
    f"kaede committed to what it owes as kaede/2018-09-14, in a file of SHA-256 {DIGEST}: compare it with the one"
    " that was published"
)
ANNOUNCED = "the commitment announces 60 draws of each tree by amount, by block 200 of bitcoin:regtest"
NO_LIST = "no list of customers asked was received"
DRAWN = "customers were drawn by block 200 of bitcoin:regtest"


def said(given: Inputs) -> tuple[str, ...]:
    return known_points(position(given))


def test_only_grades_that_are_reached_are_explained() -> None:
    assert said(inputs()) == (L1, NOT_SHOWN)


def test_each_asset_stands_beside_its_own_grade() -> None:
    one = confirmations([answers("BTC", agreed=54, no_reply=1), *AGREED[1:]])
    first, second, *_ = said(asked(one))
    assert first.startswith(
        "BTC: L2, customers' rows were summed and give the root committed to, so that each customer"
    )
    assert second.startswith("ETH, USDT, JPY: L3, ")


def test_where_nothing_is_owed_no_grade_is_explained() -> None:
    assert said(inputs(books=books(liabilities=liabilities(())))) == ()


def test_a_draw_says_which_block_drew_and_where_its_hash_was_read() -> None:
    assert said(asked()) == (
        L3,
        NOT_SHOWN,
        WHOSE,
        ANNOUNCED,
        f"{DRAWN} of 2018-09-20T09:00:00Z, hash {BLOCK}, read from a source of the practitioner's own",
    )


def test_a_typed_hash_is_said_to_be_typed_and_stands_beside_what_was_looked_up() -> None:
    same = Anchor(
        network=BITCOIN, height=200, hash=BLOCK, source="a site", taken_by="A", taken_at="2018-09-21T09:00:00Z"
    )
    rows = (same, replace(same, hash="ee" * 32, source="another"), replace(same, height=201))
    given = asked(confirmations(drawn_by=drawn_by(read_from=ReadFrom.TYPED, time="")), anchors=rows)
    assert said(given)[-3:] == (
        f"{DRAWN}, hash {BLOCK}, typed by the practitioner",
        "of that block a site, looked up on 2018-09-21T09:00:00Z, has the same hash",
        f"of that block another, looked up on 2018-09-21T09:00:00Z, has {'ee' * 32}",
    )


def test_a_draw_that_nobody_made_and_one_that_nobody_announced_are_said() -> None:
    owed = liabilities(commitment=committed(REBUILT, draw=STATED))
    assert said(inputs(books=books(liabilities=owed)))[-2:] == (
        ANNOUNCED,
        "no list of customers asked was received",
    )
    assert said(asked(draw=None))[-1] == "the commitment announces no draw of customers to be asked"
