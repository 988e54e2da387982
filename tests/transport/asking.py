"""Questions and transports for the tests of this folder: no waiting, a fixed clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from reservecheck.transport.endpoint import Endpoint
from reservecheck.transport.http import HttpTransport
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Question, Reply
from reservecheck.vault.canonical import Json

NOW = 1_530_111_600
NOW_TEXT = "2018-06-27T15:00:00Z"
EVM = "eip155:31337"


def question(*calls: tuple[str, Json], ordinal: int = 0, batch: bool = False, source: str = "node") -> Question:
    """A question to `node`; each call is a method and its list of params."""
    return Question(
        network=EVM,
        source=source,
        purpose="cells",
        ordinal=ordinal,
        decoder="test/1",
        calls=tuple(Call(name, params if isinstance(params, list) else [params]) for name, params in calls),
        batch=batch,
    )


CHAIN_ID = question(("eth_chainId", []))
HEIGHT = question(("getblockcount", []))


@dataclass
class Sleeps:
    """A sleep that does not: it remembers what was asked of it, the host's rate limit apart."""

    waits: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        if seconds >= 0.25:
            self.waits.append(seconds)


@contextmanager
def asking(
    url: str, sleeps: Sleeps | None = None, *, attempts: int = 5, **limits: object
) -> Iterator[HttpTransport]:
    """A transport with one source, `node`; `limits` are the endpoint's other fields."""
    endpoint = Endpoint(url, **{"requests_per_second": 1000, "timeout_s": 10, **limits})  # type: ignore[arg-type]  # the tests know the fields
    sleep = sleeps or Sleeps()
    with HttpTransport({"node": endpoint}, clock=lambda: NOW + 0.9, sleep=sleep, attempts=attempts) as transport:
        yield transport


@dataclass
class Scripted:
    """A transport that gives what it was told, one reply after another, and counts."""

    replies: list[Reply]
    asked: list[Question] = field(default_factory=list)

    def ask(self, asked: Question) -> Reply:
        self.asked.append(asked)
        return self.replies[(len(self.asked) - 1) % len(self.replies)]


def answered(body: bytes) -> Reply:
    """A reply at the first attempt."""
    return Reply("answered", body, 1, NOW_TEXT)
