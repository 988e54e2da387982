from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.model.confirmations import Answers, Confirmations, DrawnBy, ReadFrom, most_overstated

ALL = Answers(asset="BTC", draws=60, agreed=58, via_entity=0, differing=0, no_reply=0)
BY = DrawnBy(
    commitment="c" * 64,
    network="bitcoin:regtest",
    height=120,
    block="b" * 64,
    time="2018-09-20T09:00:00Z",
    read_from=ReadFrom.OWN,
)


def test_all_agreed_where_everybody_drawn_answered_directly_that_it_is_right() -> None:
    assert ALL.is_drawn
    assert ALL.all_agreed
    changes: list[dict[str, Any]] = [{"via_entity": 1}, {"differing": 1}, {"no_reply": 1}]
    for change in (*changes, {"left_out": 1}, {"added": 1}):
        assert not replace(ALL, **change).all_agreed
    assert not replace(ALL, agreed=0).all_agreed


def test_a_list_with_other_rows_is_not_what_was_drawn() -> None:
    assert not replace(ALL, left_out=1).is_drawn
    assert not replace(ALL, added=1).is_drawn


def test_fifty_nine_draws_are_enough() -> None:
    assert [replace(ALL, draws=draws).enough for draws in (1, 58, 59, 10_000)] == [False, False, True, True]


def test_answers_are_found_by_asset() -> None:
    kept = Confirmations(drawn_by=BY, list_sha256="a" * 64, listed=("BTC", "ETH"), answers=(ALL,))
    assert kept.of("BTC") == ALL
    assert kept.of("ETH") is None


@pytest.mark.parametrize(
    ("draws", "hundredths"),
    [(1, 9500), (2, 7764), (58, 504), (59, 496), (60, 488), (299, 100), (10_000, 3)],
)
def test_what_may_be_overstated_is_that_of_the_tables(draws: int, hundredths: int) -> None:
    assert most_overstated(draws) == hundredths


@given(st.integers(1, 400))
def test_what_may_be_overstated_is_the_smallest_share_that_would_have_been_found(draws: int) -> None:
    found = most_overstated(draws)
    assert Fraction(10_000 - found, 10_000) ** draws <= Fraction(1, 20)
    assert Fraction(10_001 - found, 10_000) ** draws > Fraction(1, 20)
