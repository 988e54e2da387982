"""Exact amounts: integers of an asset's smallest unit, ratios as fractions, never a float.

Percentages are rounded against the entity: `percent_down` for what flatters (ratios, proven shares),
`percent_up` for what hurts (unread, claimed and excluded shares).
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final, NewType

from reservecheck.errors import MoneyError

Units = NewType("Units", int)
"""A count of an asset's (or an instrument's) smallest unit."""

LIMIT: Final = 10**38
MAX_DECIMALS: Final = 30
AMOUNT_PATTERN: Final = r"^-?(0|[1-9][0-9]{0,18})(\.[0-9]+)?$"
_MULTIPLIER: Final = re.compile(r"(0|[1-9][0-9]{0,18})(?:\.([0-9]{0,17}[1-9]))?", re.ASCII)
_AMOUNT: Final = re.compile(r"(-?)(0|[1-9][0-9]{0,18})(?:\.([0-9]+))?", re.ASCII)


def parse_amount(text: str, decimals: int) -> Units:
    r"""Whole units as text to smallest units; raises MoneyError unless that is exact.

    Accepts `-?(0|[1-9]\d{0,18})(\.\d+)?` with at most `decimals` digits after the point and nothing
    else: no exponent, no plus, no blanks, no thousands separators.
    """
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise MoneyError(f"{_quoted(text)} is not an amount", hint="write digits and a point, such as 1234.5")
    sign, whole, fraction = match[1], match[2], match[3] or ""
    if len(fraction) > decimals:
        raise MoneyError(
            f"{_quoted(text)} has {len(fraction)} digits after the point, the asset has {decimals}",
            hint="an amount is never rounded: write it as the ledger holds it, or correct the asset's decimals",
        )
    units = int(whole + fraction.ljust(decimals, "0"))
    return in_range(-units if sign else units)


def parse_multiplier(text: str) -> Fraction:
    """A positive plain decimal such as `1000` or `0.01`; raises MoneyError for anything else."""
    match = _MULTIPLIER.fullmatch(text)
    if match is None or not text.strip("0."):
        raise MoneyError(f"{text!r} is not a multiplier", hint='write digits and a point, such as "1000" or "0.01"')
    return Fraction(text)


def in_range(units: int) -> Units:
    """The same number if its size is below 10^38; raises MoneyError otherwise."""
    if abs(units) >= LIMIT:
        raise MoneyError("the amount is out of range: 10^38 smallest units or more")
    return Units(units)


def format_amount(units: int, decimals: int) -> str:
    """Smallest units as whole units, without trailing zeros: 150000000 at 8 decimals is `1.5`."""
    sign = "-" if units < 0 else ""
    whole, fraction = divmod(abs(units), 10**decimals)
    digits = str(fraction).rjust(decimals, "0").rstrip("0") if decimals else ""
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


def grouped(amount: str) -> str:
    """An amount as text with its whole part in groups of three: `1234567.89` is `1,234,567.89`."""
    whole, point, fraction = amount.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{point}{fraction}"


def rescale(units: int, *, from_decimals: int, to_decimals: int) -> Units:
    """Units of one scale in a finer one, exactly; raises MoneyError when it would need rounding or overflows."""
    if to_decimals < from_decimals:
        raise MoneyError(f"{from_decimals} decimals do not fit into {to_decimals} without rounding")
    return in_range(units * 10 ** (to_decimals - from_decimals))


def percent_down(ratio: Fraction) -> str:
    """A ratio as a percentage with two decimals, rounded down: 132.426… is `132.42`."""
    return _hundredths(ratio.numerator * 10_000 // ratio.denominator)


def percent_up(ratio: Fraction) -> str:
    """A ratio as a percentage with two decimals, rounded up: 0.001… is `0.01`."""
    return _hundredths(-(-ratio.numerator * 10_000 // ratio.denominator))


def exact(ratio: Fraction) -> str:
    """A ratio as `n/d` in lowest terms."""
    return f"{ratio.numerator}/{ratio.denominator}"


def _hundredths(value: int) -> str:
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(value), 100)
    return f"{sign}{whole}.{rest:02d}"


def _quoted(text: str) -> str:
    longest = 60
    return repr(text if len(text) <= longest else text[:longest] + "…")
