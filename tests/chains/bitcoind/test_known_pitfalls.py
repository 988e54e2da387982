"""Mistakes other readers of Bitcoin have made, each against a real node behind a proxy that misbehaves.

No Esplora, Electrum or address index is asked, so their limits are met here from the other side: scripts that are
too much for them are read whole. The codes are those of the list that `tests/test_known_pitfalls.py` checks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from tests.chains.bitcoind.conftest import Told
from tests.chains.bitcoind.talking import Talk, few, plan_of, read, reasons, units
from tests.nodes import fault_proxy as faults
from tests.nodes.fault_proxy import FaultProxy, fault_proxy, method
from tests.nodes.running import Node, bitcoind_node

from reservecheck.chains.bitcoind.scanning import Pace
from reservecheck.chains.reader import NetworkReading, Plan
from reservecheck.money import parse_amount
from reservecheck.transport.endpoint import Endpoint
from reservecheck.transport.http import HttpTransport

START: Final = 1_530_000_000
ANYBODY: Final = "51"  # OP_TRUE: spent by whoever likes to
LATER: Final = 20_000


@contextmanager
def http(proxy: FaultProxy) -> Iterator[Talk]:
    """Every question through the proxy as a run asks it, retries and all, without the waits."""
    endpoint = Endpoint(url=proxy.url, requests_per_second=10_000)
    with HttpTransport({"own-node": endpoint}, sleep=lambda _: None) as transport:
        yield Talk(proxy.node, transport.ask)


def over_http(proxy: FaultProxy, plan: Plan, pace: Pace | None = None) -> NetworkReading:
    with http(proxy) as talk:
        return read(plan, talk, pace)


def read_node(node: Node, scripts: list[str], cutoff: int) -> dict[str, int | None]:
    """What the node holds for scripts at a cut-off."""
    with fault_proxy(node) as proxy:
        return units(over_http(proxy, plan_of(scripts, cutoff)))


def move_on(node: Node, when: int) -> None:
    """A dozen blocks to nobody, at a later time."""
    node("setmocktime", when)
    node("generatetodescriptor", 12, "raw(00)")


def script_of(node: Node, address: str) -> str:
    return str(node("validateaddress", address)["scriptPubKey"])


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, int]]:
    """A script 1,600 coins came to, of which 500 were spent before the pin and 500 after; satoshis at the pin."""
    with bitcoind_node(tmp_path_factory.mktemp("busy"), f"-mocktime={START}") as node:
        node("generatetodescriptor", 1_600, f"raw({ANYBODY})")
        node("generatetodescriptor", 100, "raw(00)")
        spend(node, 500)
        expected = sum(coin["sats"] for coin in coins(node))
        move_on(node, START + LATER)
        spend(node, 500)
        move_on(node, START + 2 * LATER)
        yield node, expected


def coins(node: Node) -> list[dict[str, Any]]:
    """What the node's coin set has on the script, with whole satoshis."""
    found = node("scantxoutset", "start", [f"raw({ANYBODY})"])["unspents"]
    return [{**coin, "sats": parse_amount(coin["amount"], 8)} for coin in found]


def spend(node: Node, count: int) -> None:
    """A block in which one transaction spends so many of the script's coins."""
    inputs = [{"txid": coin["txid"], "vout": coin["vout"]} for coin in coins(node)[:count]]
    node("generateblock", "raw(00)", [node("createrawtransaction", inputs, [{"data": "00"}])])


def test_a_script_with_more_than_five_hundred_coins_is_read_whole(busy: tuple[Node, int]) -> None:
    """U1: 1,100 coins on one script at the pin, where indexers give up at 500."""
    node, expected = busy
    assert len(coins(node)) > 500
    assert read_node(node, [ANYBODY], START + LATER // 2) == {ANYBODY: expected}


def test_a_script_with_thousands_of_entries_in_its_history_is_never_an_empty_list(busy: tuple[Node, int]) -> None:
    """U2: 1,600 coins came and 1,000 went; those that were spent after the pin count, those spent before do not."""
    node, expected = busy
    now = sum(coin["sats"] for coin in coins(node))
    assert 0 < now < expected
    assert read_node(node, [ANYBODY], START + 3 * LATER // 2) == {ANYBODY: now}
    assert read_node(node, [ANYBODY, "52"], START + LATER // 2) == {ANYBODY: expected, "52": 0}


def test_a_block_mined_while_coins_are_scanned_is_undone(fresh_story: Node, told: Told) -> None:
    """U4: every request finds a chain that is one block longer, and the balances are those of the pin."""

    def grow() -> None:
        if fresh_story("getblockcount") < 340:
            fresh_story("generatetodescriptor", 1, "raw(51)")

    with fault_proxy(fresh_story) as proxy:
        proxy.when(method("scantxoutset"), faults.after(grow))
        found = over_http(proxy, plan_of(told.all_scripts, told.times[150]), few(scripts=1000))
        assert units(found) == told.ledger(150)
        found = over_http(proxy, plan_of(told.all_scripts, told.times[150]), few(scripts=100))
    assert reasons(found) == {"the tip moved during the scan"}


@pytest.mark.parametrize("once", ["scantxoutset", "getdescriptoractivity", "getblockheader"])
def test_a_part_that_is_asked_for_again_is_not_added_again(story: Node, told: Told, once: str) -> None:
    """U7: each part fails the first time, is asked again, and counts once."""
    with fault_proxy(story) as proxy:
        seen: set[bytes] = set()

        def for_the_first_time(asked: faults.Asked) -> bool:
            new = once in asked.methods and asked.body not in seen
            seen.add(asked.body)
            return new

        proxy.when(for_the_first_time, faults.status(503, b"over capacity"))
        found = over_http(proxy, plan_of(told.all_scripts, told.times[150]), few(scripts=100))
    assert units(found) == told.ledger(150)
    assert reasons(found) == {""}


def test_a_part_that_stays_unanswered_is_unread_and_the_others_are_not_touched(story: Node, told: Told) -> None:
    """U7: nothing falls back to reading everything once more on top of what was read."""
    with fault_proxy(story) as proxy:
        third = f"raw({told.all_scripts[-1]})".encode()
        fits = method("scantxoutset")
        proxy.when(lambda asked: fits(asked) and third in asked.body, faults.status(503, b"over capacity"))
        found = over_http(proxy, plan_of(told.all_scripts, told.times[150]), few(scripts=100))
    ledger = told.ledger(150)
    assert units(found) == {
        script: None if at >= 200 else ledger[script] for at, script in enumerate(told.all_scripts)
    }
    assert reasons(found) == {"", "http 503"}


def test_dust_counts_by_its_value_and_nothing_else(fresh_bitcoind: Node) -> None:
    """U8: 330 and 546 satoshis, as inscriptions sit on, are satoshis like any other; so is a data output's zero."""
    node = fresh_bitcoind
    taproot = node("getnewaddress", "", "bech32m", wallet="w")
    for sats in (330, 546, 546, 10_000):
        node("send", [{taproot: f"0.{sats:08d}"}, {"data": b"inscription".hex()}], wallet="w")
    node("generatetodescriptor", 1, "raw(00)")
    paid = node("getblockheader", node("getbestblockhash"))["time"]
    move_on(node, paid + 6_000)
    script = script_of(node, taproot)
    assert script.startswith("5120")
    assert read_node(node, [script], paid + 60) == {script: 11_422}


def test_a_pruned_node_says_that_it_cannot_look_back(tmp_path: Path) -> None:
    """U9: the scan answers, the blocks to undo are gone, and nothing is read rather than the coins of now."""
    with bitcoind_node(tmp_path, "-prune=1", "-fastprune", "-txindex=0", "-blockfilterindex=0") as node:
        node("generatetodescriptor", 700, f"raw({ANYBODY})")
        cutoff = node("getblockheader", node("getblockhash", 100))["time"]
        node("pruneblockchain", 400)
        with fault_proxy(node) as proxy:
            found = over_http(proxy, plan_of([ANYBODY], cutoff))
    assert reasons(found) == {"the node answered -1: Block not available (pruned data)"}
    assert units(found) == {ANYBODY: None}
