from __future__ import annotations

from pathlib import Path

import pytest
from bitcoin.core import Hash160
from tests.chains.bitcoind.conftest import Told
from tests.chains.bitcoind.talking import (
    Talk,
    failed,
    few,
    once,
    plan_of,
    read,
    read_at,
    reasons,
    reorganise,
    units,
)
from tests.nodes.running import Node, bitcoind_node, mine

from reservecheck.transport.record import Question, Reply


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
    """U3: what is not in a block yet was not there at the pin, and what it spends was."""
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


def test_coins_paid_to_a_bare_key_are_not_coins_of_its_address(story: Node, told: Told) -> None:
    (to_key,) = told.scripts["haneul/p2pk-compressed"]
    to_address = f"76a914{Hash160(bytes.fromhex(to_key[2:-2])).hex()}88ac"
    reading = read(plan_of([to_key, to_address], told.times[120]), Talk(story))
    assert units(reading) == {to_key: told.ledger(120)[to_key], to_address: 0}
    assert told.ledger(120)[to_key] > 0


def test_a_pruned_node_that_lacks_blocks_to_undo_is_unread_in_its_own_words(tmp_path: Path) -> None:
    with bitcoind_node(tmp_path, "-prune=1", "-fastprune", "-txindex=0", "-blockfilterindex=0") as node:
        node("generatetodescriptor", 700, "raw(51)")
        cutoff = node("getblockheader", node("getblockhash", 100))["time"]
        node("pruneblockchain", 400)
        reading = read(plan_of(["51"], cutoff), Talk(node))
    assert reasons(reading) == {"the node answered -1: Block not available (pruned data)"}
    assert reading.pin is not None
    assert reading.pin.still_there
