"""A chain that is reorganised before any one request of a run, below its pin, ends in the figures of one branch.

Every wallet holds other amounts on the two branches, so that a mixture would be seen. Every request of a run is
tried in turn.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from tests.cli.command_line import Ask
from tests.cli.small_world import (
    BITCOIN,
    BTC_HOT,
    BTC_HOUSE,
    CUTOFF,
    ETH_HOT,
    NOBODY,
    ONE,
    USDT_1,
    Desk,
    World,
    fund_evm,
    new_desk,
)
from tests.nodes.fault_proxy import after, fault_proxy, nth
from tests.nodes.running import Node, anvil, bitcoind_node, evm_block
from tools.stand_in_token import ADDRESS

Amounts = Mapping[str, str]
"""Asset and view → whole units."""

FIRST_TOKEN: Final = f'instrument = "{ONE}/erc20:{ADDRESS}", asset = "USDT"'
ELSEWHERE: Final = 10
"""USDT on the other EVM chain, which nobody touches."""


@dataclass(slots=True)
class Fork:
    """A node and a way to another branch; `branches` has what wallets hold by the hash of a block below the pin."""

    network: str
    node: Node
    switch: Callable[[], None]
    branches: Mapping[str, Amounts]


def evm_fork(node: Node) -> Fork:
    branches: dict[str, Amounts] = {}
    base = [node("evm_snapshot")]
    held = [("10", 5_500_000), ("7", 3_250_000)]

    def switch() -> None:
        ether, tokens = held[0]
        held.reverse()
        assert node("evm_revert", base.pop())
        base.append(node("evm_snapshot"))
        fund_evm(node, {USDT_1: tokens}, decimals=6, ether={ETH_HOT: int(ether) * 10**18})
        amounts = {"ETH": ether, "USDT": str(ELSEWHERE + tokens / 10**6)}
        for height in range(1, int(node("eth_blockNumber"), 16) + 1):
            branches[evm_block(node, hex(height))["hash"]] = amounts

    return Fork(ONE, node, switch, branches)


def bitcoin_fork(node: Node) -> Fork:
    branches: dict[str, Amounts] = {}
    who = [[BTC_HOT, BTC_HOT, BTC_HOUSE], [BTC_HOT, BTC_HOUSE, BTC_HOUSE]]
    late = count()  # seconds, so that no branch begins with a block that was found invalid
    for number in range(10):
        mine_at(node, CUTOFF - 7500 + 600 * number, NOBODY)

    def switch() -> None:
        paid = who[0]
        who.reverse()
        seconds = next(late)
        length = max(18, node("getblockcount") - 8)
        if node("getblockcount") > 10:
            node("invalidateblock", node("getblockhash", 11))
        for number, address in enumerate((*paid, *[NOBODY] * (length - len(paid))), 10):
            mine_at(node, CUTOFF - 7500 + 600 * number + seconds, address)
        hot = 50 * paid.count(BTC_HOT)
        for height in range(11, node("getblockcount") + 1):
            branches[node("getblockhash", height)] = {"BTC": str(hot), "BTC broad": "150"}

    return Fork(BITCOIN, node, switch, branches)


def mine_at(node: Node, when: int, address: str) -> None:
    node("setmocktime", when)
    node("generatetoaddress", 1, address)


@pytest.fixture(params=[ONE, BITCOIN])
def fork(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fork]:
    if request.param == ONE:
        with anvil(tmp_path, 31337, "--timestamp", str(CUTOFF - 86_400)) as node:
            yield evm_fork(node)
    else:
        with bitcoind_node(tmp_path, f"-mocktime={CUTOFF - 9000}") as node:
            yield bitcoin_fork(node)


def test_a_reorganisation_before_any_request_never_mixes_two_branches(
    fork: Fork, tmp_path: Path, world: World, ask: Ask
) -> None:
    fork.switch()
    ends: list[str] = []
    requests = number = 0
    while number <= requests:
        desk = new_desk(tmp_path / f"desk-{number}", world)
        with fault_proxy(fork.node) as proxy:
            proxy.when(nth(number), after(fork.switch))  # none is the 0th: the first run is undisturbed
            desk.urls[fork.network] = proxy.url
            desk.write_providers()
            ends.append(end_of(fork, desk, ask))
            requests = requests or len(proxy.asked)
        number += 1
    assert requests >= 10
    assert (ends[0], ends[1]) == ("read", "read")
    assert ends[-1] == "unread"  # the last request is the look that tells
    assert set(ends) == {"read", "unread", *(["refused"] if fork.network == ONE else [])}


def end_of(fork: Fork, desk: Desk, ask: Ask) -> str:
    """How a run ended; fails for an end that is none of the three, or for figures that are no branch's."""
    bundle = desk.folder / "bundle"
    said = ask(*desk.run("--format", "json", "--bundle", str(bundle)))
    if said.code == 2:
        assert said.out == ""
        assert said.err.startswith("error: ")
        assert not list(desk.folder.glob("bundle*"))
        return "refused"
    result = json.loads(said.out)
    assert ask("verify", str(bundle)).code == 0
    unread = [one for asset in result["assets"] for one in asset["unread"]]
    if unread:
        assert said.code == 1
        assert all(one["reason"] and one["instrument"].startswith(fork.network) for one in unread)
    return "unread" if not of_one_branch(fork, result, {one["instrument"] for one in unread}) else "read"


def of_one_branch(fork: Fork, result: dict[str, Any], unread: set[str]) -> bool:
    """Whether anything was read on the network; if so, it is what the branch of the pin holds."""
    pins = [pin for pin in result["pins"] if pin["network"] == fork.network]
    assets = {asset["asset"]: asset for asset in result["assets"]}
    if not pins or unread:
        for asset in ("ETH", "USDT") if fork.network == ONE else ("BTC",):
            assert assets[asset]["broad"]["held"] == (str(ELSEWHERE) if asset == "USDT" else "0")
        return False
    (pin,) = pins
    shown = {"BTC": assets["BTC"]["segregated"]["held"], "BTC broad": assets["BTC"]["broad"]["held"]}
    shown |= {name: assets[name]["broad"]["held"] for name in ("ETH", "USDT")}
    expected = fork.branches[pin["hash"]]
    assert {name: shown[name] for name in expected} == expected
    return True
