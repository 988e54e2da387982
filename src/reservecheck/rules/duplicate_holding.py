"""No holding is declared twice; one that is counts once."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each holding declared more than once."""
    for duplicate in position.duplicates:
        values = {
            "lines": ", ".join(str(line) for line in duplicate.lines),
            "labels": ", ".join(duplicate.labels),
            "owners": ", ".join(duplicate.owners),
        }
        subject = f"{duplicate.network} {duplicate.identity}"
        yield Answered(subject=subject, outcome=Answer.BREAKS, values=values)
    if not position.duplicates:
        count = str(len(position.inputs.wallets))
        yield Answered(subject="wallets", outcome=Answer.HOLDS, values={"declared": count})


RULE = Rule(
    id="duplicate_holding",
    title="No holding is declared twice",
    severity=Severity.WARNING,
    ask=ask,
)
