from __future__ import annotations

import gzip
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.chains.bitcoind.conftest import DATA, Told

from reservecheck.chains.bitcoind.answers import Unreadable
from reservecheck.chains.bitcoind.headers import Header, linked, median_time, parse_header


@pytest.fixture(scope="module")
def headers() -> list[Header]:
    lines = gzip.decompress((DATA / "blocks.hex.gz").read_bytes()).decode().split()
    return [parse_header(line[:160]) for line in lines]


def test_every_recorded_header_hashes_to_its_block_and_names_the_one_before(
    headers: list[Header], told: Told
) -> None:
    assert [header.hash for header in headers] == list(told.hashes)
    assert [header.time for header in headers] == list(told.times)
    assert headers[0].previous == "00" * 32
    assert linked(headers)
    assert not linked([headers[0], headers[2]])


@pytest.mark.parametrize("text", [None, 1, "", "zz" * 80, "00" * 79, "00" * 81, "0" * 159])
def test_what_is_not_80_bytes_is_unreadable(text: object) -> None:
    with pytest.raises(Unreadable, match=r"^garbled answer: header$"):
        parse_header(text)


@given(st.lists(st.integers(0, 2**32 - 1), min_size=11, max_size=40))
def test_the_median_is_that_of_the_last_eleven(times: list[int]) -> None:
    assert median_time(times, len(times) - 1, first_height=5) == statistics.median(times[-11:])


def test_the_median_is_unknown_where_blocks_before_are_missing() -> None:
    assert median_time([1, 2, 3], 2, first_height=5) is None


def test_the_first_blocks_of_a_chain_have_the_upper_median_of_what_there_is() -> None:
    times = [10, 20, 30, 40]
    assert [median_time(times, i, first_height=0) for i in range(4)] == [10, 20, 20, 30]
