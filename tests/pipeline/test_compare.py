from __future__ import annotations

import pytest

from reservecheck.compare import first_difference


@pytest.mark.parametrize(
    ("name", "recorded", "derived", "said"),
    [
        ("a.json", b"{}", b"{}", ""),
        ("a.json", b'{"a":1}', b'{"a":2}', "a.json: differs at $.a: the bundle says 1, it re-derives to 2"),
        ("a.json", b'{"a":1}', b"{}", "a.json: differs at $.a: the bundle says 1, it re-derives to nothing"),
        ("a.json", b"[1,[2]]", b"[1,[3]]", "a.json: differs at $[1][0]: the bundle says 2, it re-derives to 3"),
        ("a.json", b"[1]", b"[1,2]", "a.json: differs at $ (length): the bundle says 1, it re-derives to 2"),
        ("a.csv", b"a\nb\n", b"a\nc\n", "a.csv: differs at line 2: the bundle says 'b', it re-derives to 'c'"),
        ("a.csv", b"a\n", b"a\nc\n", "a.csv: differs at line 2: the bundle says '', it re-derives to 'c'"),
        ("a.csv", b"a\nb", b"a", "a.csv: differs at line 2: the bundle says 'b', it re-derives to nothing"),
    ],
)
def test_the_first_difference_is_named(name: str, recorded: bytes, derived: bytes, said: str) -> None:
    assert first_difference(name, recorded, derived) == said


def test_a_long_or_odd_value_is_shown_in_part_and_as_ascii() -> None:
    said = first_difference("a.csv", b"\xff\x1b[2J" + b"x" * 200, b"y")
    assert "\x1b" not in said
    assert said.isascii() or "…" in said
    assert len(said) < 200
