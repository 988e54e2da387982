"""Which sources did not answer, in a line each: the person who runs a node wants to know what to look at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reservecheck.chains.evm.answers import node_error
from reservecheck.model.words import CellStatus
from reservecheck.transport.jsonrpc import RpcError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reservecheck.bundle import Gathered
    from reservecheck.model.evidence import Observation
    from reservecheck.transport.record import Recorded

_LOOK_AT: Final = (
    (re.compile(r"http 40[13]"), "look at auth in providers.toml"),
    (re.compile(r"no cookie file"), "look at cookie_file in providers.toml, and whether the node runs"),
    (re.compile(r"http 404|unreachable|not json|wrong id"), "look at url in providers.toml, and at the node"),
    (re.compile(r"http 429|rate limited"), "lower requests_per_second in providers.toml"),
    (re.compile(r"timed out"), "raise timeout_s in providers.toml, or look at the node"),
    (
        re.compile(r"node error .*(rate|quota|too many|request limit).*"),
        "lower requests_per_second in providers.toml",
    ),
    (re.compile(r"(?i)node error .*(api.?key|unauthori[sz]ed|forbidden).*"), "look at auth in providers.toml"),
    (
        re.compile(r"node error .*(missing trie|pruned|header not found|unknown block).*"),
        "ask a node that keeps older state",
    ),
    (re.compile(r"node error -3260[12]:.*"), "look at kind in providers.toml, and at what the node allows"),
    (re.compile(r"reset|warming up|http 5\d\d|node error.*"), "look at the node"),
)
_A_CONTRACTS_OWN: Final = re.compile(r"revert|opcode|out of gas|invalid jump|stack", re.IGNORECASE)


def dead_sources(gathered: Gathered, observation: Observation) -> Iterator[str]:
    """A line for each source that left something unread, with the failure it showed most often, or unproven."""
    unread = {cell.pin.partition("@")[0] for cell in observation.cells if cell.status is CellStatus.UNREAD}
    incomplete = {seen.source for seen in observation.sources if seen.left_out or seen.unread}
    told = set()
    for card in gathered.job.sources:
        asked = [item for item in gathered.log.of(card.network) if item.question.source == card.name]
        failures = [said for item in asked if (said := _failure(item))]
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


def _failure(item: Recorded) -> str:
    """What went wrong with a whole exchange, "" if nothing did; what a contract refuses is no fault of the node."""
    if item.reply.body is None:
        return item.reply.outcome
    errors = [answer for answer in item.reply.opened(item.question) or () if isinstance(answer, RpcError)]
    whole = len(errors) == len(item.question.calls)
    if not whole or any(_A_CONTRACTS_OWN.search(error.message) for error in errors):
        return ""
    return node_error(errors[0])
