from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.chains.bitcoind.conftest import Told
from tests.chains.bitcoind.talking import (
    SOURCE,
    Before,
    Talk,
    altered,
    failed,
    plan_of,
    read,
    reasons,
    refused,
    units,
)
from tests.nodes.running import Node, bitcoind_node

from reservecheck.chains.bitcoind.reading import decode, fetch
from reservecheck.chains.reader import Plan
from reservecheck.errors import SourceError
from reservecheck.model.progress import silent
from reservecheck.model.registry import Checkpoint
from reservecheck.moments import utc_text
from reservecheck.transport.record import Recorded

SCRIPT = "51"
HELD = 1000


def refusal(node: Node, plan: Plan, before: Before | None = None) -> str:
    """The error fetch raises, after checking that nothing was read and that the log alone says the same."""
    talk = Talk(node, before)
    with pytest.raises(SourceError) as error:
        fetch(plan, SOURCE, talk, silent)
    assert {question.purpose for question, _ in talk.said} == {"chain"}
    decoded = decode(plan, talk.log.exchanges)
    assert decoded.pin is None
    assert reasons(decoded) == {error.value.message}
    return str(error.value)


def test_the_right_genesis_and_fork_block_are_accepted(story: Node, told: Told) -> None:
    plan = plan_of([SCRIPT], told.times[150], genesis=told.hashes[0], fork_height=20, fork_hash=told.hashes[20])
    assert units(read(plan, Talk(story))) == {SCRIPT: HELD}


def test_a_node_of_another_network_is_refused(story: Node, told: Told) -> None:
    plan = plan_of([SCRIPT], told.times[150], network="bitcoin:mainnet", genesis="00" * 32)
    assert refusal(story, plan) == (
        "own-node is on chain 'regtest', bitcoin:mainnet needs 'main'\n  hint: name a source of the right chain"
    )


def test_another_first_block_is_refused(story: Node, told: Told) -> None:
    plan = plan_of([SCRIPT], told.times[150], genesis="ab" * 32)
    assert refusal(story, plan) == (
        f"own-node: block 0 is {told.hashes[0]}, the one of bitcoin:regtest is {'ab' * 32}\n"
        "  hint: this node follows another chain: name a source of the right one"
    )


def checkpoint(told: Told, height: int) -> Checkpoint:
    known = told.hashes[height] if height < len(told.hashes) else "ab" * 32
    return Checkpoint(height=height, hash=known, bits="", dated="2018-01-01")


def test_a_tip_below_a_checkpoint_is_refused_before_anything_is_asked(story: Node, told: Told) -> None:
    plan = plan_of([SCRIPT], told.times[150], checkpoints=(checkpoint(told, 20), checkpoint(told, 304)))
    assert refusal(story, plan) == (
        "own-node stands at block 302, below checkpoint 304 of 2018-01-01: it is not caught up, or another chain\n"
        "  hint: wait until the node has caught up, or name a source of the right chain"
    )


def test_a_pin_below_a_checkpoint_that_was_known_before_it_is_none(story: Node, told: Told) -> None:
    early = plan_of([SCRIPT], told.times[150], checkpoints=(checkpoint(told, 150),))
    assert units(read(early, Talk(story))) == {SCRIPT: HELD}
    late = plan_of([SCRIPT], told.times[150], checkpoints=(checkpoint(told, 151),))
    (reason,) = reasons(read(late, Talk(story)))
    assert reason == (
        f"block 150 of {utc_text(told.times[150])} is below checkpoint 151 of 2018-01-01: this is another chain"
    )


def test_another_fork_block_is_refused_though_the_first_block_is_shared(story: Node, told: Told) -> None:
    plan = plan_of([SCRIPT], told.times[150], genesis=told.hashes[0], fork_height=7, fork_hash="cd" * 32)
    assert refusal(story, plan).startswith(
        f"own-node: block 7 is {told.hashes[7]}, the one of bitcoin:regtest is {'cd' * 32}\n"
    )


def test_a_node_still_downloading_is_refused(tmp_path: Path) -> None:
    with bitcoind_node(tmp_path) as node:
        assert refusal(node, plan_of([SCRIPT], 0)) == (
            "own-node is still downloading blocks (initialblockdownload)\n"
            "  hint: wait until the node has caught up, then run again"
        )


def test_a_node_left_behind_by_a_rollback_is_refused_with_the_cure(fresh_story: Node, told: Told) -> None:
    fresh_story("invalidateblock", told.hashes[251])
    plan = plan_of([SCRIPT], told.times[150])
    assert refusal(fresh_story, plan) == (
        "own-node stands at block 250 below an invalid branch of height 302: a rollback may have been cut off\n"
        f"  hint: on the node: bitcoin-cli reconsiderblock {told.hashes[302]}"
    )
    fresh_story("reconsiderblock", told.hashes[302])
    assert units(read(plan, Talk(fresh_story))) == {SCRIPT: HELD}


def test_an_invalid_branch_below_the_tip_is_no_hindrance(fresh_story: Node, told: Told) -> None:
    fresh_story("invalidateblock", told.hashes[300])
    fresh_story("generatetodescriptor", 4, "raw(51)")
    assert units(read(plan_of([SCRIPT], told.times[150]), Talk(fresh_story))) == {SCRIPT: HELD}


@pytest.mark.parametrize(
    ("purpose", "ordinal"), [("chain", 0), ("chain", 1), ("pin", 0), ("pin", 1), ("pin", 4), ("pin", 1000)]
)
def test_a_dead_source_raises_nothing_and_reads_nothing(
    story: Node, told: Told, purpose: str, ordinal: int
) -> None:
    plan = plan_of([SCRIPT], told.times[150], genesis=told.hashes[0])
    talk = Talk(story, lambda question: failed("unreachable") if question.key[2:] == (purpose, ordinal) else None)
    reading = read(plan, talk)
    assert reading.pin is None
    assert reasons(reading) == {"unreachable"}
    assert {question.purpose for question, _ in talk.said}.isdisjoint({"cells", "final"})


def test_a_node_that_is_warming_up_is_unread_in_its_own_words(story: Node, told: Told) -> None:
    talk = Talk(story, lambda _: refused(-28, "Loading block\nindex…\x1b[31m"))
    reading = read(plan_of([SCRIPT], told.times[150]), talk)
    assert reasons(reading) == {"garbled answer: not what was asked"}


@pytest.fixture(scope="module")
def recorded(story: Node, told: Told) -> list[Recorded]:
    talk = Talk(story)
    read(plan_of([SCRIPT], told.times[150]), talk)
    return list(talk.log.exchanges)


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("garbled answer: chain tips", lambda body: body[1].update(result=None)),
        ("garbled answer: status", lambda body: body[1].update(result=[{"height": 1}])),
        ("garbled answer: blocks", lambda body: body[0]["result"].update(blocks=True)),
        ("garbled answer: blocks", lambda body: body[0]["result"].update(blocks=-1)),
        ("garbled answer: blocks", lambda body: body[0]["result"].update(blocks=2**32)),
        ("garbled answer: initialblockdownload", lambda body: body[0]["result"].update(initialblockdownload=0)),
        ("the node answered -28: Loading  [31m", lambda body: body[0].update(
            error={"code": -28, "message": "Loading\n\x1b[31m"})),
    ],
)  # fmt: skip
def test_a_garbled_account_of_the_chain_gives_no_pin(
    told: Told, recorded: list[Recorded], reason: str, change: Callable[[Any], object]
) -> None:
    decoded = decode(plan_of([SCRIPT], told.times[150]), altered(recorded, "chain", change))
    assert decoded.pin is None
    assert reasons(decoded) == {reason}


def test_a_log_without_the_question_about_the_chain_gives_no_pin(told: Told, recorded: list[Recorded]) -> None:
    without = [item for item in recorded if item.question.purpose != "chain"]
    plan = plan_of([SCRIPT], told.times[150])
    assert reasons(decode(plan, without)) == {"the node's chain was not asked for"}
    assert reasons(decode(plan_of([SCRIPT], told.times[150], genesis=told.hashes[0]), recorded)) == {
        "the node's chain was not asked for"
    }
