from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sha3 import keccak_256
from tests.chains.evm.proof.vectors import HELD, ROOT, TOKENS, as_item, public_headers, slots_of, transcript
from trie.hexary import HexaryTrie

from reservecheck.chains.evm.proof.accounts import ABSENT, EMPTY_CODE, MOST_NODES, shown
from reservecheck.chains.evm.proof.trie import EMPTY_ROOT, Unproven
from reservecheck.chains.evm.rlp import Item, encode, whole

OZ: dict[str, Any] = TOKENS[0]["proofs"][0]
ADDRESS = OZ["address"]
SLOT = slots_of(OZ)[0]
NOBODY = "0x" + 40 * "9"
EMPTY = {
    "address": NOBODY,
    "balance": "0x0",
    "nonce": "0x0",
    "codeHash": "0x" + EMPTY_CODE.hex(),
    "storageHash": "0x" + EMPTY_ROOT.hex(),
    "storageProof": [],
}


def refusal(answer: object, root: bytes = ROOT, address: str = ADDRESS, slots: tuple[int, ...] = (SLOT,)) -> str:
    with pytest.raises(Unproven) as caught:
        shown(root, address, slots, answer)
    return str(caught.value)


def state_with(leaf: Item, address: str = NOBODY) -> tuple[bytes, list[str]]:
    trie = HexaryTrie({})
    trie[keccak_256(bytes.fromhex(address[2:])).digest()] = encode(leaf)
    return trie.root_hash, ["0x" + encode(as_item(trie.root_node.raw)).hex()]


def test_accounts_and_words_are_shown_as_the_node_stated_them() -> None:
    seen = 0
    for token in TOKENS:
        for answer in token["proofs"]:
            found = shown(ROOT, answer["address"].lower(), slots_of(answer), answer)
            assert found.account.balance == int(answer["balance"], 16)
            assert found.account.code_hash.hex() == answer["codeHash"][2:]
            assert found.words == {int(one["key"], 16): int(one["value"], 16) for one in answer["storageProof"]}
            seen += len(found.words)
    assert seen == 26


@pytest.mark.parametrize(
    "name",
    [
        "get-account-proof-blockhash.io",
        "get-account-proof-latest.io",
        "get-account-proof-default-block.io",
        "get-account-proof-with-storage.io",
    ],
)
def test_public_transcripts_are_proven(name: str) -> None:
    headers = public_headers()
    params, answer = transcript(name)
    asked = params[2] if len(params) > 2 else "latest"
    by_hash = {"0x" + keccak_256(encode(as_item(header))).hexdigest(): header for header in headers}
    header = headers[-1] if asked == "latest" else by_hash[asked]
    slots = [int(key, 16) for key in params[1]]
    found = shown(header[3], params[0].lower(), slots, answer)
    assert found.account.balance == int(answer["balance"], 16)
    assert list(found.words) == slots


@given(st.data())
def test_no_digit_of_a_proof_or_of_what_is_stated_can_be_altered(data: st.DataObject) -> None:
    text = json.dumps(OZ)
    digits = [i for i, letter in enumerate(text) if letter in "0123456789abcdef" and text[i - 1] != " "]
    start = text.index("0x")
    at = data.draw(st.sampled_from([i for i in digits if i > start]))
    other = data.draw(st.sampled_from(sorted(set("0123456789abcdef") - {text[at]})))
    try:
        altered = json.loads(text[:at] + other + text[at + 1 :])
    except ValueError:
        return
    if altered.keys() == OZ.keys() and [one.keys() for one in altered["storageProof"]] == [
        one.keys() for one in OZ["storageProof"]
    ]:
        assert refusal(altered)


def test_every_digit_of_what_is_stated_matters() -> None:
    for name in ("balance", "nonce", "codeHash", "storageHash"):
        for at in range(2, len(OZ[name])):
            digit = "1" if OZ[name][at] != "1" else "2"
            altered = {**OZ, name: OZ[name][:at] + digit + OZ[name][at + 1 :]}
            assert refusal(altered) == f"the {name} stated is not the one proven"
        assert refusal({**OZ, name: None}) == f"the {name} stated is not the one proven"
    entry = OZ["storageProof"][0]
    for at in range(2, len(entry["value"])):
        digit = "1" if entry["value"][at] != "1" else "2"
        altered = deepcopy(OZ)
        altered["storageProof"][0]["value"] = entry["value"][:at] + digit + entry["value"][at + 1 :]
        assert refusal(altered) == "the value of a slot stated is not the one proven"


def test_storage_proofs_may_come_in_any_order() -> None:
    answer = next(token for token in TOKENS if token["name"] == "Rebase")["proofs"][0]
    slots = slots_of(answer)
    turned = {**answer, "storageProof": answer["storageProof"][::-1]}
    assert shown(ROOT, answer["address"], slots, turned) == shown(ROOT, answer["address"], slots, answer)


def test_a_proof_of_something_else_is_refused() -> None:
    assert refusal(OZ, address=NOBODY) == "the proof is of another address"
    assert refusal({**OZ, "address": NOBODY}) == "the proof is of another address"
    assert refusal({**OZ, "address": NOBODY}, address=NOBODY) == "a node does not have the hash its parent names"
    assert refusal(OZ, slots=(SLOT + 1,)) == "not one storage proof for each slot asked for"
    assert refusal(OZ, slots=()) == "not one storage proof for each slot asked for"
    assert refusal(OZ, slots=(SLOT, SLOT)) == "not one storage proof for each slot asked for"
    assert refusal(OZ, root=bytes(32)) == "a node does not have the hash its parent names"
    other = TOKENS[2]["proofs"][0]
    assert refusal({**OZ, "storageProof": other["storageProof"]}, slots=tuple(slots_of(other))).startswith("a node")


def test_an_answer_of_another_shape_is_refused() -> None:
    assert refusal(None) == "not an answer of eth_getProof"
    assert refusal({**OZ, "storageProof": None}) == "not one storage proof for each slot asked for"
    others: tuple[object, ...] = ([None], "0", [{}], [*OZ["storageProof"], {}], 2 * OZ["storageProof"])
    for entries in others:
        assert refusal({**OZ, "storageProof": entries}) == "not one storage proof for each slot asked for"
    for nodes, reason in (
        (None, "not a list of nodes"),
        ("0x", "not a list of nodes"),
        ((MOST_NODES + 1) * ["0x"], "not a list of nodes"),
        (["0xz"], "a node is not hexadecimal"),
        ([7], "a node is not hexadecimal"),
        ([], "a node on the path is missing"),
        ([*OZ["accountProof"], OZ["accountProof"][-1]], "a node that is not on the path"),
        (OZ["accountProof"][:-1], "a node on the path is missing"),
        (OZ["accountProof"][::-1], "a node does not have the hash its parent names"),
    ):
        assert refusal({**OZ, "accountProof": nodes}) == reason


def test_an_absent_account_is_proven_to_hold_nothing_however_its_empty_hashes_are_written() -> None:
    """E25: nodes write the hashes of nothing, or zero."""
    root, nodes = state_with([b"", whole(7), EMPTY_ROOT, EMPTY_CODE], "0x" + 40 * "8")
    answer = {**EMPTY, "accountProof": nodes}
    zero = "0x" + 64 * "0"
    for alike in ({}, {"codeHash": zero}, {"codeHash": zero, "storageHash": zero}):
        assert shown(root, NOBODY, (), {**answer, **alike}).account == ABSENT
    assert shown(
        root, NOBODY, (5,), {**answer, "storageProof": [{"key": "0x5", "value": "0x0", "proof": []}]}
    ).words == {5: 0}
    assert refusal({**answer, "balance": "0x1"}, root, NOBODY, ()) == "the balance stated is not the one proven"
    assert refusal({**answer, "codeHash": "0x" + 64 * "1"}, root, NOBODY, ()).startswith("the codeHash")
    there = {**answer, "address": "0x" + 40 * "8", "balance": "0x7", "codeHash": zero}
    assert refusal(there, root, "0x" + 40 * "8", ()) == "the codeHash stated is not the one proven"


@pytest.mark.parametrize(
    ("leaf", "reason"),
    [
        (b"account", "not four fields"),
        ([b"", b"", EMPTY_ROOT], "not four fields"),
        ([b"\0", b"", EMPTY_ROOT, EMPTY_CODE], "not a number"),
        ([b"", [], EMPTY_ROOT, EMPTY_CODE], "not a number"),
        ([b"", 33 * b"\1", EMPTY_ROOT, EMPTY_CODE], "a balance of more than 256 bits"),
        ([b"", b"", b"short", EMPTY_CODE], "not a hash"),
        ([b"", b"", EMPTY_ROOT, []], "not a hash"),
    ],
)
def test_a_leaf_that_is_no_account_is_refused(leaf: Item, reason: str) -> None:
    root, nodes = state_with(leaf)
    assert refusal({**EMPTY, "accountProof": nodes}, root, NOBODY, ()) == f"the account is malformed: {reason}"


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        (b"\x80", "zero or more than 256 bits"),
        (b"\xa1" + 33 * b"\1", "zero or more than 256 bits"),
        (b"\x82\0\1", "not a number"),
        (b"\x81\1", "a small byte with a length"),
    ],
)
def test_a_leaf_that_is_no_word_is_refused(word: bytes, reason: str) -> None:
    storage = HexaryTrie({})
    storage[keccak_256((5).to_bytes(32, "big")).digest()] = word
    kept = encode(as_item(storage.root_node.raw))
    root, nodes = state_with([b"", b"", storage.root_hash, EMPTY_CODE])
    entry = {"key": "0x5", "value": "0x1", "proof": ["0x" + kept.hex()]}
    answer = {
        **EMPTY,
        "storageHash": "0x" + storage.root_hash.hex(),
        "accountProof": nodes,
        "storageProof": [entry],
    }
    assert refusal(answer, root, NOBODY, (5,)) == f"a storage word is malformed: {reason}"


def test_the_word_of_a_holder_is_what_the_token_keeps() -> None:
    assert shown(ROOT, ADDRESS, (SLOT,), OZ).words == {SLOT: HELD}
