"""Of every currency at least as much segregated money is confirmed as cash is owed."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import CashPosition, Position
from reservecheck.model.words import Answer, Severity
from reservecheck.money import format_amount
from reservecheck.rules.figures import percent
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each currency that is owed or held."""
    left_out = {row.asset for row in position.inputs.engagement.out_of_scope}
    accepted = position.inputs.engagement.accept.cash_titles
    for cash in position.cash:
        outcome, case = _answer(cash, out_of_scope=cash.currency in left_out, titles_accepted=accepted)
        yield Answered(subject=cash.currency, outcome=outcome, case=case, values=_values(cash))


def _answer(cash: CashPosition, *, out_of_scope: bool, titles_accepted: bool) -> tuple[Answer, str]:
    if out_of_scope:
        return Answer.NOT_APPLICABLE, "outside"
    if cash.owed == 0:
        return Answer.NOT_APPLICABLE, ""
    if not cash.asserted:
        return Answer.NOT_ASSESSABLE, "no register"
    enough = cash.owed - cash.tolerance
    if cash.deciding.held >= enough:
        return Answer.HOLDS, ""
    if cash.attainable < enough:
        return Answer.BREAKS, ""
    return Answer.NOT_ASSESSABLE, "unconfirmed" if titles_accepted else "titles"


def _values(cash: CashPosition) -> dict[str, str]:
    return {
        "owed": format_amount(cash.owed, cash.decimals),
        "deciding": format_amount(cash.deciding.held, cash.decimals),
        "segregated": format_amount(cash.segregated.held, cash.decimals),
        "attainable": format_amount(cash.attainable, cash.decimals),
        "broad": format_amount(cash.broad.held, cash.decimals),
        "ratio": percent(cash.deciding.ratio),
        "shortfall": format_amount(max(cash.owed - cash.deciding.held, 0), cash.decimals),
    }


RULE = Rule(
    id="cash_shortfall",
    title="Of every currency at least as much segregated money is confirmed as is owed",
    severity=Severity.CRITICAL,
    ask=ask,
)
