"""What every human-readable report says, in order; text and markdown are two renderings of this."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reservecheck.model.assessment import Assessment, Finding, Position
from reservecheck.model.evidence import Pin
from reservecheck.model.operators import entity_keys, voices
from reservecheck.model.words import Answer, Severity
from reservecheck.moments import utc_text
from reservecheck.report.document import Document, Section
from reservecheck.report.figures import aggregate_points, asset_notes, asset_table, cash_notes, cash_table
from reservecheck.report.known_owed import TITLE, known_points

REHEARSAL: Final = "REHEARSAL: names and figures are fictional. This says nothing about any real company."
NO_ENGAGEMENT: Final = (
    "the strict defaults apply, everything owed is in the perimeter, and nobody has accepted what the entity"
    " says of its own wallets and accounts"
)
NOT_SHOWN: Final = (
    "debts the entity did not record, side agreements, and customers or products left out of the extract",
    "coins borrowed for the day, or moved after the block they were read at",
    "the same coins counted on a chain and again in a custodian's letter that names no addresses",
    "who else has copies of the keys, or whether a friend signed for coins of his own",
    "letters and statements that are forged",
    "anything between two cut-offs: every figure here is about one instant",
    "this is a working sheet of checks and their findings; it is nobody's opinion",
)


def document(assessment: Assessment) -> Document:
    """Everything a reader is told, unescaped."""
    position = assessment.position
    inputs = position.inputs
    return Document(
        banner=REHEARSAL if inputs.engagement.rehearsal else "",
        outcome=str(assessment.outcome),
        checks=checks(assessment),
        title=f"{inputs.entity} at {inputs.engagement.cutoff}",
        subject=f"{inputs.name} [{inputs.entity}] at {inputs.engagement.cutoff}",
        sections=tuple(_sections(assessment)),
    )


def checks(assessment: Assessment) -> str:
    """Such as `checks: 14 held, 2 broke, 3 not assessable`, never a verdict."""
    counts = assessment.checks
    return f"checks: {counts.held} held, {counts.broke} broke, {counts.not_assessable} not assessable"


def _sections(assessment: Assessment) -> Iterator[Section]:
    position = assessment.position
    yield from _settings(position)
    yield Section(title="Read at", points=tuple(_pins(assessment)))
    yield Section(
        title="Coins: what is owed, and what decides", table=asset_table(position), points=asset_notes(position)
    )
    yield Section(title=TITLE, points=known_points(position) or ("nothing is owed in the file received",))
    yield Section(title="All assets together", points=aggregate_points(position))
    if position.cash:
        yield Section(title="Cash", table=cash_table(position), points=cash_notes(position))
    for title, outcome in (("What breaks", Answer.BREAKS), ("What cannot be assessed", Answer.NOT_ASSESSABLE)):
        found = [finding for finding in assessment.findings if finding.outcome is outcome]
        points = tuple(_said(finding) for finding in found if finding.severity is not Severity.NOTE)
        yield Section(title=title, points=points or ("nothing",))
    yield Section(title="Notes", points=tuple(_notes(assessment)) or ("none",))
    yield Section(title="What this does not show", points=NOT_SHOWN)


def _settings(position: Position) -> Iterator[Section]:
    if position.loosened:
        yield Section(title="Settings looser than the default", points=position.loosened)
    if not position.inputs.engagement.given:
        yield Section(title="No engagement was given", points=(NO_ENGAGEMENT,))


def _pins(assessment: Assessment) -> Iterator[str]:
    for pin in assessment.pins:
        yield _pin(pin, assessment.position)
    if not assessment.pins:
        yield "no block: nothing was read from a chain"


def _pin(pin: Pin, position: Position) -> str:
    network = position.inputs.registry.networks.get(pin.network)
    local = f" ({network.test_chain})" if network and network.test_chain else ""
    skew = position.inputs.engagement.cutoff_epoch - pin.time
    when = f"{abs(skew)} s {'before' if skew >= 0 else 'after'} the cut-off"
    agreed = f"said by {', '.join(pin.agreed) or 'nobody'}{_voices(pin, position)}"
    return f"{pin.network}{local}: block {pin.height} of {utc_text(pin.time)}, {when}, {agreed}; hash {pin.hash}"


def _voices(pin: Pin, position: Position) -> str:
    """Of how many operators beside the entity those are who name the block, where more than one was asked."""
    seen = [one for one in position.inputs.observation.sources if one.network == pin.network]
    if len(seen) < 2:  # noqa: PLR2004  # one source has nothing to be compared with
        return ""
    entity = entity_keys(((one.operator, one.run_by) for one in seen), position.inputs.entity, position.inputs.name)
    count = voices((one.operator for one in seen if one.source in pin.agreed), entity)
    return f" ({count} operator{'s' if count != 1 else ''} beside the entity)"


def _said(finding: Finding) -> str:
    return f"{finding.rule} ({finding.severity}): {finding.message}"


def _notes(assessment: Assessment) -> Iterator[str]:
    for finding in assessment.findings:
        noted = finding.severity is Severity.NOTE and finding.rule != "policy_looser_than_default"
        if noted and finding.outcome in {Answer.BREAKS, Answer.NOT_ASSESSABLE}:
            yield finding.message
