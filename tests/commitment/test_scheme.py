from __future__ import annotations

import hashlib
import hmac

import pytest
from tests.commitment.trees import EXAMPLE, FIRST, SCOPE, SECRET

from reservecheck.commitment.scheme import (
    LIMIT,
    Commitment,
    Scope,
    leaf_hash,
    least_height,
    odd_customer,
    parent,
    prefixed,
    salt,
    u128,
    well_formed,
)
from reservecheck.errors import CommitmentError


def test_the_context_and_a_salt_are_those_of_the_example() -> None:
    assert SCOPE.context.hex() == EXAMPLE["context"]
    assert salt(SECRET, SCOPE.context, FIRST["customer"].encode()).hex() == FIRST["leaves"][0]["salt"]


def test_every_byte_of_the_hashed_messages_is_where_the_page_says() -> None:
    context = hashlib.sha256(
        b"\2\0\0\0\x09por-mst/1\0\0\0\x01s\0\0\0\x03BTC\x08\x02"
    ).digest()  # fmt: skip
    scope = Scope(snapshot="s", asset="BTC", decimals=8, height=2)
    assert scope.context == context
    salted = salt(b"k" * 32, context, b"me", 258)
    assert salted == hmac.digest(b"k" * 32, context + b"\0\0\1\2me", "sha256")
    amount = bytes(14) + b"\x01\x02"
    leaf = leaf_hash(context, salted, 258, b"me")
    assert leaf == hashlib.sha256(b"\0" + context + salted + amount + b"\0\0\0\x02me").digest()
    node, total = parent(context, 1, (leaf, 258), (b"r" * 32, 1))
    assert node == hashlib.sha256(b"\1" + context + b"\1" + leaf + amount + b"r" * 32 + bytes(15) + b"\1").digest()
    assert total == 259
    assert prefixed(b"") == bytes(4)


@pytest.mark.parametrize("units", [-1, LIMIT])
def test_an_amount_beyond_sixteen_bytes_is_refused(units: int) -> None:
    with pytest.raises(CommitmentError) as caught:
        u128(units)
    assert str(caught.value) == f"the amount {units} is not between 0 and 2^128 − 1"
    assert (u128(0), u128(LIMIT - 1)) == (bytes(16), b"\xff" * 16)


def test_a_sum_of_sixteen_bytes_and_more_is_refused() -> None:
    half = (bytes(32), LIMIT >> 1)
    with pytest.raises(CommitmentError, match=rf"^the amount {LIMIT} is not between 0 and 2\^128 − 1$"):
        parent(bytes(32), 1, half, half)


@pytest.mark.parametrize(
    ("customer", "why"),
    [
        ("", "it is empty"),
        ("a\ud800", "it is not Unicode text"),
        ("zoe\u0308", "it is not in Unicode's form NFC"),
        ("zoë", ""),
        ("한 🦋", ""),
    ],
)
def test_an_id_is_text_in_one_form_only(customer: str, why: str) -> None:
    assert odd_customer(customer) == why


def test_a_text_with_half_a_character_is_not_well_formed() -> None:
    assert well_formed("🦋")
    assert not well_formed("\udfff")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"snapshot": ""}, "a commitment's snapshot: it is empty or not Unicode text"),
        ({"asset": "\udc00"}, "a commitment's asset: it is empty or not Unicode text"),
        ({"decimals": 256}, "a commitment's decimals: 256 is not between 0 and 255"),
        ({"decimals": -1}, "a commitment's decimals: -1 is not between 0 and 255"),
        ({"height": 41}, "a commitment's height: 41 is not between 0 and 40"),
    ],
)
def test_a_scope_no_tree_can_have_is_refused(change: dict[str, object], said: str) -> None:
    fields: dict[str, object] = {"snapshot": "s", "asset": "BTC", "decimals": 8, "height": 4, **change}
    with pytest.raises(CommitmentError) as caught:
        Scope(**fields)  # type: ignore[arg-type]  # wrong on purpose
    assert str(caught.value) == said


def test_a_commitment_with_half_a_root_or_too_large_a_total_is_refused() -> None:
    with pytest.raises(CommitmentError, match=r"^a commitment's root has 16 bytes, not 32$"):
        Commitment(scope=SCOPE, root=bytes(16), total=0)
    with pytest.raises(CommitmentError, match=r"^the amount -1 is not between 0 and 2\^128 − 1$"):
        Commitment(scope=SCOPE, root=bytes(32), total=-1)


def test_the_least_height_has_room_for_every_leaf() -> None:
    assert [least_height(count) for count in (0, 1, 2, 3, 4, 5, 8, 9, 1 << 20, (1 << 20) + 1)] == [
        0, 0, 1, 2, 2, 3, 3, 4, 20, 21,
    ]  # fmt: skip
