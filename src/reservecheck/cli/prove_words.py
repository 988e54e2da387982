"""What `liabilities prove` came to, in words and as JSON; no customer's id among them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from reservecheck.proving import FIRST
from reservecheck.vault.canonical import canonical_json

if TYPE_CHECKING:
    from reservecheck.proving import Proven

SCHEMA: Final = "reservecheck/liabilities-proven/v1-draft"


def proven_as_text(done: Proven, out: Path, *, listed: bool) -> str:
    """Which files were written, and on which lines of a list stands somebody who has no leaf."""
    lines = [f"{asset:<8} {out / name}" for asset, name in done.files[:FIRST]]
    if done.count > FIRST:
        lines.append(f"… and {done.count - FIRST} more; {out / 'manifest.csv'} says whose they are")
    if not listed:
        return "\n".join(lines or ["there is no leaf of this customer: another id, or nothing is owed"])
    lines += [f"line {place + 1}: there is no leaf of this customer" for place in done.unknown[:FIRST]]
    if len(done.unknown) > FIRST:
        lines.append(f"… and {len(done.unknown) - FIRST} more")
    return "\n".join([*lines, f"proofs {done.count}, customers without a leaf {len(done.unknown)}"])


def proven_as_json(done: Proven) -> bytes:
    """The same; places on the list are lines, from 1. Files of every customer are named in manifest.csv alone."""
    files = None if done.every else [{"asset": asset, "file": name} for asset, name in done.files]
    missing = [place + 1 for place in done.unknown]
    return canonical_json({"files": files, "proofs": done.count, "schema": SCHEMA, "without_a_leaf": missing})
