"""A secret that others may read is used all the same, and it is said."""

from __future__ import annotations

from pathlib import Path

from reservecheck.cli.console import tell
from reservecheck.vault.closed_folder import open_to_others


def warn_of_readers(secret: Path | None) -> None:
    """Say of a secret's file, once it was read, that it does not stand open to its owner alone."""
    if secret is not None and (problem := open_to_others(secret)):
        tell(f"warning: {problem}")
