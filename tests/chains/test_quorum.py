from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.chains.panel import Panel, panel
from reservecheck.chains.quorum import ANOTHER_BLOCK, APART, BLOCK, NOT_FINAL, STILL_THERE, together
from reservecheck.chains.reader import NetworkReading, Reading
from reservecheck.model.engagement import Quorum
from reservecheck.model.evidence import OnChainDecimals, Pin, Said
from reservecheck.model.words import FREEZE_UNKNOWN, FROZEN, Evidence
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


def test_the_entitys_node_settles_and_unsettles_nothing_but_makes_a_contradiction() -> None:
    mixed = panel(cards("a", "b", "own", own="entity"), None)
    assert together({"a": said(5), "b": said(6), "own": said(6)}, mixed).readings[KEY].units is None
    joint = together({"a": said(5), "b": said(5), "own": said(6)}, mixed)
    assert (joint.readings[KEY].units, len(joint.contradictions)) == (5, 1)
    silent = together({"a": said(5), "b": said(None), "own": said(6)}, mixed)
    assert (silent.readings[KEY].units, silent.worth(KEY), len(silent.contradictions)) == (5, Evidence.OBSERVED, 1)
    alone = together({"a": said(5), "own": said(6)}, panel(cards("a", "own", own="entity"), None))
    assert (alone.readings[KEY].units, len(alone.contradictions)) == (5, 1)


@pytest.mark.parametrize(
    ("who", "run_by"),
    [
        ("HANUL", "third-party"),
        ("Hanul (Seoul)", "third-party"),
        ("Hanul Exchange (fictional)", "third-party"),
        ("hanul-exchange", "practitioner"),
        ("Hanul Exchange (a)", "third-party"),
        ("friend", "third-party"),
        ("Friend ", "practitioner"),
        ("Friend (Seoul)", "practitioner"),
    ],
)
def test_an_operator_that_runs_the_entitys_source_or_bears_its_name_is_the_entity(who: str, run_by: str) -> None:
    people = [card("a", "somebody"), card("b", who, run_by), card("own", "friend", "entity")]
    joint = together(
        {"a": said(5), "b": said(5), "own": said(5)}, panel(people, None, "hanul", "Hanul Exchange (fictional)")
    )
    assert joint.worth(KEY) is Evidence.OBSERVED


def test_a_token_is_worth_no_more_than_its_decimals() -> None:
    token = ("0x11", TOKEN)

    def holds(decimals: int | None, n: int) -> NetworkReading:
        one = said(5, n=n, decimals=decimals)
        return replace(one, readings={**one.readings, token: Reading(7, "", (n,))})

    mixed = panel(cards("a", "b", "own", own="entity"), None)
    joint = together({"a": holds(None, 1), "b": holds(None, 2), "own": holds(1, 3)}, mixed)
    assert (joint.worth(KEY), joint.worth(token)) == (Evidence.CORROBORATED, Evidence.CLAIMED)
    assert joint.unread["a"] == (1, f"decimals() of {TOKEN} was not answered")
    joint = together({"a": holds(6, 1), "b": holds(None, 2), "own": holds(1, 3)}, mixed)
    assert (joint.worth(token), joint.decimals[0].decimals) == (Evidence.OBSERVED, 6)
    assert together({"a": holds(6, 1), "b": holds(6, 2)}, mixed).worth(token) is Evidence.CORROBORATED


def with_lock(locked: int, why: str, n: int) -> NetworkReading:
    one = said(5, n=n)
    return replace(one, readings={KEY: Reading(5, "", (n,), "", locked, why)})


def test_what_any_source_knows_to_be_locked_is_locked_and_the_difference_is_told() -> None:
    joint = together({"a": with_lock(5, FROZEN, 1), "b": with_lock(0, "", 2)}, panel(cards("a", "b"), None))
    assert joint.readings[KEY] == Reading(5, "", (1, 2), "", 5, FROZEN)
    assert joint.contradictions == (
        (KEY, (Said(source="a", value="5 locked"), Said(source="b", value="0 locked")), True),
    )
    same = together({"a": with_lock(5, FROZEN, 1), "b": with_lock(5, FROZEN, 2)}, panel(cards("a", "b"), None))
    assert (same.worth(KEY), same.contradictions) == (Evidence.CORROBORATED, ())


def test_a_source_that_was_not_answered_about_a_freeze_leaves_the_others_word() -> None:
    free, silent = with_lock(0, "", 1), with_lock(5, FREEZE_UNKNOWN, 2)
    mixed = panel(cards("a", "b", "own", own="entity"), None)
    joint = together({"a": free, "b": silent}, mixed)
    assert (joint.readings[KEY].locked, joint.worth(KEY), joint.contradictions) == (0, Evidence.OBSERVED, ())
    assert joint.unread == {"b": (1, FREEZE_UNKNOWN)}
    joint = together({"a": silent, "b": silent}, mixed)
    assert joint.readings[KEY] == Reading(5, "", (2,), "", 5, FREEZE_UNKNOWN)
    assert joint.unread == {}
    apart = together({"a": silent, "b": said(6)}, mixed)
    assert (apart.readings[KEY].units, apart.unread) == (None, {})
    assert joint.worth(KEY) is Evidence.CORROBORATED
    joint = together({"a": silent, "b": silent, "own": free}, mixed)
    assert (joint.readings[KEY].locked, joint.worth(KEY)) == (0, Evidence.CLAIMED)


def test_a_source_whose_readings_do_not_count_says_no_decimals_either() -> None:
    late = replace(said(None, decimals=1), why="the pin was not looked at again after the reading")
    joint = together({"a": said(5, decimals=6), "b": late}, panel(cards("a", "b"), None))
    assert [one.decimals for one in joint.decimals] == [6]


def test_the_entitys_node_cannot_make_the_pin_leave_and_a_voice_that_sees_it_gone_is_told() -> None:
    lost = said(None, why=LEFT, still_there=False, reason=LEFT)
    mixed = panel(cards("a", "b", "own", own="entity"), None)
    joint = together({"a": said(5), "b": said(5), "own": lost}, mixed)
    assert (joint.readings[KEY].units, joint.worth(KEY)) == (5, Evidence.CORROBORATED)
    assert [(subject, settled) for subject, _, settled in joint.contradictions] == [(STILL_THERE, True)]
    joint = together({"a": said(5), "b": lost}, mixed)
    assert (joint.readings[KEY].reason, [one[0] for one in joint.contradictions]) == (
        f"{LEFT}, as b saw",
        [STILL_THERE],
    )


def test_blocks_that_differ_are_told_though_one_is_not_final() -> None:
    joint = together({"a": said(5), "b": said(None, block="bb", final=False)}, panel(cards("a", "b"), None))
    assert [(subject, settled) for subject, _, settled in joint.contradictions] == [(BLOCK, True)]
    own = panel(cards("a", "own", own="entity"), None)
    joint = together({"a": said(5, final=False), "own": said(9, block="bb")}, own)
    assert joint.pin is not None
    assert (joint.pin.agreed, joint.pin.final) == (("a",), False)


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
    assert (joint.pin.still_there, joint.readings[KEY].reason, joint.evidence) == (False, f"{LEFT}, as b saw", {})


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
    own = {operator for operator, run_by, _, _ in sources.values() if run_by == "entity"}

    def voices_of(names: Iterable[str]) -> set[str]:
        return {sources[name][0] for name in names} - own

    joint = together({name: reading_of(block, units) for name, (_, _, block, units) in sources.items()}, quorum)
    blocks: dict[str, list[str]] = {}
    for name, (_, _, block, _) in sources.items():
        if block != "-":
            blocks.setdefault(block, []).append(name)
    if joint.pin is None:
        assert joint.readings[KEY].units is None
        assert sum(bool(voices_of(names)) for names in blocks.values()) != 1
        return
    at_pin = {name: sources[name][3] for name in blocks[joint.pin.hash[2:4]]}
    assert set(joint.pin.agreed) == set(at_pin)
    assert voices_of(at_pin) or not any(voices_of(names) for names in blocks.values())
    by_value: dict[int, list[str]] = {}
    for name, units in at_pin.items():
        if units is not None:
            by_value.setdefault(units, []).append(name)
    assert any(subject == KEY for subject, *_ in joint.contradictions) == (len(by_value) > 1)
    taken = joint.readings[KEY].units
    spoken = [value for value, names in by_value.items() if voices_of(names)]
    if taken is None:
        assert len(spoken or by_value) != 1
        return
    voices = voices_of(by_value[taken])
    assert voices or not spoken
    assert len(spoken) < 2 or len(voices) >= quorum.k
    expected = (
        Evidence.CLAIMED if not voices
        else Evidence.CORROBORATED if len(voices) >= max(2, quorum.k) else Evidence.OBSERVED
    )  # fmt: skip
    assert joint.worth(KEY) is expected
