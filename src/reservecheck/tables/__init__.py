"""The only place where amounts are summed in frames: exactly, or with a MoneyError. No float, no division."""

from __future__ import annotations

from reservecheck.tables.amount_text import amounts_from_text, are_amounts, is_amount, units_of_text
from reservecheck.tables.exact_sums import counted_sums, sum_units
from reservecheck.tables.held_quantities import holdings

__all__ = [
    "amounts_from_text",
    "are_amounts",
    "counted_sums",
    "holdings",
    "is_amount",
    "sum_units",
    "units_of_text",
]
