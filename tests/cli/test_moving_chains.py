"""Chains that are not there yet, are somebody else's, or change while they are read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from tests.cli.command_line import Ask
from tests.cli.small_world import (
    BITCOIN,
    BTC_HOT,
    CUTOFF,
    ETH_HOT,
    NOBODY,
    ONE,
    PIN,
    TWO,
    USDT_1,
    Desk,
    World,
    evm_block,
    fund_evm,
    mine_bitcoin,
    new_desk,
)
from tests.nodes.fault_proxy import Answer, Fault, Handler, fault_proxy, method
from tests.nodes.running import Node, anvil, bitcoind_node

from reservecheck.cli import collecting
from reservecheck.errors import PinError


@pytest.fixture
def young_evm(tmp_path: Path) -> Iterator[Node]:
    """An EVM chain that has not passed the cut-off yet."""
    with anvil(tmp_path, 31337, "--timestamp", str(CUTOFF - 86_400)) as node:
        evm_block(node, CUTOFF - 12)
        yield node


@pytest.fixture
def young_bitcoin(tmp_path: Path) -> Iterator[Node]:
    """A Bitcoin chain whose median time is still before the cut-off."""
    with bitcoind_node(tmp_path, f"-mocktime={CUTOFF - 9000}") as node:
        mine_bitcoin(node, after=3)
        yield node


def at(desk: Desk, network: str, node: Node) -> Desk:
    """The same desk with one network's node replaced."""
    return new_desk(desk.folder, World({**desk.world.nodes, network: node}))


def grow(network: str, node: Node) -> None:
    """Everything that is needed to be final."""
    if network == ONE:
        for seconds in (24, 36, 48, 60):
            evm_block(node, CUTOFF + seconds)
    else:
        for number in range(14):
            node("setmocktime", CUTOFF + 3000 + 600 * number)
            node("generatetoaddress", 1, NOBODY)


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (
            ONE,
            f"error: {ONE}: the chain has not passed the cut-off 2018-06-27T15:00:00Z yet: its newest block 1 is",
        ),
        (
            BITCOIN,
            f"error: {BITCOIN}: the chain has not passed the cut-off 2018-06-27T15:00:00Z for certain: ",
        ),
    ],
)
def test_a_block_that_is_not_final_stops_before_any_balance(  # noqa: PLR0913, PLR0917  # two young chains
    desk: Desk, ask: Ask, young_evm: Node, young_bitcoin: Node, network: str, message: str
) -> None:
    node = young_evm if network == ONE else young_bitcoin
    with fault_proxy(desk.world.nodes[TWO]) as other:
        waiting = at(desk, network, node)
        waiting.urls[TWO] = other.url
        waiting.write_providers()
        said = ask(*waiting.collect("evidence"))
        assert not any(method("eth_call", "eth_getBalance")(one) for one in other.asked)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(message)
    assert "--wait" in said.err
    assert not list(desk.folder.glob("evidence*"))


@pytest.mark.parametrize("network", [ONE, BITCOIN])
def test_waiting_goes_on_once_the_block_is_final(  # noqa: PLR0913, PLR0917  # two young chains
    desk: Desk, ask: Ask, young_evm: Node, young_bitcoin: Node, monkeypatch: pytest.MonkeyPatch, network: str
) -> None:
    node = young_evm if network == ONE else young_bitcoin
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            grow(network, node)

    monkeypatch.setattr(collecting, "patiently", partial(collecting.patiently, sleep=sleep))
    waiting = at(desk, network, node)
    said = ask(*waiting.collect("evidence", "--wait"))
    assert said.code == (0 if network == BITCOIN else 1)  # nobody was paid on the young EVM chain
    assert slept == [collecting.WAIT_SECONDS] * 2
    assert said.err.count("waiting: ") == 1
    assert "--wait" not in said.err
    assert ask(*waiting.run("--bundle", str(desk.folder / "b"), evidence=desk.folder / "evidence")).code in (0, 1)
    assert ask("verify", str(desk.folder / "b")).code == 0


def test_patience_ends_where_nobody_asked_for_it() -> None:
    def never() -> None:
        raise PinError("not yet")

    with pytest.raises(PinError, match=r"^not yet$"):
        collecting.patiently(never, wait=False)


def test_another_chain_behind_the_address_is_an_error(desk: Desk, ask: Ask) -> None:
    desk.urls[TWO] = desk.world.nodes[ONE].url
    desk.write_providers()
    said = ask(*desk.run("--bundle", str(desk.folder / "bundle")))
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"error: wrong chain for {TWO}: the chain id is 31337, expected 31338\n"
        "  hint: correct the source's url or network in providers.toml\n"
    )
    assert not list(desk.folder.glob("bundle*"))


def once(change: Callable[[], None]) -> Fault:
    """Change the chain before the first answer, then pass everything on."""
    done: list[bool] = []

    def fault(handler: Handler, ask: Callable[[], Answer]) -> None:
        if not done:
            done.append(True)
            change()
        answer = ask()
        handler.send(answer.status, answer.body)

    return fault


def all_unread(desk: Desk, ask: Ask, network: str, untouched: str) -> None:
    """A run during a reorganisation reads nothing on that network, and everything on the other."""
    bundle = desk.folder / "bundle"
    said = ask(*desk.run("--format", "json", "--bundle", str(bundle)))
    assert said.code == 1
    result = json.loads(said.out)
    assert result["outcome"] == "incomplete"
    unread = [one for asset in result["assets"] for one in asset["unread"]]
    assert unread
    assert all(one["instrument"].startswith(network) for one in unread)
    cells = ask("trace", str(bundle), "btc" if network == BITCOIN else "eth", "--format", "json")
    lines = json.loads(cells.out)["lines"]
    assert {line["status"] for line in lines if line["instrument"].startswith(network)} == {"unread"}
    assert {line["status"] for line in lines if line["instrument"].startswith(untouched)} <= {"read"}
    assert ask("verify", str(bundle)).code == 0


def test_a_reorganised_evm_chain_is_unread(desk: Desk, ask: Ask, tmp_path: Path) -> None:
    with anvil(tmp_path, 31337, "--timestamp", str(CUTOFF - 86_400)) as node, fault_proxy(node) as proxy:
        before = node("evm_snapshot")
        fund_evm(node, {USDT_1: 5_500_000}, decimals=6, ether={ETH_HOT: 10 * 10**18})

        def reorganise() -> None:
            assert node("evm_revert", before)
            fund_evm(node, {USDT_1: 1}, decimals=6, ether={ETH_HOT: 1})

        proxy.when(method("eth_call", "eth_getBalance"), once(reorganise))
        desk.urls[ONE] = proxy.url
        desk.write_providers()
        all_unread(desk, ask, ONE, TWO)


def test_a_reorganised_bitcoin_chain_is_unread(desk: Desk, ask: Ask, tmp_path: Path) -> None:
    with bitcoind_node(tmp_path, f"-mocktime={CUTOFF - 9000}") as node, fault_proxy(node) as proxy:
        mine_bitcoin(node)

        def reorganise() -> None:
            node("invalidateblock", node("getblockhash", PIN - 2))
            for _ in range(20):
                node("generatetoaddress", 1, BTC_HOT)

        proxy.when(method("scantxoutset"), once(reorganise))
        desk.urls[BITCOIN] = proxy.url
        desk.write_providers()
        all_unread(desk, ask, BITCOIN, ONE)
