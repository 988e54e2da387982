"""Sources that are to prove what they answer, through the whole command and out of the bundle again."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.cli.command_line import Ask, Said
from tests.cli.small_world import ETH_HOT, ONE, Desk, World, source_of
from tests.nodes.fault_proxy import Asked, FaultProxy, altered, altered_entries, error_body, fault_proxy, method

ETHER = f"{10 * 10**18:064x}".encode()
MORE = f"{90 * 10**18:064x}".encode()


@pytest.fixture
def proxy(world: World) -> Iterator[FaultProxy]:
    """A door to the first EVM chain."""
    with fault_proxy(world.nodes[ONE]) as made:
        yield made


@pytest.fixture
def proving(desk: Desk, proxy: FaultProxy) -> Desk:
    """The desk, its EVM sources to prove what they answer, the first of them behind the proxy."""
    desk.urls[ONE] = proxy.url
    desk.write_providers()
    text = desk.providers.read_text().replace('kind = "evm"\n', 'kind = "evm"\nproofs = true\n')
    desk.providers.write_text(text)
    return desk


def run(desk: Desk, ask: Ask) -> tuple[Said, dict[str, Any]]:
    """The whole command into a bundle, which re-derives."""
    said = ask(*desk.run("--format", "json", "--bundle", str(desk.folder / "bundle")))
    verified = ask("verify", str(desk.folder / "bundle"))
    assert verified.out.startswith(
        "1 members    ok\n2 records    ok\n3 shipped    ok\n4 questions  ok\n5 answers    ok\n"
    )
    return said, json.loads(said.out)


def sources(desk: Desk) -> dict[str, dict[str, Any]]:
    pins = json.loads((desk.folder / "bundle" / "pins.json").read_bytes())
    return {one["source"]: one for one in pins["sources"]}


def cells(desk: Desk) -> list[dict[str, str]]:
    """The holdings on EVM chains."""
    text = gzip.decompress((desk.folder / "bundle" / "cells.csv.gz").read_bytes()).decode()
    return [row for row in csv.DictReader(io.StringIO(text)) if row["instrument"].startswith("eip155")]


def ether(desk: Desk) -> dict[str, str]:
    """The hot wallet's own coin."""
    key = ("eth-hot", f"{ONE}/native")
    return next(row for row in cells(desk) if (row["label"], row["instrument"]) == key)


def test_proven_holdings_re_derive_from_the_bundle_alone(proving: Desk, ask: Ask) -> None:
    said, result = run(proving, ask)
    assert (said.code, result["outcome"]) == (0, "covered")
    evm = cells(proving)
    assert {row["proof"] for row in evm} == {"state proof", "proven call"}
    assert all((row["proof"] == "state proof") == row["instrument"].endswith("/native") for row in evm)
    assert ether(proving)["evidence"] == "proven"
    assert {one["unproven"] for one in sources(proving).values()} == {0}


def test_a_node_without_proofs_leaves_everything_read_and_says_so(
    proving: Desk, proxy: FaultProxy, ask: Ask
) -> None:
    proxy.when(method("eth_getProof"), error_body(-32601, "the method eth_getProof does not exist"))
    said, result = run(proving, ask)
    assert (said.code, result["outcome"]) == (1, "incomplete")
    broke = [
        one["message"] for one in result["findings"] if one["outcome"] == "breaks" and one["severity"] != "note"
    ]
    why = f"({source_of(ONE)}: node error -32601: the method eth_getProof does not exist)"
    assert broke == [f"{ONE}: proofs were asked for, and 4 of 4 holdings are unproven {why}"]
    assert ether(proving)["proof"] == ""
    source = sources(proving)[source_of(ONE)]
    assert source["unproven"] > 0
    assert source["why_unproven"] == "node error -32601: the method eth_getProof does not exist"


def test_a_lie_about_a_balance_is_unread_with_both_numbers(proving: Desk, proxy: FaultProxy, ask: Ask) -> None:
    proxy.when(method("eth_call"), altered(lambda body: body.replace(ETHER, MORE)))
    said, _ = run(proving, ask)
    assert said.code == 1
    row = ether(proving)
    assert (row["units"], row["status"]) == ("", "unread")
    assert row["reason"] == f"the state proof shows {10 * 10**18}, the node answered {90 * 10**18}"


def of_the_hot_wallet(asked: Asked) -> bool:
    return "eth_getProof" in asked.methods and ETH_HOT.lower().encode() in asked.body


def without_its_last_node(entry: dict[str, Any]) -> dict[str, Any]:
    proof = entry["result"]
    return entry | {"result": proof | {"accountProof": proof["accountProof"][:-1]}}


def test_a_proof_that_lacks_a_node_proves_nothing(proving: Desk, proxy: FaultProxy, ask: Ask) -> None:
    proxy.when(of_the_hot_wallet, altered_entries(without_its_last_node))
    said, _ = run(proving, ask)
    assert said.code == 1
    row = ether(proving)
    assert (row["units"], row["proof"], row["evidence"]) == (str(10 * 10**18), "", "observed")
    assert sources(proving)[source_of(ONE)]["why_unproven"] == "a node on the path is missing"


def test_a_reader_with_anchors_of_his_own_hears_what_is_proven_to_them(proving: Desk, ask: Ask) -> None:
    run(proving, ask)
    bundle = proving.folder / "bundle"
    pins = json.loads((bundle / "pins.json").read_bytes())["pins"]
    pin = next(one for one in pins if one["network"] == ONE)
    blocks = ((pin["height"], pin["hash"]), (pin["height"] + 1, pin["next_hash"]))
    looked_up = ",an explorer,A. Reader,2018-07-02T09:00:00+09:00\n"
    rows = "".join(f"{ONE},{height},{hash_}{looked_up}" for height, hash_ in blocks)
    anchors = proving.folder / "anchors.csv"
    anchors.write_text(f"network,height,hash,source,taken_by,taken_at\n{rows}")
    said = ask("verify", str(bundle), "--anchors", str(anchors))
    assert said.code == 0
    assert (
        "  1 block hash agrees with your anchors\n"
        f"    2 of 4 holdings of {ONE} are proven to a block you know yourself\n"
    ) in said.out
