"""What a ledger calls its assets, and how its numbers become units of ours: registry rows plus [tickers]."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from reservecheck.errors import MoneyError
from reservecheck.model.registry import Asset
from reservecheck.money import MAX_DECIMALS

FRAME_SCALE: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerName:
    """One name in the asset column. `digits` is how many an amount under it may have after the point."""

    name: str
    asset: str
    decimals: int
    multiplier: Fraction
    digits: int

    @property
    def scale(self) -> int:
        """The decimal places at which a frame holds amounts under this name."""
        return max(self.digits, FRAME_SCALE)

    @property
    def multiplier_text(self) -> str:
        """The multiplier as a plain decimal."""
        places = _places(self.multiplier)
        digits = str((self.multiplier * 10**places).numerator).rjust(places + 1, "0")
        return f"{digits[:-places]}.{digits[-places:]}" if places else digits

    def units(self, scaled: int) -> int:
        """Units of 10^−scale under this name as smallest units of the asset; MoneyError unless that is exact."""
        exact = scaled * self.multiplier * Fraction(10) ** (self.decimals - self.scale)
        if exact.denominator != 1:
            raise MoneyError(
                f"amounts under {self.name!r} are finer than the {self.decimals} decimals of {self.asset}"
            )
        return exact.numerator


def ticker(name: str, row: Asset, multiplier: Fraction) -> LedgerName:
    """A name of the ledger's own: `multiplier` units of the asset are one of it.

    Raises MoneyError for a multiplier that needs digits the asset does not have.
    """
    finest = max(row.decimals, FRAME_SCALE)
    digits = min(row.decimals + _trailing_zeros(multiplier) - _places(multiplier), finest)
    if digits < 0:
        raise MoneyError(f"the multiplier of {name!r} has more decimals than {row.asset}, which has {row.decimals}")
    return LedgerName(name=name, asset=row.asset, decimals=row.decimals, multiplier=multiplier, digits=digits)


def ledger_names(assets: Mapping[str, Asset], tickers: Iterable[LedgerName] = ()) -> dict[str, LedgerName]:
    """Every name the ledger may use: the registry's own ids, and its tickers."""
    names = {row.asset: ticker(row.asset, row, Fraction(1)) for row in assets.values()}
    return names | {name.name: name for name in tickers}


def _trailing_zeros(number: Fraction) -> int:
    if number.denominator != 1:
        return 0
    digits = str(number.numerator)
    return len(digits) - len(digits.rstrip("0"))


def _places(number: Fraction) -> int:
    return next(places for places in range(MAX_DECIMALS) if (number * 10**places).denominator == 1)
