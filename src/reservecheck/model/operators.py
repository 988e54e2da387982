"""Whose word counts by itself: sources of one operator are one voice, and the entity's own are none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Final

ENTITY: Final = "entity"
PRACTITIONER: Final = "practitioner"
_IN_BRACKETS: Final = re.compile(r"\([^()]*\)")


def operator_key(operator: str) -> str:
    """An operator's name without case, blanks, accents and punctuation, its digits in 0 to 9.

    None of them makes another operator. Names all in letters of another script that look the same do.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", operator).casefold())
    return "".join(str(unicodedata.digit(sign, sign)) for sign in folded if sign.isalnum()) or "-"


def entity_keys(sources: Iterable[tuple[str, str]], *entity: str) -> frozenset[str]:
    """The entity as an operator: its id, its printed name, and who runs its sources, given (operator, run_by)."""
    names = (*entity, *(who for who, run_by in sources if run_by == ENTITY))
    return frozenset(key for name in names for key in _keys(name))


def voices(operators: Iterable[str], entity: Collection[str]) -> int:
    """How many distinct operators there are, without those who bear one of the entity's keys."""
    return len({operator_key(operator) for operator in operators if _keys(operator).isdisjoint(entity)})


def begins_with(operator: str, entity: str) -> bool:
    """Whether an operator's first words are the entity's id: "Acme Ltd Exchange" and acme-ltd.

    For where no file says the entity's printed name, as in a draw.
    """
    words = operator.replace("-", " ").split()
    return operator_key(entity) in {operator_key("".join(words[:count])) for count in range(1, len(words) + 1)}


def _keys(name: str) -> frozenset[str]:
    """Of a name as it is, and without what stands in brackets: "Hanul (Seoul)" is Hanul."""
    return frozenset(map(operator_key, (name, _IN_BRACKETS.sub("", name).strip() or name)))
