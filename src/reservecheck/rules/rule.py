"""What a rule is: an id, a title, and one question put to a position. Its words stand in the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from reservecheck.model.assessment import Finding, Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.words import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A rule's answer about one subject; `case` tells the catalogue which of several sentences is meant."""

    subject: str
    outcome: Answer
    values: Mapping[str, str] = field(default_factory=dict)
    case: str = ""
    severity: Severity | None = None  # None: the rule's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. A rule that finds nothing to look at says so: no rule stays silent."""

    id: str
    title: str
    severity: Severity
    ask: Callable[[Position], Iterable[Answered]]

    def check(self, position: Position) -> list[Finding]:
        """One finding for each subject, those that hold included; raises KeyError where words are missing."""
        nothing = Answered(subject=position.inputs.entity, outcome=Answer.NOT_APPLICABLE, case="nothing")
        return [self._finding(answer) for answer in tuple(self.ask(position)) or (nothing,)]

    def _finding(self, answer: Answered) -> Finding:
        return Finding(
            rule=self.id,
            outcome=answer.outcome,
            severity=answer.severity or self.severity,
            subject=answer.subject,
            message=words(self.id, answer.outcome, answer.case, answer.subject, answer.values),
            values=dict(answer.values),
        )
