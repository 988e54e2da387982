"""How well what is owed is known, in words."""

from __future__ import annotations

from dataclasses import replace

from tests.assess.drawn_inputs import BLOCK, DIGEST, STATED, asked, confirmations, drawn_by
from tests.assess.inputs_factory import BITCOIN, REBUILT, books, committed, inputs, liabilities

from reservecheck.assess.positions import position
from reservecheck.model.anchor import Anchor
from reservecheck.model.assessment import Inputs
from reservecheck.model.confirmations import ReadFrom
from reservecheck.report.known_owed import known_points

L1 = "L1: customers' rows were summed; whether every customer stands in them is not known"
L3 = (
    "L3: customers' rows give the root committed to, and every customer drawn by a later block answered directly"
    " that it is right"
)
WHOSE = (
    f"kaede committed to what it owes as kaede/2018-09-14, in a file of SHA-256 {DIGEST}: compare it with the one"
    " that was published"
)
ANNOUNCED = "it announces 60 draws of each tree by amount, by block 200 of bitcoin:regtest"


def said(given: Inputs) -> tuple[str, ...]:
    return known_points(position(given))


def test_only_grades_that_are_reached_are_explained() -> None:
    assert said(inputs()) == (L1,)


def test_a_draw_says_which_block_drew_and_where_its_hash_was_read() -> None:
    assert said(asked()) == (
        L3,
        WHOSE,
        (
            f"{ANNOUNCED}; customers were drawn by block 200 of bitcoin:regtest of 2018-09-20T09:00:00Z, hash"
            f" {BLOCK}, read from a source of the practitioner's own"
        ),
    )


def test_a_typed_hash_is_said_to_be_typed_and_stands_beside_what_was_looked_up() -> None:
    same = Anchor(
        network=BITCOIN, height=200, hash=BLOCK, source="a site", taken_by="A", taken_at="2018-09-21T09:00:00Z"
    )
    rows = (same, replace(same, hash="ee" * 32, source="another"), replace(same, height=201))
    given = asked(confirmations(drawn_by=drawn_by(read_from=ReadFrom.TYPED, time="")), anchors=rows)
    assert said(given)[-1] == (
        f"{ANNOUNCED}; customers were drawn by block 200 of bitcoin:regtest, hash {BLOCK}, typed by the"
        " practitioner; a site, looked up on 2018-09-21T09:00:00Z, has the same; another, looked up on"
        f" 2018-09-21T09:00:00Z, has {'ee' * 32}"
    )


def test_a_draw_that_nobody_made_and_one_that_nobody_announced_are_said() -> None:
    owed = liabilities(commitment=committed(REBUILT, draw=STATED))
    assert (
        said(inputs(books=books(liabilities=owed)))[-1] == f"{ANNOUNCED}; no list of customers asked was received"
    )
    assert said(asked(draw=None))[-1] == "the commitment announces no draw of customers to be asked"
