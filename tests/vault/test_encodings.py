"""What an encoding gives back unchanged, and which others are offered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.vault.encodings import ENCODINGS, decoded, other_encodings


@given(st.binary(max_size=40), st.sampled_from(ENCODINGS))
def test_a_text_gives_the_same_bytes_again_or_is_none(line: bytes, encoding: str) -> None:
    text = decoded(line, encoding)
    assert text is None or text.encode(encoding) == line


@given(st.binary(max_size=40), st.sampled_from(ENCODINGS))
def test_only_other_encodings_that_read_the_line_are_offered(line: bytes, encoding: str) -> None:
    offered = [one for one in other_encodings(line, encoding).split(" or ") if one]
    assert encoding not in offered
    assert all(decoded(line, one) is not None for one in offered)


@pytest.mark.parametrize(
    "case",
    [
        ("김".encode("cp949"), "utf-8", "cp949"),
        ("홍".encode("cp949"), "utf-8", "cp949 or cp932"),
        ("髙".encode(), "cp949", "utf-8"),
        ("①".encode("cp932"), "utf-8", "cp932"),
        (b"\xff", "utf-8", ""),
    ],
)
def test_a_line_is_offered_the_encodings_it_can_be_read_in(case: tuple[bytes, str, str]) -> None:
    line, encoding, others = case
    assert other_encodings(line, encoding) == others
