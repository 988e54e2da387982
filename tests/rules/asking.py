"""Ask one rule about some inputs and look at what it says."""

from __future__ import annotations

from reservecheck.assess.positions import position
from reservecheck.model.assessment import Inputs
from reservecheck.rules.rule import Rule

Said = list[tuple[str, str, str]]


def ask(rule: Rule, given: Inputs) -> Said:
    """(outcome, severity, message) of every finding; subjects are never repeated."""
    findings = rule.check(position(given))
    subjects = [finding.subject for finding in findings]
    assert len(set(subjects)) == len(subjects)
    assert {finding.rule for finding in findings} == {rule.id}
    return [(str(found.outcome), str(found.severity), found.message) for found in findings]
