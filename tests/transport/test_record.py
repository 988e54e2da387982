from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.transport.asking import CHAIN_ID, NOW_TEXT, answered, question

from reservecheck.transport.jsonrpc import Call, Result
from reservecheck.transport.record import Reply, seal

KEYS = st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.sampled_from("pq"), st.integers(0, 99))


@given(st.lists(KEYS, unique=True, max_size=12), st.randoms(use_true_random=False))
def test_a_log_is_in_the_order_of_its_keys_however_things_happened(
    keys: list[tuple[str, str, str, int]],
    chance: object,
) -> None:
    pairs = [
        (dataclasses.replace(CHAIN_ID, network=n, source=s, purpose=p, ordinal=o), answered(b"{}"))
        for n, s, p, o in keys
    ]
    straight = seal(pairs)
    chance.shuffle(pairs)  # type: ignore[attr-defined]  # a random.Random
    assert seal(pairs) == straight
    assert [item.question.key for item in straight.exchanges] == sorted(keys)
    assert [item.n for item in straight.exchanges] == list(range(1, len(keys) + 1))
    assert [item for network in "ab" for item in straight.of(network)] == list(straight.exchanges)


def test_a_log_can_be_sealed_from_a_mapping() -> None:
    asked = dataclasses.replace(CHAIN_ID, calls=(Call("eth_chainId", ()),))
    assert seal({asked: answered(b"{}")}) == seal([(asked, answered(b"{}"))])


def test_two_exchanges_at_one_place_are_refused() -> None:
    with pytest.raises(ValueError, match="two exchanges share one place in the log"):
        seal([(CHAIN_ID, answered(b"{}")), (CHAIN_ID, answered(b"[]"))])


def test_a_reply_opens_as_what_was_asked_or_not_at_all() -> None:
    assert answered(b'{"id":1,"result":"0x1"}').opened(CHAIN_ID) == (Result("0x1"),)
    assert answered(b'{"id":2,"result":"0x1"}').opened(CHAIN_ID) is None
    assert Reply("timed out", None, 5, NOW_TEXT).opened(CHAIN_ID) is None


def test_a_request_is_an_object_and_a_batch_a_list() -> None:
    call = {"method": "eth_call", "params": ["0x"]}
    assert question(("eth_call", ["0x"])).as_json() == call
    assert question(("eth_call", ["0x"]), batch=True).as_json() == [call]
