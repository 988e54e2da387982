from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.chains.bitcoind.conftest import Told
from tests.chains.bitcoind.talking import SOURCE, Talk, altered, answered, plan_of, read, reasons, units
from tests.nodes.running import Node

from reservecheck.chains.bitcoind.answers import Asker, Unreadable
from reservecheck.chains.bitcoind.headers import median_time
from reservecheck.chains.bitcoind.pins import (
    WINDOW_AT,
    PinnedBlock,
    confirmations,
    find_pin,
    read_window,
    window_among,
)
from reservecheck.chains.bitcoind.reading import decode, fetch
from reservecheck.errors import PinError, SourceError
from reservecheck.model.progress import silent
from reservecheck.moments import utc_text
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Question, Recorded, Reply

LENT_AT = 149
SCRIPT = "51"


def pinned(node: Node, cutoff: int, finality: str = "confirmations:0") -> PinnedBlock:
    plan = plan_of([], cutoff, finality=finality)
    return find_pin(plan, Asker("bitcoin:regtest", SOURCE, Talk(node)), node("getblockcount"))


def last_at_or_before(times: tuple[int, ...] | list[int], cutoff: int) -> int:
    return max(height for height, time in enumerate(times) if time <= cutoff)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_pin_is_the_last_block_at_or_before_the_cut_off_whatever_the_instant(
    story: Node, told: Told, data: st.DataObject
) -> None:
    newest_certain = told.times[-6]
    cutoff = data.draw(st.integers(told.times[0], newest_certain - 1))
    pin = pinned(story, cutoff)
    assert pin.height == last_at_or_before(told.times, cutoff)
    assert (pin.hash, pin.time) == (told.hashes[pin.height], told.times[pin.height])
    assert pin.time <= cutoff < told.times[pin.height + 1]


def test_the_pin_equals_brute_force_just_before_at_and_just_after_every_block(story: Node, told: Told) -> None:
    for height in range(1, 297, 7):
        for cutoff in (told.times[height] - 1, told.times[height], told.times[height] + 1):
            assert pinned(story, cutoff).height == last_at_or_before(told.times, cutoff)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_pin_is_the_same_where_header_times_go_back_and_forth(
    uneven: tuple[Node, list[int]], data: st.DataObject
) -> None:
    node, times = uneven
    certain = median_time(times, len(times) - 1, first_height=0) or 0
    cutoff = data.draw(st.integers(times[1] - 10, certain - 1))
    pin = pinned(node, cutoff)
    assert pin.height == last_at_or_before(times, cutoff)
    assert pin.mtp == median_time(times, pin.height, first_height=0)
    assert pin.time <= cutoff


def test_the_uneven_chain_has_blocks_older_than_the_one_before(uneven: tuple[Node, list[int]]) -> None:
    _, times = uneven
    assert sum(later < earlier for earlier, later in pairwise(times)) > 10


def test_one_minute_after_block_145_the_pin_is_145_and_the_loan_at_149_does_not_count(
    story: Node, told: Told
) -> None:
    reading = read(plan_of(told.all_scripts, told.times[145] + 60), Talk(story))
    at_the_loan = read(plan_of(told.all_scripts, told.times[LENT_AT] + 60), Talk(story))
    assert reading.pin is not None
    assert at_the_loan.pin is not None
    assert (reading.pin.height, at_the_loan.pin.height) == (145, LENT_AT)
    lent = sum(filter(None, units(at_the_loan).values())) - sum(filter(None, units(reading).values()))
    assert lent == 200 * 10**8


def test_the_median_time_of_the_pin_is_recorded_as_the_node_gives_it(story: Node, told: Told) -> None:
    reading = read(plan_of([], told.times[145] + 60), Talk(story))
    assert reading.pin is not None
    assert reading.pin.mtp == story("getblockheader", told.hashes[145])["mediantime"] == told.times[140]


def test_a_chain_that_has_not_passed_the_cut_off_for_certain_is_refused(story: Node, told: Told) -> None:
    cutoff = told.times[297]
    with pytest.raises(PinError) as refused:
        pinned(story, cutoff)
    assert str(refused.value) == (
        f"bitcoin:regtest: the chain has not passed the cut-off {utc_text(cutoff)} for certain: the newest block "
        "302 has median time 2025-11-26T05:23:20Z\n  hint: run again after about 2025-11-26 08:04Z, or use --wait"
    )
    assert pinned(story, cutoff - 1).height == 296


def test_a_cut_off_in_the_future_is_refused(story: Node, told: Told) -> None:
    with pytest.raises(PinError, match=r"bitcoin:regtest: the chain has not passed the cut-off .* for certain"):
        fetch(plan_of([SCRIPT], told.times[302] + 10**6), SOURCE, talk := Talk(story), silent)
    assert {question.purpose for question, _ in talk.said} == {"chain", "pin"}


def test_a_block_without_enough_blocks_after_it_is_not_final_and_nothing_is_read(story: Node, told: Told) -> None:
    plan = plan_of([SCRIPT], told.times[296], finality="confirmations:9")
    with pytest.raises(PinError) as refused:
        fetch(plan, SOURCE, talk := Talk(story), silent)
    assert str(refused.value) == (
        f"bitcoin:regtest: block 296 at {utc_text(told.times[296])} is not final until about 2025-11-26 08:24Z: "
        "9 blocks must follow it, 6 do\n  hint: run again then, or use --wait"
    )
    assert {question.purpose for question, _ in talk.said} == {"chain", "pin"}
    decoded = decode(plan, talk.log.exchanges)
    assert decoded.pin is not None
    assert not decoded.pin.final
    assert reasons(decoded) == {"no scan was asked for"}


@pytest.mark.parametrize("name", ["time", "mediantime"])
def test_a_node_that_names_an_impossible_time_reads_nothing(story: Node, told: Told, name: str) -> None:
    def lie(question: Question) -> Reply | None:
        if question.key[2:] != ("pin", 1):
            return None
        newest = {"time": told.times[302], "mediantime": told.times[297], name: 10**40}
        return answered(json.dumps([{"id": 1, "result": newest}]).encode())

    reading = read(plan_of([SCRIPT], told.times[302]), Talk(story, lie))
    assert reading.pin is None
    assert reasons(reading) == {"the block at the cut-off was not found"}


def test_a_cut_off_before_the_first_block_is_refused(story: Node, told: Told) -> None:
    with pytest.raises(PinError, match=r"^the cut-off is before the first block of the chain$"):
        pinned(story, told.times[0] - 1)
    assert pinned(story, told.times[0]).height == 0


def test_a_finality_rule_of_another_family_is_refused() -> None:
    with pytest.raises(SourceError, match="'tag:finalized' is not a finality rule of bitcoin:regtest"):
        confirmations(plan_of([], 0, finality="tag:finalized"))
    assert confirmations(plan_of([], 0, finality="confirmations:6")) == 6


@pytest.fixture(scope="module")
def recorded(story: Node, told: Told) -> list[Recorded]:
    talk = Talk(story)
    read(plan_of([SCRIPT], told.times[145] + 60), talk)
    return list(talk.log.exchanges)


ALTERED = {
    "garbled answer: median time": lambda body: body[41]["result"].update(mediantime=1),
    "garbled answer: mediantime": lambda body: body[41]["result"].pop("mediantime"),
    "garbled answer: height": lambda body: body[41]["result"].update(height=1),
    "garbled answer: time": lambda body: body[41]["result"].update(time=1),
    "garbled answer: header": lambda body: body[40].update(result="00" * 79),
    "garbled answer: not what was asked": lambda body: body.pop(),
    "garbled answer: the headers do not follow from each other": lambda body: body[40].update(
        result=body[40]["result"][:-2] + "77"
    ),
}


@pytest.mark.parametrize("reason", ALTERED)
def test_an_altered_window_gives_no_pin_and_no_reading(told: Told, recorded: list[Recorded], reason: str) -> None:
    changed = altered(recorded, "pin", ALTERED[reason], ordinal=WINDOW_AT + 1)
    decoded = decode(plan_of([SCRIPT], told.times[145] + 60), changed)
    assert decoded.pin is None
    assert reasons(decoded) == {reason}


def test_a_window_that_does_not_stand_around_the_cut_off_gives_no_pin(told: Told, recorded: list[Recorded]) -> None:
    for height in (100, 144, 146, 200):
        decoded = decode(plan_of([SCRIPT], told.times[height]), recorded)
        assert decoded.pin is None
        assert reasons(decoded) == {"the recorded blocks do not stand around the cut-off"}


@pytest.mark.parametrize(
    ("calls", "reason"),
    [
        ([], "garbled question: heights"),
        ([Call("getblockhash", [-1])], "garbled question: heights"),
        ([Call("getblockhash", [1]), Call("getblockhash", [3])], "garbled question: heights"),
        ([Call("getblockhash", [1]), Call("getblockhash", ["2"])], "garbled question: heights"),
        ([Call("getblockhash", [1, 2])], "garbled question: heights"),
        ([Call("getblock", [1])], "garbled question: heights"),
    ],
)
def test_a_window_of_other_questions_is_not_believed(
    recorded: list[Recorded], calls: list[Call], reason: str
) -> None:
    hashes, headers = window_among(recorded)
    question = Question(
        network="bitcoin:regtest",
        source="own-node",
        purpose="pin",
        ordinal=WINDOW_AT,
        decoder="",
        calls=tuple(calls),
    )
    with pytest.raises(Unreadable, match=reason):
        read_window(plan_of([], 0), Recorded(1, question, hashes.reply), headers)
    with pytest.raises(Unreadable, match="garbled question: other calls"):
        read_window(plan_of([], 0), hashes, Recorded(1, question, headers.reply))
