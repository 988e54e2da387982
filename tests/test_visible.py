from __future__ import annotations

import unicodedata

import pytest

from reservecheck.visible import is_unseen


@pytest.mark.parametrize(
    "character", ["\0", "\x7f", "\xad", "\u034f", "\u115f", "\u3164", "\ufe0f", "\ue000", "\u0378"]
)
def test_what_nobody_sees_is_unseen(character: str) -> None:
    assert is_unseen(character)


@pytest.mark.parametrize("character", ["\xa0", "\u2003", "\u202f", "\u2800"])
def test_a_blank_that_passes_for_another_is_unseen(character: str) -> None:
    assert is_unseen(character)


@pytest.mark.parametrize("character", [" ", "\u3000", "a", "é", "카", "楓", "٣", "😀"])
def test_what_people_write_is_seen(character: str) -> None:
    assert not is_unseen(character)


def test_of_ascii_exactly_what_cannot_be_printed_is_unseen() -> None:
    for number in range(128):
        assert is_unseen(chr(number)) == (unicodedata.category(chr(number)) == "Cc")
