"""Scripts written as addresses: the inverse of reading them, on every network."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.addresses.address_text import writer
from reservecheck.addresses.bitcoin import script_of
from reservecheck.addresses.coins import COINS

NETWORKS = st.sampled_from(sorted(COINS))
KEY_HASHES = st.binary(min_size=20, max_size=20).map(lambda hash_: b"\x76\xa9\x14" + hash_ + b"\x88\xac")
SCRIPT_HASHES = st.binary(min_size=20, max_size=20).map(lambda hash_: b"\xa9\x14" + hash_ + b"\x87")
V0 = (
    st.sampled_from([20, 32])
    .flatmap(lambda size: st.binary(min_size=size, max_size=size))
    .map(lambda program: bytes([0, len(program)]) + program)
)
LATER = st.tuples(st.integers(0x51, 0x60), st.binary(min_size=2, max_size=40)).map(
    lambda pair: bytes([pair[0], len(pair[1])]) + pair[1]
)


@given(NETWORKS, st.one_of(KEY_HASHES, SCRIPT_HASHES))
def test_hashes_of_keys_and_scripts_are_read_back_on_every_network(network: str, script: bytes) -> None:
    assert script_of(writer(network)(script), network) == script.hex()


@given(st.sampled_from([name for name, coin in COINS.items() if coin.hrp]), st.one_of(V0, LATER))
def test_witness_programs_are_read_back_as_they_were(network: str, script: bytes) -> None:
    assert script_of(writer(network)(script), network) == script.hex()


@given(st.binary(min_size=32, max_size=32))
def test_long_hashes_of_scripts_are_of_bitcoin_cash_alone(digest: bytes) -> None:
    script = b"\xaa\x20" + digest + b"\x87"
    assert script_of(writer("bitcoincash:mainnet")(script), "bitcoincash:mainnet") == script.hex()
    assert writer("bitcoin:mainnet")(script) == f"raw({script.hex()})"


@pytest.mark.parametrize(
    ("script", "address"),
    [
        ("0014751e76e8199196d454941c45d1b3a323f1433bd6", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        (
            "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        ),
        ("6002751e", "bc1sw50qgdz25j"),
        (
            "5128751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6",
            "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
        ),
    ],
)
def test_the_vectors_of_bip_350(script: str, address: str) -> None:
    assert writer("bitcoin:mainnet")(bytes.fromhex(script)) == address


@pytest.mark.parametrize(
    "script", ["", "51", "6a", "00", "0014aa", f"0015{'aa' * 21}", "5102aabbcc", f"21{'02' * 33}ac"]
)
def test_what_has_no_address_is_written_as_it_is(script: str) -> None:
    assert writer("bitcoin:mainnet")(bytes.fromhex(script)) == f"raw({script})"


def test_witness_programs_have_no_address_where_there_is_no_segwit() -> None:
    script = bytes.fromhex("0014751e76e8199196d454941c45d1b3a323f1433bd6")
    assert writer("dogecoin:mainnet")(script) == f"raw({script.hex()})"
