"""Every source that was asked was used; where others were enough without one, that is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each source beside which another was asked."""
    sources = position.inputs.observation.sources
    asked = Counter(seen.network for seen in sources)
    for seen in sources:
        if asked[seen.network] > 1:
            outcome = Answer.BREAKS if seen.left_out else Answer.HOLDS
            values = {"network": seen.network, "reason": seen.left_out}
            yield Answered(subject=seen.source, outcome=outcome, values=values)


RULE = Rule(
    id="source_left_out",
    title="Every source that was asked was used",
    severity=Severity.NOTE,
    ask=ask,
)
