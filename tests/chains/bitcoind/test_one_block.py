from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.chains.bitcoind.conftest import Told
from tests.chains.bitcoind.talking import SOURCE, Before, Talk, answered, failed, plan_of
from tests.nodes.running import Node

from reservecheck.chains.bitcoind import read_block
from reservecheck.chains.bitcoind.headers import median_time
from reservecheck.chains.reader import Block
from reservecheck.errors import PinError, SourceError
from reservecheck.model.registry import Checkpoint, Network
from reservecheck.transport.record import Question, Reply

NETWORK = plan_of([], 0).network


def ask(node: Node, height: int, network: Network = NETWORK, before: Before | None = None) -> Block:
    return read_block(network, SOURCE, Talk(node, before), height)


@pytest.mark.parametrize("height", [0, 1, 9, 10, 11, 150, 301])
def test_a_block_is_read_with_its_hash_time_and_median(story: Node, told: Told, height: int) -> None:
    assert ask(story, height) == Block(
        height=height,
        hash=told.hashes[height],
        time=told.times[height],
        certain=median_time(told.times, height, first_height=0) or 0,
    )


@pytest.mark.parametrize(
    ("height", "finality", "said"),
    [
        (302, "confirmations:1", "bitcoin:regtest: block 302 is not final yet: 1 block to go"),
        (300, "confirmations:6", "bitcoin:regtest: block 300 is not final yet: 4 blocks to go"),
        (303, "confirmations:1", "bitcoin:regtest: block 303 is not there yet: 2 blocks to go"),
        (1_000, "confirmations:6", "bitcoin:regtest: block 1000 is not there yet: 704 blocks to go"),
    ],
)
def test_a_block_that_is_not_final_is_refused_and_nothing_is_read(
    story: Node, height: int, finality: str, said: str
) -> None:
    talk = Talk(story)
    with pytest.raises(PinError) as caught:
        read_block(replace(NETWORK, finality=finality), SOURCE, talk, height)
    assert str(caught.value) == f"{said}\n  hint: run again then"
    assert [question.purpose for question, _ in talk.said] == ["chain"]


def test_a_node_of_another_chain_is_refused(story: Node) -> None:
    other = replace(NETWORK, checkpoints=(Checkpoint(height=100, hash="a" * 64, bits="", dated="2025-01-01"),))
    with pytest.raises(SourceError, match=r"own-node: block 100 is .*, the one of bitcoin:regtest is aaaa"):
        ask(story, 50, other)


def test_a_block_that_states_less_work_than_its_chain_is_refused(story: Node) -> None:
    mainnet = replace(NETWORK, header="sha256d", checkpoints=(
        Checkpoint(height=0, hash=story("getblockhash", 0), bits="1d00ffff", dated="2009-01-03"),))  # fmt: skip
    with pytest.raises(SourceError) as caught:
        ask(story, 50, mainnet)
    assert str(caught.value) == (
        "own-node: block 50 of bitcoin:regtest was not read: block 40 is more than 8 times easier than block 0 of "
        "bitcoin:regtest: this is another chain"
    )


def test_a_block_younger_than_a_checkpoint_above_it_is_refused(story: Node, told: Told) -> None:
    above = Checkpoint(height=200, hash=told.hashes[200], bits="", dated="2009-01-03")
    with pytest.raises(
        SourceError, match=r"own-node: block 50 of bitcoin:regtest was not read: block 50 of .* is "
    ):
        ask(story, 50, replace(NETWORK, checkpoints=(above,)))


def another_hash(question: Question) -> Reply | None:
    """The hash of another block, at every height that is asked for."""
    if question.purpose != "pin" or question.calls[0].method != "getblockhash":
        return None
    return answered(json.dumps([{"id": n, "result": "b" * 64} for n in range(1, len(question.calls) + 1)]).encode())


def test_a_hash_that_is_no_headers_is_refused(story: Node) -> None:
    with pytest.raises(SourceError, match="own-node: block 50 of bitcoin:regtest was not read: "):
        ask(story, 50, before=another_hash)


def test_a_silent_source_is_refused(story: Node) -> None:
    with pytest.raises(SourceError) as caught:
        ask(story, 50, before=lambda _: failed("timed out"))
    assert str(caught.value) == "own-node: block 50 of bitcoin:regtest was not read: timed out"
