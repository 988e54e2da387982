from __future__ import annotations

import pytest

from reservecheck.model.words import Control, Evidence, Outcome


def test_evidence_is_ordered_weakest_first() -> None:
    assert [str(word) for word in sorted(Evidence, key=lambda word: word.rank)] == [
        "claimed",
        "observed",
        "corroborated",
        "proven",
    ]
    assert [word.rank for word in Evidence] == [0, 1, 2, 3]


def test_control_is_ordered_weakest_first() -> None:
    assert [str(word) for word in sorted(Control, key=lambda word: word.rank)] == [
        "undemonstrated",
        "signed",
        "moved",
        "confirmed",
    ]
    assert [word.rank for word in Control] == [0, 1, 2, 3]


@pytest.mark.parametrize("text", ["", "Covered", "solvent"])
def test_there_are_no_other_words(text: str) -> None:
    with pytest.raises(ValueError, match="is not a valid Outcome"):
        Outcome(text)
