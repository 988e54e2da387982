"""Amounts as exports write them, read exactly or refused: an integer and how many of its digits are decimals.

No float is made of any, but to ask as which number a spreadsheet's own double was typed. What a number means is
told by options: which mark groups digits, which stands before decimals, whether exponents are the ledger's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple, Self

from reservecheck.importers.notes import FULL_NUMBERS, NEXT_NUMBERS
from reservecheck.money import format_amount

MOST_DIGITS: Final = 15
"""A spreadsheet's number is an IEEE double, of which so many digits are the ones that were typed."""
_WHOLE: Final = r"(0|[1-9][0-9]{0,18})"
_EXPONENT: Final = re.compile(r"(-?)([0-9]{1,20})(?:\.([0-9]{1,60}))?[Ee]([+-]?[0-9]{1,3})", re.ASCII)
_SHORTENED: Final = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]{1,3}", re.ASCII)
_STORED: Final = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?(?:[Ee]([+-]?[0-9]{1,3}))?", re.ASCII)
_WRITTEN_DIGITS: Final = 17
_MEMORY: Final = 1 << 14
_MOST_SHIFT: Final = 60
_LONGEST_NUMBER: Final = 200
_NO_NUMBER: Final = ("the number is malformed or out of range", "write the column as text")
_MOST_WHOLE: Final = 10**19


class Amount(NamedTuple):
    """`units` of 10^−`places`."""

    units: int
    places: int

    def times(self, other: Amount) -> Amount:
        """The exact product."""
        return Amount(self.units * other.units, self.places + other.places)

    def in_range(self) -> bool:
        """Whether the whole part has at most 19 digits, the most a customer file takes."""
        whole: int = abs(self.units) // 10**self.places  # of places no annotation says that they are not below 0
        return whole < _MOST_WHOLE

    def __str__(self) -> str:
        return format_amount(self.units, self.places)


ONE: Final = Amount(1, 0)


class Number(str):
    """A number out of a spreadsheet, as a plain decimal: no text, and so no customer's id."""

    __slots__ = ()


class Unusable(str):
    """A cell nothing can be made of; the text says what it holds, never its content."""

    __slots__ = ("hint",)

    hint: str

    def __new__(cls, said: str, hint: str) -> Self:
        """What the cell holds, and what to do about it."""
        made = super().__new__(cls, said)
        made.hint = hint
        return made


class Wrong(NamedTuple):
    """Why a text is no amount, and what to do about it."""

    message: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountForm:
    """How amounts are written: the mark that groups thousands ("" for none), the decimal mark, exponents or not."""

    thousands: str = ""
    decimal: str = "."
    exponents: bool = False

    def read(self, text: str) -> Amount | Wrong:
        """The amount a text stands for."""
        if isinstance(text, Number):
            return _plain(text, ".") or Wrong("the number is out of range", "write it as text")
        found = _plain(text, self.decimal) or self._grouped(text)
        if found is not None:
            return found
        if _EXPONENT.fullmatch(text.replace(self.decimal, ".") if self.decimal != "." else text):
            return self._with_exponent(text)
        return self._wrong(text)

    def reads(self, text: str) -> bool:
        """Whether a text is an amount with groups of thousands."""
        return self._grouped(text) is not None

    def _grouped(self, text: str) -> Amount | None:
        if not self.thousands or self.thousands not in text:
            return None
        mark = re.escape(self.thousands)
        if re.fullmatch(rf"-?[1-9][0-9]{{0,2}}(?:{mark}[0-9]{{3}})+(?:{re.escape(self.decimal)}[0-9]+)?", text):
            return _plain(text.replace(self.thousands, ""), self.decimal)
        return None

    def _with_exponent(self, text: str) -> Amount | Wrong:
        if not self.exponents:
            message = "the amount has an exponent, as spreadsheets write what they shorten"
            return Wrong(message, "export all digits, or give --exponents if the ledger itself writes 1E-08")
        return _shifted(text.replace(self.decimal, ".")) or Wrong("the exponent is out of range", "")

    def _wrong(self, text: str) -> Wrong:
        for mark in ",.":
            if mark not in {self.decimal, self.thousands} and AmountForm(
                thousands=mark, decimal=self.decimal
            ).reads(text):
                return Wrong("the amount has marks between its digits", f"give --thousands {mark}")
        return Wrong("the cell is not an amount", "write digits and a point, such as 1234.5")


def _plain(text: str, decimal: str) -> Amount | None:
    match = _PLAIN[decimal].fullmatch(text)
    if match is None:
        return None
    whole, places = match[2], match[3] or ""
    units = int(whole + places)
    return Amount(-units if match[1] else units, len(places))


_PLAIN: Final = {
    mark: re.compile(rf"(-?){_WHOLE}(?:{re.escape(mark)}([0-9]{{1,60}}))?", re.ASCII) for mark in (".", ",")
}


def _shifted(text: str) -> Amount | None:
    """A number with an exponent, exactly."""
    match = _STORED.fullmatch(text)
    if match is None:
        return None
    sign, whole, fraction, power = match[1], match[2], match[3] or "", int(match[4] or 0)
    if abs(power) > _MOST_SHIFT or len(whole) + len(fraction) > 2 * _MOST_SHIFT:
        return None
    units, places = int(whole + fraction), len(fraction) - power
    if places < 0:
        units, places = units * 10**-places, 0
    amount = Amount(-units if sign else units, places)
    return amount if amount.in_range() else None


def stored_number(text: str) -> tuple[Number | Unusable, str]:
    """A spreadsheet's number as it is stored, and what is to be noted of it, "" for nothing.

    Raises nothing: what is no number, or a double that no number of 15 digits has, is Unusable. Spreadsheets write
    doubles with up to 17 digits, 0.58 as 0.57999999999999996: of all numbers of 15 digits one alone has it.
    """
    if len(text) > _LONGEST_NUMBER:
        return Unusable(*_NO_NUMBER), ""
    return _stored_number(text)


@lru_cache(maxsize=_MEMORY)
def _stored_number(text: str) -> tuple[Number | Unusable, str]:
    amount, digits = _shifted(text), _significant(text)
    if amount is None:
        return Unusable(*_NO_NUMBER), ""
    if digits <= MOST_DIGITS:
        return Number(amount), FULL_NUMBERS if digits == MOST_DIGITS else ""
    typed = f"{float(text):.{MOST_DIGITS}g}"
    nearest = _shifted(typed)
    if digits <= _WRITTEN_DIGITS and nearest is not None and float(typed) == float(text):
        return Number(nearest), FULL_NUMBERS if _significant(typed) == MOST_DIGITS else NEXT_NUMBERS
    said = f"the number is stored with {digits} digits, of which a spreadsheet keeps {MOST_DIGITS}"
    return Unusable(said, "export the column as text, or the whole as CSV"), ""


def _significant(text: str) -> int:
    match = _STORED.fullmatch(text)
    return 0 if match is None else len((match[2] + (match[3] or "")).strip("0"))


def shortened_id(text: str) -> bool:
    """Whether an id looks like a long number that a spreadsheet shortened, so that several became one."""
    return _SHORTENED.fullmatch(text) is not None
