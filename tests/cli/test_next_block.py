"""A source that makes up the block after a real one: the hash is true, the instant is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.cli.command_line import Ask
from tests.cli.small_world import CUTOFF, ONE, Desk, World
from tests.nodes.fault_proxy import Answer, Handler, fault_proxy, method
from tests.nodes.running import Node

from reservecheck.chains.evm.header_hash import header_hash

TAGS = {"finalized": 2, "latest": 3}
WITHOUT_TRANSACTIONS = (False,)


def block(node: Node, height: int) -> dict[str, Any]:
    found: dict[str, Any] = node("eth_getBlockByNumber", hex(height), *WITHOUT_TRANSACTIONS)
    return found


def last_block(node: Node) -> int:
    """The true last one by the cut-off."""
    heights = range(int(node("eth_blockNumber"), 16) + 1)
    return max(height for height in heights if int(block(node, height)["timestamp"], 16) <= CUTOFF)


def made_up(node: Node, height: int) -> dict[int, dict[str, Any]]:
    """Children of a block that are later than the cut-off, every header with the hash it has."""
    parent, found = block(node, height)["hash"], {}
    for more in range(1, 4):
        header = {**block(node, height + more), "timestamp": hex(CUTOFF + 12 * more), "parentHash": parent}
        header["hash"] = parent = header_hash(header)
        found[height + more] = header
    return found


def instead(height: int, made: dict[int, dict[str, Any]]) -> Callable[[Handler, Callable[[], Answer]], None]:
    """The node's own answers, and of everything above a height what was made up."""

    def one(question: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        asked = question.get("params", [None])[0]
        number = height + TAGS[asked] if asked in TAGS else int(asked, 16)
        return answer if number <= height else {**answer, "result": made.get(number)}

    def fault(handler: Handler, ask: Callable[[], Answer]) -> None:
        questions, answers = json.loads(handler.asked_body), json.loads(ask().body)
        if isinstance(questions, dict):
            said: Any = one(questions, answers)
        else:
            by_id = {answer["id"]: answer for answer in answers}
            said = [one(question, by_id[question["id"]]) for question in questions]
        handler.send(200, json.dumps(said).encode())

    return fault


@pytest.fixture
def lying(desk: Desk, world: World) -> Iterator[tuple[Desk, Node, int]]:
    """A desk whose first EVM chain is read from a third party that ends it a block too early, and that block."""
    node = world.nodes[ONE]
    early = last_block(node) - 1
    with fault_proxy(node) as proxy:
        proxy.when(method("eth_getBlockByNumber"), instead(early, made_up(node, early)))
        desk.urls[ONE] = proxy.url
        desk.write_providers()
        text = desk.providers.read_text().replace('kind = "evm"\n', 'kind = "evm"\nproofs = true\n')
        desk.providers.write_text(text.replace('run_by = "practitioner"', 'run_by = "third-party"'))
        yield desk, node, early


def anchors(desk: Desk, node: Node, *heights: int) -> str:
    path = desk.folder / "anchors.csv"
    looked_up = ",an explorer,A. Reader,2018-07-02T09:00:00+09:00\n"
    rows = "".join(f"{ONE},{height},{block(node, height)['hash']}{looked_up}" for height in heights)
    path.write_text(f"network,height,hash,source,taken_by,taken_at\n{rows}")
    return str(path)


def test_a_true_hash_before_a_block_that_was_made_up_proves_nothing(
    lying: tuple[Desk, Node, int], ask: Ask
) -> None:
    desk, node, early = lying
    known, bundle = anchors(desk, node, early), str(desk.folder / "bundle")
    result = json.loads(ask(*desk.run("--format", "json", "--bundle", bundle, "--anchors", known)).out)
    pin = next(one for one in result["pins"] if one["network"] == ONE)
    assert (pin["height"], pin["hash"], pin["anchored"]) == (early, block(node, early)["hash"], False)
    assert pin["next_hash"] == made_up(node, early)[early + 1]["hash"]
    ether = next(one for one in result["assets"] if one["asset"] == "ETH")
    assert ether["by_evidence"]["proven"] == "0"
    said = ask("verify", bundle, "--anchors", known)
    assert "are proven to a block you know yourself" not in said.out
    assert (
        f"{ONE} block {early}: its hash agrees; that it is the last one by the cut-off rests on block {early + 1}"
        f" {pin['next_hash']}: look that up too"
    ) in said.out
    assert f"    {ONE} block {early + 1}, later than the cut-off  {pin['next_hash']}\n" in said.out


def test_who_looks_up_the_next_block_too_finds_the_lie(lying: tuple[Desk, Node, int], ask: Ask) -> None:
    desk, node, early = lying
    known, bundle = anchors(desk, node, early, early + 1), str(desk.folder / "bundle")
    run = ask(*desk.run("--format", "json", "--bundle", bundle, "--anchors", known))
    assert run.code == 1
    found = next(
        one
        for one in json.loads(run.out)["findings"]
        if one["rule"] == "anchor_disagrees" and one["subject"] == ONE
    )
    true = block(node, early + 1)["hash"].removeprefix("0x")
    assert found["outcome"] == "breaks"
    assert f"an explorer, looked up by A. Reader, says of the next block {true}" in found["message"]
    said = ask("verify", bundle, "--anchors", known)
    assert said.code == 1
    assert f"{ONE} block {early + 1}: the bundle says 0x" in said.out
