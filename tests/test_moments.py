from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.moments import epoch_of, parse_moment, utc_text


@pytest.mark.parametrize(
    ("text", "epoch"),
    [
        ("2018-06-28T00:00:00+09:00", 1_530_111_600),
        ("2018-06-27T15:00:00Z", 1_530_111_600),
        ("2018-06-27 15:00:00z", 1_530_111_600),
        ("2018-06-27T15:00:00.999999Z", 1_530_111_600),
        ("1969-12-31T23:59:59.5Z", -1),
    ],
)
def test_an_instant_is_seconds_since_1970(text: str, epoch: int) -> None:
    assert parse_moment(text) == epoch


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2018-06-28",
        "2018-06-28T00:00:00",
        "2018-06-28T00:00Z",
        "2018-13-01T00:00:00Z",
        "٢018-06-28T00:00:00Z",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_moment(text)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^an instant needs an offset, such as \+09:00 or Z$"):
        epoch_of(datetime(2018, 6, 28))  # noqa: DTZ001  # what is refused


@given(st.integers(0, 4_000_000_000))
def test_an_instant_survives_being_written_and_read(epoch: int) -> None:
    assert parse_moment(utc_text(epoch)) == epoch
    assert epoch_of(datetime.fromtimestamp(epoch, UTC)) == epoch
