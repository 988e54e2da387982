from __future__ import annotations

import pytest
from tests.assess.inputs_factory import BITCOIN, BTC, ETH, ETHEREUM, TOKEN, instrument, network


def test_a_networks_own_coin_is_its_native_instrument() -> None:
    assert network(BITCOIN, "bitcoind").native == BTC
    assert network(ETHEREUM, "evm").native == ETH


@pytest.mark.parametrize(
    ("name", "network_", "contract"),
    [
        (BTC, "bitcoin:regtest", ""),
        (ETH, "eip155:31337", ""),
        (TOKEN, "eip155:31337", "0x5fbdb2315678afecb367f032d93f642f64180aa3"),
    ],
)
def test_an_instrument_says_where_it_lives_and_at_which_contract(name: str, network_: str, contract: str) -> None:
    row = instrument(name, "BTC", 8)
    assert (row.network, row.contract) == (network_, contract)
