from __future__ import annotations

from dataclasses import replace

from tests.assess.inputs_factory import BITCOIN, ETHEREUM, inputs, observation
from tests.rules.asking import ask
from tests.rules.test_sources_disagree import seen

from reservecheck.rules.source_left_out import RULE


def test_source_left_out_notes_the_one_that_was_not_used_and_why() -> None:
    sources = (seen(BITCOIN, "a"), seen(BITCOIN, "b", "unreachable"), seen(ETHEREUM, "c", "unreachable"))
    assert ask(RULE, inputs(observation=observation(sources=sources))) == [
        ("holds", "note", "a was used for bitcoin:regtest"),
        ("breaks", "note", "b: nothing it says of bitcoin:regtest was used: unreachable"),
    ]


def test_source_left_out_notes_what_a_source_did_not_read() -> None:
    part = replace(seen(BITCOIN, "b"), unread=2, why_unread="timed out")
    assert ask(RULE, inputs(observation=observation(sources=(seen(BITCOIN, "a"), part))))[1] == (
        "breaks",
        "note",
        "b did not read 2 holdings of bitcoin:regtest: timed out",
    )


def test_source_left_out_has_nothing_to_look_at_with_one_source_a_network() -> None:
    assert ask(RULE, inputs(observation=observation(sources=(seen(BITCOIN, "a"),)))) == [
        ("not-applicable", "note", "there is nothing to look at in what was received")
    ]
