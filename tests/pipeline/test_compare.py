from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reservecheck.compare import LONGEST, first_difference
from reservecheck.vault.canonical import canonical_json

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
)


def of(then: object, now: object) -> str:
    return first_difference("it.json", json.dumps(then).encode(), json.dumps(now).encode())


@pytest.mark.parametrize("name", ["it.json", "cells.csv.gz"])
def test_equal_bytes_do_not_differ(name: str) -> None:
    assert first_difference(name, b"{", b"{") == ""


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        ({"a": 1}, {"a": 2}, "$.a: the bundle says 1, it re-derives to 2"),
        ({"b": 1, "a": "x"}, {"b": 2, "a": "y"}, "$.a: the bundle says 'x', it re-derives to 'y'"),
        (
            {"a": [{"b": 1}, {"b": 2}]},
            {"a": [{"b": 1}, {"b": 3}]},
            "$.a[1].b: the bundle says 2, it re-derives to 3",
        ),
        ({"a": [1]}, {"a": [1, 2]}, "$.a (length): the bundle says 1, it re-derives to 2"),
        ({"a": 1}, {}, "$.a: the bundle says 1, it re-derives to nothing"),
        ({}, {"a": "1"}, "$.a: the bundle says nothing, it re-derives to '1'"),
        ({"a": {"b": 1}}, {"a": [1]}, "$.a: the bundle says {'b': 1}, it re-derives to [1]"),
        ([1], {}, "$: the bundle says [1], it re-derives to {}"),
        ({"a": "é\n"}, {"a": "e"}, "$.a: the bundle says '\\xe9\\n', it re-derives to 'e'"),
    ],
)
def test_json_members_differ_at_a_path(then: object, now: object, said: str) -> None:
    assert of(then, now) == f"it.json: differs at {said}"


def test_a_long_value_is_shown_in_part() -> None:
    assert of({"a": "x" * 200}, {"a": "y"}) == (
        f"it.json: differs at $.a: the bundle says '{'x' * (LONGEST - 1)}…, it re-derives to 'y'"
    )


def test_json_that_says_the_same_in_other_bytes_is_told_apart() -> None:
    assert first_difference("it.json", b'{"a": 1}', b'{"a":1}') == (
        "it.json: says the same, but not in the bytes this tool writes"
    )


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[" * 100_000, b"1" * 5_000, b"nothing"])
def test_what_is_no_json_is_said_to_be_none(data: bytes) -> None:
    assert first_difference("it.json", data, b"{}") == "it.json: is not JSON"


@given(json_values, json_values)
@example({"a": None}, {})
@example([True], [1])
def test_two_members_of_other_bytes_always_differ_somewhere(then: object, now: object) -> None:
    recorded, derived = json.dumps(then, sort_keys=True).encode(), json.dumps(now, sort_keys=True).encode()
    assert (first_difference("it.json", recorded, derived) == "") == (recorded == derived)


@pytest.mark.parametrize("depth", [500, *range(880, 1000, 7)])
def test_deep_nesting_ends_in_a_sentence(depth: int) -> None:
    deep = b"[" * depth + b"]" * depth
    assert first_difference("it.json", deep, canonical_json([[]])).startswith("it.json: ")


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        (b"a\nb\n", b"a\nc\n", "line 2: the bundle says 'b', it re-derives to 'c'"),
        (b"a\n", b"a\nb\n", "line 2: the bundle says '', it re-derives to 'b'"),
        (b"a\nb", b"a", "line 2: the bundle says 'b', it re-derives to nothing"),
        (b"", b"a\n", "line 1: the bundle says '', it re-derives to 'a'"),
        (b"\xff\n", b"a\n", "line 1: the bundle says '\\ufffd', it re-derives to 'a'"),
    ],
)
def test_other_members_differ_at_a_line(then: bytes, now: bytes, said: str) -> None:
    assert first_difference("cells.csv.gz", then, now) == f"cells.csv.gz: differs at {said}"


def test_bytes_that_read_alike_as_text_differ_nevertheless() -> None:
    assert first_difference("cells.csv.gz", b"\xff\n", b"\xfe\n") == (
        "cells.csv.gz: differs in bytes that are no text"
    )
