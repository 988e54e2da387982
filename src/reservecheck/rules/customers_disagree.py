"""Those drawn were asked, nobody else, and none of them is owed anything else."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.confirmations import Answers
from reservecheck.model.words import Answer, Severity
from reservecheck.money import format_amount
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each asset in the list received, and for each tree with somebody drawn from it."""
    kept = position.inputs.books.confirmations
    if kept is None:
        return
    for asset in sorted({*kept.listed, *(one.asset for one in kept.answers)}):
        answers = kept.of(asset)
        if answers is None and _has_no_tree(asset, position):
            yield Answered(subject=asset, outcome=Answer.BREAKS, case="no tree")
        elif answers is None and (otherwise := kept.otherwise.get(asset)):
            values = {"otherwise": str(otherwise)}
            yield Answered(subject=asset, outcome=Answer.BREAKS, case="not held against", values=values)
        elif answers is None:
            case = "" if _announces_a_draw(position) else "no draw"
            yield Answered(subject=asset, outcome=Answer.NOT_ASSESSABLE, severity=Severity.NOTE, case=case)
        elif answers.drawn or answers.added:
            yield _about(answers, position.inputs.registry.assets[asset].decimals)


def _has_no_tree(asset: str, position: Position) -> bool:
    """A draw was committed to, and nobody can have been drawn from a tree of this asset."""
    stated = position.inputs.books.liabilities.commitment
    return _announces_a_draw(position) and stated is not None and stated.tree(asset) is None


def _announces_a_draw(position: Position) -> bool:
    stated = position.inputs.books.liabilities.commitment
    return stated is not None and stated.draw is not None


def _about(answers: Answers, decimals: int) -> Answered:
    values = {"drawn": str(answers.drawn), "agreed": str(answers.agreed), "via_entity": str(answers.via_entity)}
    values |= {"differing": str(answers.differing), "no_reply": str(answers.no_reply)}
    if not answers.is_drawn:
        values |= {"left_out": str(answers.left_out), "added": str(answers.added)}
        return Answered(subject=answers.asset, outcome=Answer.BREAKS, case="another list", values=values)
    if not answers.agreed + answers.via_entity + answers.differing:
        return Answered(
            subject=answers.asset,
            outcome=Answer.NOT_ASSESSABLE,
            case="nobody",
            values=values,
            severity=Severity.NOTE,
        )
    if not answers.differing:
        return Answered(subject=answers.asset, outcome=Answer.HOLDS, values=values)
    values["owed_more"] = _sum(answers.owed_more, decimals)
    values["owed_less"] = _sum(answers.owed_less, decimals)
    return Answered(subject=answers.asset, outcome=Answer.BREAKS, values=values)


def _sum(units: int | None, decimals: int) -> str:
    return "a sum not shown (it is one customer's)" if units is None else format_amount(units, decimals)


RULE = Rule(
    id="customers_disagree",
    title="Exactly those drawn were asked, and none of them is owed anything else",
    severity=Severity.CRITICAL,
    ask=ask,
)
