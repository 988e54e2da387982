from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.chains.evm.node_transport import SOURCE, NodeTransport, failed
from tests.chains.evm.small_chain import (
    NETWORK,
    fund,
    head_of,
    mine,
    one_by_one,
    owner,
    pair_of,
    pairs_of,
    plan_at,
    read,
    rewrite,
    units,
)
from tests.chains.joined import joined
from tests.nodes.running import Node

from reservecheck.chains.evm import decode, fetch
from reservecheck.chains.evm.cells import NEVER_ASKED
from reservecheck.chains.evm.pins import LEFT
from reservecheck.chains.quorum import APART, JointReading
from reservecheck.chains.reader import Plan
from reservecheck.model.progress import silent
from reservecheck.transport.endpoint import Endpoint
from reservecheck.transport.http import HttpTransport
from reservecheck.transport.journal import RecordingTransport
from reservecheck.transport.log_codec import read_log, write_log
from reservecheck.transport.record import Question, Recorded, Reply, seal

TWO = replace(NETWORK, network="eip155:31338", caip2="eip155:31338", chain_id=31338)


def test_two_chains_are_read_each_at_its_own_pin(funded: Node, evm_two: Node) -> None:
    fund(evm_two, 3)
    for node, network in ((funded, NETWORK), (evm_two, TWO)):
        height = head_of(node) - 1
        pairs = tuple(
            pair_of(owner(i), name, network.network) for i in range(3) for name in ("", "storage", "hash")
        )
        found, _ = read(node, plan_at(node, height, pairs, network))
        assert found.pin is not None
        assert (found.pin.network, found.pin.height) == (network.network, height)
        assert list(units(found).values()) == [one_by_one(node, pair, found.pin.hash) for pair in pairs]


def test_what_happens_after_the_pin_does_not_change_what_is_read(fresh_anvil: Node) -> None:
    fund(fresh_anvil, 2)
    plan = plan_at(fresh_anvil, 1, pairs_of([owner(0), owner(1)], ["", "storage"]))
    before, _ = read(fresh_anvil, plan)
    fresh_anvil("anvil_setBalance", owner(0), "0x0")
    mine(fresh_anvil, 12, 12)
    assert read(fresh_anvil, plan)[0].readings == before.readings


def test_progress_is_told(funded: Node) -> None:
    heard: list[tuple[str, int, int]] = []
    plan = plan_at(funded, 1, pairs_of([owner(0), owner(1)], ["", "storage"]))
    fetch(plan, SOURCE, NodeTransport(funded), lambda *said: heard.append(said))
    assert heard[-1] == ("balances", 4, 4)
    fetch(plan_at(funded, 0), SOURCE, NodeTransport(funded), lambda *said: heard.append(said))
    assert heard[-1] == ("block at the cut-off", 1, 0)


def on_first(purpose: str, act: Callable[[], None]) -> Callable[[Question], Reply | None]:
    def fault(question: Question) -> Reply | None:
        if (question.purpose, question.ordinal) == (purpose, 1):
            act()
        return None

    return fault


@pytest.mark.parametrize("purpose", ["decimals", "cells", "final"])
def test_a_chain_that_reorganises_during_the_reading_leaves_everything_unread(
    fresh_anvil: Node, purpose: str
) -> None:
    snapshot = fresh_anvil("evm_snapshot")
    fund(fresh_anvil, 2)
    plan = plan_at(fresh_anvil, 1, pairs_of([owner(0), owner(1)], ["", "storage"]))
    found, transport = read(fresh_anvil, plan, on_first(purpose, lambda: rewrite(fresh_anvil, snapshot, 12, 12)))
    assert found.pin is not None
    assert not found.pin.still_there
    assert {(one.units, one.reason) for one in found.readings.values()} == {(None, LEFT)}
    assert all(one.exchanges == found.pin.exchanges for one in found.readings.values())
    assert transport.asked("final")


def test_a_chain_that_became_shorter_than_the_pin_leaves_everything_unread(fresh_anvil: Node) -> None:
    mine(fresh_anvil, 12)
    snapshot = fresh_anvil("evm_snapshot")
    mine(fresh_anvil, 12, 12, 12)
    plan = plan_at(fresh_anvil, 3, pairs_of([owner(0)], [""]))
    found, _ = read(fresh_anvil, plan, on_first("final", lambda: fresh_anvil("evm_revert", snapshot)))
    assert [one.reason for one in found.readings.values()] == [LEFT]


@pytest.mark.parametrize("outcome", ["unreachable", "timed out", "http 429"])
def test_a_dead_source_raises_nothing_and_every_cell_says_why(funded: Node, outcome: str) -> None:
    plan = plan_at(funded, 1, pairs_of([owner(0)], ["", "storage"]))
    found, _ = read(funded, plan, lambda _: failed(outcome))
    assert found.pin is None
    assert {(one.units, one.reason) for one in found.readings.values()} == {(None, outcome)}


def test_no_exchanges_are_no_pin(funded: Node) -> None:
    found = decode(plan_at(funded, 1, pairs_of([owner(0)], [""])), ())
    assert (found.pin, [one.reason for one in found.readings.values()]) == (None, [NEVER_ASKED])


def together(plan: Plan, *logs: NodeTransport) -> JointReading:
    return joined(
        plan, decode, dict(zip(("own-node", "other"), (seal(log.said).exchanges for log in logs), strict=True))
    )


def units_of(found: JointReading) -> dict[tuple[str, str], int | None]:
    return {key: reading.units for key, reading in found.readings.items()}


def test_two_sources_at_one_block_are_one_reading(funded: Node) -> None:
    plan = plan_at(funded, 1, pairs_of([owner(0)], ["", "storage"]))
    (alone, one), (_, two) = read(funded, plan), read(funded, plan)
    found = together(plan, one, two)
    assert found.pin is not None
    assert (found.pin.agreed, found.pin.asked) == (("other", "own-node"), ("other", "own-node"))
    assert units_of(found) == units(alone)


def test_a_silent_second_source_was_asked_but_did_not_agree(funded: Node) -> None:
    plan = plan_at(funded, 1, pairs_of([owner(0)], [""]))
    (alone, one), (_, dead) = read(funded, plan), read(funded, plan, lambda _: failed("unreachable"))
    found = together(plan, one, dead)
    assert found.pin is not None
    assert (found.pin.agreed, found.pin.asked) == (("own-node",), ("other", "own-node"))
    assert units_of(found) == units(alone)


def test_a_second_source_that_saw_another_balance_or_another_block_is_never_outvoted(fresh_anvil: Node) -> None:
    snapshot = fresh_anvil("evm_snapshot")
    fund(fresh_anvil, 1)
    plan = plan_at(fresh_anvil, 1, pairs_of([owner(0)], ["", "storage"]))
    _, honest = read(fresh_anvil, plan)
    _, liar = read(fresh_anvil, plan)
    lying = NodeTransport(fresh_anvil)
    lying.said = [
        (q, replace(r, body=r.body.replace(b"0de0b6b3a764", b"0ee0b6b3a764")) if r.body else r)
        for q, r in liar.said
    ]
    found = together(plan, honest, lying)
    (native, said), (token, _) = ((one.units, one.reason) for one in found.readings.values())
    assert (native, token) == (None, 1)
    assert said.startswith("the sources disagree: other 1")
    rewrite(fresh_anvil, fresh_anvil("evm_snapshot") and snapshot, 12, 12)
    _, elsewhere = read(fresh_anvil, plan)
    found = together(plan, honest, elsewhere)
    assert found.pin is None
    assert {one.reason.partition(":")[0] for one in found.readings.values()} == {APART}


def test_one_source_that_lost_the_pin_makes_it_lost(fresh_anvil: Node) -> None:
    snapshot = fresh_anvil("evm_snapshot")
    fund(fresh_anvil, 1)
    plan = plan_at(fresh_anvil, 1, pairs_of([owner(0)], [""]))
    _, first = read(fresh_anvil, plan)
    _, second = read(fresh_anvil, plan, on_first("final", lambda: rewrite(fresh_anvil, snapshot, 12, 12)))
    found = together(plan, first, second)
    assert found.pin is not None
    assert not found.pin.still_there
    assert [one.reason for one in found.readings.values()] == [f"{LEFT}, as other saw"]


def test_the_same_log_gives_the_same_reading_whatever_became_of_the_chain(funded: Node) -> None:
    plan = plan_at(funded, 1, pairs_of([owner(0)], ["", "revert"]))
    found, transport = read(funded, plan)
    again: tuple[Recorded, ...] = seal(list(reversed(transport.said))).exchanges
    assert decode(plan, again) == found


def test_a_recording_on_disk_decodes_to_the_same_reading_after_a_round_trip(funded: Node, tmp_path: Path) -> None:
    plan = plan_at(funded, 1, pairs_of([owner(0), owner(1)], ["", "storage", "revert", "nothing"]))
    with HttpTransport({SOURCE.name: Endpoint(funded.url)}) as http:
        recording = RecordingTransport(http, tmp_path)
        fetch(plan, SOURCE, recording, silent)
    lines, bodies = write_log(recording.log())
    again = read_log(lines, bodies.__getitem__)
    found = decode(plan, again.exchanges)
    assert found == decode(plan, recording.log().exchanges) == read(funded, plan)[0]
    assert [one.units for one in found.readings.values()] == [10**18, 1, None, None, 10**18 + 1, 2, None, None]


def test_decoding_needs_no_web3() -> None:
    code = "import sys, reservecheck.chains.evm; sys.exit('web3' in sys.modules or 'httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_ten_thousand_owners_of_five_tokens_take_fifteen_requests_at_most(fresh_anvil: Node) -> None:
    names = ["hash", "two-words", "largest", "storage", ""]
    fund(fresh_anvil, 3)
    plan = plan_at(fresh_anvil, 1, pairs_of([owner(i) for i in range(10_000)], names))
    found, transport = read(fresh_anvil, plan)
    counted = [question for question, _ in transport.said if question.purpose not in ("chain", "pin")]
    assert len(counted) <= 15
    assert all(one.reason == "" for one in found.readings.values())
    assert found.pin is not None
    for pair in plan.pairs[:40:3] + plan.pairs[-5:]:
        assert found.readings[pair.identity, pair.instrument].units == one_by_one(fresh_anvil, pair, found.pin.hash)
