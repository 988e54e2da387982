"""The block that draws, from real nodes by way of a providers file."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from tests.cli.small_world import BITCOIN, CUTOFF, ONE, PIN, TWO, Desk, source_of

from reservecheck.cli import block_reading
from reservecheck.cli.block_reading import read_final_block
from reservecheck.errors import PinError, ReservecheckError, SourceError
from reservecheck.model.confirmations import ReadFrom
from reservecheck.model.registry import Network
from reservecheck.registry.shipped import load_registry
from reservecheck.transport.http import HttpTransport

NETWORKS = load_registry().networks
LATER = PIN + 12


def refused(providers: Path, network: Network = NETWORKS[BITCOIN], height: int = LATER) -> str:
    with pytest.raises(ReservecheckError) as caught:
        read_final_block(providers, network, height, entity="nami")
    return str(caught.value)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dead source is asked once."""
    monkeypatch.setattr(block_reading, "HttpTransport", partial(HttpTransport, attempts=1))


def add_source(desk: Desk, name: str, network: str, url: str) -> None:
    with desk.providers.open("a") as file:
        kind = "bitcoind" if network == BITCOIN else "evm"
        file.write(f'[[source]]\nname = "{name}"\nnetwork = "{network}"\nkind = "{kind}"\nurl = "{url}"\n')
        file.write(f'operator = "{name}"\nrun_by = "third-party"\n')


@pytest.mark.parametrize(("network", "height"), [(BITCOIN, LATER), (ONE, 3)])
def test_the_block_is_the_nodes_own(desk: Desk, network: str, height: int) -> None:
    node = desk.world.nodes[network]
    read = read_final_block(desk.providers, NETWORKS[network], height, entity="nami")
    if network == BITCOIN:
        assert read.block.hash == node("getblockhash", height)
        assert read.block.time == CUTOFF - 300 + 600 * (height - PIN)
    else:
        whole = False
        assert read.block.hash == node("eth_getBlockByNumber", hex(height), whole)["hash"][2:]
    assert (read.sources, read.read_from) == ((source_of(network),), ReadFrom.OWN)


def test_a_block_that_is_not_final_is_waited_for(desk: Desk) -> None:
    tip = desk.world.nodes[BITCOIN]("getblockcount")
    with pytest.raises(PinError) as caught:
        read_final_block(desk.providers, NETWORKS[BITCOIN], tip + 3, entity="nami")
    assert str(caught.value) == (
        f"bitcoin:regtest: block {tip + 3} is not there yet: 4 blocks to go\n  hint: run again then"
    )


def test_a_network_without_a_reader_or_a_source_is_refused(desk: Desk) -> None:
    assert refused(desk.providers, NETWORKS["dogecoin:mainnet"]) == (
        "dogecoin:mainnet has no reader in this version\n  hint: give its --block-hash"
    )
    desk.write_providers(without=BITCOIN)
    assert refused(desk.providers) == (
        "no source is named for bitcoin:regtest\n  hint: name one in the providers file"
    )


def test_the_entitys_own_node_is_not_asked(desk: Desk) -> None:
    desk.change("providers.toml", 'run_by = "practitioner"', 'run_by = "entity"')
    assert refused(desk.providers) == (
        "only the entity's own sources are named for bitcoin:regtest: it could name the block that suits it\n"
        "  hint: name a source of your own in the providers file"
    )


@pytest.mark.parametrize("operator", ["Nami.", "nami (Tokyo)", "Nami Exchange", "NAMI-node (fictional)"])
def test_a_source_of_the_entitys_name_is_not_asked(desk: Desk, operator: str) -> None:
    desk.change("providers.toml", 'operator = "own"', f'operator = "{operator}"')
    assert refused(desk.providers).startswith("only the entity's own sources are named for bitcoin:regtest")


@pytest.mark.usefixtures("impatient")
def test_a_dead_source_is_told_and_the_others_answer(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    desk.change("providers.toml", 'run_by = "practitioner"', 'run_by = "third-party"')
    add_source(desk, "dead", BITCOIN, "http://127.0.0.1:9")
    read = read_final_block(desk.providers, NETWORKS[BITCOIN], LATER, entity="nami")
    assert (read.sources, read.read_from) == ((source_of(BITCOIN),), ReadFrom.THIRD_PARTY)
    assert capfd.readouterr().err == f"dead: block {LATER} of bitcoin:regtest was not read: unreachable\n"


@pytest.mark.usefixtures("impatient")
def test_a_source_that_is_dead_and_alone_is_refused(desk: Desk) -> None:
    desk.urls[BITCOIN] = "http://127.0.0.1:9"
    desk.write_providers()
    with pytest.raises(SourceError, match=rf"src-bitcoin-regtest: block {LATER} of bitcoin:regtest was not read"):
        read_final_block(desk.providers, NETWORKS[BITCOIN], LATER, entity="nami")


def test_sources_that_name_two_blocks_are_refused(desk: Desk) -> None:
    one, two = (desk.world.nodes[network] for network in (ONE, TWO))
    anybody = replace(NETWORKS[ONE], chain_id=None)
    add_source(desk, "other", ONE, two.url)
    whole = False
    hashes = [node("eth_getBlockByNumber", "0x2", whole)["hash"][2:] for node in (one, two)]
    assert refused(desk.providers, anybody, 2) == (
        f"src-eip155-31337 says block 2 of eip155:31337 is {hashes[0]}, other says {hashes[1]}\n"
        "  hint: find out which of them follows another chain before anybody is drawn"
    )
