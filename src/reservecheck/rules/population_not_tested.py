"""Every customer drawn answered directly, and what follows for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from reservecheck.assess.drawn import AS_COMMITTED, drawing
from reservecheck.assess.grades import grade
from reservecheck.model.assessment import Position
from reservecheck.model.confirmations import SHARE_PLACES, Answers
from reservecheck.model.words import Answer, Grade, Severity
from reservecheck.money import percent_up
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each tree with somebody drawn from it, or one where nobody was asked."""
    owed, kept = position.inputs.books.liabilities, position.inputs.books.confirmations
    stated = owed.commitment
    if stated is None or stated.draw is None:
        return
    if kept is None:
        draw = stated.draw
        values = {"network": draw.network, "height": str(draw.height), "draws": str(draw.size)}
        yield Answered(subject="draw", outcome=Answer.BREAKS, case="nobody", values=values)
        return
    for answers in kept.answers:
        if answers.drawn:
            known = grade(answers.asset, position.inputs) is Grade.TESTED
            case = stated.draw.method if known else _why(answers, position)
            outcome = Answer.HOLDS if known else Answer.BREAKS
            values = _values(answers) | (_bound(answers) if known or case == "too few" else {})
            yield Answered(subject=answers.asset, outcome=outcome, case=case, values=values)


def _why(answers: Answers, position: Position) -> str:
    """The first thing that is missing."""
    if answers.agreed < answers.drawn:
        return "not all"
    if answers.added:
        return "list"
    if not answers.enough:
        return "too few"
    how = drawing(position.inputs)
    return "rows" if how is not None and how.case == AS_COMMITTED else "draw"


def _values(answers: Answers) -> dict[str, str]:
    return {
        "draws": str(answers.draws),
        "drawn": str(answers.drawn),
        "agreed": str(answers.agreed),
        "via_entity": str(answers.via_entity),
        "differing": str(answers.differing),
        "no_reply": str(answers.no_reply),
        "left_out": str(answers.left_out),
        "added": str(answers.added),
    }


def _bound(answers: Answers) -> dict[str, str]:
    return {"at_most": percent_up(Fraction(answers.untested, SHARE_PLACES))}


RULE = Rule(
    id="population_not_tested",
    title="Every customer drawn answered directly that what is recorded is right",
    severity=Severity.NOTE,
    ask=ask,
)
