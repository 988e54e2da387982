from __future__ import annotations

import socket
from pathlib import Path

import pytest
from tests.nodes import running
from tests.nodes.running import GENESIS, Node, NodeMissing, anvil, bitcoind_node, evm_block, mine, program


def test_two_chains_have_two_ids_and_a_fixed_first_block(evm_one: Node, evm_two: Node) -> None:
    assert (evm_one("eth_chainId"), evm_two("eth_chainId")) == ("0x7a69", "0x7a6a")
    assert int(evm_block(evm_one, "0x0")["timestamp"], 16) == GENESIS


def test_the_first_block_may_have_another_time(tmp_path: Path) -> None:
    with anvil(tmp_path, 31337, "--timestamp", "1600000000") as node:
        assert int(evm_block(node, "0x0")["timestamp"], 16) == 1_600_000_000


def test_the_last_block_but_two_of_a_fresh_chain_is_final(fresh_anvil: Node) -> None:
    fresh_anvil("anvil_mine", "0x5")
    assert evm_block(fresh_anvil, "finalized")["number"] == "0x3"


def test_the_shared_bitcoin_chain_starts_with_110_blocks_and_mature_coins(bitcoind: Node) -> None:
    assert bitcoind("getblockcount") >= 110
    assert bitcoind("getbalance", wallet="w").endswith(".00000000")


def test_a_fresh_bitcoin_chain_can_be_reorganised(fresh_bitcoind: Node) -> None:
    before = fresh_bitcoind("getbestblockhash")
    fresh_bitcoind("invalidateblock", before)
    mine(fresh_bitcoind, 2)
    assert fresh_bitcoind("getblockcount") == 111
    assert fresh_bitcoind("getblockheader", before)["confirmations"] == -1


def test_a_bitcoin_node_can_live_at_a_fixed_time(tmp_path: Path) -> None:
    with bitcoind_node(tmp_path, "-mocktime=1530111600") as node:
        hashes = node("generatetodescriptor", 1, "raw(51)")
        assert node("getblockheader", hashes[0])["time"] == 1_530_111_600


def test_a_refusal_of_the_node_is_an_error_with_its_words(evm_one: Node, bitcoind: Node) -> None:
    with pytest.raises(RuntimeError, match=r"getblockhash: .*Block height out of range"):
        bitcoind("getblockhash", 9_999_999)
    with pytest.raises(RuntimeError, match=r"eth_nothing: .*-32601"):
        evm_one("eth_nothing")


def test_a_node_that_cannot_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"the node stopped at once"), bitcoind_node(tmp_path, "-nonsense=1"):
        pass


def test_a_port_somebody_else_was_quicker_to_take_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = running._free_port
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = iter([taken.getsockname()[1]])
        monkeypatch.setattr(running, "_free_port", lambda: next(ports, None) or find())
        with bitcoind_node(tmp_path) as node:
            assert node.datadir.name == "bitcoind-2"
            assert node("getblockcount") == 0


def test_a_missing_program_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODES_DIR", str(tmp_path))
    with pytest.raises(NodeMissing, match=r"anvil is not installed: run tools/install_nodes\.sh"):
        program("anvil")
