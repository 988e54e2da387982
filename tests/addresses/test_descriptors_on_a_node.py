"""Descriptors of every kind against a real Bitcoin node: it reads the same ones, and derives the same scripts."""

from __future__ import annotations

import random
from itertools import islice

import pytest
from tests.addresses.descriptor_corpus import corpus, extended, private
from tests.nodes.running import Node

from reservecheck.addresses.address_text import writer
from reservecheck.addresses.descriptors import Descriptor, parse_descriptor
from reservecheck.errors import AddressError

NETWORK = "bitcoin:regtest"
INDICES = 3
OF_KNOTS_ALONE = "under reduced-data"
"""Bitcoin Knots refuses OP_IF in script trees by a policy of its own; Bitcoin Core reads and derives them."""


def scripts(descriptor: Descriptor, stop: int = INDICES) -> list[str]:
    until = stop if descriptor.is_range else 1
    branches = range(len(descriptor.branches))
    return [
        script.hex() for branch in branches for column in descriptor.scripts(branch, 0, until) for script in column
    ]


def refusal_of_the_node(node: Node, text: str) -> str:
    try:
        node("getdescriptorinfo", text)
    except RuntimeError as error:
        return str(error)
    return ""


def is_read(text: str) -> bool:
    try:
        parse_descriptor(text, NETWORK)
    except AddressError:
        return False
    return True


@pytest.fixture(scope="module")
def read(bitcoind: Node) -> dict[str, Descriptor]:
    """The corpus without what only Knots refuses; all of it is read here too."""
    refused = {text: why for text in corpus() if (why := refusal_of_the_node(bitcoind, text))}
    assert all(OF_KNOTS_ALONE in why for why in refused.values())
    return {text: parse_descriptor(text, NETWORK) for text in corpus() if text not in refused}


def pay(node: Node, to: list[str]) -> None:
    """One output to each script, in a block of their own."""
    places = iter(dict.fromkeys(to))
    while some := list(islice(places, 300)):
        outputs = b"".join(
            (5_000).to_bytes(8, "little") + _size(len(script) // 2) + bytes.fromhex(script) for script in some
        )
        raw = b"\x02\x00\x00\x00\x00" + _size(len(some)) + outputs + b"\x00\x00\x00\x00"
        segwit = False
        funded = node("fundrawtransaction", raw.hex(), {"feeRate": "0.001"}, segwit, wallet="w")["hex"]
        signed = node("signrawtransactionwithwallet", funded, wallet="w")["hex"]
        node("generateblock", node("getnewaddress", wallet="w"), [signed])


def _size(number: int) -> bytes:
    return bytes([number]) if number < 253 else b"\xfd" + number.to_bytes(2, "little")


def test_the_corpus_is_large_and_of_every_kind(read: dict[str, Descriptor]) -> None:
    assert len(read) >= 200
    assert sum(len(descriptor.branches) > 1 for descriptor in read.values()) >= 50
    assert sum("older(" in text or "after(" in text for text in read) >= 20


def test_a_scan_for_a_descriptor_finds_exactly_the_scripts_it_is_read_as(
    fresh_bitcoind: Node, read: dict[str, Descriptor]
) -> None:
    unspendable = "6a"
    pay(fresh_bitcoind, [script for one in read.values() for script in scripts(one) if script != unspendable])
    for text, descriptor in read.items():
        wanted = {"desc": text, "range": INDICES - 1} if descriptor.is_range else text
        found = fresh_bitcoind("scantxoutset", "start", [wanted])["unspents"]
        assert {coin["scriptPubKey"] for coin in found} == set(scripts(descriptor)) - {unspendable}, text


def test_the_node_derives_the_same_addresses(bitcoind: Node, read: dict[str, Descriptor]) -> None:
    write, compared = writer(NETWORK), 0
    for text, descriptor in read.items():
        ours = [write(bytes.fromhex(script)) for script in scripts(descriptor)]
        if any(address.startswith("raw(") for address in ours):
            continue
        theirs = bitcoind("deriveaddresses", text, *([[0, INDICES - 1]] if descriptor.is_range else []))
        flat = [address for branch in theirs for address in branch] if isinstance(theirs[0], list) else theirs
        assert flat == ours, text
        compared += 1
    assert compared >= 180


def mutations(count: int) -> list[str]:
    """Descriptors with one sign changed, left out or doubled, or a part of another one put in."""
    pick, texts = random.Random(22), corpus(7, each=3)  # noqa: S311  # the same mutations every time
    found = []
    for _ in range(count):
        text, other = pick.choice(texts).partition("#")[0], pick.choice(texts).partition("#")[0]
        at, to = pick.randrange(len(text)), pick.randrange(1, 12)
        found.append(
            pick.choice(
                [
                    text[:at] + text[at + 1 :],
                    text[:at] + pick.choice("()<>;{},/*'h[]0123456789abcdef:") + text[at + 1 :],
                    text[:at] + text[at : at + to] + text[at:],
                    text[:at] + other[at : at + 2 * to] + text[at:],
                    text.replace(
                        pick.choice(["wsh(", "sh(", "tr(", "multi(", "pk("]), pick.choice(["wpkh(", "tr(", ""]), 1
                    ),
                    text.replace("/*", pick.choice(["/*/*", "/**", "/*/1", "/2147483648", "/-1", "//"]), 1),
                ]
            )
        )
    return found


def test_what_the_node_refuses_is_refused_and_what_it_reads_is_read(bitcoind: Node) -> None:
    from btclib_wallet.descriptors.descriptors import checksum  # noqa: PLC0415  # beside its only use

    texts = [f"{text}#{checksum(text)}" for text in mutations(1500)]
    answers = bitcoind.post(
        [
            {"jsonrpc": "2.0", "id": n, "method": "getdescriptorinfo", "params": [text]}
            for n, text in enumerate(texts)
        ]
    )
    refused = {answer["id"]: str(answer.get("error") or "") for answer in answers}
    differ = [
        (text, refused[n])
        for n, text in enumerate(texts)
        if is_read(text) == bool(refused[n]) and OF_KNOTS_ALONE not in refused[n]
    ]
    assert differ == []
    assert 200 < sum(map(is_read, texts)) < 1_300


@pytest.mark.parametrize("text", [f"wpkh({extended(1)}/0h/*)", f"pkh({extended(1)}/*')", f"wpkh({private(1)}/0/*)"])
def test_what_needs_a_private_key_is_read_by_the_node_and_refused_here(bitcoind: Node, text: str) -> None:
    with_checksum = f"{text}#{bitcoind('getdescriptorinfo', text)['checksum']}"
    assert not is_read(with_checksum)
