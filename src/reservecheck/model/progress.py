"""How long work tells how far it is, without knowing who listens."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with (stage, done, total); total 0 means it is not known."""


def silent(stage: str, done: int, total: int) -> None:
    """The listener that hears nothing."""
    del stage, done, total
