"""The command line as a function, and the transport without its waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest

from reservecheck import __main__
from reservecheck.cli import collecting
from reservecheck.transport.http import ATTEMPTS, HttpTransport
from reservecheck.transport.pace import FIRST_WAIT_S


@dataclass(frozen=True, slots=True)
class Said:
    """What one command said, and its exit code."""

    code: int
    out: str
    err: str


Ask = Callable[..., Said]


def asker(capfd: pytest.CaptureFixture[str]) -> Ask:
    """A command line that keeps stdout and stderr apart."""

    def ask(*arguments: str) -> Said:
        capfd.readouterr()
        code = __main__.run([str(one) for one in arguments])
        said = capfd.readouterr()
        assert "Traceback" not in said.err
        return Said(code, said.out, said.err)

    return ask


def without_waits(monkeypatch: pytest.MonkeyPatch, *, attempts: int = ATTEMPTS) -> list[float]:
    """Every wait between two attempts, written down instead of being slept; those of a rate limit are shorter."""
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        if seconds >= FIRST_WAIT_S:
            waits.append(seconds)

    door = partial(HttpTransport, sleep=sleep, attempts=attempts)
    monkeypatch.setattr(collecting, "HttpTransport", door)
    return waits
