"""Holdings of a bundle beside what a reader was told: what is locked is compared as the balance is."""

from __future__ import annotations

import pytest
from tests.assess.inputs_factory import BTC, TOKEN, WALLETS, cell, observation

from reservecheck.model.evidence import Cell, OnChainDecimals
from reservecheck.model.words import FREEZE_UNKNOWN, FROZEN
from reservecheck.reperform import Again, compare


def held(locked: int = 0, why: str = "") -> Cell:
    return cell(3, "eth-hot", TOKEN, 7, locked=locked, locked_why=why)


@pytest.mark.parametrize(
    ("then", "now", "result", "said"),
    [
        (held(), held(), Again.EQUAL, ("7", "7")),
        (held(7, FROZEN), held(7, FROZEN), Again.EQUAL, ("7, 7 of them locked", "7, 7 of them locked")),
        (held(), held(7, FROZEN), Again.DIFFERS, ("7", "7, 7 of them locked")),
        (held(7, FROZEN), held(), Again.DIFFERS, ("7, 7 of them locked", "7")),
        (held(), held(7, FREEZE_UNKNOWN), Again.UNREADABLE, ("7", FREEZE_UNKNOWN)),
        (held(7, FREEZE_UNKNOWN), held(7, FREEZE_UNKNOWN), Again.EQUAL, ("7, 7 of them locked",) * 2),
        (held(7, FREEZE_UNKNOWN), held(), Again.DIFFERS, ("7, 7 of them locked", "7")),
    ],
)
def test_a_freeze_the_bundle_does_not_know_of_differs(
    then: Cell, now: Cell, result: Again, said: tuple[str, str]
) -> None:
    found = compare(observation((then,)), observation((now,)), WALLETS)
    (one,) = (row for row in found.compared if row.label == "eth-hot")
    assert (one.result, (one.then, one.now)) == (result, said)


@pytest.mark.parametrize(
    ("then", "now", "result", "said"),
    [
        (6, 6, Again.EQUAL, ("6", "6")),
        (4, 6, Again.DIFFERS, ("4", "6")),
        (6, None, Again.UNREADABLE, ("6", "not answered")),
        (None, 6, None, None),
    ],
)
def test_what_a_token_says_of_its_decimals_is_compared_too(
    then: int | None, now: int | None, result: Again | None, said: tuple[str, str] | None
) -> None:
    """By four in place of six decimals a figure is a hundred times as large, of the same units."""
    told = [(OnChainDecimals(instrument=TOKEN, decimals=one, exchanges=()),) for one in (then, now)]
    before, after = (observation((held(),), decimals=one) for one in told)
    rows = [row for row in compare(before, after, WALLETS).compared if row.label == "decimals of the token"]
    assert [(row.result, (row.then, row.now)) for row in rows] == ([] if result is None else [(result, said)])
    elsewhere = observation((cell(1, "btc-hot", BTC, 7),), decimals=told[1])
    assert [
        row for row in compare(before, elsewhere, WALLETS).compared if row.label == "decimals of the token"
    ] == []
