from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.assess.drawn_inputs import BLOCK, DIGEST, STATED, asked, confirmations, drawn_by
from tests.assess.inputs_factory import BITCOIN, CUTOFF, engagement, inputs, registry
from tests.rules.asking import ask

from reservecheck.model.anchor import Anchor
from reservecheck.model.confirmations import ReadFrom
from reservecheck.model.registry import Registry
from reservecheck.rules.draw_not_committed import RULE

OTHER = Anchor(
    network=BITCOIN, height=200, hash="ee" * 32, source="a site", taken_by="A", taken_at="2018-09-21T09:00:00Z"
)


def real() -> Registry:
    """The network as one in which a hash is its work."""
    given = registry()
    row = replace(given.networks[BITCOIN], public=True, header="sha256d")
    return replace(given, networks={**given.networks, BITCOIN: row})


def test_draw_not_committed_notes_a_network_that_nobody_read() -> None:
    own = {"network": "acme:ownchain", "height": 5}
    given = asked(confirmations(drawn_by=drawn_by(**own)), draw=replace(STATED, network="acme:ownchain", height=5))
    assert ask(RULE, given) == [
        (
            "not-assessable",
            "note",
            (
                "draw: acme:ownchain is not read in this engagement, so nothing here tells block 5 from one made at"
                " home, or from one that was there by the cut-off; no grade is lifted by it"
            ),
        )
    ]


def test_draw_not_committed_notes_a_test_chain_outside_of_a_rehearsal() -> None:
    given = asked(engagement=engagement(rehearsal=False))
    assert ask(RULE, given) == [
        (
            "not-assessable",
            "note",
            (
                "draw: bitcoin:regtest is a test chain, whose blocks cost nothing: whoever runs it chooses who"
                " is drawn by block 200; no grade is lifted by it"
            ),
        )
    ]


def test_draw_not_committed_has_nothing_to_ask_without_a_list() -> None:
    assert ask(RULE, inputs()) == [
        ("not-applicable", "critical", "there is nothing to look at in what was received")
    ]


def test_draw_not_committed_holds_and_says_what_the_draw_rests_on() -> None:
    assert ask(RULE, asked()) == [
        (
            "holds",
            "critical",
            (
                f"draw: customers were drawn by block 200 of bitcoin:regtest, made 2018-09-20T09:00:00Z, its hash"
                f" {BLOCK}; the commitment of digest {DIGEST} names it, and is worth nothing unless it was"
                " public before that"
            ),
        )
    ]


def test_draw_not_committed_notes_a_hash_that_nobody_read() -> None:
    given = asked(confirmations(drawn_by=drawn_by(read_from=ReadFrom.TYPED, time="")))
    assert ask(RULE, given) == [
        (
            "not-assessable",
            "note",
            (
                f"draw: the hash {BLOCK} of block 200 of bitcoin:regtest was not read from the practitioner's own"
                " source (typed), and nobody looked it up: give run --anchors a row of this block"
            ),
        )
    ]


@pytest.mark.parametrize(
    ("by", "more", "said"),
    [
        ({}, {"commitment": None}, f"from a commitment of digest {DIGEST}, and none was received"),
        ({}, {"draw": None}, "by block 200 of bitcoin:regtest, and the commitment names no block"),
        (
            {"commitment": "d1" * 32},
            {},
            f"from a commitment of digest {'d1' * 32}, the one received has {DIGEST}",
        ),
        ({"height": 201}, {}, "by block 201 of bitcoin:regtest, the commitment names block 200 of bitcoin:regtest"),
        (
            {"height": 145},
            {"draw": replace(STATED, height=145)},
            "by block 145 of bitcoin:regtest, which is not above block 145, the last one by the cut-off " + CUTOFF,
        ),
        (
            {"time": "2018-09-01T00:00:00Z"},
            {},
            "by block 200 of bitcoin:regtest, made 2018-09-01T00:00:00Z, which is not after the cut-off " + CUTOFF,
        ),
        (
            {"time": "", "read_from": ReadFrom.TYPED},
            {"anchors": (replace(OTHER, hash=BLOCK, taken_at="2018-09-01T00:00:00Z"),)},
            (
                "by block 200 of bitcoin:regtest, which was looked up on 2018-09-01T00:00:00Z (a site), not after"
                f" the cut-off {CUTOFF}"
            ),
        ),
        (
            {},
            {"registry": real()},
            (
                f"by {BLOCK}, which is the hash of no block of bitcoin:regtest: those begin with zeros; was it"
                " written back to front?"
            ),
        ),
        (
            {},
            {"anchors": (OTHER,)},
            f"by the hash {BLOCK}, and block 200 of bitcoin:regtest has {'ee' * 32} (a site)",
        ),
    ],
)
def test_draw_not_committed_breaks_for_any_other_draw(by: dict[str, Any], more: dict[str, Any], said: str) -> None:
    given = asked(confirmations(drawn_by=drawn_by(**by)), **more)
    assert ask(RULE, given) == [("breaks", "critical", f"draw: customers were drawn {said}")]
