from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.chains.evm.proof.installed import HOLDER, NOBODY

from reservecheck.chains.evm import asked
from reservecheck.chains.evm.grids import block_reference
from reservecheck.chains.evm.proof.exchanges import (
    ACCOUNT,
    CODE,
    STORAGE,
    TOUCHED,
    answered,
    blocks_of,
    code_asked,
    code_call,
    code_of,
    holding_asked,
    proof_asked,
    proof_call,
    touched_call,
    touched_of,
)
from reservecheck.chains.evm.proof.trie import Unproven
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import ANSWERED, Question, Recorded, Reply
from reservecheck.vault.canonical import Json

HASH = "0x" + 32 * "11"
BLOCKS = blocks_of(HASH, 300)
TOKEN = "0x" + 20 * "70"
HASH_AS_ONE: Json = {"blockHash": HASH, "requireCanonical": 1}
AT = "2018-06-27T16:00:00Z"


def exchange(decoder: str, *calls: Call, body: bytes | None = None, batch: bool = False) -> Recorded:
    question = Question(
        network="eip155:31337",
        source="own-node",
        purpose="proof",
        ordinal=1,
        decoder=decoder,
        calls=calls,
        batch=batch,
    )
    return Recorded(4, question, Reply(ANSWERED if body else "timed out", body, 1, AT))


@given(st.lists(st.integers(0, 2**256 - 1), max_size=5), st.sampled_from(BLOCKS))
def test_what_a_proof_is_asked_for_is_read_back(slots: list[int], block: object) -> None:
    call = proof_call(HOLDER, slots, BLOCKS[0] if block == BLOCKS[0] else BLOCKS[1])
    assert proof_asked(call, BLOCKS) == (HOLDER, tuple(slots))


def test_a_block_is_named_by_its_hash_or_its_height() -> None:
    assert (block_reference(HASH), "0x12c") == BLOCKS
    assert code_asked(code_call(TOKEN, "0x12c"), BLOCKS) == TOKEN


GOOD = proof_call(HOLDER, (5,), BLOCKS[0])


@pytest.mark.parametrize(
    "call",
    [
        replace(GOOD, method="eth_getBalance"),
        replace(GOOD, params=()),
        replace(GOOD, params=(HOLDER,)),
        replace(GOOD, params=(7, *GOOD.params[1:])),
        replace(GOOD, params=(HOLDER.upper(), *GOOD.params[1:])),
        replace(GOOD, params=(HOLDER, 7, GOOD.params[2])),
        replace(GOOD, params=(HOLDER, ["0x5"], GOOD.params[2])),
        replace(GOOD, params=(HOLDER, [None], GOOD.params[2])),
        replace(GOOD, params=(*GOOD.params[:2], "latest")),
        replace(GOOD, params=(*GOOD.params[:2], HASH_AS_ONE)),
        replace(GOOD, params=(*GOOD.params[:2], block_reference("0x" + 32 * "22"))),
        replace(GOOD, params=(*GOOD.params, "0x")),
    ],
)
def test_a_request_that_no_reader_writes_says_nothing(call: Call) -> None:
    assert proof_asked(call, BLOCKS) is None
    assert code_asked(call, BLOCKS) is None


def test_a_code_that_no_reader_asks_for_says_nothing() -> None:
    for params in ((), (7, BLOCKS[0]), ("0x1", BLOCKS[0]), (TOKEN, HASH_AS_ONE), (TOKEN, "latest"), (TOKEN,)):
        assert code_asked(Call("eth_getCode", params), BLOCKS) is None


def test_the_holdings_a_log_asks_to_prove_are_told_whatever_was_answered() -> None:
    said = [
        exchange(ACCOUNT, proof_call(HOLDER, (), "0x1")),
        exchange(TOUCHED, touched_call(TOKEN, NOBODY, HASH), Call("eth_createAccessList", ()), batch=True),
        exchange(STORAGE, proof_call(TOKEN, (1,), BLOCKS[0])),
        exchange(CODE, code_call(TOKEN, BLOCKS[0])),
        exchange(ACCOUNT, Call("eth_getProof", (7,))),
    ]
    assert [*asked(said)] == [(HOLDER, ""), (NOBODY, TOKEN)]
    assert holding_asked(Call("eth_createAccessList", ({"data": "0x70a08231", "to": TOKEN},)), TOUCHED) is None


def test_slots_of_one_address_are_gathered_however_often_it_is_listed() -> None:
    entry = {"address": TOKEN.upper().replace("X", "x"), "storageKeys": ["0x1"]}
    assert touched_of({"accessList": [entry, {**entry, "storageKeys": ["0x02", "0x1"]}]}) == {TOKEN: (1, 2, 1)}
    assert touched_of({"accessList": []}) == {}


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"accessList": {}},
        {"accessList": [7]},
        {"accessList": [{"storageKeys": []}]},
        {"accessList": [{"address": TOKEN}]},
        {"accessList": [{"address": TOKEN, "storageKeys": ["one"]}]},
        {"accessList": [{"address": "0x1", "storageKeys": []}]},
    ],
)
def test_an_access_list_of_another_shape_tells_nothing(value: object) -> None:
    assert touched_of(value) is None


def test_each_call_of_a_batch_has_its_own_answer_or_reason() -> None:
    body = b'[{"id":1,"result":"0x00"},{"id":2,"error":{"code":-32000,"message":"missing trie node"}}]'
    calls = (code_call(TOKEN, "0x1"), code_call(HOLDER, "0x1"))
    said = list(answered([exchange(CODE, *calls, body=body, batch=True), exchange(ACCOUNT, GOOD)], CODE))
    assert [(one.value, one.why_not, one.n) for one in said] == [
        ("0x00", "", 4),
        (None, "node error -32000: missing trie node", 4),
    ]
    (silent,) = answered([exchange(CODE, calls[0])], CODE)
    assert (silent.value, silent.why_not) == (None, "timed out")


def test_a_code_is_bytes() -> None:
    assert code_of("0x6001") == b"\x60\x01"
    for value in (None, "6001", "0x600", "0x60 01"):
        with pytest.raises(Unproven, match=r"^the code answered is not hexadecimal$"):
            code_of(value)
