"""As of when an id says that it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.commitment.moment_named import Named, moment_named

MOMENT = "2018-06-28T00:00:00+09:00"


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("hanul/2018-06-28", Named.SAME),
        ("hanul/2018-06-28T00:00:00+09:00", Named.SAME),
        ("hanul/2018-06-27T15:00:00Z", Named.SAME),
        ("hanul/2018-06-28 00:00:00+09:00 (2018-06-28)", Named.SAME),
        ("hanul/2018-06-27", Named.OTHER),
        ("hanul/2018-06-28T00:00:01+09:00", Named.OTHER),
        ("hanul/2018-06-28T00:00:00", Named.OTHER),
        ("hanul/2018-06-28T00:00+09:00", Named.OTHER),
        ("hanul/2018-06-28 and not 2018-07-28", Named.OTHER),
        ("hanul/2018-99-99T00:00:00Z", Named.OTHER),
        ("hanul", Named.NONE),
        ("hanul/20180628", Named.NONE),
        ("12018-06-281", Named.NONE),
    ],
)
def test_every_date_and_instant_is_that_of_the_moment(named: str, expected: Named) -> None:
    assert moment_named(named, [MOMENT]) is expected


def test_one_of_several_moments_is_enough() -> None:
    assert moment_named("2018-06-30", [MOMENT, "2018-06-30T12:00:00Z"]) is Named.SAME


@given(st.text(alphabet="0123456789-T:Z+ /x", max_size=40))
def test_no_text_stops_the_reading(text: str) -> None:
    assert moment_named(text, [MOMENT]) in Named


@given(st.datetimes(), st.text(alphabet="ab/ ", max_size=5))
def test_another_instant_is_never_the_same(moment: object, around: str) -> None:
    text = f"{around}{moment:%Y-%m-%dT%H:%M:%SZ}{around}".replace(" ", "0")
    assert moment_named(text, ["2018-06-27T15:00:00Z"]) is not Named.SAME or "2018-06-27T15:00:00Z" in text
