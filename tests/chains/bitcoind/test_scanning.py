from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.chains.bitcoind.conftest import AFTER_THE_STORY, Told, tell
from tests.chains.bitcoind.talking import (
    Before,
    Talk,
    answered,
    asked,
    failed,
    few,
    once,
    plan_of,
    read,
    read_at,
    reasons,
    refused,
    units,
)
from tests.nodes.running import Node, bitcoind_node

from reservecheck.chains.bitcoind.scanning import Pace
from reservecheck.transport.record import Question, Reply

BUSY = 'Scan already in progress, use action "abort" or "status"'


def test_many_chunks_of_scripts_and_blocks_give_the_same_as_one(story: Node, told: Told) -> None:
    in_chunks, talk = read_at(story, told, 150)
    at_once, _ = read_at(story, told, 150, pace=Pace())
    assert units(in_chunks) == units(at_once) == told.ledger(150)
    assert asked(talk, "cells") == [0, 10, 20]
    assert len(asked(talk, "undo")) == 3 * 6
    assert len(asked(talk, "blocks")) == 2 * 4


def test_a_block_mined_between_two_chunks_starts_the_scan_again(fresh_story: Node, told: Told) -> None:
    def grow() -> object:
        return fresh_story("generatetodescriptor", 1, "raw(51)")

    reading, talk = read_at(fresh_story, told, 150, once("cells", 10, grow))
    assert units(reading) == told.ledger(150)
    assert asked(talk, "cells") == [0, 10, 1_000_000, 1_000_010, 1_000_020]


def test_a_tip_that_moves_during_every_scan_leaves_all_unread(fresh_story: Node, told: Told) -> None:
    def grow(question: Question) -> None:
        if question.purpose == "cells":
            fresh_story("generatetodescriptor", 1, "raw(51)")

    reading, talk = read_at(fresh_story, told, 150, grow)
    assert reasons(reading) == {"the tip moved during the scan"}
    assert asked(talk, "cells") == [0, 10, 1_000_000, 1_000_010, 2_000_000, 2_000_010]
    assert reading.pin is not None
    assert reading.pin.still_there


def busy_for(scans: int, polls: int) -> tuple[Before, list[str]]:
    """A node that is busy with somebody else's scan for so many of our scans, and says so for so many polls."""
    said: list[str] = []

    def before(question: Question) -> Reply | None:
        said.append(question.purpose)
        if question.purpose == "cells" and said.count("cells") <= scans:
            return refused(-8, BUSY)
        if question.purpose == "busy" and said.count("busy") <= polls:
            return failed("timed out") if said.count("busy") == 1 else answered(b'{"id":1,"result":{"progress":5}}')
        return None

    return before, said


def test_a_node_busy_with_another_scan_is_waited_for(story: Node, told: Told) -> None:
    waits: list[float] = []
    before, said = busy_for(2, 3)
    reading, _ = read_at(story, told, 150, before, few(scripts=1000, sleep=waits.append))
    assert units(reading) == told.ledger(150)
    assert (said.count("cells"), said.count("busy")) == (3, 5)
    assert waits == [15.0] * 5


def test_a_node_that_stays_busy_is_unread(story: Node, told: Told) -> None:
    before, said = busy_for(99, 999)
    reading, _ = read_at(story, told, 150, before, few(scripts=1000))
    assert reasons(reading) == {f"the node answered -8: {BUSY}"}
    assert (said.count("cells"), said.count("busy")) == (4, 60)


def test_a_script_listed_twice_is_asked_and_counted_once(story: Node, told: Told) -> None:
    script = max(told.ledger(150).items(), key=lambda item: item[1])[0]
    talk = Talk(story)
    reading = read(plan_of([script, script], told.times[150]), talk)
    assert units(reading) == {script: told.ledger(150)[script]}
    scan = next(question for question, _ in talk.said if question.purpose == "cells")
    assert scan.calls[0].params == ["start", [f"raw({script})"]]


def by_filter(scripts: int = 1000) -> Pace:
    return Pace(blocks=30, filter_beyond=100, filter_scripts=scripts)


@pytest.mark.parametrize("height", [120, 150, 200])
def test_the_filter_index_gives_the_same_from_far_fewer_blocks(story: Node, told: Told, height: int) -> None:
    reading, talk = read_at(story, told, height, pace=by_filter())
    assert units(reading) == told.ledger(height)
    searched, *parts = [question for question, _ in talk.said if question.purpose in {"filter", "undo"}]
    assert searched.decoder == "bitcoind.scanblocks/1"
    assert searched.calls[0].params[2:] == [height + 1, 302, "basic"]
    blocks = [block for part in parts for block in json.loads(json.dumps(part.calls[0].params[0]))]
    assert 0 < len(blocks) < 50
    assert [told.hashes.index(block) for block in blocks] == sorted(told.hashes.index(block) for block in blocks)


def test_the_filter_index_is_not_tried_for_many_scripts_or_few_blocks(story: Node, told: Told) -> None:
    for height, pace in ((150, by_filter(scripts=205)), (202, by_filter()), (150, Pace())):
        _, talk = read_at(story, told, height, pace=pace)
        assert asked(talk, "filter") == []


def test_a_node_without_the_filter_index_is_asked_for_every_block(tmp_path: Path, told: Told) -> None:
    with bitcoind_node(tmp_path, f"-mocktime={AFTER_THE_STORY}", "-blockfilterindex=0") as node:
        reading, talk = read_at(tell(node), told, 150, pace=by_filter())
    assert asked(talk, "filter") == [0]
    assert units(reading) == told.ledger(150)
    assert len(asked(talk, "undo")) == 6


@pytest.mark.parametrize(
    "answer",
    [
        {"completed": False},
        {"from_height": 152},
        {"to_height": 301},
        {"relevant_blocks": ["ab" * 32]},
        {"relevant_blocks": [7]},
        {"relevant_blocks": None},
    ],
)
def test_a_search_that_is_not_whole_is_not_used(story: Node, told: Told, answer: dict[str, object]) -> None:
    result = {"completed": True, "from_height": 151, "to_height": 302, "relevant_blocks": [], **answer}
    body = json.dumps({"id": 1, "result": result}).encode()
    reading, talk = read_at(
        story, told, 150, lambda question: answered(body) if question.purpose == "filter" else None, by_filter()
    )
    assert units(reading) == told.ledger(150)
    assert len(asked(talk, "undo")) == 6


def test_a_search_that_hides_blocks_contradicts_the_scan(story: Node, told: Told) -> None:
    result = {"completed": True, "from_height": 151, "to_height": 302, "relevant_blocks": []}
    body = json.dumps({"id": 1, "result": result}).encode()
    reading, _ = read_at(
        story, told, 150, lambda question: answered(body) if question.purpose == "filter" else None, by_filter()
    )
    assert reasons(reading) == {"the coins at the tip and the activity after the pin contradict each other"}
