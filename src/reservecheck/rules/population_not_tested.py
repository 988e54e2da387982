"""Every customer drawn answered directly, and what follows for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from reservecheck.assess.grades import grade
from reservecheck.model.assessment import Position
from reservecheck.model.confirmations import SHARE_PLACES, Answers
from reservecheck.model.words import Answer, Grade, Severity
from reservecheck.money import percent_up
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each tree with somebody drawn from it."""
    owed, kept = position.inputs.books.liabilities, position.inputs.books.confirmations
    stated = owed.commitment
    if kept is None or stated is None or stated.draw is None:
        return
    for answers in kept.answers:
        if answers.drawn:
            known = grade(answers.asset, position.inputs) is Grade.TESTED
            short = answers.all_agreed and not answers.enough
            case = stated.draw.method if known else "too few" if short else ""
            outcome = Answer.HOLDS if known else Answer.BREAKS
            yield Answered(subject=answers.asset, outcome=outcome, case=case, values=_values(answers))


def _values(answers: Answers) -> dict[str, str]:
    return {
        "draws": str(answers.draws),
        "drawn": str(answers.drawn),
        "agreed": str(answers.agreed),
        "via_entity": str(answers.via_entity),
        "no_reply": str(answers.no_reply),
        "at_most": percent_up(Fraction(answers.untested, SHARE_PLACES)),
    }


RULE = Rule(
    id="population_not_tested",
    title="Every customer drawn answered directly that what is recorded is right",
    severity=Severity.NOTE,
    ask=ask,
)
