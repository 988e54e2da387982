"""Whose word counts by itself: sources of one operator are one voice, and the entity's own are none."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

ENTITY: Final = "entity"


def operator_key(operator: str) -> str:
    """An operator's name without case, blanks and punctuation: neither makes another operator."""
    folded = unicodedata.normalize("NFKC", operator).casefold()
    return "".join(sign for sign in folded if sign.isalnum()) or folded


def voices(sources: Iterable[tuple[str, str]]) -> int:
    """How many distinct operators are among (operator, run_by), without the entity."""
    return len({operator_key(operator) for operator, run_by in sources if run_by != ENTITY})
