"""What is kept of a conversation with a source, live or replayed.

Only source names reach a log; URLs and credentials never do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from reservecheck.transport.jsonrpc import Call, EnvelopeError, Result, RpcError, open_envelope
from reservecheck.vault.canonical import Json

ANSWERED: Final = "answered"
"""Every other outcome is a failure in words: `timed out`, `unreachable`, `reset`, `http 429`, `not json` …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCard:
    """What a bundle says about a source: its name and who runs it, never where it is."""

    name: str
    network: str
    kind: str  # evm | bitcoind
    operator: str
    run_by: str  # practitioner | third-party | entity
    proofs: bool = False  # whether it is asked to prove what it answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request to one source. (network, source, purpose, ordinal) is its key in the log."""

    network: str
    source: str
    purpose: str  # pin | chain | decimals | cells | final …
    ordinal: int  # given by the reader, so that order never depends on time
    decoder: str  # the pure function that reads the answer: "evm.cells/1"
    calls: tuple[Call, ...]
    batch: bool = False

    @property
    def key(self) -> tuple[str, str, str, int]:
        """Where it stands in the log."""
        return (self.network, self.source, self.purpose, self.ordinal)

    def as_json(self) -> Json:
        """One call as an object, a batch as a list."""
        objects = [call.as_json() for call in self.calls]
        return objects if self.batch else objects[0]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the body of an answer, or a failure's outcome and no body."""

    outcome: str
    body: bytes | None
    attempts: int
    at: str  # RFC 3339 UTC, when the last attempt ended

    def opened(self, question: Question) -> tuple[Result | RpcError, ...] | None:
        """The answers in the order of the calls; None for a failure."""
        if self.body is None:
            return None
        try:
            return open_envelope(self.body, len(question.calls), batch=question.batch)
        except EnvelopeError:
            return None


@dataclass(frozen=True, slots=True)
class Recorded:
    """One exchange of a sealed log: its number, what was asked, what came back."""

    n: int
    question: Question
    reply: Reply


class Transport(Protocol):
    """Asks a source. Never raises for what a source does: a failure is a Reply with its outcome."""

    def ask(self, question: Question) -> Reply:
        """One exchange, retried as the transport sees fit, recorded before it is returned."""
        ...


@dataclass(frozen=True, slots=True)
class Log:
    """A sealed log: exchanges numbered from 1 in the order of their keys."""

    exchanges: tuple[Recorded, ...]

    def of(self, network: str) -> tuple[Recorded, ...]:
        """The exchanges of one network, in order."""
        return tuple(item for item in self.exchanges if item.question.network == network)


def seal(items: Mapping[Question, Reply] | Sequence[tuple[Question, Reply]]) -> Log:
    """Number exchanges by their key; raises ValueError when two share one."""
    pairs = list(items.items()) if isinstance(items, Mapping) else list(items)
    pairs.sort(key=lambda pair: pair[0].key)
    keys = [question.key for question, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError("two exchanges share one place in the log")
    return Log(tuple(Recorded(n, question, reply) for n, (question, reply) in enumerate(pairs, 1)))
