"""The dispatch by network, and what a refused text is told it is."""

from __future__ import annotations

from contextlib import suppress

import pytest
from base58_bech32.base58 import RIPPLE_ALPHABET, b58encode_check
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.addresses.coins import COINS
from reservecheck.addresses.identity import FAMILIES, codec_of, identity_of
from reservecheck.errors import AddressError

P2PKH = "1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu"
TRON = "TB7dATko4gkk4YjQnu9Exf7chpxwiRGab5"
XPUB = (
    "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2g"
    "Z29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8"
)
XPRV = b58encode_check(b"\x04\x88\xad\xe4" + bytes(74)).decode()
KEY = "5KYZdUEo39z3FPrtuX2QbbwGnNP5zTd7yyr2SC1j299sBCnWjss"
XRP = b58encode_check(bytes(21), alphabet=RIPPLE_ALPHABET).decode()
SEGWIT = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
BITCOIN = "bitcoin:mainnet"


def test_every_family_reads_its_own_addresses() -> None:
    assert set(FAMILIES) == {name.partition(":")[0] for name in COINS} | {"eip155"}
    assert identity_of("0x" + "AB" * 20, "eip155:1") == "0x" + "ab" * 20
    assert identity_of(SEGWIT, BITCOIN) == "0014751e76e8199196d454941c45d1b3a323f1433bd6"


@pytest.mark.parametrize("network", ["tron:mainnet", "bitcoin:testnet3", "eip155:0", "eip155:x", "", "bitcoin"])
def test_a_network_without_a_codec_is_refused_with_those_there_are(network: str) -> None:
    with pytest.raises(AddressError) as caught:
        codec_of(network)
    assert caught.value.message == f"addresses of {network!r} are not read in this version"
    assert caught.value.hint == f"networks are {', '.join(COINS)}, eip155:<chain id>"


def test_a_refusal_names_the_text_the_network_and_the_reason() -> None:
    with pytest.raises(AddressError) as caught:
        identity_of("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", BITCOIN)
    assert caught.value.message == (
        "'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd' is not an address of bitcoin:mainnet: "
        "a bech32 checksum on a v1 address, it needs bech32m"
    )
    assert caught.value.hint == ""


@pytest.mark.parametrize(
    ("text", "network", "hint"),
    [
        pytest.param(
            P2PKH.lower(),
            BITCOIN,
            "this looks like lower-cased base58, where case matters: copy the address from its source",
            id="a6 lower-cased base58",
        ),
        pytest.param(
            TRON,
            BITCOIN,
            "this is a TRON address: TRON is not read in this version, declare it as a [[statement]]",
            id="a7 TRON in the bitcoin list",
        ),
        pytest.param(
            XPUB,
            BITCOIN,
            "this is an xpub: declare it in a [[descriptor]]",
            id="a17 an xpub",
        ),
        pytest.param(
            f"wpkh({XPUB}/0/*)",
            BITCOIN,
            "this is a descriptor: declare it in a [[descriptor]]",
            id="a17 a descriptor",
        ),
        pytest.param(
            "0x" + "a" * 39, "eip155:1", "an address has 40: copy it again from its source", id="a18 odd-length hex"
        ),
        pytest.param(
            f"{P2PKH} {SEGWIT}",
            BITCOIN,
            "there are several addresses in one cell: write one a row",
            id="a19 several in one cell",
        ),
        pytest.param(
            f"{P2PKH};{SEGWIT}",
            BITCOIN,
            "there are several addresses in one cell: write one a row",
            id="a19 several with a semicolon",
        ),
        pytest.param(
            "# cold wallets",
            BITCOIN,
            "this is a comment: remove the row, lists have no comments",
            id="a20 a comment row",
        ),
        pytest.param(
            "BTC (ALL)",
            BITCOIN,
            "this is an aggregate row: remove it, only addresses are listed",
            id="a20 an aggregate row",
        ),
        pytest.param(f" {P2PKH}", BITCOIN, "remove the blanks around it", id="blanks"),
        pytest.param(
            "1BpEi6DfDA…ggu", BITCOIN, "it is truncated: copy the whole address from its source", id="dots"
        ),
        pytest.param(
            P2PKH[:20], BITCOIN, "it is truncated: copy the whole address from its source", id="short base58"
        ),
        pytest.param(
            SEGWIT[:30], BITCOIN, "it is truncated: copy the whole address from its source", id="short bech32"
        ),
        pytest.param("bc1q" + SEGWIT[4:].upper(), BITCOIN, "write it in lower case throughout", id="mixed bech32"),
        pytest.param("0x" + "a" * 40, BITCOIN, "this is an EVM address: declare it on eip155:<chain id>", id="evm"),
        pytest.param(
            "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn",
            BITCOIN,
            "this is an address of bitcoin:testnet4 or bitcoin:signet or bitcoin:regtest: declare it there, or"
            " correct it",
            id="testnet base58",
        ),
        pytest.param(
            "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx",
            BITCOIN,
            "this is an address of bitcoin:testnet4 or bitcoin:signet: declare it there, or correct it",
            id="testnet bech32",
        ),
        pytest.param(
            "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsz",
            BITCOIN,
            "it is written like an address of a test network"
            " (bitcoin:testnet4, bitcoin:signet, bitcoin:regtest are read): correct it",
            id="broken testnet bech32",
        ),
        pytest.param(
            "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kyhctyz",
            "bitcoin:regtest",
            "",
            id="broken regtest bech32 on regtest",
        ),
        pytest.param(
            "0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "eip155:1",
            "compare it with its source, then write it in lower case",
            id="wrong EVM checksum",
        ),
        pytest.param(
            "MBEYH8JuAHynTA7unLjon7p7im2U9JbitV",
            BITCOIN,
            "this is an address of litecoin:mainnet or monacoin:mainnet: declare it there, or correct it",
            id="another coin",
        ),
        pytest.param(
            SEGWIT,
            "eip155:1",
            "this is an address of bitcoin:mainnet: declare it there, or correct it",
            id="bitcoin on evm",
        ),
        pytest.param(
            XRP,
            BITCOIN,
            "this is an XRP Ledger address: it is not read in this version, declare it as a [[statement]]",
            id="XRP",
        ),
        pytest.param(
            "ltcmweb1qq",
            "litecoin:mainnet",
            "this is a MWEB address: its balance is not visible on the chain, declare it as a [[statement]]",
            id="MWEB",
        ),
        pytest.param(P2PKH[:-1] + "v", BITCOIN, "", id="only a wrong checksum"),
        pytest.param(SEGWIT[:-1] + "q", BITCOIN, "", id="only a wrong bech32 checksum"),
    ],
)
def test_a_refused_text_is_told_what_it_seems_to_be(text: str, network: str, hint: str) -> None:
    with pytest.raises(AddressError) as caught:
        identity_of(text, network)
    assert caught.value.hint == hint


@pytest.mark.parametrize("text", [KEY, XPRV, "0x" + "ab" * 32, "ab" * 32])
@pytest.mark.parametrize("network", [BITCOIN, "eip155:1"])
def test_a_text_that_may_be_a_private_key_is_never_repeated(text: str, network: str) -> None:
    with pytest.raises(AddressError) as caught:
        identity_of(text, network)
    assert text not in str(caught.value)
    assert caught.value.message.startswith(f"a text that is not shown is not an address of {network}: ")


PHRASE = " ".join(["abandon"] * 11 + ["about"])


@pytest.mark.parametrize(
    "text",
    [
        f"wpkh({XPRV}/0/*)",
        f"wpkh({KEY})",
        f"sh(multi(1,02{'ab' * 32},{KEY}))",
        PHRASE,
        PHRASE.replace(" ", ","),
        f"  {PHRASE.upper()} ",
        KEY[:-1],
        KEY[:-1] + ("1" if KEY[-1] != "1" else "2"),
        "6PRVWUbkzzsbcVac2qwfssoUJAN1Xhrg6bNk8J7Nzm5H7kxEbn2Nh2ZoGg",
        "ab" * 31,
        "0x" + "ab" * 32 + "a",
    ],
)
@pytest.mark.parametrize("network", [BITCOIN, "eip155:1"])
def test_a_key_inside_something_else_or_with_a_slip_is_not_repeated_either(text: str, network: str) -> None:
    with pytest.raises(AddressError) as caught:
        identity_of(text, network)
    assert caught.value.message.startswith(f"a text that is not shown is not an address of {network}: ")
    for part in (text, KEY[:20], XPRV[:20], "abandon", "ab" * 16):
        assert part.lower() not in str(caught.value).lower()


@pytest.mark.parametrize("text", [f"pk(02{'ab' * 32})", SEGWIT[:-1] + "q", "02" + "ab" * 32, "0x" + "ab" * 19])
def test_what_is_no_secret_is_named(text: str) -> None:
    with pytest.raises(AddressError) as caught:
        identity_of(text, BITCOIN)
    assert text[:30] in str(caught.value)


@given(st.text(max_size=120), st.sampled_from([*COINS, "eip155:1"]))
def test_any_text_gives_an_identity_or_an_address_error(text: str, network: str) -> None:
    with suppress(AddressError):
        assert identity_of(text, network)


def test_a_placeholder_that_was_left_is_told_from_an_address() -> None:
    with pytest.raises(AddressError) as caught:
        identity_of("FILL IN", "bitcoin:mainnet")
    assert str(caught.value) == (
        "the address, one of bitcoin:mainnet, is to be filled in\n  hint: write the address in its place"
    )
