"""What a collection ended with, in a few lines: blocks, how much was read and proven, and what was not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reservecheck.model.words import CellStatus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reservecheck.bundle import Gathered
    from reservecheck.model.evidence import Observation

MOST = 10


def collected(gathered: Gathered, observation: Observation, evidence: Path) -> Iterator[str]:
    """Blocks first, then counts, then the first unread holdings with their reasons."""
    for pin in observation.pins:
        yield f"{pin.network}: block {pin.height} {pin.hash}"
    unread = [cell for cell in observation.cells if cell.status is CellStatus.UNREAD]
    proven = ""
    if any(card.proofs for card in gathered.job.sources):
        proven = f", {sum(1 for cell in observation.cells if cell.proof)} proven to their blocks"
    yield f"{len(observation.cells)} cells, {len(unread)} unread{proven}; evidence in {evidence}"
    for cell in unread[:MOST]:
        yield f"  unread: {cell.label} {cell.instrument}: {cell.reason}"
    if rest := unread[MOST:]:
        yield f"  … and {len(rest)} more"
