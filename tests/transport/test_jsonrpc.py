from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.transport.jsonrpc import (
    Call,
    EnvelopeError,
    Result,
    RpcError,
    envelope,
    open_envelope,
    same_calls,
)

NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,30})\.[0-9]{1,40}([eE][+-]?[0-9]{1,3})?", fullmatch=True)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)

EXACT = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=4,
)


def test_one_call_is_an_object_and_a_batch_a_list_with_ids_from_one() -> None:
    calls = [Call("a", ()), Call("b", ("x", 1))]
    assert envelope(calls[:1]) == b'{"id":1,"jsonrpc":"2.0","method":"a","params":[]}'
    assert envelope(calls, batch=True) == (
        b'[{"id":1,"jsonrpc":"2.0","method":"a","params":[]},{"id":2,"jsonrpc":"2.0","method":"b","params":["x",1]}]'
    )
    assert envelope(calls[:1], batch=True).startswith(b"[")


@given(st.lists(VALUES, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_the_answers_in_a_batch_never_matters(values: list[Any], chance: Any) -> None:  # noqa: ANN401  # hypothesis' own
    answers = [{"id": n, "result": value} for n, value in enumerate(values, 1)]
    straight = open_envelope(json.dumps(answers).encode(), len(values), batch=True)
    chance.shuffle(answers)
    assert open_envelope(json.dumps(answers).encode(), len(values), batch=True) == straight
    assert len(straight) == len(values)


@given(VALUES)
def test_no_answer_holds_a_float(value: Any) -> None:  # noqa: ANN401  # JSON of any shape
    (opened,) = open_envelope(json.dumps({"id": 1, "result": value}).encode(), 1)
    assert isinstance(opened, Result)
    assert "float" not in set(kinds(opened.value))


@given(EXACT, EXACT)
def test_calls_are_the_same_where_their_json_is(one: Any, other: Any) -> None:  # noqa: ANN401  # JSON of any shape
    calls = [Call("a", [value]) for value in (one, other)]
    texts = {json.dumps(value, sort_keys=True) for value in (one, other)}
    assert same_calls(calls[:1], [Call("a", (one,))])
    assert same_calls(calls[:1], calls[1:]) == (len(texts) == 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (0, False),
        ([1], [True]),
        ({"a": 1}, {"a": True}),
        ([], {}),
        ("", []),
        (None, 0),
        ({}, []),
        ("a", ["a"]),
    ],
)
def test_what_python_alone_takes_for_one_thing_is_not_the_same(one: Any, other: Any) -> None:  # noqa: ANN401  # as above
    assert not same_calls([Call("a", [one])], [Call("a", [other])])
    assert not same_calls([Call("a", [other])], [Call("a", [one])])


def test_other_methods_or_more_calls_are_not_the_same() -> None:
    call = Call("a", ["x"])
    assert not same_calls([call], [Call("b", ["x"])])
    assert not same_calls([call, call], [call])
    assert same_calls((), [])


@given(NUMBERS)
def test_a_number_with_a_point_keeps_its_digits_as_text(digits: str) -> None:
    (opened,) = open_envelope(f'{{"id":1,"result":[{digits}]}}'.encode(), 1)
    assert opened == Result([digits])


def test_an_amount_keeps_its_last_zero() -> None:
    assert open_envelope(b'{"id":1,"result":{"amount":1.10}}', 1) == (Result({"amount": "1.10"}),)


def test_an_exponent_without_a_point_stays_text_too() -> None:
    assert open_envelope(b'{"id":1,"result":1E-8}', 1) == (Result("1E-8"),)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ({"code": -8, "message": "no"}, RpcError(-8, "no")),
        ({"code": "-8", "message": "no"}, RpcError(0, "no")),
        ({"code": True}, RpcError(0, "")),
        ({"code": 3, "message": "x" * 600}, RpcError(3, "x" * 500)),
        ({"code": 3, "message": ["list"]}, RpcError(3, "['list']")),
    ],
)
def test_a_refusal_is_kept_with_its_code_and_words(error: object, expected: RpcError) -> None:
    assert open_envelope(json.dumps({"id": 1, "result": None, "error": error}).encode(), 1) == (expected,)


@pytest.mark.parametrize(
    ("body", "batch", "message"),
    [
        (b"<html>", False, "not JSON"),
        (b"", False, "not JSON"),
        (b"[" * 100_000, False, "not JSON"),
        (b"\xff", False, "not JSON"),
        (b'{"id":1,"result":' + b"9" * 5000 + b"}", False, "not JSON"),
        (b'{"id":1,"result":0}', True, "a batch was asked, one object came back"),
        (b"null", False, "an answer without the id that was asked"),
        (b'[{"id":1,"result":0}]', False, "an answer without the id that was asked"),
        (b'{"id":2,"result":0}', False, "an answer without the id that was asked"),
        (b'{"id":true,"result":0}', False, "an answer without the id that was asked"),
        (b'{"id":1.0,"result":0}', False, "an answer without the id that was asked"),
        (b'{"id":"1","result":0}', False, "an answer without the id that was asked"),
        (b"[]", True, "an answer without the id that was asked"),
        (b'[{"id":1,"result":0},{"id":1,"result":1}]', True, "two answers with one id"),
        (b'{"id":1,"error":"no"}', False, "an error that is not an object"),
        (b'{"id":1}', False, "neither a result nor an error"),
        (b'{"id":1,"error":null}', False, "neither a result nor an error"),
    ],
)
def test_a_body_that_does_not_fit_is_refused(body: bytes, message: str, *, batch: bool) -> None:
    with pytest.raises(EnvelopeError) as refused:
        open_envelope(body, 1, batch=batch)
    assert str(refused.value) == message


def kinds(value: object) -> list[str]:
    inside = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return [type(value).__name__, *(kind for item in inside for kind in kinds(item))]
