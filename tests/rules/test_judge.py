from __future__ import annotations

import pytest
from tests.assess.inputs_factory import CELLS, books, engagement, inputs, liabilities, owed

from reservecheck.assess.positions import position
from reservecheck.model.assessment import Finding
from reservecheck.model.engagement import Accept
from reservecheck.model.words import Answer, Outcome, Severity
from reservecheck.rules.core import CORE
from reservecheck.rules.judge import count, judge, outcome


def finding(answer: Answer, severity: Severity = Severity.WARNING, rule: str = "any") -> Finding:
    return Finding(rule=rule, outcome=answer, severity=severity, subject="", message="", values={})


HELD, BROKE = finding(Answer.HOLDS), finding(Answer.BREAKS)
UNKNOWN, IDLE = finding(Answer.NOT_ASSESSABLE), finding(Answer.NOT_APPLICABLE)
NOTED = finding(Answer.BREAKS, Severity.NOTE)
SHORT = finding(Answer.BREAKS, Severity.CRITICAL, "asset_shortfall")
SHORT_CASH = finding(Answer.BREAKS, Severity.CRITICAL, "cash_shortfall")


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ((HELD,), Outcome.COVERED),
        ((HELD, IDLE, NOTED), Outcome.COVERED),
        ((HELD, BROKE), Outcome.INCOMPLETE),
        ((HELD, UNKNOWN), Outcome.INCOMPLETE),
        ((HELD, SHORT, UNKNOWN), Outcome.SHORTFALL),
        ((SHORT_CASH,), Outcome.SHORTFALL),
        ((finding(Answer.NOT_ASSESSABLE, rule="asset_shortfall"),), Outcome.INCOMPLETE),
        ((IDLE, NOTED), Outcome.INCOMPLETE),
        ((), Outcome.INCOMPLETE),
    ],
)
def test_the_outcome_follows_the_decisive_findings(findings: tuple[Finding, ...], expected: Outcome) -> None:
    assert outcome(findings) is expected


def test_notes_are_not_counted() -> None:
    counted = count([HELD, HELD, BROKE, UNKNOWN, IDLE, NOTED])
    assert (counted.held, counted.broke, counted.not_assessable, counted.not_applicable) == (2, 1, 1, 1)


def test_an_empty_set_of_rules_is_refused() -> None:
    with pytest.raises(ValueError, match="an empty set would pass by default"):
        judge(position(inputs()), rules=())


def test_every_core_rule_answers() -> None:
    assessment = judge(position(inputs()))
    assert list(dict.fromkeys(found.rule for found in assessment.findings)) == [rule.id for rule in CORE]
    assert assessment.outcome is Outcome.COVERED
    assert assessment.pins == assessment.position.inputs.observation.pins


def test_nothing_declared_and_nothing_owed_never_pass() -> None:
    assert judge(position(inputs(wallets=(), cells=()))).outcome is Outcome.SHORTFALL
    nothing = inputs(wallets=(), cells=(), books=books(liabilities=liabilities([]), cash=None, custodians=None))
    assert judge(position(nothing)).outcome is Outcome.INCOMPLETE


def test_the_strict_defaults_are_incomplete_until_owners_and_titles_are_accepted() -> None:
    assert judge(position(inputs(engagement=engagement(accept=Accept())))).outcome is Outcome.INCOMPLETE


def test_a_hole_in_one_asset_is_a_shortfall_whatever_the_others_hold() -> None:
    lines = (owed("BTC", 1), owed("ETH", 52 * 10**18))
    assert judge(position(inputs(books=books(liabilities=liabilities(lines))))).outcome is Outcome.SHORTFALL


def test_the_same_position_is_judged_the_same() -> None:
    assert judge(position(inputs(cells=CELLS))) == judge(position(inputs(cells=CELLS)))
