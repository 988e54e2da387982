from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.inclusion import fields
from reservecheck.inclusion.fields import Malformed, parse_document
from reservecheck.vault.canonical import Json


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{", "is not JSON: it goes wrong at line 1, column 2"),
        (b'{"a":1,"a":2}', "is not JSON: a key stands twice"),
        (b"[NaN]", "is not JSON: NaN is no number"),
        (b"[1234567890123456]", "is not JSON: the number 1234567890123456 is too long; amounts are text"),
        (b"\xff", "is not JSON: the text is not UTF-8"),
    ],
)
def test_what_is_not_strict_json_is_malformed(data: bytes, message: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse_document(data)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"[" * 100_000, "it is nested too deeply"),
        (b'"\\ud800"', "the text is not UTF-8"),
        (b'{"\\udfff":1}', "the text is not UTF-8"),
    ],
)
def test_nesting_without_end_and_half_characters_are_malformed(data: bytes, why: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse_document(data)
    assert str(refused.value) == f"is not JSON: {why}"


def test_a_number_with_a_point_stays_as_it_is_written() -> None:
    assert parse_document(b'{"a":1.50,"b":1e9,"c":7}') == {"a": "1.50", "b": "1e9", "c": 7}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "it is not an object"),
        ({}, "it lacks `b`"),
        ({"b": 1}, "it.b is not an object of at most 2000 amounts"),
        ({"b": {str(number): "1" for number in range(2001)}}, "it.b is not an object of at most 2000 amounts"),
        ({"b": {"a b": "1"}}, "it.b names 'a b', which is no asset"),
        ({"b": {"BTC": 1}}, "it.b.BTC is not an amount written as text"),
        ({"b": {"BTC": "1e8"}}, "it.b.BTC: '1e8' is not an amount"),
        ({"b": {"BTC": "+1"}}, "it.b.BTC: '+1' is not an amount"),
        (
            {"b": {"BTC": "0.0000000000000000001"}},
            "it.b.BTC: '0.0000000000000000001' has 19 digits after the point, the asset has 18",
        ),
    ],
)
def test_amounts_that_are_not_exact_are_malformed(value: Json, message: str) -> None:
    with pytest.raises(Malformed) as refused:
        fields.amounts(value, "b", "it")
    assert str(refused.value) == message


def test_amounts_are_units_of_the_eighteenth_digit_in_their_order() -> None:
    found = fields.amounts({"b": {"ETH": "-0.5", "BTC": "2"}}, "b", "it")
    assert list(found.items()) == [("ETH", -5 * 10**17), ("BTC", 2 * 10**18)]


@pytest.mark.parametrize("value", ["", "x" * 201, 1, None])
def test_text_is_of_1_to_200_characters(value: Json) -> None:
    with pytest.raises(Malformed, match=r"it\.t is not text of 1 to 200 characters"):
        fields.text({"t": value}, "t", "it")


@pytest.mark.parametrize("value", [True, -1, 257, "1"])
def test_a_whole_number_is_of_0_to_256(value: Json) -> None:
    with pytest.raises(Malformed, match=r"it\.n is not a whole number from 0 to 256"):
        fields.whole({"n": value}, "n", "it")


@pytest.mark.parametrize("value", ["0" * 15, "0" * 17, "A" * 16, "g" * 16, "٠" * 16, 7])
def test_a_digest_is_lower_case_hex_of_its_length(value: Json) -> None:
    with pytest.raises(Malformed, match=r"it\.h is not 16 lower-case hex digits"):
        fields.digest({"h": value}, "h", "it", digits=16)


@pytest.mark.parametrize("value", [[], [0] * 257, {}, "path"])
def test_a_path_has_1_to_256_items(value: Json) -> None:
    with pytest.raises(Malformed, match="path is not a list of 1 to 256 items"):
        fields.steps(value, "path")


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_stumble(data: bytes) -> None:
    with suppress(Malformed):
        parse_document(data)
