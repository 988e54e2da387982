"""From a position to an assessment: every rule asked, every answer counted, one outcome."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reservecheck.model.assessment import Assessment, Checks, Finding, Position
from reservecheck.model.words import Answer, Outcome, Severity
from reservecheck.rules.core import CORE
from reservecheck.rules.rule import Rule

_SHORTFALLS = frozenset({"asset_shortfall", "cash_shortfall"})


def judge(position: Position, rules: Sequence[Rule] = CORE) -> Assessment:
    """Ask every rule; raises ValueError for an empty set of rules, which would pass by default."""
    if not rules:
        raise ValueError("no rules to ask: an empty set would pass by default")
    findings = tuple(finding for rule in rules for finding in rule.check(position))
    return Assessment(
        position=position,
        findings=findings,
        checks=count(findings),
        outcome=outcome(findings),
        pins=position.inputs.observation.pins,
    )


def count(findings: Iterable[Finding]) -> Checks:
    """How the rules answered; notes are not counted, because they never change the outcome."""
    answers = [finding.outcome for finding in findings if finding.severity is not Severity.NOTE]
    return Checks(
        held=answers.count(Answer.HOLDS),
        broke=answers.count(Answer.BREAKS),
        not_assessable=answers.count(Answer.NOT_ASSESSABLE),
        not_applicable=answers.count(Answer.NOT_APPLICABLE),
    )


def outcome(findings: Iterable[Finding]) -> Outcome:
    """`shortfall` if one breaks, `covered` only if nothing breaks and everything could be assessed."""
    decisive = [finding for finding in findings if finding.severity is not Severity.NOTE]
    broken = [finding for finding in decisive if finding.outcome is Answer.BREAKS]
    if any(finding.rule in _SHORTFALLS for finding in broken):
        return Outcome.SHORTFALL
    if broken or any(finding.outcome is Answer.NOT_ASSESSABLE for finding in decisive):
        return Outcome.INCOMPLETE
    return Outcome.COVERED if any(finding.outcome is Answer.HOLDS for finding in decisive) else Outcome.INCOMPLETE
