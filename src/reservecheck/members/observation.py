"""`pins.json` and `cells.csv.gz`: what the recorded answers say, kept beside them for readers and programs.

`verify` never believes these members: it decodes the log again and compares bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reservecheck.members.codec import to_json
from reservecheck.members.rows import guarded, write_rows
from reservecheck.model.evidence import Cell, Observation
from reservecheck.vault.canonical import canonical_json

PINS: Final = "pins.json"
CELLS: Final = "cells.csv.gz"
CELLS_HEADER: Final = (
    "pin",
    "label",
    "instrument",
    "units",
    "status",
    "reason",
    "evidence",
    "control",
    "exchanges",
    "proof",
    "locked",
    "locked_reason",
)


def write_pins(observation: Observation) -> bytes:
    """The pins, what each token said of its decimals, who was asked, and where they said different things."""
    return canonical_json(
        {
            "decimals": to_json(observation.decimals),
            "disagreements": to_json(observation.disagreements),
            "pins": to_json(observation.pins),
            "sources": to_json(observation.sources),
        },
    )


def write_cells(cells: Sequence[Cell]) -> bytes:
    """One row a cell; `units` is empty when unread, `exchanges` are numbers in the log, separated by blanks."""
    numbers: dict[tuple[int, ...], str] = {}

    def row(cell: Cell) -> tuple[str, ...]:
        joined = numbers.get(cell.exchanges)
        if joined is None:
            joined = numbers[cell.exchanges] = " ".join(map(str, cell.exchanges))
        return (
            cell.pin,
            guarded(cell.label),
            cell.instrument,
            "" if cell.units is None else str(cell.units),
            cell.status,
            cell.reason and guarded(cell.reason),
            cell.evidence,
            cell.control,
            joined,
            cell.proof,
            str(cell.locked) if cell.locked else "",
            cell.locked_why,
        )

    return write_rows(CELLS_HEADER, map(row, cells))
