from __future__ import annotations

import pytest

from reservecheck.books.unreadable import Unreadable
from reservecheck.errors import InputError

KNOWN = ("BTC", "ETH", "SATS", "1000SATS")
ADD = "\n  hint: add it to the registry, map it under [tickers], or list it out of scope"


def refusal(*names: str) -> list[str]:
    unreadable = Unreadable()
    for line, name in enumerate(names, 2):
        unreadable.add_unknown(name, ("customers.csv", line), 1)
    with pytest.raises(InputError) as caught:
        unreadable.refuse("customers.csv", KNOWN)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("name", ["btc", "Btc", " BTC"])
def test_an_asset_in_other_letters_is_told_what_is_meant(name: str) -> None:
    assert refusal(name) == [
        f"customers.csv:2: the asset {name!r} is unknown (1 rows)\n  hint: did you mean 'BTC'?"
    ]


def test_an_asset_that_is_close_is_told_what_may_be_meant() -> None:
    assert refusal("SATSS") == [
        "customers.csv:2: the asset 'SATSS' is unknown (1 rows)\n  hint: did you mean 'SATS'?"
    ]


def test_what_is_written_like_an_asset_is_repeated() -> None:
    assert refusal("DUST", "1INCH") == [
        f"customers.csv:2: the asset 'DUST' is unknown (1 rows){ADD}",
        f"customers.csv:3: the asset '1INCH' is unknown (1 rows){ADD}",
    ]


@pytest.mark.parametrize("name", ["C372429758", "alice@example.com", "Alice", "1234567", "한울", "A" * 13])
def test_what_may_be_a_customer_is_not_repeated(name: str) -> None:
    assert refusal(name) == [f"customers.csv:2: the asset of this row is unknown (1 rows){ADD}"]


def test_five_unknown_names_are_repeated_and_of_more_none() -> None:
    names = ("DUST", "CAROL", "ALICE", "BOB", "1INCH")
    assert [f"asset {name!r} is unknown" in one for name, one in zip(names, refusal(*names), strict=True)] == [
        True
    ] * 5
    assert refusal(*names, "DAVE") == [
        f"customers.csv:{line}: the asset of this row is unknown (1 rows){ADD}" for line in range(2, 8)
    ]


def test_of_more_than_a_thousand_names_the_rest_is_counted() -> None:
    one, other = Unreadable(), Unreadable()
    for number in range(1200):
        (one if number < 600 else other).add_unknown(f"N{number:05}", ("customers.csv", number + 2), 2)
    one.merge(other)
    with pytest.raises(InputError) as caught:
        one.refuse("customers.csv", KNOWN)
    assert len(one.unknown) == 1000
    assert str(caught.value).startswith("customers.csv: 400 rows cannot be read, so what is owed is unknown\n")
    assert len(caught.value.problems) == 101
    assert "N0" not in str(caught.value)
