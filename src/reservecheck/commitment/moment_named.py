"""As of when an id of a snapshot says that it is: the dates and instants that stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from typing import Final

from reservecheck.moments import parse_moment

_MOMENT: Final = re.compile(
    r"(?<!\d)(\d{4}-\d{2}-\d{2})(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:[Zz]|[+-]\d{2}:\d{2})?)?(?![\d:])",
    re.ASCII,
)


class Named(Enum):
    """What an id says of the moment, beside those it may be of."""

    SAME = "the moment"
    OTHER = "another moment"
    NONE = "no moment"


def moment_named(snapshot: str, moments: Iterable[str]) -> Named:
    """Whether every date and instant in the id is one of `moments`, given as RFC 3339 with an offset.

    A date alone is that of the moment where it is written; an instant is the same in any offset.
    """
    known = tuple(moments)
    dates = {moment[:10] for moment in known}
    instants = {parse_moment(moment) for moment in known}
    found = [(match[0], match[1]) for match in _MOMENT.finditer(snapshot)]
    if not found:
        return Named.NONE
    same = all(date in dates if text == date else _instant(text) in instants for text, date in found)
    return Named.SAME if same else Named.OTHER


def _instant(text: str) -> int | None:
    try:
        return parse_moment(text)
    except ValueError:  # without seconds, without an offset, or no day of any month
        return None
