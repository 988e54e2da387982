"""Named sources over HTTP: limits, retries, and what an answer is worth. Nothing is asked of anybody unnamed.

An answer is a body that fits what was asked, a refusal by the node included. Everything else is a failure,
keeps no body, and has one of these outcomes: timed out, unreachable, reset, `http NNN`, not json, wrong id,
too large, rate limited, warming up, no cookie file, echoes a credential. A failure that may pass is asked again,
after a wait that doubles or that the host asked for. Once a source could not be reached in all attempts, later
questions get one attempt until it answers again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from reservecheck.errors import SourceError
from reservecheck.moments import utc_text
from reservecheck.transport.endpoint import Endpoint
from reservecheck.transport.jsonrpc import NOT_JSON, EnvelopeError, RpcError, envelope, open_envelope
from reservecheck.transport.pace import Pace, wait_before_retry
from reservecheck.transport.record import ANSWERED, Question, Reply

if TYPE_CHECKING:
    from reservecheck.transport.wire import Landed, Wire

ATTEMPTS: Final = 5
LARGEST_BODY: Final = 256 * 1024 * 1024
"""Bytes of an answer after decompression."""
ECHO: Final = "echoes a credential"
"""Some hosts repeat a key in their error messages: such a body must not be written down."""
NO_COOKIE: Final = "no cookie file"
_OK: Final = 200
_UNAUTHORIZED: Final = 401
_REFUSALS: Final = (400, 404, 500)
"""Older Bitcoin Core sends a JSON-RPC error under these; a body that fits what was asked is an answer."""
_LIMITED: Final = (-32005, 429)
"""JSON-RPC codes for "limit exceeded" (EIP-1474) and its HTTP twin, sent under status 200."""
_WARMING_UP: Final = -28
"""Bitcoin Core, src/rpc/protocol.h: RPC_IN_WARMUP."""
_MAY_PASS: Final = frozenset({
    "timed out", "unreachable", "reset", "not json", "wrong id", "rate limited", "warming up",
    "http 408", "http 425", "http 429", "http 500", "http 502", "http 503", "http 504",
})  # fmt: skip
_GONE: Final = ("timed out", "unreachable")
_ONCE: Final = frozenset({"dumptxoutset"})
"""What a node goes on with after nobody waits for the answer any more: asking again would disturb it."""


class HttpTransport:
    """Asks named sources; safe to use from many threads. Close it, or use it in a `with` block."""

    def __init__(
        self,
        sources: Mapping[str, Endpoint],
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        attempts: int = ATTEMPTS,
        largest_body: int = LARGEST_BODY,
    ) -> None:
        """`clock` gives seconds since 1970, `largest_body` is in bytes.

        Raises SourceError for an endpoint that cannot be used.
        """
        from reservecheck.transport.wire import Wire  # noqa: PLC0415  # httpx takes long to import

        self._clock = clock
        self._sleep = sleep
        self._attempts = attempts
        self._wires: dict[str, Wire] = {}
        self._gone: set[str] = set()
        for name, endpoint in sources.items():
            endpoint.check(name)
            self._wires[name] = Wire(name, endpoint, largest_body=largest_body)
        self._paces = self._shared_paces(sources)

    def ask(self, question: Question) -> Reply:
        """One exchange, retried; raises SourceError for a source that was not named, and nothing else."""
        wire = self._wires.get(question.source)
        if wire is None:
            raise SourceError(
                f"no source is named {question.source}", hint="name it in the providers file, or ask another one"
            )
        body = envelope(question.calls, batch=question.batch)
        once = question.source in self._gone or any(call.method in _ONCE for call in question.calls)
        attempts = 1 if once else self._attempts
        attempt = 1
        outcome, answer, retry_after = self._attempt(wire, question, body)
        while outcome in _MAY_PASS and attempt < attempts:
            self._sleep(wait_before_retry(attempt, retry_after, self._clock()))
            attempt += 1
            outcome, answer, retry_after = self._attempt(wire, question, body)
        if outcome in _GONE:
            self._gone.add(question.source)
        else:
            self._gone.discard(question.source)
        return Reply(outcome, answer, attempt, utc_text(int(self._clock())))

    def close(self) -> None:
        """Drop all connections."""
        for wire in self._wires.values():
            wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"HttpTransport({', '.join(sorted(self._wires))})"

    def _attempt(self, wire: Wire, question: Question, body: bytes) -> tuple[str, bytes | None, str | None]:
        """Outcome, body of an answer, and the Retry-After of a failure."""
        with self._paces[question.source].turn():
            if wire.lacks_cookie():
                return NO_COOKIE, None, None
            used = wire.credentials
            landed = wire.post(body, used)
            if not isinstance(landed, str) and landed.status == _UNAUTHORIZED:
                fresh = wire.read_credentials_again()
                landed = wire.post(body, fresh) if fresh not in (None, used) else landed
        if isinstance(landed, str):
            return landed, None, None
        outcome = ECHO if wire.echoes(landed.body) else _judge(landed, question)
        return outcome, landed.body if outcome == ANSWERED else None, landed.retry_after

    def _shared_paces(self, sources: Mapping[str, Endpoint]) -> dict[str, Pace]:
        hosts: dict[tuple[str, int | None], list[str]] = {}
        for name, wire in self._wires.items():
            hosts.setdefault(wire.host, []).append(name)
        paces: dict[str, Pace] = {}
        for names in hosts.values():
            pace = Pace(
                parallel=min(sources[name].parallel for name in names),
                requests_per_second=min(sources[name].requests_per_second for name in names),
                ticks=time.monotonic,
                sleep=self._sleep,
            )
            paces.update(dict.fromkeys(names, pace))
        return paces


def _judge(landed: Landed, question: Question) -> str:
    """The outcome of an HTTP answer."""
    if landed.status != _OK and landed.status not in _REFUSALS:
        return f"http {landed.status}"
    try:
        answers = open_envelope(landed.body, len(question.calls), batch=question.batch)
    except EnvelopeError as error:
        if landed.status != _OK:
            return f"http {landed.status}"
        return _misfit(landed.body, str(error))
    return _refused_for_now({answer.code for answer in answers if isinstance(answer, RpcError)}) or ANSWERED


def _misfit(body: bytes, why: str) -> str:
    """A body that does not fit; one error object in place of a whole batch may still be a limit."""
    if why == NOT_JSON:
        return "not json"
    parsed = json.loads(body)
    error = parsed.get("error") if isinstance(parsed, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return _refused_for_now({code} if type(code) is int else set()) or "wrong id"


def _refused_for_now(codes: set[int]) -> str | None:
    if codes & set(_LIMITED):
        return "rate limited"
    return "warming up" if _WARMING_UP in codes else None
