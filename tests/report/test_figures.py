from __future__ import annotations

from fractions import Fraction

import pytest

from reservecheck.model.words import Bound
from reservecheck.report.figures import grouped, percent


@pytest.mark.parametrize(
    ("ratio", "bound", "shown"),
    [
        (Fraction(99_999, 100_000), Bound.EXACT, "99.99 %"),
        (Fraction(981, 1000), Bound.AT_LEAST, "≥ 98.10 %"),
        (None, Bound.UNKNOWN, "not known"),
    ],
)
def test_a_ratio_is_rounded_down_and_its_bound_is_said(ratio: Fraction | None, bound: Bound, shown: str) -> None:
    assert percent(ratio, bound) == shown


@pytest.mark.parametrize(
    ("units", "shown"), [(0, "0"), (123_456_789, "1,234,567.89"), (-100_000, "-1,000"), (-1, "-0.01")]
)
def test_whole_units_are_grouped_and_no_digit_is_lost(units: int, shown: str) -> None:
    assert grouped(units, 2) == shown
