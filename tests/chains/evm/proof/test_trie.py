from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sha3 import keccak_256
from tests.chains.evm.proof.vectors import ROOT, TOKENS, as_item
from trie.hexary import HexaryTrie

from reservecheck.chains.evm.proof.trie import EMPTY_ROOT, LARGEST_NODE, Unproven, value_at
from reservecheck.chains.evm.rlp import Item, encode


def built(entries: dict[bytes, bytes]) -> HexaryTrie:
    trie = HexaryTrie({})
    for key, value in entries.items():
        trie[key] = value
    return trie


def proof_of(trie: HexaryTrie, key: bytes) -> list[bytes]:
    """As nodes answer it: the root, and every node that has a hash of its own."""
    nodes = [encode(as_item(node)) for node in trie.get_proof(key)]
    return [node for i, node in enumerate(nodes) if i == 0 or len(node) >= 32]


def digest(node: bytes) -> bytes:
    return bytes(keccak_256(node).digest())


def refusal(root: bytes, key: bytes, nodes: Sequence[bytes]) -> str:
    with pytest.raises(Unproven) as caught:
        value_at(root, key, nodes)
    return str(caught.value)


@given(
    st.dictionaries(st.binary(min_size=1, max_size=3), st.binary(min_size=1, max_size=40), min_size=1, max_size=40),
    st.lists(st.binary(min_size=1, max_size=3), max_size=20),
)
def test_what_is_there_and_what_is_not_is_shown_as_py_trie_shows_it(
    entries: dict[bytes, bytes], others: list[bytes]
) -> None:
    trie = built(entries)
    for key in [*entries, *others]:
        nodes = proof_of(trie, key)
        assert value_at(trie.root_hash, key, nodes) == entries.get(key)
        if nodes[1:]:
            assert "missing" in refusal(trie.root_hash, key, nodes[:-1])
        assert refusal(trie.root_hash, key, [*nodes, nodes[-1]]) == "a node that is not on the path"


def test_thousands_of_keys_of_a_secure_trie_are_shown_as_py_trie_shows_them() -> None:
    chosen = random.Random(7)  # noqa: S311  # the same tries every time
    for size in (1, 2, 17, 600):
        entries = {chosen.randbytes(32): chosen.randbytes(chosen.randrange(1, 34)) for _ in range(size)}
        trie = HexaryTrie({})
        with trie.squash_changes() as changes:
            for key, value in entries.items():
                changes[key] = value
        for key in [*entries, *(chosen.randbytes(32) for _ in range(600))]:
            assert value_at(trie.root_hash, key, proof_of(trie, key)) == entries.get(key)


def test_no_bit_of_a_proof_can_be_flipped() -> None:
    answer = TOKENS[0]["proofs"][0]
    key = digest(bytes.fromhex(answer["address"][2:]))
    nodes = [bytes.fromhex(node[2:]) for node in answer["accountProof"]]
    assert value_at(ROOT, key, nodes) is not None
    for i, node in enumerate(nodes):
        for at, bit in product(range(len(node)), range(8)):
            flipped = node[:at] + bytes([node[at] ^ 1 << bit]) + node[at + 1 :]
            assert refusal(ROOT, key, [*nodes[:i], flipped, *nodes[i + 1 :]]).endswith("parent names")


@given(st.data())
def test_no_bit_of_a_root_or_of_a_trie_with_nodes_in_nodes_can_be_flipped(data: st.DataObject) -> None:
    entries = data.draw(st.dictionaries(st.binary(min_size=2, max_size=2), st.binary(min_size=1, max_size=6),
                                        min_size=1, max_size=30))  # fmt: skip
    trie, key = built(entries), data.draw(st.sampled_from(sorted(entries)))
    whole = [trie.root_hash, *proof_of(trie, key)]
    i = data.draw(st.integers(0, len(whole) - 1))
    bit = data.draw(st.integers(0, 8 * len(whole[i]) - 1))
    whole[i] = (int.from_bytes(whole[i], "big") ^ 1 << bit).to_bytes(len(whole[i]), "big")
    assert refusal(whole[0], key, whole[1:]) == "a node does not have the hash its parent names"


def test_a_trie_that_holds_nothing_needs_no_node() -> None:
    assert value_at(EMPTY_ROOT, bytes(32), []) is None
    assert value_at(EMPTY_ROOT, bytes(32), [b"\x80"]) is None
    assert refusal(EMPTY_ROOT, bytes(32), [b"\xc0"]) == "nodes of a trie that is empty"
    assert refusal(digest(b"other"), bytes(32), []) == "a node on the path is missing"


HASH = 32 * b"\x11"
NO_VALUE: list[Item] = [b""] * 16
LEAF: list[Item] = [b"\x20", b"v"]


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        (b"text", "a node is neither a branch nor a pair"),
        ([], "a node is neither a branch nor a pair"),
        ([b"\x20", b"v", b""], "a node is neither a branch nor a pair"),
        ([*NO_VALUE, b"v"], "a branch of fewer than two ways"),
        ([HASH, *NO_VALUE], "a branch of fewer than two ways"),
        ([HASH, HASH, *NO_VALUE[2:], []], "a list where a value or a path belongs"),
        ([HASH, b"short", *NO_VALUE[1:]], "a node is named by something other than a hash"),
        ([HASH, [b"\x20", 32 * b"v"], *NO_VALUE[1:]], "a node of 32 bytes or more stands within another"),
        ([b"\x00\x11", [b"\x20", 32 * b"v"]], "a node of 32 bytes or more stands within another"),
        ([b"\x00\x11", b"short"], "a node is named by something other than a hash"),
        ([b"\x00", HASH], "a pair that leads nowhere"),
        ([b"\x11", b""], "a pair that leads nowhere"),
        ([b"\x31", b""], "a pair that leads nowhere"),
        ([b"", b"v"], "a path that is not hex-prefix encoded"),
        ([b"\x40", b"v"], "a path that is not hex-prefix encoded"),
        ([b"\x21", b"v"], "a path that is not hex-prefix encoded"),
        ([b"\x01", HASH], "a path that is not hex-prefix encoded"),
        ([[], b"v"], "a list where a value or a path belongs"),
        ([b"\x20", [b"v"]], "a list where a value or a path belongs"),
        ([b"\x11", [b"\x11", LEAF]], "an extension leads to no branch"),
        ([b"\x11", LEAF], "an extension leads to no branch"),
        ([b"\x11", [b"\x11"]], "a node is neither a branch nor a pair"),
        ([b"\x20", LARGEST_NODE * b"v"], "a node is too large"),
    ],
)
def test_a_node_that_no_trie_has_is_refused_though_it_has_the_right_hash(node: Item, reason: str) -> None:
    raw = encode(node)
    assert refusal(digest(raw), b"\x11", [raw]) == reason


def test_bytes_that_are_no_item_are_refused_though_they_have_the_right_hash() -> None:
    raw = b"\xc1\x81"
    assert refusal(digest(raw), b"\x11", [raw]) == "a node is malformed: cut off"
    for raw, reason in (
        (b"\xf8\x3a" + 58 * b"\x80", "a node is neither a branch nor a pair"),
        (b"\xf9\x01\x00" + 256 * b"\xa0", "a node is malformed: cut off"),
        (b"\xf8\x42" + 66 * b"\xa0", "a path that is not hex-prefix encoded"),
    ):
        assert refusal(digest(raw), b"\x11", [raw]) == reason


def test_a_branch_says_what_stands_at_the_end_of_the_path() -> None:
    raw = encode([HASH, HASH, *NO_VALUE[2:], b"here"])
    assert value_at(digest(raw), b"", [raw]) == b"here"
    raw = encode([HASH, HASH, *NO_VALUE[2:], b""])
    assert value_at(digest(raw), b"", [raw]) is None
