"""EVM accounts: EIP-55 vectors, letter case, length."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.addresses.evm import account_of, checksummed
from reservecheck.errors import AddressError

EIP55 = json.loads((Path(__file__).parents[1] / "data" / "addresses" / "eip55.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", EIP55)
def test_every_case_of_eip_55_is_accepted_and_spelled_the_same(text: str) -> None:
    assert account_of(text) == text.lower()
    if text[2:] not in {text[2:].lower(), text[2:].upper()}:
        assert checksummed(text.lower()) == text


@pytest.mark.parametrize("text", EIP55)
def test_a1_all_upper_and_all_lower_carry_no_checksum_and_are_accepted(text: str) -> None:
    assert account_of("0x" + text[2:].upper()) == account_of("0X" + text[2:].upper()) == account_of(text.lower())


def test_a2_a_wrong_checksum_is_refused_with_the_right_spelling() -> None:
    with pytest.raises(AddressError) as caught:
        account_of("0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
    assert caught.value.message == "the letter case is not the checksum of EIP-55, so a digit may be wrong"
    assert caught.value.hint == ("compare it with its source, then write it in lower case")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("0x" + "a" * 39, "39 hex digits, an odd number", "an address has 40: copy it again from its source"),
        ("0x" + "a" * 38, "38 hex digits, an address has 40", "it is truncated: copy it again from its source"),
        ("0x" + "a" * 42, "42 hex digits, an address has 40", ""),
        ("a" * 40, "0x is missing", "write 0x" + "a" * 40),
        ("0x" + "g" * 40, "not 0x and 40 hex digits", ""),
        ("0x" + "１" * 40, "not 0x and 40 hex digits", ""),
        ("0x" + "a" * 40 + "\n", "not 0x and 40 hex digits", ""),
        ("", "not 0x and 40 hex digits", ""),
    ],
)
def test_each_refusal_says_why(text: str, message: str, hint: str) -> None:
    with pytest.raises(AddressError) as caught:
        account_of(text)
    assert (caught.value.message, caught.value.hint) == (message, hint)


@given(st.binary(min_size=20, max_size=20), st.integers(2, 41))
def test_flipping_one_letters_case_is_refused(account: bytes, place: int) -> None:
    right = checksummed("0x" + account.hex())
    assert account_of(right) == "0x" + account.hex()
    flipped = right[:place] + right[place].swapcase() + right[place + 1 :]
    if flipped != right and flipped[2:] not in {flipped[2:].lower(), flipped[2:].upper()}:
        with pytest.raises(AddressError):
            account_of(flipped)
