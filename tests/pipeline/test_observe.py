"""Each declared pair once, and every one of them a cell, whatever was answered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.cli.small_world import BITCOIN, NETWORKS

from reservecheck.bundle import BUNDLE, Gathered, open_sealed
from reservecheck.model.words import CellStatus, Evidence
from reservecheck.observe import Job, declared_pairs, observe, plans
from reservecheck.transport.record import Log
from reservecheck.vault.sealed import Sealed


@pytest.fixture
def gathered(bundle: Path) -> Gathered:
    return open_sealed(Sealed(bundle), kind=BUNDLE).gathered


def looked_for(job: Job) -> set[str]:
    return {job.registry.instruments[pair.instrument].asset for _, pair in declared_pairs(job)}


def test_every_wallet_meets_every_instrument_of_its_network(gathered: Gathered) -> None:
    asset_of = {name: row.asset for name, row in gathered.job.registry.instruments.items()}
    pairs = [(wallet.label, asset_of[pair.instrument]) for wallet, pair in declared_pairs(gathered.job)]
    assert pairs == [
        ("btc-hot", "BTC"),
        ("btc-house", "BTC"),
        ("eth-hot", "USDT"),
        ("eth-hot", "ETH"),
        ("usdt-1", "USDT"),
        ("usdt-1", "ETH"),
        ("usdt-2", "USDT"),
        ("usdt-2", "ETH"),
    ]
    assert [plan.network.network for plan in plans(gathered.job)] == list(NETWORKS)


def test_a_wallet_may_narrow_and_a_duplicate_is_asked_once(gathered: Gathered) -> None:
    wallets = list(gathered.job.wallets)
    wallets[2] = wallets[2]._replace(instruments=("eip155:31337/native",))
    wallets.append(wallets[0]._replace(line=6, label="again", duplicate_of=1))
    job = replace(gathered.job, wallets=tuple(wallets))
    labels = [wallet.label for wallet, _ in declared_pairs(job)]
    assert labels.count("eth-hot") == 1
    assert "again" not in labels


def test_an_asset_outside_the_perimeter_is_not_looked_for(gathered: Gathered) -> None:
    engagement = replace(gathered.job.engagement, assets=("BTC", "KRW"))
    job = replace(gathered.job, engagement=engagement)
    assert looked_for(job) == {"BTC"}
    everything = replace(job, engagement=replace(engagement, given=False))
    assert looked_for(everything) == {"BTC", "ETH", "USDT"}


def test_without_an_answer_every_cell_is_unread_at_its_cut_off(gathered: Gathered) -> None:
    seen = observe(gathered.job, Log(()))
    assert seen.pins == ()
    assert len(seen.cells) == 8
    for cell in seen.cells:
        assert (cell.status, cell.units) == (CellStatus.UNREAD, None)
        assert cell.reason
        assert cell.pin == f"{cell.instrument.partition('/')[0]}@cutoff"


@pytest.mark.parametrize(
    ("change", "evidence"), [({}, Evidence.OBSERVED), ({"run_by": "entity"}, Evidence.CLAIMED)]
)
def test_what_the_entitys_own_node_says_is_a_claim(
    gathered: Gathered, change: dict[str, str], evidence: Evidence
) -> None:
    job: Job = replace(gathered.job, sources=tuple(replace(card, **change) for card in gathered.job.sources))
    assert {cell.evidence for cell in observe(job, gathered.log).cells} == {evidence}
    nobody = replace(gathered.job, sources=())
    assert {cell.evidence for cell in observe(nobody, gathered.log).cells} == {Evidence.CLAIMED}
    assert gathered.job.source(BITCOIN) is not None
