from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.assess.drawn_inputs import AGREED, FOLLOWS, STATED, answers, asked, confirmations, drawn_by
from tests.assess.inputs_factory import REBUILT, books, committed, inputs, liabilities
from tests.rules.asking import ask

from reservecheck.assess.positions import position
from reservecheck.rules.population_not_tested import RULE

NOTHING = [("not-applicable", "note", "there is nothing to look at in what was received")]
NOT_TESTED = "the population is not tested"


def test_population_not_tested_has_nothing_to_ask_without_a_draw_and_answers() -> None:
    assert ask(RULE, inputs()) == NOTHING
    assert ask(RULE, asked(commitment=None)) == NOTHING
    assert ask(RULE, asked(draw=None)) == NOTHING
    assert ask(RULE, asked(confirmations([answers("BTC", agreed=0)]))) == NOTHING


def test_population_not_tested_breaks_where_a_draw_was_announced_and_nobody_asked() -> None:
    owed = liabilities(commitment=committed(draw=STATED))
    assert ask(RULE, inputs(books=books(liabilities=owed))) == [
        (
            "breaks",
            "note",
            (
                "draw: 60 draws of each tree by block 200 of bitcoin:regtest were announced, and no list of"
                " customers asked was received"
            ),
        )
    ]


@pytest.mark.parametrize(("method", "follows"), FOLLOWS)
def test_population_not_tested_holds_and_says_what_follows(method: str, follows: str) -> None:
    given = asked(confirmations([answers("BTC")]), draw=replace(STATED, method=method))
    assert ask(RULE, given) == [
        (
            "holds",
            "note",
            (
                f"BTC: 55 customers in 60 draws by {method} answered directly that it is right: at 95 %"
                f" confidence, of this asset alone, at most 4.88 % {follows}"
            ),
        )
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"agreed": 50, "via_entity": 3, "no_reply": 2},
            (
                "of 55 customers drawn 50 agreed directly, 3 by way of the entity, 0 said otherwise, 2 did not"
                " reply, 0 are not in the list"
            ),
        ),
        (
            {"agreed": 53, "differing": 1, "left_out": 1},
            (
                "of 55 customers drawn 53 agreed directly, 0 by way of the entity, 1 said otherwise, 0 did not"
                " reply, 1 is not in the list"
            ),
        ),
        ({"added": 1}, "55 customers drawn agreed directly, and 1 row in the list was not drawn"),
    ],
)
def test_population_not_tested_breaks_and_says_what_is_missing(changes: dict[str, Any], said: str) -> None:
    assert ask(RULE, asked(confirmations([answers("BTC", **changes)]))) == [
        ("breaks", "note", f"BTC: {said}: {NOT_TESTED}")
    ]


def test_population_not_tested_breaks_for_a_few_draws_that_all_agree() -> None:
    given = asked(confirmations([answers("BTC", draws=5, agreed=1)]), draw=replace(STATED, size=5))
    assert ask(RULE, given) == [
        (
            "breaks",
            "note",
            (
                "BTC: 1 customer in 5 draws agree, which are too few: at 95 % confidence as much as 45.08 %"
                " could be otherwise, and less than 5 % takes 59 draws"
            ),
        )
    ]


def test_population_not_tested_breaks_where_the_draw_was_not_committed_to() -> None:
    given = asked(confirmations([answers("BTC")], drawn_by=drawn_by(height=201)))
    assert ask(RULE, given) == [
        (
            "breaks",
            "note",
            (
                "BTC: 55 customers drawn agreed directly, and nothing here shows that they were drawn as was"
                f" committed to (see the draw): {NOT_TESTED}"
            ),
        )
    ]


def test_population_not_tested_breaks_where_the_tree_is_not_of_these_rows() -> None:
    stated = committed(REBUILT, draw=STATED, snapshot="kaede/2018-08-14")
    assert ask(RULE, asked(confirmations([answers("BTC")]), commitment=stated)) == [
        (
            "breaks",
            "note",
            (
                "BTC: 55 customers drawn agreed directly, and what is owed is not what was committed to (see the"
                f" commitment): {NOT_TESTED}"
            ),
        )
    ]


def test_population_not_tested_states_no_bound_that_nobody_has() -> None:
    position_ = position(asked(confirmations([answers("BTC", agreed=54, no_reply=1), *AGREED[1:]])))
    assert [("at_most" in one.values) for one in RULE.check(position_)] == [False, True, True, True]
