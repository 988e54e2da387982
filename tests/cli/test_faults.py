"""Every fault a source can show, in front of a real node and through the whole command: unread, never a zero."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.cli.command_line import Ask, Said, without_waits
from tests.cli.small_world import BITCOIN, ONE, TWO, Desk, World
from tests.nodes import fault_proxy as faults
from tests.nodes.fault_proxy import Fault, FaultProxy, always, fault_proxy, method

READING = {BITCOIN: method("scantxoutset"), ONE: method("eth_call", "eth_getBalance")}
UNREAD = {BITCOIN: {"BTC": 2}, ONE: {"ETH": 2, "USDT": 2}}


@pytest.fixture
def proxies(world: World) -> Iterator[dict[str, FaultProxy]]:
    with fault_proxy(world.nodes[BITCOIN]) as bitcoin, fault_proxy(world.nodes[ONE]) as one:
        yield {BITCOIN: bitcoin, ONE: one}


def run_beside(desk: Desk, ask: Ask, network: str, proxy: FaultProxy) -> tuple[Said, dict[str, Any]]:
    """The whole command with one network behind its proxy, and what the bundle says."""
    desk.urls[network] = proxy.url
    desk.write_providers()
    bundle = desk.folder / "bundle"
    said = ask(*desk.run("--format", "json", "--bundle", str(bundle)))
    assert ask("verify", str(bundle)).code == 0
    return said, json.loads(said.out)


def expect_unread(desk: Desk, result: dict[str, Any], network: str, reason: str) -> None:
    """Only this network's cells are unread, each with its reason, and no ratio they touch is exact."""
    assert result["outcome"] == "incomplete"
    assets = {asset["asset"]: asset for asset in result["assets"]}
    for name, asset in assets.items():
        unread = [one for one in asset["unread"] if one["instrument"].startswith(network)]
        assert len(asset["unread"]) == len(unread) == UNREAD[network].get(name, 0)
        assert all(reason in one["reason"] for one in unread), unread
        bound = "exact" if not unread else "unknown" if name == "BTC" else "at-least"  # of BTC nothing was read
        assert asset["deciding"]["bound"] == bound
        assert (asset["deciding"]["ratio"] is None) == (bound == "unknown")
    cells = gzip.decompress((desk.folder / "bundle" / "cells.csv.gz").read_bytes()).decode().splitlines()[1:]
    mine = [row.split(",") for row in cells if f",{network}/" in row]
    assert mine
    assert all((units, status) == ("", "unread") for _, _, _, units, status, *_ in mine)
    assert all(",read," in row for row in cells if f",{network}/" not in row)


@pytest.mark.parametrize("network", [BITCOIN, ONE])
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        pytest.param(faults.status(429, retry_after="7"), "http 429", id="too many requests"),
        pytest.param(faults.status(503, b"over capacity"), "http 503", id="503 with a text"),
        pytest.param(faults.truncated, "not json", id="half the json"),
        pytest.param(faults.html_page, "not json", id="a page for people"),
        pytest.param(faults.wrong_id, "wrong id", id="somebody else's answer"),
        pytest.param(faults.reset, "reset", id="reset"),
        pytest.param(faults.cut_off, "reset", id="cut off"),
    ],
)
@pytest.mark.parametrize("when", ["always", "only where balances are read"])
def test_a_fault_leaves_cells_unread(  # noqa: PLR0913, PLR0917  # the fault, where, and what is said
    desk: Desk,
    ask: Ask,
    proxies: dict[str, FaultProxy],
    waits: list[float],
    network: str,
    fault: Fault,
    reason: str,
    when: str,
) -> None:
    proxies[network].when(always if when == "always" else READING[network], fault)
    said, result = run_beside(desk, ask, network, proxies[network])
    assert said.code == 1
    expect_unread(desk, result, network, reason)
    assert waits[0] == (7.0 if reason == "http 429" else 0.5)


@pytest.mark.parametrize("network", [BITCOIN, ONE])
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        pytest.param(faults.hang, "timed out", id="silence"),
        pytest.param(faults.drip(0.3), "timed out", id="slow drip"),
    ],
)
def test_a_source_that_keeps_one_waiting_is_given_up(  # noqa: PLR0913, PLR0917  # the fault, where, and what is said
    desk: Desk,
    ask: Ask,
    proxies: dict[str, FaultProxy],
    monkeypatch: pytest.MonkeyPatch,
    network: str,
    fault: Fault,
    reason: str,
) -> None:
    without_waits(monkeypatch, attempts=2)
    slow = Desk(desk.folder, desk.world, desk.urls, desk.auth, timeout_s=1)
    proxies[network].when(always, fault)
    said, result = run_beside(slow, ask, network, proxies[network])
    assert said.code == 1
    expect_unread(slow, result, network, reason)
    assert len(proxies[network].asked) <= 4


@pytest.mark.parametrize("network", [BITCOIN, ONE])
def test_an_error_under_status_200_is_no_balance(
    desk: Desk, ask: Ask, proxies: dict[str, FaultProxy], waits: list[float], network: str
) -> None:
    proxies[network].when(READING[network], faults.error_body(-32000, "missing trie node"))
    said, result = run_beside(desk, ask, network, proxies[network])
    assert said.code == 1
    expect_unread(desk, result, network, "missing trie node")
    assert waits == []


@pytest.mark.parametrize("network", [BITCOIN, ONE])
def test_a_batch_in_another_order_is_read_all_the_same(
    desk: Desk, ask: Ask, proxies: dict[str, FaultProxy], network: str
) -> None:
    proxies[network].when(lambda asked: len(asked.methods) > 1, faults.out_of_order)
    said, result = run_beside(desk, ask, network, proxies[network])
    assert said.code == 0
    assert result["outcome"] == "covered"


def test_an_aborted_scan_under_status_200_is_no_empty_wallet(
    desk: Desk, ask: Ask, proxies: dict[str, FaultProxy], waits: list[float]
) -> None:
    def aborted(entry: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(entry.get("result"), dict) or "unspents" not in entry["result"]:
            return entry
        result = entry["result"] | {"success": False, "unspents": [], "total_amount": "0.00000000"}
        return entry | {"result": result}

    proxies[BITCOIN].when(READING[BITCOIN], faults.altered_entries(aborted))
    said, result = run_beside(desk, ask, BITCOIN, proxies[BITCOIN])
    assert said.code == 1
    expect_unread(desk, result, BITCOIN, "")
    assert waits is not None


def test_one_chain_of_two_dead_is_a_lower_bound_in_words(
    desk: Desk, ask: Ask, proxies: dict[str, FaultProxy], waits: list[float]
) -> None:
    proxies[ONE].die()
    desk.urls[ONE] = proxies[ONE].url
    desk.write_providers()
    said = ask(*desk.run("--bundle", str(desk.folder / "bundle")))
    assert said.code == 1
    assert "incomplete" in said.out
    assert "≥ 64.51 %" in said.out
    assert "usdt-1" in said.out
    assert "unreachable" in said.out
    assert waits[:4] == [0.5, 1.0, 2.0, 4.0]
    verified = ask("verify", str(desk.folder / "bundle"))
    assert verified.code == 0
    assert verified.out.endswith("outcome recorded here: incomplete\n")


def test_all_sources_dead_is_still_a_bundle(
    desk: Desk, ask: Ask, proxies: dict[str, FaultProxy], waits: list[float]
) -> None:
    for proxy in proxies.values():
        proxy.die()
    desk.urls.update({BITCOIN: proxies[BITCOIN].url, ONE: proxies[ONE].url, TWO: proxies[ONE].url})
    desk.write_providers()
    said = ask(*desk.run("--format", "json", "--bundle", str(desk.folder / "bundle")))
    assert said.code == 1
    result = json.loads(said.out)
    assert (result["outcome"], result["pins"]) == ("incomplete", [])
    assert {asset["asset"]: len(asset["unread"]) for asset in result["assets"]} == {"BTC": 2, "ETH": 3, "USDT": 3}
    assert ask("verify", str(desk.folder / "bundle")).code == 0
    assert waits


def test_collect_says_what_it_could_not_read(
    desk: Desk, ask: Ask, proxies: dict[str, FaultProxy], waits: list[float]
) -> None:
    proxies[ONE].die()
    desk.urls[ONE] = proxies[ONE].url
    desk.write_providers()
    said = ask(*desk.collect("evidence"))
    assert (said.code, said.out) == (1, "")
    assert "8 cells, 4 unread" in said.err
    assert f"  unread: eth-hot {ONE}/native: unreachable\n" in said.err
    assert ask(*desk.run(evidence=desk.folder / "evidence")).code == 1
    assert waits
