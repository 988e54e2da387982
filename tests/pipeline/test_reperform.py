"""Holdings of a bundle beside what a reader was told: what is locked is compared as the balance is."""

from __future__ import annotations

import pytest
from tests.assess.inputs_factory import TOKEN, WALLETS, cell, observation

from reservecheck.model.evidence import Cell
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
    (one,) = (row for row in found.compared if row.instrument)
    assert (one.result, (one.then, one.now)) == (result, said)
