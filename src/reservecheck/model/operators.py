"""Whose word counts by itself: sources of one operator are one voice, and the entity's own are none."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from typing import Final

ENTITY: Final = "entity"
PRACTITIONER: Final = "practitioner"


def operator_key(operator: str) -> str:
    """An operator's name without case, blanks, accents and punctuation: none of them makes another operator."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", operator).casefold())
    return "".join(sign for sign in folded if sign.isalnum()) or "-"


def entity_keys(sources: Iterable[tuple[str, str]], entity: str) -> frozenset[str]:
    """The entity as an operator: its own name, and whoever runs its sources, given (operator, run_by) of all."""
    return frozenset({operator_key(entity)} | {operator_key(who) for who, run_by in sources if run_by == ENTITY})


def voices(operators: Iterable[str], entity: Collection[str]) -> int:
    """How many distinct operators there are, without those whose keys are the entity's."""
    return len({operator_key(operator) for operator in operators} - set(entity))
