"""Where words go: results to stdout, everything else to stderr; bars only where somebody watches."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING

from reservecheck.model.progress import Progress, silent

if TYPE_CHECKING:
    from rich.progress import TaskID


class Format(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"


def tell(words: str) -> None:
    """A line for the person, on stderr."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def show(result: str | bytes) -> None:
    """A result, on stdout, with exactly one line end after it."""
    data = result.encode() if isinstance(result, str) else result
    sys.stdout.flush()
    sys.stdout.buffer.write(data.rstrip(b"\n") + b"\n")
    sys.stdout.buffer.flush()


@contextmanager
def bars() -> Iterator[Progress]:
    """Progress bars on stderr while the block runs; silence when stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(console=Console(stderr=True), transient=True) as shown:
        tasks: dict[str, TaskID] = {}
        lock = threading.Lock()

        def progress(stage: str, done: int, total: int) -> None:
            with lock:
                if stage not in tasks:
                    tasks[stage] = shown.add_task(stage, total=total or None)
                shown.update(tasks[stage], completed=done, total=total or None)

        yield progress
