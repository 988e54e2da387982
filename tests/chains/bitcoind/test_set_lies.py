"""What a log says of a UTXO set, altered in every way: nothing is proven by it, and nothing breaks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from tests.chains.bitcoind.conftest import Told
from tests.chains.bitcoind.own_sets import read_with_set, talk_with_set, with_set
from tests.chains.bitcoind.talking import NATIVE, answered, plan_of, units
from tests.chains.bitcoind.written_dumps import Unspent, header, packed, set_hash, varint
from tests.nodes.running import Node

from reservecheck.chains.bitcoind import decode
from reservecheck.chains.bitcoind.set_questions import MESSAGE_START, answer_for, dump_call
from reservecheck.chains.reader import Plan
from reservecheck.errors import SourceError
from reservecheck.transport.coin_set import DUMP, SCAN
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Recorded

AT: Final = 150
Change = Callable[[dict[str, Any]], object]
Log = tuple[Plan, tuple[Recorded, ...]]


@pytest.fixture(scope="module")
def recorded(story: Node, told: Told, tmp_path_factory: pytest.TempPathFactory) -> Log:
    plan = plan_of(["51", told.scripts["haneul/p2pk-compressed"][0]], told.times[AT])
    talk = talk_with_set(story, tmp_path_factory.mktemp("sets") / "set.dat")
    assert read_with_set(plan, talk).unproven == (0, "")
    return plan, talk.log.exchanges


def first_coin(place: int, value: object) -> Change:
    def change(result: dict[str, Any]) -> None:
        result["matched"][0][place] = value

    return change


def twice(result: dict[str, Any]) -> None:
    result["matched"].append(result["matched"][0])


def put(**members: object) -> Change:
    return lambda result: result.update(members)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (put(set_hash="ab" * 32), f"the UTXO set's hash is {'ab' * 32}, the node states "),
        (put(set_hash="AB"), "garbled answer: set_hash"),
        (put(set_hash=7), "garbled answer: set_hash"),
        (put(set_hash=""), "the older dump format has no hash that a node states"),
        (put(base_hash="ab" * 32), f"the UTXO set is that of block {'ab' * 32}, not of block 150 "),
        (put(coins=0), "garbled answer: the coins of the UTXO set"),
        (put(coins=7_000), "the node wrote "),
        (put(total_sats=1), "garbled answer: the coins of the UTXO set"),
        (put(matched={}), "garbled answer: matched"),
        (put(matched=[[]]), "garbled answer: script"),
        (put(stated="xyz"), "garbled answer: not a hash"),
        (put(stated=None), "garbled answer: stated"),
        (
            lambda result: result["matched"].append(result["matched"][0]),
            "garbled answer: the coins of the UTXO set",
        ),
        (first_coin(0, "ab"), "garbled answer: not a hash"),
        (first_coin(1, -1), "garbled answer: vout"),
        (first_coin(2, 151), "garbled answer: a coin of the UTXO set"),
        (first_coin(3, 1), "garbled answer: coinbase"),
        (first_coin(4, -1), "garbled answer: a coin of the UTXO set"),
        (first_coin(4, 2**53), "garbled answer: a coin of the UTXO set"),
        (first_coin(5, "52"), "garbled answer: a coin of the UTXO set"),
    ],
)
def test_an_altered_answer_about_the_set_proves_nothing(recorded: Log, change: Change, why: str) -> None:
    plan, items = recorded
    reading = decode(plan, with_set(items, change))
    count, said = reading.unproven
    assert (count, said[: len(why)]) == (2, why)
    assert None not in units(reading).values()


def test_an_altered_amount_contradicts_the_node(recorded: Log) -> None:
    plan, items = recorded
    reading = decode(plan, with_set(items, lambda result: result["matched"][0].__setitem__(4, 7)))
    (lied,) = (one for one in reading.readings.values() if one.units is None)
    assert lied.reason.startswith("the UTXO set shows ")
    assert reading.unproven == (1, lied.reason)
    assert lied.answered is not None
    assert lied.reason.endswith(f", the node answered {lied.answered}")


UNSTATED: Final = "nobody states the hash of the UTXO set: write utxo_set_hash as dumptxoutset printed it"
SHOWS_NOTHING: Final = "the UTXO set's hash is not stated by anybody, so it shows nothing"


def invented(story: Node, told: Told, folder: Path, *, stated: bool = False) -> Log:
    """A dump of the pin by hand: immature coins of another amount on the first script, none on the second."""
    scripts = ["51", told.scripts["haneul/p2pk-compressed"][0]]
    coin = bytes.fromhex("07" * 32) + b"\x01\x00" + varint(2 * AT + 1) + varint(packed(7)) + b"\x07\x51"
    whole = header(1)[:11] + bytes.fromhex(told.hashes[AT])[::-1] + header(1)[43:] + coin
    (folder / "set.dat").write_bytes(whole)
    unspent = Unspent(bytes.fromhex("07" * 32), 0, 2 * AT + 1, 7, b"\x51")
    talk = talk_with_set(story, folder / "set.dat", stated=set_hash([unspent]) if stated else "")
    plan = plan_of(scripts, told.times[AT])
    read_with_set(plan, talk)
    return plan, talk.log.exchanges


def test_a_set_whose_hash_nobody_states_takes_nothing_away_and_locks_nothing(
    story: Node, told: Told, tmp_path: Path
) -> None:
    plan, items = invented(story, told, tmp_path)
    alone = [item for item in items if item.question.purpose not in {"proof", "rollback"}]
    reading = decode(plan, items)
    assert reading.readings == decode(plan, alone).readings
    other = told.scripts["haneul/p2pk-compressed"][0]
    held = reading.readings[other, NATIVE].units
    short = f"{other[:16]}…"
    assert reading.unproven == (2, f"{UNSTATED}; and it shows 0 of {short} where the node answered {held}")


def test_a_set_whose_hash_nobody_states_is_no_reading_where_the_node_did_not_scan(
    story: Node, told: Told, tmp_path: Path
) -> None:
    plan, items = invented(story, told, tmp_path)
    without = [item for item in items if item.question.purpose != "undo"]
    reading = decode(plan, without)
    assert {(one.units, one.reason, one.locked) for one in reading.readings.values()} == {(None, SHOWS_NOTHING, 0)}
    assert reading.unproven == (2, UNSTATED)


def test_a_set_whose_hash_is_stated_contradicts_and_locks(story: Node, told: Told, tmp_path: Path) -> None:
    plan, items = invented(story, told, tmp_path, stated=True)
    one = decode(plan, items).readings["51", NATIVE]
    assert (one.units, one.reason, one.answered) == (None, "the UTXO set shows 7, the node answered 1000", 1000)
    without = [item for item in items if item.question.purpose != "undo"]
    alone = decode(plan, without).readings["51", NATIVE]
    assert (alone.units, alone.proof, alone.locked) == (7, "UTXO set", 7)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (put(base_hash="ab" * 32), f"the node dumped the UTXO set of block 150 {'ab' * 32}"),
        (put(base_height=149), "the node dumped the UTXO set of block 149 "),
        (put(coins_written=1), "the node wrote 1 coins, the UTXO set has "),
        (put(txoutset_hash="cd" * 32), "the UTXO set's hash is "),
        (put(txoutset_hash="cd"), "garbled answer: not a hash"),
        (put(coins_written="1"), "garbled answer: coins_written"),
    ],
)
def test_an_altered_answer_of_the_node_about_its_dump_proves_nothing(
    recorded: Log, change: Change, why: str
) -> None:
    plan, items = recorded
    count, said = decode(plan, with_set(items, change, method=DUMP)).unproven
    assert (count, said[: len(why)]) == (2, why)


def replaced(items: tuple[Recorded, ...], method: str, **other: Any) -> list[Recorded]:  # noqa: ANN401  # any field
    return [replace(item, **other) if item.question.calls[0].method == method else item for item in items]


def test_a_body_that_does_not_fit_proves_nothing(recorded: Log) -> None:
    plan, items = recorded
    garbled = replaced(items, SCAN, reply=answered(b"{}"))
    assert decode(plan, garbled).unproven == (2, "garbled answer: not what was asked")
    refused = answered(json.dumps({"id": 1, "error": {"code": -1, "message": "the\u202e file"}}).encode())
    assert decode(plan, replaced(items, SCAN, reply=refused)).unproven == (2, "the file")


def test_a_dump_of_another_block_was_not_asked_for(recorded: Log) -> None:
    plan, items = recorded
    (dump,) = (item for item in items if item.question.calls[0].method == DUMP)
    other = replace(dump.question, calls=(dump_call("ab" * 32),))
    assert decode(plan, replaced(items, DUMP, question=other)).unproven == (2, "garbled question: dump")


def test_a_log_without_the_set_proves_nothing(recorded: Log) -> None:
    plan, items = recorded
    without = [item for item in items if item.question.calls[0].method != SCAN]
    reading = decode(plan, without)
    assert reading.unproven == (2, "the UTXO set was not read")
    assert reading.readings["51", NATIVE].units == 1000


def test_a_question_that_is_none_of_these_is_refused() -> None:
    for call in (
        Call("scanutxoset", []),
        Call("getblock", ["a", [], "", ""]),
        Call("scanutxoset", ["a", [], 7, ""]),
    ):
        with pytest.raises(SourceError, match="no question about a UTXO set"):
            answer_for(call, [b""], lambda _: None)


def test_only_networks_whose_dumps_are_known_are_read() -> None:
    assert {name.partition(":")[0] for name in MESSAGE_START} == {"bitcoin", "litecoin"}


@pytest.mark.parametrize("state", ["nothing", "file"])
def test_the_older_dump_of_litecoin_shows_nothing_and_its_node_is_never_rolled_back(
    story: Node, told: Told, tmp_path: Path, state: str
) -> None:
    """The older format, by hand: block, count, transactions; then each coin after its outpoint."""
    plan = plan_of(["51"], told.times[AT])
    network = replace(plan.network, network="litecoin:regtest")
    pairs = tuple(pair._replace(instrument=network.native) for pair in plan.pairs)
    plan = replace(plan, network=network, pairs=pairs)
    coin = bytes(31) + b"\x07" + (0).to_bytes(4, "little") + b"\x81\x10" + b"\x32" + b"\x07\x51"
    older = bytes.fromhex(told.hashes[AT])[::-1] + (1).to_bytes(8, "little") + (9).to_bytes(4, "little") + coin
    if state == "file":
        (tmp_path / "set.dat").write_bytes(older)
    talk = talk_with_set(story, tmp_path / "set.dat")
    reading = read_with_set(plan, talk)
    assert DUMP not in [call.method for question, _ in talk.said for call in question.calls]
    (one,) = reading.readings.values()
    if state == "nothing":
        assert reading.unproven == (
            1,
            "there is no dump, and a node of this network writes none of an earlier block",
        )
        assert one.units == 1000
    else:
        no_hash = "the older dump format has no hash that a node states"
        differs = f"{no_hash}; and it shows 5000000000 of 51 where the node answered 1000"
        assert reading.unproven == (1, differs)
        assert (one.units, one.reason, one.proof) == (1000, "", "")
        without = [item for item in talk.log.exchanges if item.question.purpose != "undo"]
        alone = decode(plan, without)
        assert [(one.units, one.reason) for one in alone.readings.values()] == [(None, SHOWS_NOTHING)]
        assert alone.unproven == (1, no_hash)
