from __future__ import annotations

import pytest
from tests.assess.inputs_factory import inputs

from reservecheck.assess.positions import position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule


def rule(*answers: Answered) -> Rule:
    return Rule(id="liability_grade", title="a title", severity=Severity.CRITICAL, ask=lambda _: answers)


def test_a_rule_that_finds_nothing_to_look_at_says_so() -> None:
    (finding,) = rule().check(position(inputs()))
    assert (finding.outcome, finding.subject) == (Answer.NOT_APPLICABLE, "kaede")
    assert finding.message == "there is nothing to look at in what was received"


def test_an_answer_may_weigh_less_than_its_rule() -> None:
    answers = [
        Answered(subject="a", outcome=Answer.HOLDS, values={"grade": "L1"}),
        Answered(subject="b", outcome=Answer.HOLDS, values={"grade": "L1"}, severity=Severity.NOTE),
    ]
    findings = rule(*answers).check(position(inputs()))
    assert [finding.severity for finding in findings] == [Severity.CRITICAL, Severity.NOTE]
    assert findings[0].values == {"grade": "L1"}


def test_an_answer_without_words_is_refused() -> None:
    with pytest.raises(KeyError):
        rule(Answered(subject="a", outcome=Answer.NOT_ASSESSABLE)).check(position(inputs()))
