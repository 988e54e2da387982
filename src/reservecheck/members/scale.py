"""Amounts of a member as whole-unit text, exactly as they are written, by asset."""

from __future__ import annotations

import re
from typing import Final

from reservecheck.errors import BundleError
from reservecheck.model.registry import Registry
from reservecheck.money import format_amount, in_range

_DIGITS: Final = re.compile(r"-?[0-9]{1,100}", re.ASCII)


class Scale:
    """Knows every asset's decimals; the asset "" stands for a bare count."""

    def __init__(self, registry: Registry) -> None:
        self._assets = registry.assets

    def text(self, asset: str, units: int) -> str:
        """Smallest units as whole units; raises KeyError for an asset the registry lacks."""
        return format_amount(units, self._assets[asset].decimals) if asset else str(units)

    def units(self, asset: str, text: str) -> int:
        """The reverse; raises BundleError unless it is what `text` writes, MoneyError when it is out of range."""
        decimals = self._assets[asset].decimals if asset else 0
        whole, _, fraction = text.partition(".")
        digits = whole + fraction.ljust(decimals, "0")
        if _DIGITS.fullmatch(digits) is not None:
            units = in_range(int(digits))
            if self.text(asset, units) == text:
                return units
        raise BundleError(f"{text[:60]!r} is not an amount as this tool writes it")
