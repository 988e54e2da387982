from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.chains.test_quorum import KEY, cards, dead, said

from reservecheck.chains.panel import panel
from reservecheck.chains.quorum import together
from reservecheck.chains.reader import NetworkReading, Reading
from reservecheck.model.evidence import Said
from reservecheck.model.words import Evidence

PROVEN = "state proof"


def proves(units: int, n: int = 1, **more: Any) -> NetworkReading:  # noqa: ANN401  # parts of a reading
    reading = Reading(units, "", (n,), PROVEN)._replace(**more)
    return replace(said(units, n=n), readings={KEY: reading})


def test_a_proof_is_kept_where_another_source_says_the_same_without_one() -> None:
    joint = together({"a": said(5), "b": proves(5, n=2)}, panel(cards("a", "b"), None))
    assert (joint.readings[KEY], joint.worth(KEY)) == (Reading(5, "", (1, 2), PROVEN), Evidence.CORROBORATED)


@pytest.mark.parametrize("names", [("a", "b"), ("a", "b", "c")])
def test_a_proof_settles_what_voices_cannot_and_outvotes_them_but_never_in_silence(names: tuple[str, ...]) -> None:
    read = {name: said(6) for name in names[:-1]} | {names[-1]: proves(5)}
    joint = together(read, panel(cards(*names), None))
    assert (joint.readings[KEY].units, joint.worth(KEY)) == (5, Evidence.OBSERVED)
    ((subject, who, settled),) = joint.contradictions
    assert (subject, [one.value for one in who], settled) == (KEY, ["6"] * (len(names) - 1) + ["5"], True)


def test_two_proofs_of_different_values_settle_nothing() -> None:
    joint = together({"a": proves(6), "b": proves(5)}, panel(cards("a", "b"), None))
    assert joint.readings[KEY] == Reading(None, "the sources disagree: a 6, b 5", (1,))


def test_the_most_that_any_source_knows_to_be_locked_is_locked() -> None:
    read = {"a": said(5), "b": proves(5, locked=3, locked_why="frozen"), "c": proves(5, locked=2, locked_why="x")}
    reading = together(read, panel(cards("a", "b", "c"), None)).readings[KEY]
    assert (reading.locked, reading.locked_why) == (3, "frozen")


def test_what_a_source_was_asked_to_prove_and_did_not_is_said_with_a_pin_and_without() -> None:
    short = replace(said(5), unproven=(3, "the node refuses eth_getProof"))
    assert together({"a": short, "b": said(5)}, panel(cards("a", "b"), None)).unproven == {
        "a": (3, "the node refuses eth_getProof")
    }
    gone = replace(dead(), unproven=(1, "unreachable"))
    assert together({"a": gone}, panel(cards("a"), None)).unproven == {"a": (1, "unreachable")}


def denied(answered: int, shown: int, n: int = 1) -> NetworkReading:
    """A source whose own proof shows another number than it answered."""
    reason = f"the state proof shows {shown}, the node answered {answered}"
    return replace(said(None, n=n), readings={KEY: Reading(None, reason, (n,), answered=answered)})


def test_a_source_that_contradicts_its_own_proof_is_said_alone_and_among_others() -> None:
    joint = together({"a": denied(6, 5)}, panel(cards("a"), None))
    assert joint.readings[KEY].reason == "the state proof shows 5, the node answered 6"
    words = Said(source="a", value="6, though the state proof shows 5")
    assert joint.contradictions == ((KEY, (words,), False),)
    both = together({"a": denied(6, 5), "b": denied(6, 5)}, panel(cards("a", "b"), None))
    assert (both.readings[KEY].units, both.readings[KEY].reason) == (None, words_of(6, 5))
    assert both.contradictions == ((KEY, (words, replace(words, source="b")), False),)


def words_of(answered: int, shown: int) -> str:
    return f"the state proof shows {shown}, the node answered {answered}"


def test_what_it_answered_still_speaks_against_a_proof_that_others_offer() -> None:
    joint = together({"a": denied(0, 9), "b": proves(9, n=2)}, panel(cards("a", "b"), None))
    assert joint.readings[KEY] == Reading(None, "the sources disagree: a 0, b 9", (1, 2))
    ((_, who, settled),) = joint.contradictions
    assert ([one.value for one in who], settled) == (["0, though the state proof shows 9", "9"], False)


def test_what_a_proof_denies_is_taken_from_nobody() -> None:
    read = {"a": denied(6, 5), "b": said(6, n=2), "c": said(6, n=3)}
    joint = together(read, panel(cards("a", "b", "c"), None))
    assert (joint.readings[KEY].units, joint.readings[KEY].reason) == (None, words_of(6, 5))
    assert [settled for _, _, settled in joint.contradictions] == [False]


def test_voices_that_say_what_it_shows_are_heard() -> None:
    read = {"a": denied(6, 5), "b": said(5, n=2), "c": said(5, n=3)}
    joint = together(read, panel(cards("a", "b", "c"), None))
    assert (joint.readings[KEY], joint.worth(KEY)) == (Reading(5, "", (2, 3)), Evidence.CORROBORATED)
    assert [settled for _, _, settled in joint.contradictions] == [True]
