from __future__ import annotations

import pytest
import rlp
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.chains.evm.rlp import (
    DEEPEST,
    LONGEST,
    Item,
    NotCanonical,
    decode,
    encode,
    number_of,
    rlp_item,
    whole,
)

ITEMS = st.recursive(st.binary(max_size=80), lambda inner: st.lists(inner, max_size=6), max_leaves=20)


def depth_of(item: Item) -> int:
    return 0 if isinstance(item, bytes) else 1 + max(map(depth_of, item), default=0)


@given(st.binary(max_size=300))
def test_items_are_encoded_as_the_reference_library_does(item: bytes) -> None:
    assert rlp_item(item) == rlp.encode(item)


@pytest.mark.parametrize("length", [0, 1, 55, 56, 255, 256, 65_535, 65_536])
def test_the_length_of_an_item_stands_before_it(length: int) -> None:
    assert rlp_item(length * b"\xff") == rlp.encode(length * b"\xff")
    assert decode(rlp_item(length * b"\xff")) == length * b"\xff"


@given(ITEMS)
def test_what_was_encoded_is_decoded_again(item: Item) -> None:
    data = encode(item)
    assert data == rlp.encode(item)
    if depth_of(item) <= DEEPEST:
        assert decode(data) == item


@given(st.binary(max_size=60))
def test_what_is_decoded_at_all_is_the_one_encoding_of_it(data: bytes) -> None:
    try:
        item = decode(data)
    except NotCanonical:
        return
    assert encode(item) == data
    assert rlp.decode(data) == item


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "cut off"),
        ("0000", "bytes after the end"),
        ("8100", "a small byte with a length"),
        ("817f", "a small byte with a length"),
        ("81", "cut off"),
        ("83ffff", "cut off"),
        ("b8", "a length that is cut off, padded or needlessly long"),
        ("b801ff", "a length that is cut off, padded or needlessly long"),
        ("b837" + 55 * "ff", "a length that is cut off, padded or needlessly long"),
        ("b90038" + 56 * "ff", "a length that is cut off, padded or needlessly long"),
        ("b838" + 55 * "ff", "cut off"),
        ("c1", "cut off"),
        ("c181", "cut off"),
        ("c2817f", "a small byte with a length"),
        ("f800", "a length that is cut off, padded or needlessly long"),
        ("bfffffffffffffffff", "cut off"),
    ],
)
def test_anything_but_the_one_encoding_is_refused(data: str, reason: str) -> None:
    with pytest.raises(NotCanonical, match=f"^{reason}$"):
        decode(bytes.fromhex(data))


def nested(depth: int) -> Item:
    return [nested(depth - 1)] if depth > 1 else []


def test_lists_that_are_too_deep_are_refused() -> None:
    item = nested(DEEPEST)
    assert decode(encode(item)) == item
    with pytest.raises(NotCanonical, match=r"^lists too deep$"):
        decode(encode([item]))


def test_more_than_any_node_is_refused() -> None:
    with pytest.raises(NotCanonical, match=r"^more than 16777216 bytes$"):
        decode(bytes(LONGEST + 1))


def test_numbers_have_no_leading_zero() -> None:
    assert [number_of(whole(n)) for n in (0, 1, 255, 256, 2**256 - 1)] == [0, 1, 255, 256, 2**256 - 1]
    refused: tuple[Item, ...] = (b"\0", b"\0\1", [])
    for item in refused:
        with pytest.raises(NotCanonical, match=r"^not a number$"):
            number_of(item)
