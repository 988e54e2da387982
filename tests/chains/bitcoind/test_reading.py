from __future__ import annotations

import random
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.chains.bitcoind.conftest import Told
from tests.chains.bitcoind.talking import (
    NATIVE,
    SOURCE,
    Talk,
    answered,
    failed,
    plan_of,
    read,
    reasons,
    refused,
    units,
)
from tests.chains.joined import joined
from tests.nodes.fault_proxy import altered as body_altered
from tests.nodes.fault_proxy import fault_proxy, method
from tests.nodes.running import Node

from reservecheck.chains import bitcoind as public
from reservecheck.chains.bitcoind.pins import window_among
from reservecheck.chains.bitcoind.reading import decode, fetch
from reservecheck.chains.bitcoind.scanning import WAITING, Pace
from reservecheck.chains.reader import Decode, Fetch, Pair, Reading
from reservecheck.model.progress import silent
from reservecheck.transport.endpoint import Endpoint
from reservecheck.transport.http import HttpTransport
from reservecheck.transport.journal import RecordingTransport
from reservecheck.transport.record import Question, Recorded, Reply

FETCH: Fetch = public.fetch
DECODE: Decode = public.decode


@pytest.mark.parametrize("height", [120, 150, 200, 250])
def test_every_script_type_equals_the_independent_ledger_to_the_satoshi(
    story: Node, told: Told, height: int
) -> None:
    reading = read(plan_of(told.all_scripts, told.times[height]), Talk(story))
    assert reading.pin is not None
    assert (reading.pin.height, reading.pin.hash) == (height, told.hashes[height])
    assert units(reading) == told.ledger(height)
    by_wallet = {
        wallet: sum(units(reading)[script] or 0 for script in scripts) for wallet, scripts in told.scripts.items()
    }
    assert by_wallet["haneul/p2pk-compressed"] >= 10**8
    assert by_wallet["haneul/bare-multisig"] >= 50_000


def test_the_pin_says_everything_a_pin_says(story: Node, told: Told) -> None:
    talk = Talk(story)
    pin = read(plan_of(["51"], told.times[150]), talk).pin
    assert pin is not None
    assert (pin.id, pin.network, pin.role) == ("bitcoin:regtest@cutoff", "bitcoin:regtest", "cutoff")
    assert (pin.height, pin.time, pin.state_root) == (150, told.times[150], None)
    assert (pin.final, pin.still_there, pin.agreed, pin.asked) == (True, True, ("own-node",), ("own-node",))
    purposes = {item.n: item.question.purpose for item in talk.log.exchanges}
    assert [purposes[n] for n in pin.exchanges] == ["chain", "pin", "pin", "final"]


def test_every_exchange_names_the_decoder_that_reads_it(story: Node, told: Told) -> None:
    talk = Talk(story)
    read(plan_of(["51"], told.times[150], genesis=told.hashes[0]), talk)
    assert {(question.purpose, question.decoder) for question, _ in talk.said} == {
        ("chain", "bitcoind.chain/1"),
        ("pin", "bitcoind.header/1"),
        ("blocks", "bitcoind.header/1"),
        ("cells", "bitcoind.scan/1"),
        ("undo", "bitcoind.activity/1"),
        ("final", "bitcoind.header/1"),
    }


def test_the_same_log_gives_the_same_readings(story: Node, told: Told) -> None:
    talk = Talk(story)
    plan = plan_of(told.all_scripts, told.times[150])
    assert read(plan, talk) == decode(plan, talk.log.exchanges) == decode(plan, talk.log.of("bitcoin:regtest"))


def test_another_instrument_and_what_is_no_script_are_unread_and_not_asked_for(story: Node, told: Told) -> None:
    pairs = (
        Pair("51", "bitcoin:regtest/rune:1", "1"),
        Pair("6a0100", NATIVE, ""),
        Pair("bcrt1qxyz", NATIVE, ""),
        Pair("5", NATIVE, ""),
        Pair("", NATIVE, ""),
    )
    plan = replace(plan_of([], told.times[150]), pairs=pairs)
    reading = read(plan, talk := Talk(story))
    foreign, *others = [reading.readings[pair.identity, pair.instrument] for pair in pairs]
    assert foreign == Reading(None, "not an instrument of this chain", ())
    assert others == [Reading(None, "not a script that can hold coins", ())] * 4
    assert reading.pin is not None
    assert reading.pin.still_there
    assert "cells" not in {question.purpose for question, _ in talk.said}


def test_a_script_nobody_asked_for_is_unread(story: Node, told: Told) -> None:
    talk = Talk(story)
    read(plan_of(["51"], told.times[150]), talk)
    more = decode(plan_of(["51", "52"], told.times[150]), talk.log.exchanges)
    assert units(more) == {"51": 1000, "52": None}
    assert more.readings["52", NATIVE].reason == "the script was not asked for"


def test_without_any_exchange_there_is_no_pin_and_nothing_is_read(told: Told) -> None:
    reading = decode(plan_of(["51"], told.times[150]), [])
    assert reading.pin is None
    assert reasons(reading) == {"no source was asked"}


def test_a_log_without_the_blocks_around_the_cut_off_gives_no_pin(story: Node, told: Told) -> None:
    talk = Talk(story)
    plan = plan_of(["51"], told.times[150])
    read(plan, talk)
    without = [item for item in talk.log.exchanges if item not in window_among(talk.log.exchanges)]
    assert reasons(decode(plan, without)) == {"the block at the cut-off was not found"}


def test_when_no_chunk_is_answered_every_script_gives_that_reason(story: Node, told: Told) -> None:
    talk = Talk(story, lambda question: failed("timed out") if question.purpose == "cells" else None)
    reading = read(plan_of(told.all_scripts, told.times[150]), talk, Pace(scripts=100))
    assert reasons(reading) == {"timed out"}
    assert reading.pin is not None
    assert reading.pin.still_there
    assert "undo" not in {question.purpose for question, _ in talk.said}


def test_progress_tells_how_far_the_reading_is(story: Node, told: Told) -> None:
    heard: list[tuple[str, int, int]] = []
    plan = plan_of(told.all_scripts, told.times[150])
    fetch(plan, SOURCE, Talk(story), lambda *told_us: heard.append(told_us), pace=Pace(scripts=100, blocks=100))
    assert heard == [
        ("pin", 0, 1), ("pin", 1, 1),
        ("scan", 0, 3), ("scan", 1, 3), ("scan", 2, 3),
        ("undo", 0, 3), ("undo", 1, 3), ("undo", 2, 3),
        ("final", 0, 1), ("final", 1, 1),
    ]  # fmt: skip


def test_waiting_for_another_scan_is_told_too(story: Node, told: Told) -> None:
    """Somebody else's scan may take a quarter of an hour, in which nothing would be seen to move."""
    said: list[str] = []

    def before(question: Question) -> Reply | None:
        said.append(question.purpose)
        if question.purpose == "cells" and said.count("cells") == 1:
            return refused(-8, 'Scan already in progress, use action "abort" or "status"')
        return answered(b'{"id":1,"result":{"progress":5}}') if said.count("busy") == 1 else None

    heard: list[tuple[str, int, int]] = []
    plan = plan_of(told.all_scripts, told.times[150])
    pace = Pace(busy_polls=3, sleep=lambda _: None)
    fetch(plan, SOURCE, Talk(story, before), lambda *told_us: heard.append(told_us), pace=pace)
    assert [one for one in heard if one[0] in {"scan", WAITING}] == [
        ("scan", 0, 1),
        (WAITING, 0, 3),
        (WAITING, 1, 3),
    ]


def over_http(node: Node) -> HttpTransport:
    return HttpTransport(
        {"own-node": Endpoint(url=node.url, cookie_file=node.cookie_file, requests_per_second=500)}
    )


def test_over_http_the_written_log_gives_the_ledger(story: Node, told: Told, tmp_path: Path) -> None:
    plan = plan_of(told.all_scripts, told.times[150], genesis=told.hashes[0])
    with over_http(story) as transport:
        recording = RecordingTransport(transport, tmp_path)
        fetch(plan, SOURCE, recording, silent)
    assert units(decode(plan, recording.log().of("bitcoin:regtest"))) == told.ledger(150)


def test_a_scan_that_was_aborted_on_the_way_is_unread_over_http(story: Node, told: Told) -> None:
    plan = plan_of(told.all_scripts, told.times[150])
    with fault_proxy(story) as proxy:
        aborted = body_altered(lambda body: body.replace(b'"success":true', b'"success":false'))
        proxy.when(method("scantxoutset"), aborted)
        with HttpTransport({"own-node": Endpoint(url=proxy.url, requests_per_second=500)}) as transport:
            reading = read(plan, Talk(story, transport.ask))
    assert reasons(reading) == {"the scan was aborted"}


def test_an_interrupted_reading_goes_on_where_it_stopped(story: Node, told: Told, tmp_path: Path) -> None:
    plan = plan_of(told.all_scripts, told.times[150])

    def interrupt(question: Question) -> None:
        if question.purpose == "undo":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(plan, SOURCE, RecordingTransport(Talk(story, interrupt), tmp_path), silent)
    again = Talk(story)
    recording = RecordingTransport(again, tmp_path, always_ask=frozenset({"chain", "pin", "final"}))
    fetch(plan, SOURCE, recording, silent)
    assert {question.purpose for question, _ in again.said} == {"chain", "pin", "undo", "final"}
    assert units(decode(plan, recording.log().exchanges)) == told.ledger(150)


def from_source(exchanges: tuple[Recorded, ...], name: str) -> list[Recorded]:
    return [replace(item, question=replace(item.question, source=name)) for item in exchanges]


def test_two_sources_that_say_the_same_agree(story: Node, told: Told) -> None:
    talk = Talk(story)
    plan = plan_of(["51"], told.times[150])
    read(plan, talk)
    both = joined(plan, decode, {name: from_source(talk.log.exchanges, name) for name in ("b", "a")})
    assert both.pin is not None
    assert (both.pin.agreed, both.pin.asked) == (("a", "b"), ("a", "b"))
    assert {identity: reading.units for (identity, _), reading in both.readings.items()} == {"51": 1000}


def test_a_hundred_thousand_scripts_in_one_call_are_read_in_seconds(story: Node, told: Told) -> None:
    noise = random.Random(1)  # noqa: S311  # the same scripts every time
    scripts = [*told.all_scripts, *(f"0014{noise.randbytes(20).hex()}" for _ in range(100_000))]
    scripts = scripts[:100_000]
    plan = plan_of(scripts, told.times[150])
    talk = Talk(story)
    fetch(plan, SOURCE, talk, lambda *_: None)
    started = time.monotonic()
    decoded = decode(plan, talk.log.exchanges)
    took = time.monotonic() - started
    amounts = units(decoded)
    assert {script: amounts[script] for script in told.all_scripts} == told.ledger(150)
    assert sum(amount == 0 for amount in amounts.values()) > 99_000
    assert took < 15
