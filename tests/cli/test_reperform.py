"""A bundle's blocks and holdings, read again from the reader's own sources on real nodes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.cli.command_line import Ask
from tests.cli.small_world import BITCOIN, CUTOFF, NETWORKS, ONE, TWO, Desk, World, evm_block, new_desk
from tests.nodes.fault_proxy import altered, always, fault_proxy, method, reset
from tests.nodes.running import anvil

ETHER = f"{10 * 10**18:064x}".encode()
MORE = f"{90 * 10**18:064x}".encode()


@pytest.fixture
def reader(tmp_path: Path, world: World, recorded: Desk) -> Desk:
    """Somebody who was given the bundle, and has sources of his own."""
    desk = new_desk(tmp_path / "reader", world)
    shutil.copytree(recorded.folder / "bundle", desk.folder / "given")
    return desk


def again(reader: Desk, *more: str) -> list[str]:
    return ["reperform", str(reader.folder / "given"), "--providers", str(reader.providers), *more]


def test_everything_is_equal_where_the_chains_say_the_same(reader: Desk, ask: Ask) -> None:
    said = ask(*again(reader))
    assert said.code == 0
    lines = said.out.splitlines()
    assert [line.partition(":")[0] for line in lines[:3]] == ["bitcoin", "eip155", "eip155"]
    assert all(" the block at the cut-off: equal, " in line for line in lines[:3])
    assert lines[-1] == (
        "8 of 8 holdings, the decimals of 2 tokens and 3 blocks were read again: 13 equal, 0 differs, 0 no longer"
        " readable"
    )
    found = json.loads(ask(*again(reader, "--format", "json")).out)
    assert (found["equal"], found["holdings"], found["not_asked"]) == (True, 8, [])
    assert {row["result"] for row in found["compared"]} == {"equal"}
    assert [
        row["now"] for row in found["compared"] if row["label"] == "eth-hot" and "native" in row["instrument"]
    ] == [str(10 * 10**18)]


def test_a_balance_the_readers_node_does_not_confirm_differs(reader: Desk, ask: Ask, world: World) -> None:
    with fault_proxy(world.nodes[ONE]) as proxy:
        proxy.when(method("eth_call"), altered(lambda body: body.replace(ETHER, MORE)))
        proxy.when(
            method("eth_getBalance"), altered(lambda body: body.replace(b"8ac7230489e80000", b"4e1003b28d9280000"))
        )
        reader.urls[ONE] = proxy.url
        reader.write_providers()
        said = ask(*again(reader))
    assert said.code == 1
    assert (
        "eth-hot eip155:31337/native: differs: the bundle says 10000000000000000000, you were told "
        "90000000000000000000\n" in said.out
    )
    assert said.out.endswith("10 equal, 1 differs, 0 no longer readable\n")


def test_a_source_that_is_dead_confirms_nothing(reader: Desk, ask: Ask, world: World, waits: list[float]) -> None:
    del waits
    with fault_proxy(world.nodes[ONE]) as proxy:
        proxy.when(always, reset)
        reader.urls[ONE] = proxy.url
        reader.write_providers()
        said = ask(*again(reader))
    assert said.code == 1
    assert f"{ONE} the block at the cut-off: no longer readable: the bundle says " in said.out
    assert said.out.count("no longer readable: ") == 5
    assert "source src-eip155-31337 (eip155:31337): reset – look at the node" in said.err


def test_another_chain_of_the_same_name_has_another_block_and_no_comparable_balance(
    reader: Desk, ask: Ask, tmp_path: Path
) -> None:
    with anvil(tmp_path, 31337, "--timestamp", str(CUTOFF - 86_400)) as private:
        for seconds in (-12, 12, 24, 36):
            evm_block(private, CUTOFF + seconds)
        reader.urls[ONE] = private.url
        reader.write_providers()
        said = ask(*again(reader))
    assert said.code == 1
    assert f"{ONE} the block at the cut-off: differs: " in said.out
    assert said.out.count("read at another block than the bundle's") == 4


def test_networks_without_a_source_of_the_readers_are_listed(reader: Desk, ask: Ask) -> None:
    reader.write_providers(without=BITCOIN)
    said = ask(*again(reader))
    assert said.code == 0
    assert f"{BITCOIN}: not read again: no source of yours is of it, or no line of it was drawn\n" in said.out
    assert "6 of 8 holdings, the decimals of 2 tokens and 2 blocks were read again" in said.out


def test_a_sample_is_drawn_by_its_seed(reader: Desk, ask: Ask) -> None:
    def drawn(*more: str) -> list[str]:
        said = ask(*again(reader, "--format", "json", "--sample", "2", *more))
        assert said.code == 0
        return sorted({row["label"] for row in json.loads(said.out)["compared"] if row["instrument"]})

    seeds = [drawn("--seed", f"block {number}") for number in range(4)]
    assert all(len(labels) == 2 for labels in seeds)
    assert len({tuple(labels) for labels in seeds}) > 1
    assert drawn("--seed", "block 1") == seeds[1]


def test_a_bundle_that_does_not_re_derive_is_not_read_again(reader: Desk, ask: Ask) -> None:
    (reader.folder / "given" / "assessment.json").write_text("{}")
    said = ask(*again(reader))
    assert (said.code, said.out) == (2, "")
    assert " does not re-derive: assessment.json" in said.err


def test_sources_of_other_networks_read_nothing(reader: Desk, ask: Ask) -> None:
    reader.providers.write_text(
        'format = "reservecheck/providers/v1"\n[[source]]\nname = "x"\nnetwork = "eip155:1"\nkind = "evm"\n'
        'url = "http://127.0.0.1:9"\noperator = "x"\nrun_by = "practitioner"\n'
    )
    said = ask(*again(reader))
    assert (said.code, said.out) == (2, "")
    assert (
        "no source is of a network of the bundle, which has: bitcoin:regtest, eip155:31337, eip155:31338"
        in said.err
    )
    assert set(NETWORKS) == {BITCOIN, ONE, TWO}
