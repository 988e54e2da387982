"""No holding rests on a source that the entity itself runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reservecheck.model.assessment import Position
from reservecheck.model.words import Answer, CellStatus, Evidence, Severity
from reservecheck.rules.rule import Answered, Rule


def ask(position: Position) -> Iterator[Answered]:
    """One answer for each network that was read."""
    counts = Counter((cell.pin, cell.status, cell.evidence) for cell in position.inputs.observation.cells)
    networks: dict[str, tuple[int, int]] = {}
    for (pin, status, evidence), count in counts.items():
        if status is CellStatus.READ:
            network = pin.partition("@")[0]
            read, own = networks.get(network, (0, 0))
            networks[network] = (read + count, own + (count if evidence is Evidence.CLAIMED else 0))
    for network, (read, own) in sorted(networks.items()):
        outcome = Answer.NOT_ASSESSABLE if own else Answer.HOLDS
        yield Answered(subject=network, outcome=outcome, values={"holdings": str(read), "own": str(own)})


RULE = Rule(
    id="source_run_by_the_entity",
    title="No holding rests on the entity's own source",
    severity=Severity.WARNING,
    ask=ask,
)
