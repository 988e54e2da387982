"""No block hash the practitioner looked up himself speaks against the block everything was read at."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, Evidence, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each pin; one nobody knows from elsewhere matters only where the policy asks for proof."""
    inputs = position.inputs
    unknown = Answer.NOT_APPLICABLE
    if inputs.engagement.deciding.evidence is Evidence.PROVEN:
        unknown = Answer.NOT_ASSESSABLE
    for pin in inputs.observation.pins:
        values = {"block": f"block {pin.height} {pin.hash}", "known": "; ".join(pin.against or pin.anchors)}
        case = ""
        if pin.next_hash and not pin.against + pin.anchors:
            case, values["next"] = "next", f"block {pin.height + 1} {pin.next_hash}"
        unopposed = Answer.HOLDS if pin.anchors else unknown
        outcome = Answer.BREAKS if pin.against else unopposed
        yield Answered(subject=pin.network, outcome=outcome, case=case, values=values)


RULE = Rule(
    id="anchor_disagrees",
    title="The block everything was read at is the one known from elsewhere",
    severity=Severity.CRITICAL,
    ask=ask,
)
