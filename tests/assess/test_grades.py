from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.assess.inputs_factory import (
    OWED,
    REBUILT,
    ROOT,
    TREES,
    books,
    committed,
    inputs,
    liabilities,
    owed,
    rebuilt,
    tree,
)

from reservecheck.assess.grades import committed_tree, grade
from reservecheck.assess.positions import position
from reservecheck.model.assessment import Inputs
from reservecheck.model.committed import Rebuilt
from reservecheck.model.words import Grade

BTC = 98 * 10**8


def known(**changes: Any) -> Inputs:  # noqa: ANN401  # any part of what is owed
    lines = changes.pop("lines", OWED)
    return inputs(books=books(liabilities=liabilities(lines, **changes)))


def test_rows_are_l1_and_a_total_among_them_is_l0() -> None:
    assert grade("BTC", known()) is Grade.RESUMMED
    beside = (owed("BTC", BTC, class_="spot"), owed("BTC", 1, class_="earn", rows=0), owed("ETH", 5))
    mixed = known(lines=beside, grade=Grade.TOTALS)
    assert (grade("BTC", mixed), grade("ETH", mixed)) == (Grade.TOTALS, Grade.RESUMMED)


@pytest.mark.parametrize("whole", [Grade.TOTALS, Grade.RESUMMED])
def test_what_nobody_is_owed_has_the_grade_of_the_files_it_is_missing_from(whole: Grade) -> None:
    assert grade("KDE", known(grade=whole, commitment=committed(REBUILT))) is whole


def test_a_root_that_was_only_stated_lifts_no_grade() -> None:
    given = known(commitment=committed(TREES))
    assert {asset.grade for asset in position(given).assets} == {Grade.RESUMMED}


def test_rows_that_give_the_root_and_total_committed_to_are_l2_in_coins_and_cash() -> None:
    seen = position(known(commitment=committed(REBUILT)))
    assert [(one.asset, one.grade, one.commitment) for one in seen.assets] == [
        (one.asset, Grade.COMMITTED, one) for one in REBUILT if one.asset != "JPY"
    ]
    assert [(one.grade, one.commitment) for one in seen.cash] == [(Grade.COMMITTED, REBUILT[2])]


def test_one_asset_is_lifted_without_the_others() -> None:
    given = known(commitment=committed((rebuilt("BTC", BTC), TREES[1])))
    assert [grade(asset, given) for asset in ("BTC", "ETH", "USDT")] == [
        Grade.COMMITTED,
        Grade.RESUMMED,
        Grade.RESUMMED,
    ]
    assert committed_tree("USDT", given) is None
    assert committed_tree("BTC", known()) is None


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(replace(tree("BTC", BTC), rebuilt=Rebuilt(root="77" * 32, total=BTC)), id="another root"),
        pytest.param(replace(tree("BTC", BTC), rebuilt=Rebuilt(root=ROOT, total=BTC - 1)), id="another total"),
        pytest.param(replace(tree("BTC", BTC), rebuilt=Rebuilt(root="", total=BTC)), id="no root at all"),
        pytest.param(rebuilt("BTC", BTC - 1), id="less than is owed"),
        pytest.param(rebuilt("BTC", BTC, decimals=7), id="other units"),
    ],
)
def test_whatever_differs_lifts_no_grade(one: Any) -> None:  # noqa: ANN401  # a tree
    assert grade("BTC", known(commitment=committed((one,)))) is Grade.RESUMMED


def test_another_entitys_commitment_lifts_no_grade() -> None:
    assert grade("BTC", known(commitment=committed(REBUILT, entity="hanul"))) is Grade.RESUMMED


def test_a_total_stays_a_total_whatever_was_built_again() -> None:
    lines = (owed("BTC", BTC, rows=0),)
    given = known(lines=lines, grade=Grade.TOTALS, commitment=committed(REBUILT))
    assert grade("BTC", given) is Grade.TOTALS
