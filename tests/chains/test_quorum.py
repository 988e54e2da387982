from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.chains.quorum import ANOTHER_BLOCK, APART, BLOCK, NOT_FINAL, Panel, panel, together
from reservecheck.chains.reader import NetworkReading, Reading
from reservecheck.model.engagement import Quorum
from reservecheck.model.evidence import OnChainDecimals, Pin, Said
from reservecheck.model.words import Evidence
from reservecheck.transport.record import SourceCard

NETWORK = "eip155:31337"
KEY = ("0x11", f"{NETWORK}/native")
TOKEN = f"{NETWORK}/erc20:0x22"
LEFT = "the pin left the chain during the reading"


def card(name: str, operator: str = "", run_by: str = "third-party") -> SourceCard:
    return SourceCard(name=name, network=NETWORK, kind="evm", operator=operator or name, run_by=run_by)


def cards(*names: str, **run_by: str) -> list[SourceCard]:
    return [card(name, run_by=run_by.get(name, "third-party")) for name in names]


def said(
    units: int | None, *, block: str = "aa", reason: str = "timed out", n: int = 1, **more: object
) -> NetworkReading:
    pin = Pin(
        id=f"{NETWORK}@cutoff", network=NETWORK, role="cutoff", height=7, hash=f"0x{block * 32}", time=1, mtp=None,
        state_root=None, final=bool(more.get("final", True)), still_there=bool(more.get("still_there", True)),
        agreed=("x",), asked=("x",), exchanges=(10 * n,),
    )  # fmt: skip
    decimals = more.get("decimals")
    token = OnChainDecimals(
        instrument=TOKEN, decimals=decimals if isinstance(decimals, int) else None, exchanges=(n,)
    )
    return NetworkReading(
        pin=pin,
        readings={KEY: Reading(units, "" if units is not None else reason, (n,))},
        decimals=(token,),
        why=str(more.get("why", "")),
        left=more.get("why") == LEFT,
    )


def dead(reason: str = "unreachable") -> NetworkReading:
    return NetworkReading(pin=None, readings={KEY: Reading(None, reason, ())}, why=reason)


def test_one_source_observes() -> None:
    joint = together({"a": said(5)}, panel(cards("a"), None))
    assert joint.pin is not None
    assert (joint.pin.agreed, joint.pin.asked) == (("a",), ("a",))
    assert (joint.readings[KEY], joint.worth(KEY)) == (Reading(5, "", (1,)), Evidence.OBSERVED)
    assert (joint.left_out, joint.contradictions) == ({}, ())


def test_two_operators_corroborate_with_the_exchanges_of_both() -> None:
    joint = together({"a": said(5), "b": said(5, n=2)}, panel(cards("a", "b"), None))
    assert joint.pin is not None
    assert (joint.pin.agreed, joint.pin.exchanges) == (("a", "b"), (10, 20))
    assert (joint.readings[KEY], joint.worth(KEY)) == (Reading(5, "", (1, 2)), Evidence.CORROBORATED)


@pytest.mark.parametrize(
    ("other", "evidence"),
    [
        (card("b", "Operator A."), Evidence.OBSERVED),
        (card("b", "operator-a"), Evidence.OBSERVED),
        (card("b", "ＯＰＥＲＡＴＯＲ a"), Evidence.OBSERVED),
        (card("b", "operator b", "entity"), Evidence.OBSERVED),
        (card("b", "operator b"), Evidence.CORROBORATED),
    ],
)
def test_one_operator_is_one_voice_and_the_entity_is_none(other: SourceCard, evidence: Evidence) -> None:
    joint = together({"a": said(5), "b": said(5)}, panel([card("a", "Operator A"), other], None))
    assert joint.worth(KEY) is evidence


def test_what_only_the_entity_says_is_claimed() -> None:
    own = cards("a", "b", a="entity", b="entity")
    assert together({"a": said(5), "b": said(5)}, panel(own, None)).worth(KEY) is Evidence.CLAIMED


def test_a_policy_of_three_is_not_met_by_two() -> None:
    three = panel(cards("a", "b", "c"), Quorum(n=3, k=3))
    joint = together({"a": said(5), "b": said(5), "c": said(None)}, three)
    assert (joint.readings[KEY].units, joint.worth(KEY)) == (5, Evidence.OBSERVED)
    assert together({"a": said(5), "b": said(5), "c": said(5)}, three).worth(KEY) is Evidence.CORROBORATED


def test_two_that_differ_read_nothing_and_are_named() -> None:
    joint = together({"a": said(5), "b": said(6, n=2)}, panel(cards("a", "b"), None))
    assert joint.readings[KEY] == Reading(None, "the sources disagree: a 5, b 6", (1, 2))
    assert joint.evidence == {}
    assert joint.contradictions == ((KEY, (Said(source="a", value="5"), Said(source="b", value="6")), False),)


def test_two_of_three_are_taken_and_the_third_is_still_named() -> None:
    joint = together({"a": said(5), "b": said(6, n=2), "c": said(6, n=3)}, panel(cards("a", "b", "c"), None))
    assert (joint.readings[KEY], joint.worth(KEY)) == (Reading(6, "", (2, 3)), Evidence.CORROBORATED)
    ((subject, who, settled),) = joint.contradictions
    assert (subject, [one.value for one in who], settled) == (KEY, ["5", "6", "6"], True)


def test_the_entitys_node_cannot_settle_a_contradiction_but_makes_one() -> None:
    mixed = panel(cards("a", "b", "own", own="entity"), None)
    assert together({"a": said(5), "b": said(6), "own": said(6)}, mixed).readings[KEY].units is None
    joint = together({"a": said(5), "b": said(5), "own": said(6)}, mixed)
    assert (joint.readings[KEY].units, len(joint.contradictions)) == (5, 1)
    alone = together({"a": said(5), "own": said(6)}, panel(cards("a", "own", own="entity"), None))
    assert (alone.readings[KEY].units, len(alone.contradictions)) == (5, 1)


def test_a_source_that_read_nothing_neither_confirms_nor_contradicts() -> None:
    joint = together({"a": said(None), "b": said(6), "c": dead()}, panel(cards("a", "b", "c"), None))
    assert (joint.readings[KEY].units, joint.worth(KEY)) == (6, Evidence.OBSERVED)
    assert joint.pin is not None
    assert (joint.pin.agreed, joint.pin.asked) == (("a", "b"), ("a", "b", "c"))
    assert (joint.left_out, joint.contradictions) == ({"c": "unreachable"}, ())


def test_two_blocks_at_the_cut_off_leave_everything_unread() -> None:
    joint = together({"a": said(5), "b": said(5, block="bb")}, panel(cards("a", "b"), None))
    assert joint.pin is None
    assert joint.readings[KEY].reason == f"{APART}: a 7 0x{'aa' * 32}, b 7 0x{'bb' * 32}"
    ((subject, who, settled),) = joint.contradictions
    assert (subject, [one.source for one in who], settled) == (BLOCK, ["a", "b"], False)


def test_the_block_of_two_of_three_is_taken_and_the_third_left_out() -> None:
    joint = together({"a": said(5), "b": said(9, block="bb"), "c": said(5)}, panel(cards("a", "b", "c"), None))
    assert joint.pin is not None
    assert joint.pin.agreed == ("a", "c")
    assert (joint.readings[KEY].units, joint.worth(KEY)) == (5, Evidence.CORROBORATED)
    assert joint.left_out == {"b": ANOTHER_BLOCK}
    assert [(subject, settled) for subject, _, settled in joint.contradictions] == [(BLOCK, True)]


def test_two_names_of_one_liar_do_not_outvote_an_honest_source() -> None:
    three = panel([card("a"), card("b", "liar"), card("c", "Liar")], None)
    assert three.k == 2
    assert together({"a": said(5), "b": said(9), "c": said(9)}, three).readings[KEY].units is None


def test_a_source_behind_the_cut_off_is_left_out_and_one_alone_is_not() -> None:
    joint = together({"a": said(5), "b": said(None, block="bb", final=False)}, panel(cards("a", "b"), None))
    assert joint.pin is not None
    assert (joint.pin.agreed, joint.pin.final, joint.left_out) == (("a",), True, {"b": NOT_FINAL})
    alone = together({"a": said(None, final=False)}, panel(cards("a"), None))
    assert alone.pin is not None
    assert (alone.pin.final, alone.left_out) == (False, {})


def test_a_pin_that_one_source_saw_leave_has_left() -> None:
    lost = said(None, why=LEFT, still_there=False, reason=LEFT)
    joint = together({"a": said(5), "b": lost}, panel(cards("a", "b"), None))
    assert joint.pin is not None
    assert (joint.pin.still_there, joint.readings[KEY].reason, joint.evidence) == (False, LEFT, {})


def test_a_source_that_died_before_the_last_look_does_not_unmake_the_others() -> None:
    died = said(None, still_there=False, reason="unreachable", why="unreachable")
    joint = together({"a": said(5), "b": died}, panel(cards("a", "b"), None))
    assert joint.pin is not None
    assert (joint.pin.still_there, joint.readings[KEY].units) == (True, 5)


def test_all_dead_leave_the_reason_or_each_ones_own() -> None:
    two = panel(cards("a", "b"), None)
    assert together({"a": dead(), "b": dead()}, two).readings[KEY].reason == "unreachable"
    apart = together({"a": dead(), "b": dead("timed out")}, two)
    assert apart.readings[KEY].reason == "a: unreachable; b: timed out"
    assert apart.left_out == {"a": "unreachable", "b": "timed out"}


def test_decimals_are_taken_as_holdings_are() -> None:
    three = panel(cards("a", "b", "c"), None)
    joint = together({"a": said(1, decimals=6), "b": said(1, decimals=18), "c": said(1, decimals=6)}, three)
    assert [one.decimals for one in joint.decimals] == [6]
    assert [(subject, settled) for subject, _, settled in joint.contradictions] == [(("decimals", TOKEN), True)]
    two = together({"a": said(1, decimals=6), "b": said(1, decimals=18)}, panel(cards("a", "b"), None))
    assert [one.decimals for one in two.decimals] == [None]
    silent = together({"a": said(1), "b": said(1, decimals=18)}, panel(cards("a", "b"), None))
    assert [one.decimals for one in silent.decimals] == [18]


@pytest.mark.parametrize(
    ("pinned", "enough"),
    [("", False), ("a", False), ("ab", True), ("ac", True), ("ax", False), ("x", False), ("abc", True)],
)
def test_two_of_three_voices_are_enough_and_the_entity_is_none(pinned: str, *, enough: bool) -> None:
    assert panel(cards("a", "b", "c", "x", x="entity"), None).enough(pinned) is enough


def test_where_the_entity_alone_can_be_asked_anybody_is_enough() -> None:
    own = panel(cards("x", "y", x="entity", y="entity"), None)
    assert (own.k, own.has_voice, own.enough("x"), own.enough("")) == (1, False, True, False)


def reading_of(block: str, units: int | None) -> NetworkReading:
    return dead() if block == "-" else said(units, block=block)


@given(
    sources=st.dictionaries(
        st.sampled_from("abcdef"),
        st.tuples(
            st.sampled_from(["one", "two", "three"]), st.sampled_from(["entity", "third-party"]),
            st.sampled_from(["aa", "aa", "bb", "-"]), st.sampled_from([1, 1, 2, None]),
        ),
        min_size=1,
    ),
    k=st.sampled_from([None, 1, 2, 3]),
)  # fmt: skip
def test_nothing_is_read_that_fewer_say_than_must(
    sources: Mapping[str, tuple[str, str, str, int | None]], k: int | None
) -> None:
    people = [card(name, operator, run_by) for name, (operator, run_by, _, _) in sources.items()]
    quorum: Panel = panel(people, None if k is None else Quorum(n=3, k=k))
    joint = together({name: reading_of(block, units) for name, (_, _, block, units) in sources.items()}, quorum)
    blocks = {block for _, _, block, _ in sources.values()} - {"-"}
    if joint.pin is None:
        assert joint.readings[KEY].units is None
        assert len(blocks) != 1
        return
    at_pin = {name: units for name, (_, _, block, units) in sources.items() if f"0x{block * 32}" == joint.pin.hash}
    assert set(joint.pin.agreed) == set(at_pin)
    values = {units for units in at_pin.values() if units is not None}
    taken = joint.readings[KEY].units
    voices = {
        units: {sources[name][0] for name, own in at_pin.items() if own == units and sources[name][1] != "entity"}
        for units in values
    }
    assert any(subject == KEY for subject, *_ in joint.contradictions) == (len(values) > 1)
    if taken is None:
        assert len(values) != 1
        return
    assert len(values) == 1 or len(voices[taken]) >= quorum.k
    expected = (
        Evidence.CLAIMED if not voices[taken]
        else Evidence.CORROBORATED if len(voices[taken]) >= max(2, quorum.k) else Evidence.OBSERVED
    )  # fmt: skip
    assert joint.worth(KEY) is expected
