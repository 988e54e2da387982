from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.chains.bitcoind.answers import Unreadable, block_hash, field, satoshis
from reservecheck.money import format_amount

ALL_COINS = 21_000_000 * 10**8


def as_printed(sats: int) -> str:
    """`ValueFromAmount` of a node: whole coins, a point, eight digits."""
    return f"{sats // 10**8}.{sats % 10**8:08d}"


@given(st.integers(0, 1000 * ALL_COINS))
def test_an_amount_as_a_node_prints_it_is_read_exactly(sats: int) -> None:
    parsed = json.loads(as_printed(sats), parse_float=str)
    assert satoshis(parsed) == sats == int(Decimal(parsed) * 10**8)


@given(st.integers(0, ALL_COINS))
def test_an_amount_without_its_trailing_zeros_is_read_exactly(sats: int) -> None:
    assert satoshis(json.loads(format_amount(sats, 8), parse_float=str)) == sats


@pytest.mark.parametrize("text", ["0.56726490", "2.46913578", "18.99998500", "9.99999999", "1.23456789"])
def test_amounts_that_go_wrong_through_a_float_are_read_exactly(text: str) -> None:
    assert satoshis(text) == int(Decimal(text) * 10**8)


@pytest.mark.parametrize(
    "found",
    [
        "1e-8",
        "1E8",
        "-0.00000001",
        -1,
        True,
        None,
        1.5,
        [],
        {},
        "",
        "1.000000000",
        "01.00000000",
        "NaN",
        "1,5",
        10**31,
    ],
)
def test_what_is_not_exactly_an_amount_is_unreadable(found: object) -> None:
    with pytest.raises(Unreadable, match=r"^garbled answer: amount$"):
        satoshis(found)


@pytest.mark.parametrize("found", [None, 1, "", "ab", "g" * 64, "A" * 64, "a" * 64 + "\n", ["a" * 64]])
def test_what_is_not_a_hash_is_unreadable(found: object) -> None:
    with pytest.raises(Unreadable, match=r"^garbled answer: not a hash$"):
        block_hash(found)


@pytest.mark.parametrize("answer", [None, [], "x", {}, {"height": None}, {"height": True}, {"height": "1"}])
def test_a_member_of_another_type_is_unreadable(answer: object) -> None:
    with pytest.raises(Unreadable, match=r"^garbled answer: height$"):
        field(answer, "height", int)
