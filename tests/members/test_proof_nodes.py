from __future__ import annotations

import base64

import pytest
import rlp
from hypothesis import example, given
from hypothesis import strategies as st
from rlp.codec import consume_length_prefix
from sha3 import keccak_256
from tests.members.simulated_trie import SimulatedTrie
from trie.hexary import HexaryTrie

from reservecheck.errors import BundleError
from reservecheck.members.proof_nodes import folded, nodes_in, read_nodes, unfolded, write_nodes

DIGEST = bytes(range(32))
BRANCH = rlp.encode([*[DIGEST] * 16, b""])
LEAF = rlp.encode([b"\x20" + DIGEST, b"account"])
SMALL = rlp.encode([b"\x20" + bytes(15), bytes(range(200, 214))])
NODES = sorted([BRANCH, LEAF, SMALL])


def quoted(node: bytes) -> bytes:
    return b'"0x%b"' % node.hex().encode()


def digits(*nodes: bytes) -> frozenset[bytes]:
    return frozenset(node.hex().encode() for node in nodes)


def lines(*nodes: bytes) -> bytes:
    return b"".join(b'"%b"\n' % base64.b64encode(node) for node in nodes)


def test_nodes_of_every_size_are_found() -> None:
    assert (len(BRANCH), len(SMALL)) == (532, 33)
    assert nodes_in(b"[" + b",".join(map(quoted, NODES)) + b"]") == digits(*NODES)


@pytest.mark.parametrize(
    "text",
    [
        quoted(LEAF).upper(),
        quoted(LEAF)[1:],
        quoted(LEAF)[:-1],
        quoted(LEAF).replace(b"0x", b""),
        quoted(LEAF)[:-2] + b'"',
        quoted(LEAF[:-1]),
        quoted(LEAF + b"\x00"),
        quoted(SMALL[:-1]),
        quoted(rlp.encode([bytes(30)])),
        quoted(rlp.encode([bytes(527), b"", b""])),
        quoted(rlp.encode(bytes(40))),
        quoted(b"\xf8\x37" + bytes(55)),
        quoted(b"\xf9\x00\xff" + bytes(255)),
        quoted(b"\xfa\x00\x01\x00" + bytes(256)),
        quoted(LEAF) + b',"#"',
        quoted(LEAF) + b"#",
    ],
    ids=range(16),
)
def test_what_is_no_node_is_not_taken_for_one(text: bytes) -> None:
    assert nodes_in(text) == frozenset()


@given(
    st.binary(min_size=33, max_size=532) | st.binary(min_size=1, max_size=540).map(lambda body: rlp.encode([body]))
)
@example(BRANCH)
def test_a_node_is_what_a_decoder_takes_for_one_list(data: bytes) -> None:
    try:
        _, kind, size, start = consume_length_prefix(data, 0)
        is_list = kind is list and start + size == len(data) and 33 <= len(data) <= 532
    except rlp.exceptions.DecodingError:
        is_list = False
    assert nodes_in(quoted(data)) == (digits(data) if is_list else frozenset())


def test_a_folded_body_has_lines_of_the_table_in_the_place_of_nodes() -> None:
    body = b'{"proof":[%b, %b],"hash":%b}' % (quoted(BRANCH), quoted(LEAF), quoted(DIGEST))
    places = {node.hex().encode(): n for n, node in enumerate(NODES, 1)}
    content = folded(body, places)
    assert content == b'{"proof":["#3", "#2"],"hash":%b}' % quoted(DIGEST)
    used = bytearray(3)
    assert unfolded(content, NODES, used, name="it", largest=len(body)) == body
    assert used == b"\x00\x01\x01"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'["#4"]', "it: at byte 1 '\"#4\"]' is no line of nodes.jsonl.gz"),
        (b'["#1","#0"]', "it: at byte 6 '\"#0\"]' is no line of nodes.jsonl.gz"),
        (b'["#01"]', "it: at byte 1 '\"#01\"]' is no line of nodes.jsonl.gz"),
        (b'["#1234567890"]', "it: at byte 1 '\"#1234567890' is no line of nodes.jsonl.gz"),
        (b'["#1]', "it: at byte 1 '\"#1]' is no line of nodes.jsonl.gz"),
        (b'["#\x1b\xff"]', "it: at byte 1 '\"#\\x1b\\ufffd\"]' is no line of nodes.jsonl.gz"),
        (b'["0x"]', "it: it is folded, and names no line of nodes.jsonl.gz"),
    ],
)
def test_a_body_that_is_not_folded_properly_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(BundleError) as refused:
        unfolded(content, NODES, bytearray(3), name="it", largest=10_000)
    assert refused.value.message == said


@pytest.mark.parametrize("content", [b'"#3"' * 1_000_000, b'"#3"' + bytes(2_000)])
def test_a_body_that_swells_is_refused_before_it_has(content: bytes) -> None:
    used = bytearray(3)
    with pytest.raises(BundleError) as refused:
        unfolded(content, NODES, used, name="it", largest=2_000)
    assert refused.value.message == "it: the bodies unfold to more than this tool reads"


def test_the_table_has_a_line_of_base64_for_each_node() -> None:
    content = write_nodes([node.hex().encode() for node in NODES])
    assert content == lines(*NODES)
    assert read_nodes(content) == tuple(NODES)


@given(st.sets(st.lists(st.binary(max_size=60), min_size=1, max_size=8).map(rlp.encode), min_size=1))
def test_every_table_is_read_as_it_was_written(nodes: set[bytes]) -> None:
    ordered = sorted(node for node in nodes if 33 <= len(node) <= 532) or NODES
    assert read_nodes(write_nodes([node.hex().encode() for node in ordered])) == tuple(ordered)


NO_NODE = "nodes.jsonl.gz:1: this is no node: one RLP list of 33 to 532 bytes, in base64"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "nodes.jsonl.gz: the last line does not end"),
        (lines(LEAF)[:-1], "nodes.jsonl.gz: the last line does not end"),
        (b"\n", NO_NODE),
        (lines(LEAF)[1:], NO_NODE),
        (lines(LEAF).replace(b"=", b""), NO_NODE),
        (lines(LEAF).replace(b'"', b"'"), NO_NODE),
        (lines(LEAF).replace(b"\n", b" \n"), NO_NODE),
        (lines(LEAF).replace(b"\n", b"\r\n"), NO_NODE),
        (lines(LEAF[:-1]), NO_NODE),
        (lines(DIGEST), NO_NODE),
        (lines(rlp.encode([bytes(540)])), NO_NODE),
        (b'"%b"\n' % quoted(LEAF), NO_NODE),
        (lines(LEAF, LEAF), "nodes.jsonl.gz:2: the node stands twice, or is out of order"),
        (lines(SMALL, BRANCH, LEAF), "nodes.jsonl.gz:3: the node stands twice, or is out of order"),
    ],
)
def test_a_table_that_is_not_as_it_is_written_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(BundleError) as refused:
        read_nodes(content)
    assert refused.value.message == said


def test_base64_with_bits_that_mean_nothing_is_refused() -> None:
    content = lines(LEAF)
    at = content.index(b"=") - 1
    other = content[:at] + bytes([content[at] + 1]) + content[at + 1 :]
    assert base64.b64decode(other.strip().strip(b'"')) == LEAF
    with pytest.raises(BundleError) as refused:
        read_nodes(other)
    assert refused.value.message == NO_NODE


@pytest.mark.parametrize(("accounts", "owners"), [(1, 1), (2, 2), (17, 17), (400, 30), (10**9, 20)])
def test_a_simulated_trie_gives_real_proofs(accounts: int, owners: int) -> None:
    trie = SimulatedTrie(accounts, owners)
    assert len(trie.proofs) == owners
    for key, proof in trie.proofs.items():
        nodes = [rlp.decode(node) for node in proof]
        root_hash = keccak_256(proof[0]).digest()
        found = HexaryTrie.get_from_proof(root_hash, bytes.fromhex(key), nodes)
        assert found == rlp.decode(proof[-1])[1]
