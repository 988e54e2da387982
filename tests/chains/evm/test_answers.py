from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.chains.evm.node_transport import failed, node_says
from tests.nodes.running import Node, evm_block

from reservecheck.chains.evm.answers import block_hash, data, failure, header, node_error, quantity
from reservecheck.transport.jsonrpc import Call, RpcError
from reservecheck.transport.record import ANSWERED, Question, Recorded, Reply
from reservecheck.vault.canonical import canonical_json


def exchange(reply: Reply, *, batch: bool = False) -> Recorded:
    calls = (Call("eth_chainId", ()),)
    question = Question(
        network="eip155:31337",
        source="s",
        purpose="chain",
        ordinal=1,
        decoder="evm.header/1",
        calls=calls,
        batch=batch,
    )
    return Recorded(1, question, reply)


@given(st.integers(0, 2**256 - 1))
def test_a_quantity_is_read_exactly(number: int) -> None:
    assert quantity(hex(number)) == number


@pytest.mark.parametrize(
    "value", [None, 5, "", "5", "0x", "0x_1", "-0x1", "0x-1", "0x 1", "0x1 ", "0xg", "0x" + 65 * "1", "0x1"]
)
def test_anything_else_is_no_quantity(value: object) -> None:
    assert quantity(value) == (1 if value == "0x1" else None)


def test_hashes_and_data_are_read_strictly() -> None:
    assert block_hash("0x" + 64 * "A") == "0x" + 64 * "a"
    assert [block_hash(value) for value in (None, "0x", "0x" + 63 * "a", "0x" + 64 * "g")] == [None] * 4
    assert data("0x") == b""
    assert data("0x01fF") == b"\x01\xff"
    assert [data(value) for value in (None, "", "0x1", "01", "0x 1", "0x01 02")] == [None] * 6


def test_a_header_is_read_only_if_everything_used_of_it_is_there(funded: Node) -> None:
    block = evm_block(funded, "0x1")
    found = header(block)
    assert found is not None
    assert (found.height, hex(found.time)) == (1, block["timestamp"])
    assert (found.hash, found.parent, found.state_root) == (block["hash"], block["parentHash"], block["stateRoot"])
    for name in ("number", "timestamp", "hash", "parentHash", "stateRoot"):
        assert header({**block, name: None}) is None
    assert header({**block, "timestamp": hex(2**40)}) is None
    assert header({**block, "number": hex(2**53)}) is None
    highest = header({**block, "number": hex(2**53 - 1)})
    assert highest is not None
    assert canonical_json(highest.height) == b"9007199254740991\n"
    assert header(None) is None


def test_a_node_error_is_shown_shortened_escaped_and_without_urls() -> None:
    error = RpcError(-32000, "see\n\x1b[31m https://user:pass@node.example/key " + 200 * "x")
    shown = node_error(error)
    assert shown.startswith(r"node error -32000: see\n\x1b[31m … xxx")
    assert shown.endswith("x…")
    assert len(shown) == len("node error -32000: ") + 120


def test_a_failure_has_words_and_an_answer_has_none() -> None:
    assert failure(exchange(failed("http 429"))) == "http 429"
    assert failure(exchange(Reply(ANSWERED, b"<html>", 1, ""))) == "not a JSON-RPC answer to what was asked"
    assert failure(exchange(node_says("header not found"))) == "node error -32000: header not found"
    assert failure(exchange(Reply(ANSWERED, b'{"id":1,"result":"0x1"}', 1, ""))) == ""
    assert failure(exchange(Reply(ANSWERED, b'[{"id":1,"error":{"code":3}}]', 1, ""), batch=True)) == ""
