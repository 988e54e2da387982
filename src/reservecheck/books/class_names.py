"""Under which class an amount is summed: one that [classes] lists, or none that is ever named.

The class column is the entity's own text, and may hold anything, a customer's id as well. So only names that
[classes] lists are repeated; all others are one class, of which places and a number are told.
"""

from __future__ import annotations

from typing import Final

UNLISTED: Final = "unlisted"
MOST_PLACES: Final = 20


def summed_as(class_: str, listed: frozenset[str]) -> str:
    """The class an amount counts under; without a checklist there are no classes."""
    if not listed:
        return ""
    return class_ if class_ in listed or not class_ else UNLISTED


def unlisted_names(count: int) -> str:
    """What is told of names that nobody listed, beside their places."""
    return f"{count} name{'s' if count != 1 else ''} that [classes] does not list"
