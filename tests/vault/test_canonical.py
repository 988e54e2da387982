from __future__ import annotations

import json
from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.errors import BundleError
from reservecheck.vault.canonical import DEEPEST, nested_too_deep, parse_json

TEXTS = st.text(st.sampled_from('[]{}"\\\\a,:'), max_size=12)
NESTED = st.recursive(
    TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=10
)


def depth_of(value: object) -> int:
    inside = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inside is None else 1 + max(map(depth_of, inside), default=0)


@given(NESTED, st.integers(0, DEEPEST + 2))
def test_brackets_are_counted_outside_texts_alone(value: object, more: int) -> None:
    data = b"[" * more + json.dumps(value).encode() + b"]" * more
    assert nested_too_deep(data) == (more + depth_of(value) > DEEPEST)


@given(st.text(st.sampled_from('[{"\\\\a]'), min_size=60, max_size=400))
def test_whatever_is_not_found_too_deep_can_be_parsed_or_is_no_json(text: str) -> None:
    data = text.encode()
    if not nested_too_deep(data):
        with suppress(json.JSONDecodeError):
            json.loads(data.decode())


@pytest.mark.parametrize("pair", [(b"[", b"]"), (b'{"a":', b"}")])
def test_members_are_read_up_to_a_fixed_depth(pair: tuple[bytes, bytes]) -> None:
    def nested(depth: int) -> bytes:
        return pair[0] * depth + b"0" + pair[1] * depth

    assert depth_of(parse_json(nested(DEEPEST), name="a.json")) == DEEPEST
    for depth in (DEEPEST + 1, 958, 100_000):
        with pytest.raises(BundleError) as refused:
            parse_json(nested(depth), name="a.json")
        assert refused.value.message == "a.json is not JSON this tool writes: it is nested more than 64 deep"


@pytest.mark.parametrize("piece", [b'"', b'\\\\"', b"\\\\", b"[", b"[]", b'["', b"{"])
def test_counting_takes_no_longer_for_strange_bytes(piece: bytes) -> None:
    data = b"[" * (DEEPEST + 1) + piece * (4_000_000 // len(piece))
    start = process_time()
    nested_too_deep(data)
    assert process_time() - start < 5
