"""Descriptors: published vectors, every refusal in its words, and that none shows a part of what it refuses."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import chain
from typing import Final

import pytest
from base58_bech32.base58 import b58decode_check, b58encode_check
from btclib_wallet import descriptors as btclib
from btclib_wallet.descriptors import add_checksum, multipath_descriptors
from hypothesis import example, given
from hypothesis import strategies as st
from tests.addresses.descriptor_corpus import corpus, extended, private

from reservecheck.addresses.address_text import writer
from reservecheck.addresses.coins import COINS
from reservecheck.addresses.descriptors import MOST_SIGNS, Descriptor, parse_descriptor
from reservecheck.errors import AddressError

MAINNET: Final = "bitcoin:mainnet"
REGTEST: Final = "bitcoin:regtest"
XPUB: Final = (
    "xpub661MyMwAqRbcFW31YEwpkMuc5THy2PSt5bDMsktWQcFF8syAmRUapSCG"
    "u8ED9W6oDMSgv6Zz8idoc4a6mr8BDzTJY47LJhkJ8UB7WEGuduB"
)
ZPUB_OF_BIP_84: Final = (
    "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3Ef"
    "H1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs"
)
XPUB_OF_BIP_86: Final = (
    "xpub6BgBgsespWvERF3LHQu6CnqdvfEvtMcQjYrcRzx53QJjSxarj2afYWcL"
    "teoGVky7D3UKDP9QyrLprQ3VCECoY49yfdDEHGCtMMj92pReUsQ"
)
KEY: Final = "02f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9"
LONG_KEY: Final = (
    "0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"
)
TPUB: Final = extended(1)


def read(text: str, network: str = MAINNET) -> Descriptor:
    return parse_descriptor(add_checksum(text), network)


def refused(text: str, network: str = MAINNET) -> str:
    with pytest.raises(AddressError) as caught:
        parse_descriptor(text, network)
    return str(caught.value)


def with_version(text: str, version: str) -> str:
    return b58encode_check(bytes.fromhex(version) + b58decode_check(text)[4:]).decode()


def scripts(descriptor: Descriptor, start: int = 0, stop: int = 1) -> list[bytes]:
    branches = range(len(descriptor.branches))
    return [script for n in branches for column in descriptor.scripts(n, start, stop) for script in column]


def test_the_addresses_of_bip_84_and_bip_86() -> None:
    write = writer(MAINNET)
    bip_84 = read(f"wpkh({with_version(ZPUB_OF_BIP_84, '0488b21e')}/<0;1>/*)")
    assert [write(script) for script in scripts(bip_84)] == [
        "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu",
        "bc1q8c6fshw2dlwun7ekn9qwf37cu2rn755upcp6el",
    ]
    bip_86 = read(f"tr({XPUB_OF_BIP_86}/<0;1>/*)")
    assert [write(script) for script in scripts(bip_86)] == [
        "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr",
        "bc1p3qkhfews2uk44qtvauqyr2ttdsw7svhkl9nkm9s9c3x4ax5h60wqwruhk7",
    ]
    assert write(scripts(bip_86, 1, 2)[0]) == "bc1p4qhjn9zdvkux4e44uhx8tc55attvtyu358kutcqkudyccelu0was9fqzwh"


@pytest.mark.parametrize("text", corpus(3, each=4), ids=lambda text: text[:24])
def test_the_scripts_are_those_btclib_derives_key_by_key(text: str) -> None:
    descriptor = parse_descriptor(text, REGTEST)
    plain = [btclib.parse(single, "regtest") for single in multipath_descriptors(text, "regtest")]
    indices = range(7, 9) if descriptor.is_range else range(1)
    expected = [
        {script.script for index in indices for script in branch.script_pub_keys(index)} for branch in plain
    ]
    found = [
        set(chain.from_iterable(descriptor.scripts(branch, indices.start, indices.stop)))
        for branch in range(len(plain))
    ]
    assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        f"tr(musig({TPUB},{extended(2)})/<0;1>/*)",
        f"tr(musig({TPUB}/*,{KEY}))",
        f"rawtr(musig({TPUB}/*,{KEY}))",
        f"tr({KEY},pk(musig({TPUB},{KEY})))",
    ],
)
def test_keys_that_sign_together_are_one_key(text: str) -> None:
    descriptor = read(text, REGTEST)
    plain = [btclib.parse(single, "regtest") for single in multipath_descriptors(text, "regtest")]
    at = 3 if descriptor.is_range else 0
    assert scripts(descriptor, at, at + 1) == [branch.script_pub_key(at).script for branch in plain]


def test_a_tree_too_deep_to_be_rebuilt_is_derived_all_the_same() -> None:
    leaf = f"pk({TPUB}/*)"
    for number in range(400):
        leaf = f"and_v(v:pk({extended(number % 50)}/{number}/*),{leaf})"
    text = f"tr({KEY},{leaf})"
    assert scripts(read(text, REGTEST), 5, 6) == [btclib.parse(text, "regtest").script_pub_key(5).script]


def test_a_combination_is_four_scripts_and_two_where_the_key_is_long() -> None:
    short, long = read(f"combo({KEY})"), read(f"combo({LONG_KEY})")
    assert short.kinds == ("p2pk", "p2pkh", "p2wpkh", "p2sh-p2wpkh")
    assert long.kinds == ("p2pk", "p2pkh")
    assert [[len(script) for script in column] for column in long.scripts(0, 0, 1)] == [[67], [25]]
    assert (short.is_range, read(f"wpkh({XPUB}/*)").is_range) == (False, True)


def test_the_same_key_under_the_versions_of_other_coins_has_the_same_scripts() -> None:
    bitcoin = scripts(read(f"pkh({XPUB}/0/*)"))
    dogecoin = read(f"pkh({with_version(XPUB, '02facafd')}/0/*)", "dogecoin:mainnet")
    assert scripts(dogecoin) == bitcoin
    for network in ("litecoin:mainnet", "monacoin:mainnet", "bitcoincash:mainnet"):
        assert scripts(read(f"pkh({XPUB}/0/*)", network)) == bitcoin
    assert writer("dogecoin:mainnet")(bitcoin[0]).startswith("D")
    litecoin = read("addr(ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9)", "litecoin:mainnet")
    assert scripts(litecoin)[0].hex() == "0014751e76e8199196d454941c45d1b3a323f1433bd6"


LOST: Final = "remove it from every file, and treat it as known to others"
COPY: Final = "a sign is wrong or missing: copy the descriptor again from its source"
COMPARE: Final = "compare it with what the wallet shows (bitcoin-cli listdescriptors)"
RIGHT: Final = add_checksum(f"pkh({KEY})")[-8:]
NO_DESCRIPTOR: Final = {
    "pkh()": "No key provided",
    f"wpk({KEY})": "unknown descriptor function",
    f"wsh(pk({KEY}a))": "invalid public key length: 67 characters",
    f"pkh({XPUB}/<0;0>/*)": "Duplicated key path value 0 in multipath specifier",
    f"multi(4,{KEY},{KEY})": "invalid k in k-of-n multi: 4",
    f"pk({KEY}])": "Bitcoin Core would not read it",
    f"pk(02{'f' * 64})": "not a public key",
}


@pytest.mark.parametrize(("body", "reason"), NO_DESCRIPTOR.items())
def test_what_no_node_would_read_is_refused(body: str, reason: str) -> None:
    assert refused(add_checksum(body)) == f"this is not a descriptor: {reason}\n  hint: {COMPARE}"


PRIVATE: Final = "the descriptor holds a private key"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pkh(L4gM1FBdyHNpkzsFh9ipnofLhpZRp2mwobpeULy1a6dBTvw8Ywtd)#ldlafdsj", f"this is a private key: {LOST}"),
        (f"pkh({private(1)}/*)#ldlafdsj", f"this is a private key: {LOST}"),
        (add_checksum(f"pkh({with_version(private(1), '0488b21e')})"), LOST),
    ],
)
def test_a_private_key_is_refused(text: str, said: str) -> None:
    assert refused(text) == f"{PRIVATE}\n  hint: {said}"


CHECKSUMS: Final = {
    "FILL IN": ("the descriptor is to be filled in", "`bitcoin-cli listdescriptors` prints it"),
    "pkh(é)#00000000": (
        "the descriptor has a sign that none has",
        "copy it again from its source, without blanks around it",
    ),
    f"pkh({KEY})": ("the checksum is missing", f"compare it with its source, then add #{RIGHT} at its end"),
    f"pkh({KEY})#ldlafdsj": (f"the checksum is #ldlafdsj, and that of what stands before it is #{RIGHT}", COPY),
    f"pkh({KEY})# {KEY}": (
        f"the checksum is not eight lower-case letters and digits, and that of what stands before it is #{RIGHT}",
        COPY,
    ),
}


@pytest.mark.parametrize("text", CHECKSUMS)
def test_a_checksum_that_is_missing_or_another_one_is_refused(text: str) -> None:
    assert refused(text) == "{}\n  hint: {}".format(*CHECKSUMS[text])


def test_a_descriptor_is_of_a_network_of_bitcoins_family_and_no_longer_than_any_wallets() -> None:
    assert refused(f"pkh({XPUB}/*)", "eip155:1") == (
        "descriptors stand for scripts of Bitcoin's family, and 'eip155:1' is not of it\n"
        f"  hint: networks are {', '.join(COINS)}"
    )
    assert (
        refused("x" * (MOST_SIGNS + 1))
        == f"the descriptor has {MOST_SIGNS + 1} signs, at most {MOST_SIGNS} are read"
    )


HARDENED: Final = (
    "the descriptor has a hardened step below an extended public key, which nobody can derive without its"
    " private key"
)
BELOW: Final = (
    "give the key below its last hardened step, and how it was reached in brackets before it:"
    " [fingerprint/84h/0h/0h]xpub…/0/*"
)
OTHER: Final = "an extended key has the version of another network than"


@pytest.mark.parametrize(
    ("body", "network", "message", "hint"),
    [
        (
            f"pkh({XPUB[:-1]}C/*)",
            MAINNET,
            "an extended key in the descriptor is not one: its own checksum is wrong",
            COPY,
        ),
        (
            f"pkh({XPUB}/*)",
            REGTEST,
            f"{OTHER} bitcoin:regtest",
            "it is one of bitcoin:mainnet, litecoin:mainnet, bitcoincash:mainnet, monacoin:mainnet",
        ),
        (
            f"pkh({with_version(XPUB, '019da462')}/*)",
            "litecoin:mainnet",
            f"{OTHER} litecoin:mainnet",
            "no network known here has it",
        ),
        (
            f"wpkh({ZPUB_OF_BIP_84}/*)",
            MAINNET,
            "an extended key is written as for an address type (ypub, zpub and the like)",
            "write it as an xpub (tpub on test networks): the descriptor says itself what scripts it is for",
        ),
        (
            f"pkh({XPUB}/0h/*)",
            MAINNET,
            HARDENED,
            BELOW,
        ),
    ],
)
def test_a_key_that_cannot_be_used_here_is_refused(body: str, network: str, message: str, hint: str) -> None:
    assert refused(add_checksum(body), network) == f"{message}\n  hint: {hint}"


def test_what_a_network_does_not_have_is_refused() -> None:
    assert refused(add_checksum(f"sh(wsh(pkh({KEY})))"), "bitcoincash:mainnet") == (
        "wsh() is a witness script, and bitcoincash:mainnet has none"
    )
    assert refused(add_checksum("addr(mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn)")) == (
        "what stands in addr() is not an address of bitcoin:mainnet: version byte 111 is not this network's"
    )


def test_long_hex_is_no_extended_key() -> None:
    assert scripts(read(f"raw({'12' * 300})")) == [bytes.fromhex("12" * 300)]


@pytest.mark.parametrize("text", [f"pkh({TPUB}/*h)", f"tr(musig({TPUB}/1h,{TPUB}/2))"])
def test_hardened_steps_are_found_wherever_they_stand(text: str) -> None:
    assert refused(add_checksum(text), REGTEST).startswith("the descriptor has a hardened step")


SIGNS: Final = st.text("()<>{},;/*'h[]#1a", max_size=3)


@given(st.one_of(st.text(), st.sampled_from(corpus(7, each=3))), st.integers(0, 400), SIGNS)
@example("tr(" + "{" * 5_000, 0, "")
@example("wsh(" + "a" * 5_000 + ":1)", 0, "")
@example("(" * 50_000, 0, "")
def test_any_text_is_read_or_refused_and_no_refusal_shows_a_key(text: str, at: int, put: str) -> None:
    changed = (text[:at] + put + text[at:]).partition("#")[0]
    with suppress(ValueError):
        changed = add_checksum(changed)
    said = ""
    try:
        parse_descriptor(changed, REGTEST)
    except AddressError as error:
        said = str(error)
    assert re.search(r"[tx]pub[1-9A-HJ-NP-Za-km-z]{4,}|[0-9a-f]{17,}", said) is None


def test_branches_that_make_many_long_copies_are_refused_before_any_is_parsed() -> None:
    steps = ";".join(map(str, range(1000)))
    text = add_checksum(f"wpkh({extended(1)}/<{steps}>/*)")
    with pytest.raises(AddressError) as refused:
        parse_descriptor(text, "bitcoin:regtest")
    assert refused.value.message == (
        f"the descriptor has 1000 branches of {len(text)} signs, at most 200000 signs are read"
    )


def test_the_keys_of_one_script_are_counted_in_the_branch_that_has_most() -> None:
    def keys(body: str) -> int:
        return parse_descriptor(add_checksum(body), "bitcoin:regtest").keys

    assert keys("raw(51)") == 1
    assert keys(f"wpkh({extended(1)}/*)") == 1
    assert keys(f"wsh(multi(1,{extended(1)}/<0;1>/*,{extended(2)}/*))") == 2
