"""Which cell styles of a workbook show a number as a date or a time: such a number is no amount.

Format: ECMA-376, Part 1, 18.8.10 (cellXfs) and 18.8.30 (numFmt).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from reservecheck.errors import InputError, Problem

_BUILT_IN: Final = frozenset(map(str, (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))))
"""Dates and times without a format of their own; 27 to 36 and 50 to 58 are Chinese, Japanese and Korean ones."""
_LITERAL: Final = re.compile(r'"[^"]*+"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*+\]', re.IGNORECASE)
_DATE: Final = re.compile(r"[ymdhs]", re.IGNORECASE)
_MOST: Final = 100_000


@dataclass(slots=True, kw_only=True)
class DateStyles:
    """The styles of a workbook, told element by element; then `numbers` are those of dates, as cells name them."""

    shown: str
    _own: dict[str, bool] = field(default_factory=dict)
    _formats: list[str] = field(default_factory=list)
    _inside: bool = False

    def numbers(self) -> frozenset[str]:
        """The styles of dates and times, counted from 0."""
        dated = _BUILT_IN - self._own.keys() | {one for one, is_date in self._own.items() if is_date}
        return frozenset(str(place) for place, one in enumerate(self._formats) if one in dated)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins. Raises InputError where there are more styles than any workbook has."""
        if name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            self._formats.append(_plain(attributes.get("numFmtId", "0")))
        elif name == "numFmt":
            self._own[_plain(attributes.get("numFmtId", ""))] = shows_dates(attributes.get("formatCode", ""))
        if len(self._formats) > _MOST or len(self._own) > _MOST:
            message = f"the workbook has more than {_MOST} styles"
            raise InputError(Problem(path=self.shown, message=message, hint="export CSV"))

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "cellXfs":
            self._inside = False

    def text(self, data: str) -> None:
        """Styles have no text."""


def shows_dates(code: str) -> bool:
    """Whether a format of numbers shows a date or a time: a letter of theirs stands outside of literals."""
    return _DATE.search(_LITERAL.sub("", code)) is not None


def _plain(number: str) -> str:
    """A number as it is compared: without what XML allows around and before it."""
    return number.strip().lstrip("0") or "0"
