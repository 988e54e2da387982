"""What a source was asked to prove is proven, by it or by another."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, CellStatus, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each network of which a source was asked for proofs and did not give all."""
    observation = position.inputs.observation
    short = {seen.network: seen for seen in reversed(observation.sources) if seen.unproven}
    for network, seen in sorted(short.items()):
        read = [
            cell
            for cell in observation.cells
            if cell.pin.partition("@")[0] == network and cell.status is CellStatus.READ
        ]
        bare = sum(1 for cell in read if not cell.proof)
        values = {"bare": str(bare), "read": str(len(read)), "source": seen.source, "reason": seen.why_unproven}
        yield Answered(subject=network, outcome=Answer.BREAKS if bare else Answer.HOLDS, values=values)


RULE = Rule(
    id="unproven_holding",
    title="What a source was asked to prove is proven",
    severity=Severity.WARNING,
    ask=ask,
)
