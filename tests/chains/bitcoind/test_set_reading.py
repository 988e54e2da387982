"""The UTXO set at the pin beside what a real node answered: proven, contradicted, alone, or worth nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from tests.chains.bitcoind.conftest import DATA, Told
from tests.chains.bitcoind.own_sets import (
    PROVING,
    answering,
    methods,
    of,
    read_with_set,
    talk_with_set,
)
from tests.chains.bitcoind.talking import failed, plan_of, refused, units
from tests.nodes.running import Node, bitcoind_node

from reservecheck.chains.bitcoind import asked, decode, fetch
from reservecheck.chains.bitcoind import set_questions as questions
from reservecheck.chains.bitcoind.coins import IMMATURE
from reservecheck.chains.reader import NetworkReading
from reservecheck.model.progress import silent
from reservecheck.model.words import UTXO_SET
from reservecheck.transport.coin_set import SCAN
from reservecheck.transport.journal import RecordingTransport
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Question, Recorded, Reply

AT: Final = 150
Change = Callable[[list[dict[str, Any]]], object]


def proofs(reading: NetworkReading) -> set[str]:
    return {one.proof for one in reading.readings.values()}


def expected(height: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "expected" / f"h{height}.json").read_text())
    return found


def immature(told: Told, height: int) -> dict[str, int]:
    """By the independent ledger: coinbases that the block after `height` must not spend."""
    totals = dict.fromkeys(told.all_scripts, 0)
    coins = {
        (coin["txid"], coin["vout"]): coin
        for wallet in expected(height)["wallets"].values()
        for coin in wallet["utxos"]
        if coin["coinbase"] and height + 1 < coin["height"] + 100
    }
    for coin in coins.values():
        totals[coin["scriptPubKey"]] += coin["sats"]
    return totals


@pytest.mark.parametrize("height", [120, 150, 200, 250])
def test_every_holding_is_proven_and_equals_the_independent_ledger(
    story: Node, told: Told, tmp_path: Path, height: int
) -> None:
    """O7: what the next block may not spend is locked."""
    plan = plan_of(told.all_scripts, told.times[height])
    talk = talk_with_set(story, tmp_path / "set.dat")
    reading = read_with_set(plan, talk)
    assert units(reading) == told.ledger(height)
    assert proofs(reading) == {UTXO_SET}
    assert reading.unproven == (0, "")
    assert {script: of(reading, script).locked for script in told.all_scripts} == immature(told, height)
    (result,) = (
        json.loads(item.reply.body or b"")["result"]
        for item in talk.log.exchanges
        if item.question.calls[0].method == SCAN
    )
    known = expected(height)
    assert (result["set_hash"], result["coins"], result["total_sats"]) == (
        known["hash_serialized_3"], known["utxo_count"], known["total_sats"],
    )  # fmt: skip
    assert reading == decode(plan, talk.log.exchanges)
    assert {script for script, _ in asked(talk.log.exchanges)} == set(told.all_scripts)


def test_no_path_is_asked_or_answered_in_the_log(story: Node, told: Told, tmp_path: Path) -> None:
    talk = talk_with_set(story, tmp_path / "set.dat")
    read_with_set(plan_of(["51"], told.times[AT]), talk)
    assert "dumptxoutset" in methods(talk)
    for question, reply in talk.said:
        assert str(tmp_path) not in f"{question}{reply.body!r}"


def test_a_script_without_a_coin_is_a_proven_zero(story: Node, told: Told, tmp_path: Path) -> None:
    reading = read_with_set(plan_of(["0014" + "ab" * 20], told.times[AT]), talk_with_set(story, tmp_path / "s"))
    assert [(one.units, one.proof) for one in reading.readings.values()] == [(0, UTXO_SET)]


def test_without_coins_to_prove_no_set_is_asked_for(story: Node, told: Told, tmp_path: Path) -> None:
    talk = talk_with_set(story, tmp_path / "set.dat")
    reading = read_with_set(plan_of([], told.times[AT]), talk)
    assert reading.unproven == (0, "")
    assert "dumptxoutset" not in methods(talk)


def test_a_source_that_is_not_asked_to_prove_is_not_asked_for_a_set(
    story: Node, told: Told, tmp_path: Path
) -> None:
    talk = talk_with_set(story, tmp_path / "set.dat")
    fetch(plan_of(["51"], told.times[AT]), replace(PROVING, proofs=False), talk, silent)
    assert not {SCAN, "dumptxoutset"} & set(methods(talk))


def test_a_pipe_is_read_while_the_node_writes_into_it(story: Node, told: Told, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    talk = talk_with_set(story, tmp_path / "pipe")
    reading = read_with_set(plan_of(told.all_scripts, told.times[AT]), talk)
    assert units(reading) == told.ledger(AT)
    assert proofs(reading) == {UTXO_SET}
    assert [question.batch for question, _ in talk.said if SCAN in methods_of(question)] == [True]


def methods_of(question: Question) -> list[str]:
    return [call.method for call in question.calls]


def test_a_pipe_nobody_writes_into_ends_by_itself(story: Node, told: Told, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    def before(question: Question) -> Reply | None:
        return refused(-8, f"{tmp_path}/pipe already exists.") if methods_of(question) == ["dumptxoutset"] else None

    reading = read_with_set(plan_of(["51"], told.times[AT]), talk_with_set(story, tmp_path / "pipe", before=before))
    why = "something is there already: a file unseen from here, or a pipe it cannot write into"
    assert reading.unproven == (1, f"the node did not dump its UTXO set: {why}")
    assert units(reading) == {"51": 1000}


def test_the_node_that_is_cut_off_while_it_dumps_is_told(story: Node, told: Told, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    def before(question: Question) -> Reply | None:
        return failed("reset") if methods_of(question) == ["dumptxoutset"] else None

    reading = read_with_set(plan_of(["51"], told.times[AT]), talk_with_set(story, tmp_path / "pipe", before=before))
    assert reading.unproven == (1, "the node did not dump its UTXO set: reset")


def test_an_unfinished_dump_is_left_alone(story: Node, told: Told, tmp_path: Path) -> None:
    (tmp_path / "set.dat.incomplete").touch()
    talk = talk_with_set(story, tmp_path / "set.dat")
    reading = read_with_set(plan_of(["51"], told.times[AT]), talk)
    why = "a dump is being written there, or was cut off: PATH.incomplete is there"
    assert reading.unproven == (1, f"the node did not dump its UTXO set: {why}")
    assert not (tmp_path / "set.dat").exists()


def test_a_run_that_goes_on_keeps_what_the_node_said_of_its_dump(story: Node, told: Told, tmp_path: Path) -> None:
    plan = plan_of(told.all_scripts, told.times[AT])
    talk = talk_with_set(story, tmp_path / "set.dat")

    def interrupt(question: Question) -> Reply:
        if SCAN in methods_of(question):
            raise KeyboardInterrupt
        return talk.ask(question)

    with pytest.raises(KeyboardInterrupt):
        fetch(plan, PROVING, RecordingTransport(Asked(interrupt), tmp_path / "journal"), silent)
    again = talk_with_set(story, tmp_path / "set.dat")
    always = frozenset({"chain", "pin", "final", "rollback"})
    recording = RecordingTransport(again, tmp_path / "journal", always_ask=always)
    fetch(plan, PROVING, recording, silent)
    assert "dumptxoutset" not in methods(again)
    assert proofs(decode(plan, recording.log().exchanges)) == {UTXO_SET}


class Asked:
    """A transport that is a function."""

    def __init__(self, ask: Callable[[Question], Reply]) -> None:
        self.ask = ask


def header(changed: dict[str, Any]) -> Callable[[list[dict[str, Any]]], object]:
    return lambda body: body[2]["result"].update(changed)


def info(changed: dict[str, Any]) -> Callable[[list[dict[str, Any]]], object]:
    return lambda body: body[0]["result"].update(changed)


def branch(status: str, height: int) -> Callable[[list[dict[str, Any]]], object]:
    return lambda body: body[1]["result"].append({"height": height, "hash": "ab" * 32, "status": status})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (header({"confirmations": -1}), "the block is not on the node's chain"),
        (header({"height": 149}), "the block is not on the node's chain"),
        (info({"initialblockdownload": True}), "the node is still downloading blocks"),
        (
            info({"pruned": True, "pruneheight": 151}),
            "the node is pruned, its lowest block is 151, the pin is 150",
        ),
        (
            branch("invalid", 160),
            "it could bring back a branch of height 160 that the node was told to reject",
        ),
    ],
)
def test_a_node_that_would_be_harmed_is_not_asked(
    story: Node,
    told: Told,
    tmp_path: Path,
    change: Change,
    why: str,
) -> None:
    before = answering("getchaintips", change, story, nth=2)
    talk = talk_with_set(story, tmp_path / "set.dat", before=before)
    reading = read_with_set(plan_of(["51"], told.times[AT]), talk)
    assert reading.unproven == (1, f"not rolled back: {why}")
    assert units(reading) == {"51": 1000}
    assert not {SCAN, "dumptxoutset"} & set(methods(talk))


@pytest.mark.parametrize(
    "change",
    [info({"pruned": True, "pruneheight": 150}), branch("invalid", 150), branch("headers-only", 400)],
)
def test_a_node_that_would_not_be_harmed_is_asked(
    story: Node,
    told: Told,
    tmp_path: Path,
    change: Change,
) -> None:
    talk = talk_with_set(story, tmp_path / "s", before=answering("getchaintips", change, story, nth=2))
    assert read_with_set(plan_of(["51"], told.times[AT]), talk).unproven == (0, "")


def test_whether_the_node_came_back_must_be_known(story: Node, told: Told, tmp_path: Path) -> None:
    plan = plan_of(["51"], told.times[AT])
    talk = talk_with_set(story, tmp_path / "set.dat")
    read_with_set(plan, talk)
    items = talk.log.exchanges
    last = next(item for item in items if item.question.key[2:] == ("rollback", 1))
    without = [item for item in items if item is not last]
    assert decode(plan, without).unproven == (1, "whether the node came back from the dump was not asked")
    dead = [replace(item, reply=failed("unreachable")) if item is last else item for item in items]
    words = "whether the node came back from the dump could not be checked: unreachable"
    assert decode(plan, dead).unproven == (1, words)


def test_where_only_the_tip_left_the_chain_the_set_still_counts(story: Node, told: Told, tmp_path: Path) -> None:
    plan = plan_of(told.all_scripts, told.times[AT])
    talk = talk_with_set(story, tmp_path / "set.dat")
    read_with_set(plan, talk)
    gone = with_final(talk.log.exchanges, lambda body: body[1]["result"].update(confirmations=-1))
    reading = decode(plan, gone)
    assert (units(reading), proofs(reading), reading.why) == (told.ledger(AT), {UTXO_SET}, "")
    left = decode(plan, with_final(talk.log.exchanges, lambda body: body[0].update(result="ab" * 32)))
    assert set(units(left).values()) == {None}
    assert left.unproven == (len(told.all_scripts), "the pin left the chain during the reading")
    assert left.why == "the pin left the chain during the reading"


def with_final(items: tuple[Recorded, ...], change: Callable[[Any], object]) -> list[Recorded]:
    changed = []
    for item in items:
        reply = item.reply
        if item.question.purpose == "final":
            body = json.loads(reply.body or b"")
            change(body)
            reply = replace(reply, body=json.dumps(body).encode())
        changed.append(replace(item, reply=reply))
    return changed


def test_a_hash_bitcoin_core_publishes_is_enough(
    story: Node, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = expected(AT)
    published = {known["blockhash"]: known["hash_serialized_3"]}
    monkeypatch.setattr(questions, "published_set_hash", lambda _network, block: published.get(block, ""))
    story("dumptxoutset", str(tmp_path / "set.dat"), "rollback", {"rollback": AT})
    plan = plan_of(["51"], told.times[AT])
    talk = talk_with_set(story, tmp_path / "set.dat")
    assert read_with_set(plan, talk).unproven == (0, "")
    published[known["blockhash"]] = "ab" * 32
    assert decode(plan, talk.log.exchanges).unproven == (1, "garbled question: UTXO set")
    published.clear()
    assert decode(plan, talk.log.exchanges).unproven == (1, "garbled question: UTXO set")


def test_a_hash_published_later_does_not_change_an_old_log(
    story: Node, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(["51"], told.times[AT])
    talk = talk_with_set(story, tmp_path / "set.dat")
    then = read_with_set(plan, talk)
    monkeypatch.setattr(questions, "published_set_hash", lambda _network, _block: "ab" * 32)
    assert decode(plan, talk.log.exchanges) == then


@pytest.mark.parametrize("proofs", [False, True])
def test_a_coinbase_is_locked_until_the_next_block_may_spend_it(tmp_path: Path, proofs: bool) -> None:  # noqa: FBT001  # a parameter of the case
    """Each coinbase goes to a script of its own; that of block 16 can be spent in block 116, after the pin."""
    start, pin, tip = 1_530_000_000, 115, 125
    scripts = [f"02{height:04x}" for height in range(tip + 1)]
    with bitcoind_node(tmp_path, f"-mocktime={start}") as node:
        for height in range(1, tip + 1):
            node("setmocktime", start + 600 * height)
            node("generatetodescriptor", 1, f"raw({scripts[height]})")
        plan = plan_of(scripts, start + 600 * pin)
        talk = talk_with_set(node, tmp_path / "set.dat")
        fetch(plan, replace(PROVING, proofs=proofs), talk, silent)
    reading = decode(plan, talk.log.exchanges)
    assert reading.pin is not None
    assert reading.pin.height == pin
    for height in range(1, pin + 1):
        one = of(reading, scripts[height])
        locked = one.units if height > 16 else 0
        assert (one.units, one.locked, one.locked_why) == (50 * 10**8, locked, IMMATURE if locked else "")
        assert one.proof == (UTXO_SET if proofs else "")
    assert {(of(reading, script).units, of(reading, script).locked) for script in scripts[pin + 1 :]} == {(0, 0)}


def question_of(item: Recorded, **other: Any) -> Recorded:  # noqa: ANN401  # any param of the question
    call = item.question.calls[0]
    names = ("block", "scripts", "start", "published")
    params = [other.get(name, value) for name, value in zip(names, call.params, strict=True)]
    return replace(item, question=replace(item.question, calls=(Call(call.method, params),)))


@pytest.mark.parametrize(
    "other",
    [
        {"block": "ab" * 32},
        {"start": "f9beb4d9"},
        {"published": "ab" * 32},
        {"scripts": "raw(51)"},
        {"scripts": ["51"]},
        {"scripts": [7]},
    ],
)
def test_a_set_that_was_asked_something_else_proves_nothing(
    story: Node, told: Told, tmp_path: Path, other: dict[str, Any]
) -> None:
    plan = plan_of(["51"], told.times[AT])
    talk = talk_with_set(story, tmp_path / "set.dat")
    read_with_set(plan, talk)
    items = [
        question_of(item, **other) if item.question.calls[0].method == SCAN else item for item in talk.log.exchanges
    ]
    assert decode(plan, items).unproven == (1, "garbled question: UTXO set")
