from __future__ import annotations

import json
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.transport.parsed_bodies import ParsedBodies
from reservecheck.vault.canonical import DEEPEST

Counted = list[bytes]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """Every body that is parsed, in order."""
    seen: Counted = []
    loads = json.loads

    def counting(text: str, **how: Any) -> Any:  # noqa: ANN401  # as json.loads
        seen.append(text.encode())
        return loads(text, **how)

    monkeypatch.setattr("reservecheck.transport.parsed_bodies.json.loads", counting)
    return seen


def test_a_body_is_parsed_once_however_often_it_is_asked_for(counted: Counted) -> None:
    bodies = ParsedBodies()
    found = [bodies.parsed(body) for body in (b"[1]", bytes(bytearray(b"[1]")), b"[2]", b"[1]")]
    assert found == [[1], [1], [2], [1]]
    assert counted == [b"[1]", b"[2]"]


def test_what_is_no_json_is_not_tried_again_either(counted: Counted) -> None:
    bodies = ParsedBodies()
    for _ in range(3):
        with pytest.raises(ValueError, match="Expecting value"):
            bodies.parsed(b"[,")
    assert counted == [b"[,"]


def test_no_more_is_kept_than_so_many_bytes_but_always_the_last(counted: Counted) -> None:
    bodies = ParsedBodies(6)
    for body in (b"[1]", b"[2]", b"[1]", b"[3]", b"[1]", b"[2]", b"[12345678]", b"[12345678]", b"[2]"):
        bodies.parsed(body)
    assert counted == [b"[1]", b"[2]", b"[3]", b"[2]", b"[12345678]", b"[2]"]


def test_many_threads_may_ask_for_one_body() -> None:
    bodies, body = ParsedBodies(6), b"[" + b"1," * 200_000 + b"1]"
    found: list[object] = []
    threads = [Thread(target=lambda: found.append(bodies.parsed(body))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[1] * 200_001] * 4


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"NaN",
        b"[-Infinity]",
        b"9" * 5000,
        "[]".encode("utf-16"),
        b"\xef\xbb\xbf[]",
        b"[" * 100_000,
        b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
        b'{"a":' * (DEEPEST + 1) + b"0" + b"}" * (DEEPEST + 1),
    ],
)
def test_anything_but_json_of_a_moderate_depth_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # any of the parser's words
        ParsedBodies().parsed(body)


@given(st.integers(0, 400), st.integers(DEEPEST - 3, DEEPEST + 3) | st.integers(400, 990))
def test_what_a_body_says_does_not_depend_on_who_asks(frames: int, depth: int) -> None:
    body = b'{"id":' * (depth - 1) + b"[]" + b"}" * (depth - 1)

    def asked_from(left: int) -> bool:
        if left:
            return asked_from(left - 1)
        try:
            return ParsedBodies().parsed(body) is not None
        except ValueError:
            return False

    assert asked_from(frames) == (depth <= DEEPEST)
