from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.assess.drawn_inputs import AGREED, BLOCK, DIGEST, STATED, answers, asked, confirmations, drawn_by
from tests.assess.inputs_factory import BITCOIN, CUTOFF, ETHEREUM, TREES, committed, inputs, registry

from reservecheck.assess.drawn import (
    AS_COMMITTED,
    UNKNOWN_BLOCK,
    UNREAD_NETWORK,
    Drawing,
    answered,
    committed_digest,
    drawing,
    is_tested,
)
from reservecheck.assess.grades import grade
from reservecheck.assess.positions import position
from reservecheck.model.anchor import Anchor
from reservecheck.model.confirmations import ReadFrom
from reservecheck.model.registry import Checkpoint, Registry
from reservecheck.model.words import Grade

ANCHOR = Anchor(
    network=BITCOIN, height=200, hash=BLOCK, source="a site", taken_by="A. Auditor", taken_at="2018-09-21T09:00:00Z"
)
WORK = "00000000" + "b1" * 28
KNOWN = Checkpoint(height=200, hash="ee" * 32, bits="", dated="2018-10-01")
TYPED = {"read_from": ReadFrom.TYPED, "time": ""}


def with_row(**changes: Any) -> Registry:  # noqa: ANN401  # any part of a network
    given = registry()
    return replace(given, networks={**given.networks, BITCOIN: replace(given.networks[BITCOIN], **changes)})


def case(how: Drawing | None) -> str | None:
    return None if how is None else how.case


def test_nothing_was_drawn_where_no_list_was_received() -> None:
    assert drawing(inputs()) is None
    assert answered("BTC", inputs()) is None
    assert not is_tested("BTC", inputs())
    assert committed_digest(inputs().books) == ""


def test_everybody_drawn_as_committed_who_agrees_lifts_an_asset_to_l3() -> None:
    given = asked()
    assert drawing(given) == Drawing(
        AS_COMMITTED,
        {"network": BITCOIN, "height": "200", "block": BLOCK, "time": "2018-09-20T09:00:00Z", "commitment": DIGEST},
    )
    seen = position(given)
    assert {one.grade for one in seen.assets} | {one.grade for one in seen.cash} == {Grade.TESTED}


def test_one_asset_is_lifted_without_the_others() -> None:
    given = asked(confirmations([answers("BTC", no_reply=1), *AGREED[1:]]))
    assert [grade(name, given) for name in ("BTC", "ETH")] == [Grade.COMMITTED, Grade.TESTED]


@pytest.mark.parametrize("field", ["via_entity", "differing", "no_reply", "left_out", "added"])
def test_anything_but_direct_agreement_of_all_leaves_an_asset_at_l2(field: str) -> None:
    given = asked(confirmations([answers("BTC", **{field: 1})]))
    assert grade("BTC", given) is Grade.COMMITTED


@pytest.mark.parametrize(("draws", "reached"), [(58, Grade.COMMITTED), (59, Grade.TESTED)])
def test_a_few_draws_lift_nothing(draws: int, reached: Grade) -> None:
    given = asked(confirmations([answers("BTC", draws=draws, agreed=50)]), draw=replace(STATED, size=draws))
    assert grade("BTC", given) is reached


def test_an_asset_whose_answers_could_not_be_held_against_a_tree_stays_at_l2() -> None:
    assert grade("BTC", asked(confirmations(AGREED[1:]))) is Grade.COMMITTED


def test_a_tree_that_did_not_come_out_again_is_not_lifted_by_answers() -> None:
    assert grade("BTC", asked(commitment=committed(TREES, draw=STATED))) is Grade.RESUMMED


@pytest.mark.parametrize(
    ("by", "more", "expected"),
    [
        ({}, {"commitment": None}, "no commitment"),
        ({}, {"draw": None}, "no draw"),
        ({"commitment": "d1" * 32}, {}, "another commitment"),
        ({"height": 201}, {}, "another block"),
        ({"network": ETHEREUM}, {}, "another block"),
        ({"time": "2018-09-14T08:00:00Z"}, {}, "before the cut-off"),
        ({"time": "2018-09-14T08:00:01Z"}, {}, AS_COMMITTED),
        ({"height": 145}, {"draw": replace(STATED, height=145)}, "not above the pin"),
        ({**TYPED, "height": 145}, {"draw": replace(STATED, height=145)}, "not above the pin"),
        (TYPED, {"anchors": (replace(ANCHOR, taken_at="2018-09-14T08:00:00Z"),)}, "known by the cut-off"),
        (TYPED, {"anchors": (replace(ANCHOR, taken_at="2018-09-14T08:00:01Z"),)}, AS_COMMITTED),
        ({"network": "a:b"}, {"draw": replace(STATED, network="a:b")}, UNREAD_NETWORK),
        ({}, {"registry": with_row(public=True, header="sha256d")}, "no work"),
        ({"block": WORK}, {"registry": with_row(public=True, header="sha256d")}, AS_COMMITTED),
        ({}, {"registry": with_row(checkpoints=(KNOWN,))}, "another hash"),
        ({}, {"registry": with_row(checkpoints=(replace(KNOWN, hash=f"0x{BLOCK}"),))}, AS_COMMITTED),
        ({}, {"registry": with_row(checkpoints=(replace(KNOWN, height=201),))}, AS_COMMITTED),
        ({"height": 146}, {"draw": replace(STATED, height=146)}, AS_COMMITTED),
        ({}, {"anchors": (replace(ANCHOR, hash="ee" * 32),)}, "another hash"),
        ({}, {"anchors": (ANCHOR, replace(ANCHOR, hash="ee" * 32))}, "another hash"),
        ({}, {"anchors": (replace(ANCHOR, height=199, hash="ee" * 32),)}, AS_COMMITTED),
        ({}, {"anchors": (replace(ANCHOR, network=ETHEREUM, hash="ee" * 32),)}, AS_COMMITTED),
        (TYPED, {}, UNKNOWN_BLOCK),
        ({"read_from": ReadFrom.THIRD_PARTY}, {}, UNKNOWN_BLOCK),
        (TYPED, {"anchors": (ANCHOR,)}, AS_COMMITTED),
        (
            {"read_from": ReadFrom.THIRD_PARTY},
            {"anchors": (replace(ANCHOR, taken_at="2018-09-20T08:59:59Z"),)},
            UNKNOWN_BLOCK,
        ),
        ({"read_from": ReadFrom.THIRD_PARTY}, {"anchors": (ANCHOR,)}, AS_COMMITTED),
    ],
)
def test_whatever_speaks_against_a_draw_is_named_and_lifts_nothing(
    by: dict[str, Any], more: dict[str, Any], expected: str
) -> None:
    given = asked(confirmations(drawn_by=drawn_by(**by)), **more)
    assert case(drawing(given)) == expected
    assert is_tested("BTC", given) is (expected == AS_COMMITTED)


def test_what_speaks_against_a_draw_comes_with_its_figures() -> None:
    other = asked(confirmations(drawn_by=drawn_by(height=201)))
    before = asked(confirmations(drawn_by=drawn_by(time="2018-09-14T08:00:00Z")))
    for given, values in (
        (other, {"draw_network": BITCOIN, "draw_height": "200"}),
        (before, {"cutoff": CUTOFF}),
        (asked(confirmations(drawn_by=drawn_by(commitment="d1" * 32))), {"published": DIGEST}),
        (asked(confirmations(drawn_by=drawn_by(**TYPED))), {"read_from": "typed", "time": "not stated"}),
        (asked(anchors=(replace(ANCHOR, hash="ee" * 32),)), {"source": "a site", "hash": "ee" * 32}),
    ):
        how = drawing(given)
        assert how is not None
        assert values.items() <= how.values.items()
