from __future__ import annotations

from dataclasses import replace

import pytest
from tests.assess.drawn_inputs import STATED, answers, asked, confirmations, drawn_by
from tests.assess.inputs_factory import inputs
from tests.rules.asking import ask

from reservecheck.rules.population_not_tested import RULE

NOTHING = [("not-applicable", "note", "there is nothing to look at in what was received")]


def test_population_not_tested_has_nothing_to_ask_without_a_draw_and_answers() -> None:
    assert ask(RULE, inputs()) == NOTHING
    assert ask(RULE, asked(commitment=None)) == NOTHING
    assert ask(RULE, asked(draw=None)) == NOTHING
    assert ask(RULE, asked(confirmations([answers("BTC", agreed=0)]))) == NOTHING


@pytest.mark.parametrize(
    ("method", "follows"),
    [
        ("amount", "of the total stands where customers would say otherwise"),
        ("customer", "of the customers recorded would say otherwise"),
    ],
)
def test_population_not_tested_holds_and_says_what_follows(method: str, follows: str) -> None:
    given = asked(confirmations([answers("BTC")]), draw=replace(STATED, method=method))
    assert ask(RULE, given) == [
        (
            "holds",
            "note",
            (
                f"BTC: 55 customers in 60 draws by {method} answered directly that it is right: at 95 %"
                f" confidence at most 4.88 % {follows}; whoever was left out of the tree could not be drawn"
            ),
        )
    ]


def test_population_not_tested_breaks_where_somebody_did_not_answer_directly() -> None:
    given = asked(confirmations([answers("BTC", agreed=50, via_entity=3, no_reply=2)]))
    assert ask(RULE, given) == [
        (
            "breaks",
            "note",
            (
                "BTC: of 55 customers drawn 50 agreed directly, 3 by way of the entity, 2 did not reply: the"
                " population is not tested"
            ),
        )
    ]


def test_population_not_tested_breaks_for_a_few_draws_that_all_agree() -> None:
    given = asked(confirmations([answers("BTC", draws=5, agreed=1)]), draw=replace(STATED, size=5))
    assert ask(RULE, given) == [
        (
            "breaks",
            "note",
            "BTC: 1 customer in 5 draws agree, which are too few: as much as 45.08 % could be otherwise",
        )
    ]


def test_population_not_tested_breaks_where_the_draw_was_not_committed_to() -> None:
    given = asked(confirmations([answers("BTC")], drawn_by=drawn_by(height=201)))
    assert [one[0] for one in ask(RULE, given)] == ["breaks"]
