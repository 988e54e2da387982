"""No block hash the practitioner looked up himself speaks against the block everything was read at."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each pin; a pin nobody knows from elsewhere is asked nothing of."""
    for pin in position.inputs.observation.pins:
        values = {"block": f"block {pin.height} {pin.hash}", "known": "; ".join(pin.against or pin.anchors)}
        unopposed = Answer.HOLDS if pin.anchors else Answer.NOT_APPLICABLE
        outcome = Answer.BREAKS if pin.against else unopposed
        yield Answered(subject=pin.network, outcome=outcome, values=values)


RULE = Rule(
    id="anchor_disagrees",
    title="The block everything was read at is the one known from elsewhere",
    severity=Severity.CRITICAL,
    ask=ask,
)
