"""The log as bytes: one line of canonical JSON for each exchange, bodies apart, named by their digest.

Keys of a line, all required: n, network, source, purpose, ordinal, decoder, request, answer, outcome, attempts, at.
`request` is one `{"method", "params"}` or, for a batch, a list of them; `answer` is the SHA-256 of the body,
null for a failure. A log that deviates in anything is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from reservecheck.errors import BundleError
from reservecheck.moments import parse_moment
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import ANSWERED, Log, Question, Recorded, Reply
from reservecheck.vault.canonical import Json, canonical_json, parse_json, sha256

MEMBER: Final = "exchanges.jsonl"
_WORDS: Final = ("network", "source", "purpose", "decoder", "outcome", "at")
_COUNTS: Final = ("n", "ordinal", "attempts")
_KEYS: Final = frozenset({*_WORDS, *_COUNTS, "request", "answer"})
LARGEST_ANSWERS: Final = 1 << 29
"""The bodies of all lines together, each as often as it is named, are not larger than this, in bytes."""
_TOO_LARGE: Final = f"the answers of all lines together are larger than {LARGEST_ANSWERS} bytes"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Line(NamedTuple):
    """One line, its body still apart: `reply(body)` puts them together."""

    n: int
    question: Question
    outcome: str
    answer: str | None
    attempts: int
    at: str

    def reply(self, body: bytes | None) -> Reply:
        """What came back; `body` is that named by `answer`, None for a failure."""
        return Reply(self.outcome, body, self.attempts, self.at)


def write_log(log: Log) -> tuple[bytes, dict[str, bytes]]:
    """The bytes of `exchanges.jsonl`, and each body once, by its lower-case hex SHA-256.

    Raises BundleError for a log that `read_log` would refuse for its size.
    """
    if sum(len(item.reply.body or b"") for item in log.exchanges) > LARGEST_ANSWERS:
        raise BundleError(
            f"{MEMBER}: {_TOO_LARGE}", hint="ask fewer sources for proofs, or report on fewer wallets at a time"
        )
    bodies: dict[str, bytes] = {}
    lines = []
    for item in log.exchanges:
        digest = None if item.reply.body is None else sha256(item.reply.body)
        if digest is not None and item.reply.body is not None:
            bodies[digest] = item.reply.body
        lines.append(write_line(item.n, item.question, item.reply, digest))
    return b"".join(lines), bodies


def read_log(jsonl: bytes, body_of: Callable[[str], bytes], *, name: str = MEMBER) -> Log:
    """The log; `body_of` gives a body by its digest and raises BundleError when there is none.

    Raises BundleError naming the line that is not as `write_log` writes it, or whose body is another one.
    """
    if jsonl and not jsonl.endswith(b"\n"):
        raise BundleError(f"{name}: the last line does not end")
    exchanges: list[Recorded] = []
    bodies: dict[str, bytes] = {}
    left = LARGEST_ANSWERS
    for number, raw in enumerate(jsonl.split(b"\n")[:-1], 1):
        where = f"{name}:{number}"
        line = read_line(raw, where)
        if line.n != number:
            raise BundleError(f"{where}: n is {line.n} where {number} is due")
        if exchanges and line.question.key <= exchanges[-1].question.key:
            raise BundleError(f"{where}: out of order, or its place is taken by the line before")
        if line.answer is not None and line.answer not in bodies:
            bodies[line.answer] = _body(line.answer, body_of, where)
        body = None if line.answer is None else bodies[line.answer]
        left -= len(body or b"")
        if left < 0:
            raise BundleError(f"{where}: {_TOO_LARGE}")
        exchanges.append(Recorded(number, line.question, line.reply(body)))
    return Log(tuple(exchanges))


def write_line(n: int, question: Question, reply: Reply, digest: str | None) -> bytes:
    """One line with its end; `digest` is that of the reply's body, None for a failure."""
    return canonical_json(
        {
            "n": n,
            "network": question.network,
            "source": question.source,
            "purpose": question.purpose,
            "ordinal": question.ordinal,
            "decoder": question.decoder,
            "request": question.as_json(),
            "answer": digest,
            "outcome": reply.outcome,
            "attempts": reply.attempts,
            "at": reply.at,
        }
    )


def read_line(raw: bytes, where: str) -> Line:
    """One line without its end; raises BundleError naming `where`."""
    entry = parse_json(raw, name=where)
    if not isinstance(entry, Mapping) or set(entry) != _KEYS:
        raise BundleError(f"{where}: an exchange has exactly the keys {', '.join(sorted(_KEYS))}")
    words = {key: _word(entry[key], key, where) for key in _WORDS}
    counts = {key: _count(entry[key], key, where) for key in _COUNTS}
    outcome, answer, at = words["outcome"], entry["answer"], words["at"]
    if answer is not None and not (isinstance(answer, str) and _DIGEST.fullmatch(answer)):
        raise BundleError(f"{where}: answer is neither null nor a SHA-256 in lower-case hex")
    if (outcome == ANSWERED) != (answer is not None):
        raise BundleError(f"{where}: the outcome is {outcome!r}, which does not go with its answer")
    try:
        parse_moment(at)
    except ValueError as error:
        raise BundleError(f"{where}: at: {error}") from error
    calls, batch = _calls(entry["request"], where)
    question = Question(
        network=words["network"],
        source=words["source"],
        purpose=words["purpose"],
        ordinal=counts["ordinal"],
        decoder=words["decoder"],
        calls=calls,
        batch=batch,
    )
    return Line(counts["n"], question, outcome, answer, counts["attempts"], at)


def request_digest(question: Question) -> str:
    """SHA-256 of decoder and request: equal for questions that ask the same at the same place."""
    return sha256(canonical_json([question.decoder, question.as_json()]))


def _body(digest: str, body_of: Callable[[str], bytes], where: str) -> bytes:
    body = body_of(digest)
    if sha256(body) != digest:
        raise BundleError(f"{where}: the body named {digest} has another digest")
    return body


def _word(value: Json, key: str, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise BundleError(f"{where}: {key} is not a text")
    return value


def _count(value: Json, key: str, where: str) -> int:
    if type(value) is not int or value < (0 if key == "ordinal" else 1):
        raise BundleError(f"{where}: {key} is not a count")
    return value


def _calls(request: Json, where: str) -> tuple[tuple[Call, ...], bool]:
    batch = isinstance(request, list)
    objects: Sequence[Json] = request if isinstance(request, list) else [request]
    calls = []
    for item in objects:
        if not isinstance(item, Mapping) or set(item) != {"method", "params"}:
            raise BundleError(f"{where}: a request has exactly the keys method, params")
        method, params = item["method"], item["params"]
        if not isinstance(method, str) or not isinstance(params, list):
            raise BundleError(f"{where}: a request is a method's name and a list of params")
        calls.append(Call(method, params))
    if not calls:
        raise BundleError(f"{where}: a batch asks at least one thing")
    return tuple(calls), batch
