from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.chains.evm.node_transport import AT, NodeTransport, failed, node_says
from tests.chains.evm.small_chain import NETWORK, head_of, mine, plan_at, read, rewrite, time_of
from tests.nodes.running import GENESIS, Node, anvil, evm_block

from reservecheck.chains.evm.pins import CHAIN
from reservecheck.chains.reader import Plan
from reservecheck.errors import PinError, SourceError
from reservecheck.model.registry import Checkpoint
from reservecheck.transport.record import ANSWERED, Question, Reply

FINALIZED = replace(NETWORK, finality="tag:finalized")
UNEVEN = [1, 1, 400, 12, 12, 12, 0, 0, 5000, 3, 3, 12, 90_000, 12, 1, 12, 12, 0, 700, 12] * 3


@pytest.fixture(scope="module")
def uneven(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, list[int]]]:
    """A chain whose blocks come anything but evenly, and every header time."""
    with anvil(tmp_path_factory.mktemp("uneven"), 31337) as node:
        mine(node, *(max(1, step) for step in UNEVEN))
        yield node, [time_of(node, height) for height in range(head_of(node) + 1)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_pin_is_the_last_block_at_or_before_the_cut_off_and_never_after(
    uneven: tuple[Node, list[int]], data: st.DataObject
) -> None:
    node, times = uneven
    around = st.sampled_from(times).flatmap(lambda time: st.integers(time - 2, time + 2))
    cutoff = data.draw(st.one_of(around, st.integers(times[0], times[-1])).filter(
        lambda time: times[0] <= time < times[-1]))  # fmt: skip
    reading, transport = read(node, Plan(network=NETWORK, cutoff_epoch=cutoff, pairs=()))
    assert reading.pin is not None
    assert reading.pin.height == max(height for height, time in enumerate(times) if time <= cutoff)
    assert reading.pin.time <= cutoff
    assert len(transport.asked("pin")) <= 3 * len(times).bit_length() + 2


def test_an_evenly_timed_chain_needs_a_handful_of_headers(fresh_anvil: Node) -> None:
    fresh_anvil("anvil_mine", hex(800), hex(12))
    for height in (1, 234, 790):
        reading, transport = read(fresh_anvil, plan_at(fresh_anvil, height))
        assert reading.pin is not None
        assert reading.pin.height == height
        assert len(transport.asked("pin")) <= 8


def test_blocks_of_one_second_are_all_at_or_before_it(fresh_anvil: Node) -> None:
    fresh_anvil("anvil_mine", hex(6), hex(0))
    times = [time_of(fresh_anvil, height) for height in range(7)]
    mine(fresh_anvil, 12)
    reading, _ = read(fresh_anvil, Plan(network=NETWORK, cutoff_epoch=times[-1], pairs=()))
    assert reading.pin is not None
    assert reading.pin.height == 6


def test_a_chain_that_has_not_passed_the_cut_off_is_refused(funded: Node) -> None:
    message = (
        "eip155:31337: the chain has not passed the cut-off 2018-06-26T08:00:24Z yet: its newest block 2 is from "
        "2018-06-26T08:00:24Z\n  hint: run again later, or use --wait"
    )
    with pytest.raises(PinError, match=f"^{re.escape(message)}$"):
        read(funded, plan_at(funded, 2))


def test_a_chain_younger_than_the_cut_off_is_refused(funded: Node) -> None:
    with pytest.raises(PinError) as caught:
        read(funded, Plan(network=NETWORK, cutoff_epoch=GENESIS - 1, pairs=()))
    assert caught.value.message == (
        "eip155:31337: what the source has begins after the cut-off 2018-06-26T07:59:59Z: "
        "block 0 is from 2018-06-26T08:00:00Z"
    )


@pytest.mark.parametrize(
    ("finality", "height", "until"),
    [
        ("confirmations:6", 2, "2018-06-26 08:01Z"),  # head 5 at 08:01:00, three blocks of 12 s to come
        ("confirmations:900", 2, "2018-06-26 11:00Z"),
        ("confirmations:9000", 2, "2018-06-27 14:00Z"),
        ("confirmations:99999999999999999999", 2, "9999-12-31 23:59Z"),
        ("tag:finalized", 4, "2018-06-26 08:01Z"),
    ],
)
def test_a_block_that_is_not_final_stops_the_run_before_any_balance(
    fresh_anvil: Node, finality: str, height: int, until: str
) -> None:
    mine(fresh_anvil, 12, 12, 12, 12, 12)
    plan = plan_at(fresh_anvil, height, network=replace(NETWORK, finality=finality))
    at = f"2018-06-26T08:00:{12 * height}Z"
    message = (
        f"eip155:31337: block {height} at {at} is not final until about {until}\n"
        "  hint: run again then, or use --wait"
    )
    asked: list[str] = []

    def listen(question: Question) -> None:
        asked.append(question.purpose)

    with pytest.raises(PinError) as caught:
        read(fresh_anvil, plan, listen)
    assert str(caught.value) == message
    assert set(asked) == {"chain", "pin"}


def test_a_final_block_by_the_nodes_own_tag_is_read(fresh_anvil: Node) -> None:
    mine(fresh_anvil, 12, 12, 12, 12, 12)
    reading, _ = read(fresh_anvil, plan_at(fresh_anvil, 3, network=FINALIZED))
    assert reading.pin is not None
    assert (reading.pin.height, reading.pin.final) == (3, True)


def test_the_chain_id_is_checked_first(evm_two: Node) -> None:
    transport = NodeTransport(evm_two)
    with pytest.raises(SourceError) as caught:
        read(evm_two, Plan(network=NETWORK, cutoff_epoch=GENESIS, pairs=()), transport.ask)
    assert str(caught.value) == (
        "wrong chain for eip155:31337: the chain id is 31338, expected 31337\n"
        "  hint: correct the source's url or network in providers.toml"
    )
    assert [question.calls[0].method for question, _ in transport.said] == ["eth_chainId"]


def test_genesis_and_fork_block_must_be_the_registrys(fresh_anvil: Node) -> None:
    mine(fresh_anvil, 12, 12, 12)
    block = [evm_block(fresh_anvil, hex(height))["hash"] for height in range(3)]
    right = replace(NETWORK, genesis=block[0].upper().replace("0X", "0x"), fork_height=2, fork_hash=block[2])
    assert read(fresh_anvil, plan_at(fresh_anvil, 1, network=right))[0].pin is not None
    other = "0x" + 64 * "1"
    for network, words in (
        (replace(right, genesis=other), f"block 0 is {block[0]}, expected {other}"),
        (replace(right, fork_hash=other), f"block 2 is {block[2]}, expected {other}"),
        (replace(right, fork_height=99), f"block 99 is not there, expected {block[2]}"),
    ):
        with pytest.raises(SourceError) as caught:
            read(fresh_anvil, plan_at(fresh_anvil, 1, network=network))
        assert caught.value.message == f"wrong chain for eip155:31337: {words}"


def test_a_source_that_pruned_its_history_is_known_by_the_last_block_everybody_knows(fresh_anvil: Node) -> None:
    mine(fresh_anvil, 12, 12, 12, 12)
    block = [evm_block(fresh_anvil, hex(height))["hash"] for height in range(4)]
    last = Checkpoint(height=2, hash=block[2], bits="", dated="2018-06-26")
    known = replace(NETWORK, genesis=block[0], fork_height=1, fork_hash=block[1], checkpoints=(last,))

    def pruned(question: Question) -> Reply | None:
        first = list(question.calls[0].params[:1]) in (["0x0"], ["0x1"])
        return node_says("pruned history unavailable", 4444) if question.purpose == CHAIN and first else None

    plan = plan_at(fresh_anvil, 3, network=known)
    pin = read(fresh_anvil, plan, fault=pruned)[0].pin
    assert pin is not None
    assert pin.hash == block[3]
    early = "eip155:31337: what the source has begins after the cut-off 2018-06-26T08:00:12Z: block 2 is from"
    with pytest.raises(PinError, match=early):
        read(fresh_anvil, plan_at(fresh_anvil, 1, network=known), fault=pruned)
    elsewhere = replace(known, checkpoints=(replace(last, hash="0x" + 64 * "1"),))
    with pytest.raises(SourceError, match=f"block 2 is {block[2]}, expected 0x1111"):
        read(fresh_anvil, replace(plan, network=elsewhere), fault=pruned)


def test_a_source_that_does_not_answer_the_last_block_everybody_knows_is_not_read(fresh_anvil: Node) -> None:
    mine(fresh_anvil, 12, 12, 12, 12)
    last = Checkpoint(height=2, hash=evm_block(fresh_anvil, "0x2")["hash"], bits="", dated="2018-06-26")

    def silent(question: Question) -> Reply | None:
        return node_says("try later") if list(question.calls[0].params[:1]) == ["0x2"] else None

    plan = plan_at(fresh_anvil, 3, network=replace(NETWORK, checkpoints=(last,)))
    reading = read(fresh_anvil, plan, fault=silent)[0]
    assert reading.pin is None
    assert reading.why == "node error -32000: try later"


def test_a_chain_that_changes_during_the_search_is_refused(fresh_anvil: Node) -> None:
    snapshot = fresh_anvil("evm_snapshot")
    mine(fresh_anvil, 12, 400, 1, 1, 900, 12, 12, 12, 12)
    plan = plan_at(fresh_anvil, 6)
    last = len(read(fresh_anvil, plan)[1].asked("pin"))

    def reorganise(question: Question) -> None:
        if (question.purpose, question.ordinal) == ("pin", last):
            rewrite(fresh_anvil, snapshot, 12, 400, 1, 1, 900, 12, 12, 12, 12)

    with pytest.raises(PinError, match="the chain changed while the block at the cut-off was looked for"):
        read(fresh_anvil, plan, reorganise)


@pytest.mark.parametrize("ordinal", [1, 2])
def test_a_source_that_falls_silent_during_the_search_raises_nothing(funded: Node, ordinal: int) -> None:
    def fall_silent(question: Question) -> Reply | None:
        return failed("unreachable") if (question.purpose, question.ordinal) == ("pin", ordinal) else None

    reading, transport = read(funded, plan_at(funded, 1, network=FINALIZED), fall_silent)
    assert reading.pin is None
    assert not transport.asked("cells")


def test_an_answer_that_is_no_header_is_silence(funded: Node) -> None:
    nothing = Reply(ANSWERED, b'{"jsonrpc":"2.0","id":1,"result":null}', 1, AT)
    reading, _ = read(funded, plan_at(funded, 1), lambda q: nothing if q.purpose == "pin" else None)
    assert reading.pin is None
