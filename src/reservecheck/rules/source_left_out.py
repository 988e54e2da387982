"""Every source that was asked was used and read everything; where others did without it, that is said."""

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
            outcome = Answer.BREAKS if seen.left_out or seen.unread else Answer.HOLDS
            reason = seen.left_out or seen.why_unread
            values = {"network": seen.network, "unread": str(seen.unread), "reason": reason}
            case = "in part" if seen.unread and not seen.left_out else ""
            yield Answered(subject=seen.source, outcome=outcome, values=values, case=case)


RULE = Rule(
    id="source_left_out",
    title="Every source that was asked was used, and read everything",
    severity=Severity.NOTE,
    ask=ask,
)
