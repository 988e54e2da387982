"""Which cell styles of a workbook show a number as something else: a date, a percentage, a multiple of it.

Whoever looks at the sheet sees another amount than the one that is stored. Format: ECMA-376, Part 1, 18.8.10
(cellXfs), 18.8.30 (numFmt) and 18.8.31 (what a format says).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from reservecheck.errors import InputError, Problem

DATE: Final = "a date"
PERCENT: Final = "a number shown as a percentage"
MULTIPLE: Final = "a number shown as a multiple or a part of it"
_BUILT_IN: Final = dict.fromkeys(
    map(str, (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))), DATE
) | dict.fromkeys(("9", "10"), PERCENT)
"""Formats without a text of their own; of the dates 27 to 36 and 50 to 58 are Chinese, Japanese and Korean ones."""
_LITERAL: Final = re.compile(r'"[^"]*+"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*+\]', re.IGNORECASE)
_LITERAL_DIGIT: Final = re.compile(r'"[^"]*?\d[^"]*+"|\\\d')
_DATE: Final = re.compile(r"[ymdhs]", re.IGNORECASE)
_SCALED: Final = re.compile(r"[0#?],+(?![0#?,])")
_MOST: Final = 100_000


@dataclass(slots=True, kw_only=True)
class NumberStyles:
    """The styles of a workbook, told element by element; then `misleading` says what some make of a number."""

    shown: str
    _own: dict[str, str] = field(default_factory=dict)
    _formats: list[str] = field(default_factory=list)
    _inside: bool = False

    def misleading(self) -> Mapping[str, str]:
        """What a number of a style is shown as, by the style, counted from 0; styles that show the number lack."""
        shows = {**_BUILT_IN, **self._own}
        return {str(place): shows[one] for place, one in enumerate(self._formats) if shows.get(one)}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins. Raises InputError where there are more styles than any workbook has."""
        if name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            self._formats.append(_plain(attributes.get("numFmtId", "0")))
        elif name == "numFmt":
            self._own[_plain(attributes.get("numFmtId", ""))] = shown_as(attributes.get("formatCode", ""))
        if len(self._formats) > _MOST or len(self._own) > _MOST:
            message = f"the workbook has more than {_MOST} styles"
            raise InputError(Problem(path=self.shown, message=message, hint="export CSV"))

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "cellXfs":
            self._inside = False

    def text(self, data: str) -> None:
        """Styles have no text."""


def shown_as(code: str) -> str:
    """What a format makes of a number, "" where it shows the number; letters of dates stand outside of literals."""
    bare = _LITERAL.sub("", code)
    if _DATE.search(bare):
        return DATE
    if "%" in bare:
        return PERCENT
    return MULTIPLE if _LITERAL_DIGIT.search(code) or _SCALED.search(bare) else ""


def _plain(number: str) -> str:
    """A number as it is compared: without what XML allows around and before it."""
    return number.strip().lstrip("0") or "0"
