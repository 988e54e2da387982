from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reservecheck.moments import epoch_of, parse_moment, utc_text

zones = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
first, last = -62_135_596_800, 253_402_300_799


@given(st.integers(first, last))
@example(first)
@example(last)
@example(-1)
def test_seconds_come_back_from_their_text(epoch: int) -> None:
    assert parse_moment(utc_text(epoch)) == epoch


@given(st.datetimes(timezones=zones))
@example(datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC))
@example(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC))
def test_a_fraction_of_a_second_is_dropped(moment: datetime) -> None:
    epoch = epoch_of(moment)
    assert (
        timedelta(0) <= moment - datetime(1970, 1, 1, tzinfo=UTC) - timedelta(seconds=epoch) < timedelta(seconds=1)
    )
    assert parse_moment(moment.isoformat()) == epoch


@pytest.mark.parametrize(
    "text",
    [
        "2018-06-28T00:00:00+09:00",
        "2018-06-28t00:00:00+09:00",
        "2018-06-28 00:00:00+09:00",
        "2018-06-27T15:00:00Z",
        "2018-06-27T15:00:00z",
        "2018-06-27T15:00:00.999999Z",
        "2018-06-27T15:00:00.5Z",
        "2018-06-27T11:00:00-04:00",
    ],
)
def test_one_instant_has_many_spellings(text: str) -> None:
    assert parse_moment(text) == 1_530_111_600
    assert utc_text(1_530_111_600) == "2018-06-27T15:00:00Z"


@pytest.mark.parametrize(
    "text",
    [
        *("", "2018-06-28", "2018-06-28T00:00:00", "2018-06-28T00:00+09:00", "2018-06-28T00:00:00+0900"),
        *("20180628T000000Z", "2018-06-28T00:00:00Z ", "2018-06-28T00:00:00Z\n", "2018-06-28T00:00:00.Z"),
        *("2018-06-28T00:00:00.1234567Z", "2018-06-28_00:00:00Z", "２018-06-28T00:00:00Z", "1530111600", "now"),
    ],
)
def test_a_text_without_date_time_and_offset_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an instant with an offset") as refused:
        parse_moment(text)
    assert str(refused.value) == f"{text!r} is not an instant with an offset, such as 2018-06-28T00:00:00+09:00"


@pytest.mark.parametrize(
    "text",
    ["2018-02-29T00:00:00Z", "2018-06-28T24:00:01Z", "2018-06-28T00:00:60Z", "2018-06-28T00:00:00+24:00"],
)
def test_an_instant_that_never_was_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_moment(text)


def test_a_datetime_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^an instant needs an offset, such as \+09:00 or Z$"):
        epoch_of(datetime(2018, 6, 28))  # noqa: DTZ001  # that is what is refused
