"""Bitcoin-family codecs against the published vectors of the formats, and against a second decoder."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import bitcoin
import bitcoin.wallet
import pytest
from base58_bech32.base58 import b58encode_check
from base58_bech32.bech32 import bech32_encode, convertbits
from base58_bech32.cashaddr import cashaddr_encode
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.addresses.bitcoin import script_of
from reservecheck.addresses.coins import COINS
from reservecheck.errors import AddressError

VECTORS = Path(__file__).parents[1] / "data" / "addresses"
NETWORKS = {"main": "bitcoin:mainnet", "testnet4": "bitcoin:testnet4", "signet": "bitcoin:signet"}
NETWORKS["regtest"] = "bitcoin:regtest"


def vectors(name: str) -> Any:  # noqa: ANN401  # each vector file has its own shape
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


VALID = [
    (text, script, NETWORKS[about["chain"]])
    for text, script, about in vectors("bitcoin-core_key_io_valid.json")
    if not about["isPrivkey"]
]
PRIVATE = [text for text, _, about in vectors("bitcoin-core_key_io_valid.json") if about["isPrivkey"]]
INVALID = [row[0] for row in vectors("bitcoin-core_key_io_invalid.json")]
BIP350 = vectors("bip350_segwit_addresses.json")
CASHADDR = vectors("cashaddr_spec.json")


@pytest.mark.parametrize(("text", "script", "network"), VALID)
def test_every_valid_address_of_bitcoin_core_gives_its_script(text: str, script: str, network: str) -> None:
    assert script_of(text, network) == script


def test_the_valid_list_holds_fourteen_mainnet_addresses() -> None:
    assert sum(network == "bitcoin:mainnet" for _, _, network in VALID) == 14
    assert len(INVALID) == 70


@pytest.mark.parametrize("network", COINS)
@pytest.mark.parametrize("text", [*INVALID, *PRIVATE])
def test_no_invalid_text_and_no_private_key_is_an_address_anywhere(text: str, network: str) -> None:
    with pytest.raises(AddressError):
        script_of(text, network)


@pytest.mark.parametrize(("text", "network"), [(text, network) for text, _, network in VALID])
def test_an_address_of_mainnet_is_none_of_a_test_chain_and_the_other_way_round(text: str, network: str) -> None:
    others = ["bitcoin:regtest"] if network == "bitcoin:mainnet" else ["bitcoin:mainnet"]
    for other in others:
        with pytest.raises(AddressError):
            script_of(text, other)


@pytest.mark.parametrize(("text", "script"), BIP350["valid"])
def test_every_valid_address_of_bip_350_gives_its_script(text: str, script: str) -> None:
    network = "bitcoin:mainnet" if text.lower().startswith("bc") else "bitcoin:testnet4"
    assert script_of(text, network) == script


@pytest.mark.parametrize("text", [text for text, _ in BIP350["invalid"]])
def test_no_invalid_address_of_bip_350_is_accepted(text: str) -> None:
    for network in ("bitcoin:mainnet", "bitcoin:testnet4"):
        with pytest.raises(AddressError):
            script_of(text, network)


@pytest.mark.parametrize(("legacy", "cashaddr"), CASHADDR["legacy_pairs"])
def test_a12_legacy_and_cashaddr_spellings_are_one_script(legacy: str, cashaddr: str) -> None:
    scripts = {
        script_of(text, "bitcoincash:mainnet")
        for text in (legacy, cashaddr, cashaddr.upper(), cashaddr.partition(":")[2])
    }
    assert len(scripts) == 1


@pytest.mark.parametrize(("size", "kind", "text", "payload"), CASHADDR["payloads"])
def test_cashaddr_payloads_are_accepted_only_where_they_are_addresses_of_mainnet(
    size: int, kind: int, text: str, payload: str
) -> None:
    if text.startswith("bitcoincash:") and (
        (size == 20 and kind in {0, 1, 2, 3}) or (size == 32 and kind in {1, 3})
    ):
        assert payload in script_of(text, "bitcoincash:mainnet")
    else:
        with pytest.raises(AddressError):
            script_of(text, "bitcoincash:mainnet")


def test_a_32_byte_cashaddr_script_hash_is_checked_with_hash256() -> None:
    text = cashaddr_encode("bitcoincash", 1, bytes(32)).decode()
    assert script_of(text, "bitcoincash:mainnet") == "aa20" + "00" * 32 + "87"


def test_a3_an_upper_case_bech32_address_is_the_same_wallet() -> None:
    text = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
    assert script_of(text, "bitcoin:mainnet") == script_of(text.upper(), "bitcoin:mainnet")


def test_a4_a_taproot_address_is_read() -> None:
    text = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"
    assert (
        script_of(text, "bitcoin:mainnet")
        == "5120" + "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    )


def test_a5_a_v1_address_with_a_bech32_checksum_is_refused_and_a_v0_one_with_bech32m() -> None:
    with pytest.raises(AddressError) as caught:
        script_of("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", "bitcoin:mainnet")
    assert caught.value.message == "a bech32 checksum on a v1 address, it needs bech32m"
    with pytest.raises(AddressError) as caught:
        script_of("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh", "bitcoin:mainnet")
    assert caught.value.message == "a bech32m checksum on a v0 address, it needs bech32"


def test_a13_both_spellings_of_a_litecoin_script_hash_are_one_script() -> None:
    old, new = (b58encode_check(bytes([version]) + bytes(20)).decode() for version in (5, 50))
    assert (old[0], new[0]) == ("3", "M")
    assert script_of(old, "litecoin:mainnet") == script_of(new, "litecoin:mainnet") == "a914" + "00" * 20 + "87"


def test_the_declared_network_decides_what_m_means() -> None:
    text = "MBEYH8JuAHynTA7unLjon7p7im2U9JbitV"
    key, script = script_of(text, "monacoin:mainnet"), script_of(text, "litecoin:mainnet")
    assert (key[:6], key[-4:]) == ("76a914", "88ac")
    assert script == f"a914{key[6:-4]}87"


@pytest.mark.parametrize(
    ("text", "network", "message"),
    [
        (
            "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R",
            "bitcoin:mainnet",
            "witness version 17, the last one is 16",
        ),
        ("bc1gmk9yu", "bitcoin:mainnet", "no witness version"),
        ("bc1pw5dgrnzv", "bitcoin:mainnet", "a witness program of 1 bytes cannot stand in a v1 address"),
        ("5KYZdUEo39z3FPrtuX2QbbwGnNP5zTd7yyr2SC1j299sBCnWjss", "bitcoin:mainnet", "33 bytes, an address has 21"),
        ("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", "bitcoin:mainnet", "version byte 111 is not this network's"),
        (
            cashaddr_encode("bitcoincash", 0, bytes(32)).decode(),
            "bitcoincash:mainnet",
            "CashAddr kind 0 with 32 bytes is not an address",
        ),
    ],
)
def test_each_refusal_says_why(text: str, network: str, message: str) -> None:
    with pytest.raises(AddressError) as caught:
        script_of(text, network)
    assert caught.value.message == message


@given(st.sampled_from(sorted(COINS)), st.binary(min_size=20, max_size=20), st.booleans())
def test_any_base58_address_gives_back_the_hash_it_was_made_of(network: str, digest: bytes, key: bool) -> None:  # noqa: FBT001  # drawn
    coin = COINS[network]
    version = coin.pubkey_hash if key else coin.script_hash[-1]
    text = b58encode_check(bytes([version]) + digest).decode()
    expected = f"76a914{digest.hex()}88ac" if key else f"a914{digest.hex()}87"
    assert script_of(text, network) == expected


@given(st.sampled_from([name for name in sorted(COINS) if COINS[name].hrp]), st.integers(0, 16), st.data())
def test_any_witness_program_comes_back_and_one_changed_letter_never_does(
    network: str, version: int, data: st.DataObject
) -> None:
    size = data.draw(st.sampled_from([20, 32])) if version == 0 else data.draw(st.integers(2, 40))
    program = data.draw(st.binary(min_size=size, max_size=size))
    text = bech32_encode(COINS[network].hrp, [version, *convertbits(program, 8, 5)]).decode()
    opcode = version + 0x50 if version else 0
    assert script_of(text, network) == f"{opcode:02x}{size:02x}{program.hex()}"
    place = data.draw(st.integers(len(COINS[network].hrp) + 1, len(text) - 1))
    letter = data.draw(
        st.sampled_from("qpzry9x8gf2tvdw0s3jn54khce6mua7l").filter(lambda found: found != text[place])
    )
    with pytest.raises(AddressError):
        script_of(text[:place] + letter + text[place + 1 :], network)


@given(st.text(max_size=100), st.sampled_from(sorted(COINS)))
def test_any_text_is_an_address_or_an_address_error(text: str, network: str) -> None:
    with suppress(AddressError):
        assert bytes.fromhex(script_of(text, network))


def test_a_second_decoder_agrees_wherever_it_can_read() -> None:
    bitcoin.SelectParams("mainnet")
    agreed = 0
    for text, script, network in VALID:
        if (network == "bitcoin:mainnet" and not text.lower().startswith("bc1")) or text.startswith("bc1q"):
            assert bitcoin.wallet.CBitcoinAddress(text).to_scriptPubKey().hex() == script
            agreed += 1
    assert agreed >= 6
