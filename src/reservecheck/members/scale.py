"""Amounts of a member as whole-unit text, exactly as they are written, by asset."""

from __future__ import annotations

from reservecheck.errors import BundleError
from reservecheck.model.registry import Registry
from reservecheck.money import format_amount, parse_amount


class Scale:
    """Knows every asset's decimals; the asset "" stands for a bare count."""

    def __init__(self, registry: Registry) -> None:
        self._assets = registry.assets

    def text(self, asset: str, units: int) -> str:
        """Smallest units as whole units; raises KeyError for an asset the registry lacks."""
        return format_amount(units, self._assets[asset].decimals) if asset else str(units)

    def units(self, asset: str, text: str) -> int:
        """The reverse; raises BundleError unless the text is exactly what `text` writes."""
        units = parse_amount(text, self._assets[asset].decimals if asset else 0)
        if self.text(asset, units) != text:
            raise BundleError(f"{text!r} is not an amount as this tool writes it")
        return units
