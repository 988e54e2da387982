from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.chains.bitcoind.conftest import Told
from tests.chains.bitcoind.talking import Before, Talk, answered, failed, plan_of, read, reasons, refused, units
from tests.nodes.running import Node, mine

from reservecheck.chains.bitcoind.cells import Pace
from reservecheck.chains.reader import NetworkReading
from reservecheck.transport.record import Question, Reply

BUSY = 'Scan already in progress, use action "abort" or "status"'


def few(scripts: int = 100, sleep: Callable[[float], None] = lambda _: None) -> Pace:
    return Pace(scripts=scripts, blocks=30, headers=50, sleep=sleep)


def read_at(
    node: Node, told: Told, height: int, before: Before | None = None, pace: Pace | None = None
) -> tuple[NetworkReading, Talk]:
    talk = Talk(node, before)
    return read(plan_of(told.all_scripts, told.times[height]), talk, pace or few()), talk


def once(purpose: str, ordinal: int, act: Callable[[], object]) -> Before:
    """Does something to the node just before one question is asked."""
    done: list[bool] = []

    def before(question: Question) -> None:
        if (question.purpose, question.ordinal) == (purpose, ordinal) and not done:
            done.append(True)
            act()

    return before


def asked(talk: Talk, purpose: str) -> list[int]:
    return [question.ordinal for question, _ in talk.said if question.purpose == purpose]


def reorganise(node: Node, height: int) -> None:
    """Another branch from `height` on, longer than the one there was."""
    length = node("getblockcount") - height + 2
    node("invalidateblock", node("getblockhash", height))
    node("generatetodescriptor", length, "raw(51)")


def test_many_chunks_of_scripts_and_blocks_give_the_same_as_one(story: Node, told: Told) -> None:
    in_chunks, talk = read_at(story, told, 150)
    at_once, _ = read_at(story, told, 150, pace=Pace())
    assert units(in_chunks) == units(at_once) == told.ledger(150)
    assert asked(talk, "cells") == [0, 10, 20]
    assert len(asked(talk, "undo")) == 3 * 6
    assert len(asked(talk, "blocks")) == 2 * 4


def test_a_script_that_holds_nothing_is_a_read_zero(story: Node, told: Told) -> None:
    empty = "0014" + "00" * 20
    reading = read(plan_of([empty], told.times[150]), Talk(story))
    assert units(reading) == {empty: 0}
    assert reasons(reading) == {""}


def test_a_reading_names_the_exchanges_it_stands_on(story: Node, told: Told) -> None:
    reading, talk = read_at(story, told, 150)
    purposes = {item.n: item.question.purpose for item in talk.log.exchanges}
    for one in reading.readings.values():
        assert [purposes[n] for n in one.exchanges] == ["cells", *["undo"] * 6]


def test_a_chunk_that_was_not_answered_leaves_only_its_own_scripts_unread(story: Node, told: Told) -> None:
    def lost(question: Question) -> Reply | None:
        return failed("timed out") if (question.purpose, question.ordinal) == ("cells", 10) else None

    reading, _ = read_at(story, told, 150, lost)
    ledger = told.ledger(150)
    assert list(units(reading).values()) == [
        None if 100 <= i < 200 else ledger[script] for i, script in enumerate(told.all_scripts)
    ]
    assert reasons(reading) == {"", "timed out"}


def test_a_part_of_the_activity_that_was_not_answered_leaves_its_chunk_unread(story: Node, told: Told) -> None:
    def lost(question: Question) -> Reply | None:
        return failed("http 503") if (question.purpose, question.ordinal) == ("undo", 2) else None

    reading, _ = read_at(story, told, 150, lost)
    assert [amount is None for amount in units(reading).values()] == [i < 100 for i in range(len(told.all_scripts))]
    assert reasons(reading) == {"", "http 503"}


@pytest.mark.parametrize("ordinal", [0, 1, 3])
def test_without_the_blocks_after_the_pin_nothing_is_read(story: Node, told: Told, ordinal: int) -> None:
    def lost(question: Question) -> Reply | None:
        return failed("reset") if (question.purpose, question.ordinal) == ("blocks", ordinal) else None

    reading, _ = read_at(story, told, 150, lost)
    assert reasons(reading) == {"reset"}
    assert reading.pin is not None


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


@pytest.mark.parametrize(("purpose", "ordinal"), [("undo", 0), ("final", 0)])
def test_a_pin_that_leaves_the_chain_during_the_reading_leaves_all_unread(
    fresh_story: Node, told: Told, purpose: str, ordinal: int
) -> None:
    reading, _ = read_at(
        fresh_story, told, 290, once(purpose, ordinal, lambda: reorganise(fresh_story, 290)), few(scripts=1000)
    )
    assert reading.pin is not None
    assert not reading.pin.still_there
    assert reasons(reading) == {"the pin left the chain during the reading"}


def test_a_tip_that_leaves_the_chain_after_the_scan_leaves_all_unread(fresh_story: Node, told: Told) -> None:
    reading, _ = read_at(fresh_story, told, 290, once("final", 0, lambda: reorganise(fresh_story, 301)))
    assert reasons(reading) == {"the tip the scan stood on left the chain"}
    assert reading.pin is not None
    assert reading.pin.still_there


def test_a_reorganisation_between_the_scan_and_the_blocks_leaves_all_unread(fresh_story: Node, told: Told) -> None:
    reading, _ = read_at(fresh_story, told, 290, once("blocks", 0, lambda: reorganise(fresh_story, 301)))
    assert reasons(reading) == {"the blocks between the pin and the scan's tip do not follow from each other"}


def test_a_reorganisation_before_the_scan_is_noticed_too(fresh_story: Node, told: Told) -> None:
    reading, _ = read_at(fresh_story, told, 290, once("cells", 0, lambda: reorganise(fresh_story, 280)))
    assert reasons(reading) == {"the pin left the chain during the reading"}
    assert reading.pin is not None
    assert not reading.pin.still_there


def test_the_last_question_unanswered_leaves_all_unread(story: Node, told: Told) -> None:
    reading, _ = read_at(
        story, told, 150, lambda question: failed("timed out") if question.purpose == "final" else None
    )
    assert reasons(reading) == {"whether the pin is still there could not be checked: timed out"}
    assert reading.pin is not None
    assert not reading.pin.still_there


def test_coins_in_the_mempool_are_neither_counted_nor_missed(fresh_bitcoind: Node) -> None:
    node = fresh_bitcoind
    address = node("getnewaddress", wallet="w")
    paid = node("sendtoaddress", address, 1.5, wallet="w")
    block = node("getblock", mine(node, 1)[0])
    node("setmocktime", block["time"] + 6000)
    mine(node, 12)
    script = node("validateaddress", address)["scriptPubKey"]
    coin = next(one["vout"] for one in node("listunspent", 1, 99, [address], wallet="w") if one["txid"] == paid)
    node(
        "sendall",
        [node("getnewaddress", wallet="w")],
        None,
        "unset",
        None,
        {"inputs": [{"txid": paid, "vout": coin}]},
        wallet="w",
    )
    node("sendtoaddress", address, 2, wallet="w")
    assert len(node("getrawmempool")) == 2
    assert units(read(plan_of([script], block["time"] + 60), Talk(node))) == {script: 150_000_000}
    mine(node, 1)
    assert units(read(plan_of([script], block["time"] + 60), Talk(node))) == {script: 150_000_000}


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
