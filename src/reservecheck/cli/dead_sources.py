"""Which sources did not answer, in a line each: the person who runs a node wants to know what to look at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reservecheck.model.words import CellStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reservecheck.bundle import Gathered
    from reservecheck.model.evidence import Observation

_LOOK_AT: Final = (
    (re.compile(r"http 40[13]"), "look at auth in providers.toml"),
    (re.compile(r"no cookie file"), "look at cookie_file in providers.toml, and whether the node runs"),
    (re.compile(r"http 404|unreachable|not json|wrong id"), "look at url in providers.toml, and at the node"),
    (re.compile(r"http 429|rate limited"), "lower requests_per_second in providers.toml"),
    (re.compile(r"timed out"), "raise timeout_s in providers.toml, or look at the node"),
    (re.compile(r"reset|warming up|http 5\d\d"), "look at the node"),
)


def dead_sources(gathered: Gathered, observation: Observation) -> Iterator[str]:
    """A line for each source that left something unread, with the failure it showed most often, or unproven."""
    unread = {cell.pin.partition("@")[0] for cell in observation.cells if cell.status is CellStatus.UNREAD}
    incomplete = {seen.source for seen in observation.sources if seen.left_out or seen.unread}
    told = set()
    for card in gathered.job.sources:
        failures = [
            item.reply.outcome
            for item in gathered.log.of(card.network)
            if item.question.source == card.name and item.reply.body is None
        ]
        if failures and (card.network in unread or card.name in incomplete):
            outcome = max(failures, key=failures.count)
            look_at = next((words for pattern, words in _LOOK_AT if pattern.fullmatch(outcome)), "")
            told.add(card.name)
            yield f"source {card.name} ({card.network}): {outcome}" + (f" – {look_at}" if look_at else "")
    for seen in observation.sources:
        if seen.left_out and seen.source not in told:
            yield f"source {seen.source} ({seen.network}): nothing it says was used: {seen.left_out}"
    for seen in observation.sources:
        if seen.unproven:
            what = "1 holding" if seen.unproven == 1 else f"{seen.unproven} holdings"
            yield f"source {seen.source} ({seen.network}): {what} not proven: {seen.why_unproven}"
    for one in observation.disagreements:
        said = ", ".join(f"{said.source} says {said.value}" for said in one.said)
        yield f"{one.network}: {' '.join(filter(None, (one.subject, one.instrument)))}: {said}"
