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


class Interrupted(Exception):  # noqa: N818  # no error: somebody pressed Ctrl-C; the text says what is left
    """Ctrl-C while something was underway that can go on."""


def tell(words: str) -> None:
    """A line for the person, on stderr."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def show(result: str | bytes) -> None:
    """A result, on stdout, with exactly one line end after it."""
    data = result.encode(errors="backslashreplace") if isinstance(result, str) else result
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
        endless: set[str] = set()  # stages nobody knows the length of end where the next one begins
        lock = threading.Lock()

        def progress(stage: str, done: int, total: int) -> None:
            with lock:
                if stage not in tasks:
                    for ended in [one for one in endless if one in tasks]:
                        shown.remove_task(tasks.pop(ended))
                    endless.clear()
                    if not total:
                        endless.add(stage)
                    tasks[stage] = shown.add_task(stage, total=total or None)
                shown.update(tasks[stage], completed=done, total=total or None)

        yield progress
