"""The command line as a function, and the transport without its waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest

from reservecheck import __main__
from reservecheck.cli import collecting
from reservecheck.transport.http import HttpTransport


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


def without_waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Every wait of the transport, written down instead of being slept."""
    waits: list[float] = []
    monkeypatch.setattr(collecting, "HttpTransport", partial(HttpTransport, sleep=waits.append))
    return waits
