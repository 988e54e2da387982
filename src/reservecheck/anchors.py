"""Block hashes a reader looked up himself: `anchors.csv` with network,height,hash,source,taken_by,taken_at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reservecheck.errors import InputError, Problem
from reservecheck.model.evidence import Pin
from reservecheck.vault.csv_file import read_csv

COLUMNS: Final = ("network", "height", "hash", "source", "taken_by", "taken_at")
_HEIGHT: Final = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """One block, as the reader knows it from elsewhere."""

    network: str
    height: int
    hash: str
    source: str
    taken_by: str
    taken_at: str


def read_anchors(path: Path) -> tuple[Anchor, ...]:
    """Raises InputError with the line of everything that is wrong."""
    anchors: list[Anchor] = []
    problems: list[Problem] = []
    for line, row in read_csv(path, required=COLUMNS).rows:
        height = row["height"]
        if _HEIGHT.fullmatch(height) is None:
            problems.append(Problem(path=str(path), line=line, message=f"{height[:60]!r} is not a block height"))
        elif not row["source"] or not row["taken_by"]:
            message = "an anchor says where it was taken from and by whom"
            problems.append(Problem(path=str(path), line=line, message=message))
        else:
            anchors.append(
                Anchor(
                    network=row["network"],
                    height=int(height),
                    hash=row["hash"].lower(),
                    source=row["source"],
                    taken_by=row["taken_by"],
                    taken_at=row["taken_at"],
                )
            )
    if problems:
        raise InputError(*problems)
    return tuple(anchors)


def contradiction(pin: Pin, anchors: tuple[Anchor, ...]) -> str | None:
    """None: no anchor for the pin; "": all there are agree; otherwise how the first other one differs."""
    found = [anchor for anchor in anchors if anchor.network == pin.network and anchor.height == pin.height]
    for anchor in found:
        if anchor.hash != pin.hash:
            return (
                f"{pin.network} block {pin.height}: the bundle says {pin.hash}, {anchor.source} says {anchor.hash}"
            )
    return "" if found else None
