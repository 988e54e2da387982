from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.assess.inputs_factory import (
    CUTOFF,
    OWED,
    REBUILT,
    ROOT,
    books,
    committed,
    inputs,
    liabilities,
    rebuilt,
    tree,
)
from tests.rules.asking import Said, ask

from reservecheck.model.committed import Committed, CommittedTree, Rebuilt
from reservecheck.rules.commitment_differs import RULE

BTC = 98 * 10**8
OTHER = "77" * 32
WHOSE = ("holds", "critical", "the commitment is of kaede, about kaede/2018-09-14")


def said(stated: Committed | None) -> Said:
    return ask(RULE, inputs(books=books(liabilities=liabilities(OWED, commitment=stated))))


def test_commitment_differs_has_nothing_to_ask_without_a_commitment() -> None:
    assert said(None) == [("not-applicable", "critical", "there is nothing to look at in what was received")]


def test_commitment_differs_holds_where_the_rows_give_every_tree() -> None:
    trees = (REBUILT[0], REBUILT[2])
    assert said(committed(trees)) == [
        WHOSE,
        ("holds", "critical", f"BTC: the customer rows give the root {ROOT} and the total 98 committed to"),
        ("holds", "critical", f"JPY: the customer rows give the root {ROOT} and the total 1,000,000 committed to"),
    ]


def test_commitment_differs_holds_of_a_stated_root_only_what_can_be_seen() -> None:
    one = (tree("BTC", BTC),)
    assert said(committed(one))[1:] == [("holds", "critical", "BTC: the total committed to is what is owed, 98")]


def test_commitment_differs_breaks_for_another_entitys() -> None:
    assert said(committed((), entity="hanul")) == [
        ("breaks", "critical", "the commitment is of hanul, the engagement about kaede")
    ]


@pytest.mark.parametrize(
    ("snapshot", "expected"),
    [
        (
            "kaede/2018-08-14",
            ("breaks", "critical", f"which names another moment than the cut-off, {CUTOFF}"),
        ),
        ("kaede, 3rd quarter", ("not-assessable", "note", "which names no date: no proof shows as of when it is")),
    ],
)
def test_commitment_differs_looks_at_the_moment_it_names(snapshot: str, expected: tuple[str, str, str]) -> None:
    outcome, severity, which = expected
    assert said(committed((), snapshot=snapshot)) == [
        (outcome, severity, f"the commitment is about {snapshot}, {which}")
    ]


def with_rows(one: CommittedTree, root: str, total: int) -> CommittedTree:
    return replace(one, rebuilt=Rebuilt(root=root, total=total))


OTHERS = ": other rows, other ids, or another secret than the entity's"


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (tree("BTC", BTC - 1), "BTC: 97.99999999 are committed to, and 98 are owed"),
        (tree("JPY", 2_000_000), "JPY: 2,000,000 are committed to, and 1,000,000 are owed"),
        (rebuilt("BTC", BTC - 1), "BTC: 97.99999999 are committed to, and 98 are owed"),
        (
            with_rows(tree("BTC", BTC), OTHER, BTC),
            f"BTC: the root committed to is {ROOT}, the customer rows give {OTHER} and a total of 98{OTHERS}",
        ),
        (
            with_rows(tree("BTC", BTC), OTHER, 97 * 10**8),
            f"BTC: the root committed to is {ROOT}, the customer rows give {OTHER} and a total of 97{OTHERS}",
        ),
        (
            with_rows(tree("BTC", BTC), "", BTC),
            "BTC: the customers are more than a tree of the height committed to, 4, has room for",
        ),
        (tree("KDE", 5 * 10**18), "KDE: 5 are committed to, and it does not stand in the file received"),
        (
            tree("BTC", BTC, decimals=7),
            "BTC: the commitment counts in units of 7 decimals, the registry in units of 8",
        ),
        (
            CommittedTree(asset="NOPE", decimals=3, height=0, root=ROOT, total=7),
            "NOPE: it has a tree in the commitment, and the registry has no such asset",
        ),
    ],
)
def test_commitment_differs_breaks_for_the_first_thing_that_differs(one: Any, expected: str) -> None:  # noqa: ANN401  # a tree
    assert said(committed((one,))) == [WHOSE, ("breaks", "critical", expected)]
