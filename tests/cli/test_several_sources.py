"""Several sources of one network through the whole command, on real nodes: who agrees, lies, lags, is elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from tests.cli.command_line import Ask, Said
from tests.cli.small_world import BITCOIN, CUTOFF, NETWORKS, ONE, TWO, Desk, World, evm_block, source_of
from tests.nodes.fault_proxy import FaultProxy, altered, always, fault_proxy, hang, method, reset
from tests.nodes.running import Node, anvil, bitcoind_node

ETHER = f"{10 * 10**18:064x}".encode()
MORE = f"{90 * 10**18:064x}".encode()


def second(desk: Desk, network: str, url: str, operator: str = "other", **more: str) -> None:
    """One more source at the end of the providers file."""
    kind = "bitcoind" if network == BITCOIN else "evm"
    name = more.get("name", f"{operator.lower()}-{network.replace(':', '-')}")
    text = f'[[source]]\nname = "{name}"\nnetwork = "{network}"\nkind = "{kind}"\nurl = "{url}"\n'
    text += f'operator = "{operator}"\nrun_by = "{more.get("run_by", "third-party")}"\ntimeout_s = 5\n'
    text += "requests_per_second = 1000\n" + more.get("auth", "")
    desk.providers.write_text(desk.providers.read_text() + text)


def asking(desk: Desk, network: str, n: int, k: int) -> None:
    engagement = desk.snapshot / "engagement.toml"
    engagement.write_text(engagement.read_text() + f'[sources]\n"{network}" = {{ n = {n}, k = {k} }}\n')


@pytest.fixture
def proxies(world: World) -> Iterator[dict[str, FaultProxy]]:
    """Another operator's door to each of the nodes."""
    with ExitStack() as stack:
        yield {network: stack.enter_context(fault_proxy(world.nodes[network])) for network in NETWORKS}


def run(desk: Desk, ask: Ask) -> tuple[Said, dict[str, Any]]:
    """The whole command into a bundle, which re-derives."""
    said = ask(*desk.run("--format", "json", "--bundle", str(desk.folder / "bundle")))
    assert ask("verify", str(desk.folder / "bundle")).code == 0
    return said, json.loads(said.out)


def findings(result: dict[str, Any], rule: str) -> list[tuple[str, str]]:
    return [(one["outcome"], one["message"]) for one in result["findings"] if one["rule"] == rule]


def test_a_source_under_the_entitys_printed_name_corroborates_nothing(
    desk: Desk, ask: Ask, proxies: dict[str, FaultProxy]
) -> None:
    for network in NETWORKS:
        second(desk, network, proxies[network].url, "Nami (fictional)", name=f"x-{network.replace(':', '-')}")
    _, result = run(desk, ask)
    assert {asset["by_evidence"]["corroborated"] for asset in result["assets"]} == {"0"}
    assert ask("report", str(desk.folder / "bundle")).out.count("(1 operator beside the entity)") == 3


def test_two_operators_corroborate_every_holding(desk: Desk, ask: Ask, proxies: dict[str, FaultProxy]) -> None:
    for network in NETWORKS:
        second(desk, network, proxies[network].url)
    desk.change("snapshot/engagement.toml", "[deciding]\n", '[deciding]\nevidence = "corroborated"\n')
    said, result = run(desk, ask)
    assert (said.code, result["outcome"]) == (0, "covered")
    for asset in result["assets"]:
        assert asset["by_evidence"]["corroborated"] == asset["broad"]["held"]
    assert {tuple(pin["agreed"]) for pin in result["pins"]} == {
        tuple(sorted((source_of(network), f"other-{network.replace(':', '-')}"))) for network in NETWORKS
    }
    text = ask("report", str(desk.folder / "bundle")).out
    assert text.count("(2 operators beside the entity)") == 3
    assert "BTC: corroborated 150 (100.00 %)" in text
    traced = ask("trace", str(desk.folder / "bundle"), "eth", "--all").out
    assert "other-eip155-31337" in traced
    assert "src-eip155-31337" in traced


def test_a_node_that_lies_about_a_balance_is_found_out_by_the_other(
    desk: Desk, ask: Ask, proxies: dict[str, FaultProxy]
) -> None:
    second(desk, ONE, proxies[ONE].url)
    proxies[ONE].when(method("eth_call"), altered(lambda body: body.replace(ETHER, MORE)))
    proxies[ONE].when(
        method("eth_getBalance"), altered(lambda body: body.replace(b"8ac7230489e80000", b"4e1003b28d9280000"))
    )
    said, result = run(desk, ask)
    assert (said.code, result["outcome"]) == (1, "incomplete")
    words = (
        "eip155:31337: its sources differ once (eth-hot eip155:31337/native: other-eip155-31337 says "
        "90000000000000000000, src-eip155-31337 says 10000000000000000000, and nothing was taken)"
    )
    assert findings(result, "sources_disagree") == [("breaks", words)]
    (ether,) = (asset for asset in result["assets"] if asset["asset"] == "ETH")
    assert [one["reason"].partition(":")[0] for one in ether["unread"]] == ["the sources disagree"]


def test_a_lying_coin_set_is_found_out_by_the_other(desk: Desk, ask: Ask, proxies: dict[str, FaultProxy]) -> None:
    def lie(body: bytes) -> bytes:
        return body.replace(b'"amount":50.00000000', b'"amount":70.00000000').replace(
            b'"total_amount":150.00000000', b'"total_amount":210.00000000'
        )

    second(desk, BITCOIN, proxies[BITCOIN].url)
    proxies[BITCOIN].when(method("scantxoutset"), altered(lie))
    said, result = run(desk, ask)
    assert (said.code, result["outcome"]) == (1, "incomplete")
    ((outcome, message),) = findings(result, "sources_disagree")
    assert outcome == "breaks"
    assert "src-bitcoin-regtest says 10000000000" in message


def test_answers_that_do_not_add_up_are_not_read_and_that_is_told(
    desk: Desk, ask: Ask, proxies: dict[str, FaultProxy]
) -> None:
    second(desk, BITCOIN, proxies[BITCOIN].url)
    lie = altered(lambda body: body.replace(b'"amount":50.00000000', b'"amount":70.00000000'))
    proxies[BITCOIN].when(method("scantxoutset"), lie)
    said, result = run(desk, ask)
    assert (said.code, result["outcome"]) == (0, "covered")
    ((_, words),) = (one for one in findings(result, "source_left_out") if one[0] == "breaks")
    assert words.startswith("other-bitcoin-regtest did not read 2 holdings of bitcoin:regtest: garbled answer")


@pytest.mark.parametrize("fault", [hang, reset])
def test_a_second_source_that_is_dead_leaves_the_first_ones_word(
    desk: Desk,
    ask: Ask,
    proxies: dict[str, FaultProxy],
    waits: list[float],
    fault: Any,  # noqa: ANN401  # a fault
) -> None:
    del waits
    second(desk, ONE, proxies[ONE].url)
    proxies[ONE].when(always, fault)
    said, result = run(desk, ask)
    assert (said.code, result["outcome"]) == (0, "covered")
    ((_, used), (noted, words)) = sorted(findings(result, "source_left_out"))[::-1]
    assert (used, noted) == ("src-eip155-31337 was used for eip155:31337", "breaks")
    assert words.startswith("other-eip155-31337: nothing it says of eip155:31337 was used: ")
    assert "source other-eip155-31337 (eip155:31337): " in said.err
    assert {asset["by_evidence"]["corroborated"] for asset in result["assets"]} == {"0"}


def test_a_second_source_on_another_chain_is_refused_unless_enough_remain(
    desk: Desk, ask: Ask, world: World
) -> None:
    second(desk, ONE, world.nodes[TWO].url, "elsewhere")
    said = ask(*desk.run("--bundle", str(desk.folder / "bundle")))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"error: wrong chain for {ONE}: the chain id is 31338, expected 31337\n")
    assert not list(desk.folder.glob("bundle*"))
    with fault_proxy(world.nodes[ONE]) as third:
        second(desk, ONE, third.url, "third")
        said, result = run(desk, ask)
    assert (said.code, result["outcome"]) == (0, "covered")
    words = f"elsewhere-eip155-31337: nothing it says of {ONE} was used: wrong chain for {ONE}: "
    assert ("breaks", f"{words}the chain id is 31338, expected 31337") in findings(result, "source_left_out")
    (ether,) = (asset for asset in result["assets"] if asset["asset"] == "ETH")
    assert ether["by_evidence"]["corroborated"] == "10"


def test_a_source_that_lags_is_waited_for_unless_enough_remain(
    desk: Desk, ask: Ask, world: World, tmp_path: Path
) -> None:
    with anvil(tmp_path, 31337, "--timestamp", str(CUTOFF - 86_400)) as young:
        evm_block(young, CUTOFF - 12)
        second(desk, ONE, young.url, "young")
        said = ask(*desk.collect("evidence"))
        assert (said.code, said.out) == (2, "")
        assert said.err.startswith(f"error: {ONE}: the chain has not passed the cut-off")
        assert not list(desk.folder.glob("evidence*"))
        with fault_proxy(world.nodes[ONE]) as third:
            second(desk, ONE, third.url, "third")
            said, result = run(desk, ask)
    assert (said.code, result["outcome"]) == (0, "covered")
    assert [outcome for outcome, _ in findings(result, "source_left_out")] == ["holds", "holds", "breaks"]


def test_another_chain_of_the_same_name_differs_in_its_block(
    desk: Desk, ask: Ask, world: World, tmp_path: Path
) -> None:
    del world
    with anvil(tmp_path, 31337, "--timestamp", str(CUTOFF - 86_400)) as private:
        for seconds in (-12, 12, 24, 36):
            evm_block(private, CUTOFF + seconds)
        second(desk, ONE, private.url, "private")
        said, result = run(desk, ask)
    assert (said.code, result["outcome"]) == (1, "incomplete")
    ((outcome, message),) = findings(result, "sources_disagree")
    assert outcome == "breaks"
    assert "the block at the cut-off: private-eip155-31337 says " in message
    assert ONE not in {pin["network"] for pin in result["pins"]}


def test_fewer_operators_than_the_engagement_asks_for_are_refused(
    desk: Desk, ask: Ask, proxies: dict[str, FaultProxy]
) -> None:
    asking(desk, ONE, 2, 2)
    second(desk, ONE, proxies[ONE].url, "OWN.", name="own-2")
    with fault_proxy(desk.world.nodes[ONE]) as entitys:
        second(desk, ONE, entitys.url, "nami", name="entitys", run_by="entity")
        said = ask(*desk.collect("evidence"))
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"error: {ONE}: the engagement asks for 2 sources of distinct operators, none run by the entity, and 1 is "
        "named\n  hint: name more sources in the providers file, or ask for fewer\n"
    )
    assert not list(desk.folder.glob("evidence*"))


def test_evidence_of_one_source_does_not_answer_an_engagement_that_asks_for_two(desk: Desk, ask: Ask) -> None:
    assert ask(*desk.collect("evidence")).code == 0
    asking(desk, ONE, 2, 2)
    said = ask(*desk.run(evidence=desk.folder / "evidence"))
    assert said.code == 2
    assert f"{ONE}: the engagement asks for 2 sources of distinct operators" in said.err
    assert "collect again from more sources, or ask for fewer" in said.err


def test_two_operators_at_one_address_are_refused(desk: Desk, ask: Ask, world: World) -> None:
    second(desk, ONE, world.nodes[ONE].url.replace("127.0.0.1", "localhost"))
    said = ask(*desk.collect("evidence"))
    assert said.code == 2
    assert "src-eip155-31337 and other-eip155-31337 are at one address, but have two operators" in said.err


@pytest.fixture
def peer(world: World, tmp_path: Path) -> Iterator[Node]:
    """A second Bitcoin node with a copy of its own of the chain, block by block."""
    first = world.nodes[BITCOIN]
    tip = first("getblockcount")
    with bitcoind_node(tmp_path, f"-mocktime={CUTOFF + 86_400}") as node:
        for height in range(1, tip + 1):
            assert node("submitblock", first("getblock", first("getblockhash", height), 0)) is None
        yield node


def test_two_bitcoin_nodes_with_a_chain_of_their_own_each_agree_to_the_satoshi(
    desk: Desk, ask: Ask, peer: Node
) -> None:
    second(desk, BITCOIN, peer.url, "peer", auth=f'auth = {{ cookie_file = "{peer.cookie_file}" }}\n')
    said, result = run(desk, ask)
    assert (said.code, result["outcome"]) == (0, "covered")
    (coins,) = (asset for asset in result["assets"] if asset["asset"] == "BTC")
    assert coins["by_evidence"]["corroborated"] == "150"


def test_a_node_that_loses_the_pin_while_another_keeps_it_leaves_everything_unread(
    desk: Desk, ask: Ask, peer: Node, tmp_path: Path
) -> None:
    del tmp_path
    with fault_proxy(peer) as proxy:

        def leave(handler: Any, answer: Any) -> None:  # noqa: ANN401  # a fault
            height = peer("getblockcount") - 14
            peer("invalidateblock", peer("getblockhash", height))
            handler.send(200, answer().body, {"Content-Type": "application/json"})

        proxy.when(lambda asked: "scantxoutset" in asked.methods and not peer_left(peer), leave)
        second(desk, BITCOIN, proxy.url, "peer")
        said, result = run(desk, ask)
    assert (said.code, result["outcome"]) == (1, "incomplete")
    (coins,) = (asset for asset in result["assets"] if asset["asset"] == "BTC")
    assert len(coins["unread"]) == 2


def peer_left(peer: Node) -> bool:
    return any(tip["status"] == "invalid" for tip in peer("getchaintips"))
