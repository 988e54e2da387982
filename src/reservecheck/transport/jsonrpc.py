"""JSON-RPC 2.0 envelopes: what is sent, and what an answer's body says. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reservecheck.transport.parsed_bodies import ParsedBodies
from reservecheck.vault.canonical import Json

_BODIES: Final = ParsedBodies()


@dataclass(frozen=True, slots=True)
class Call:
    """One method call; ids are given by position, 1..n."""

    method: str
    params: Sequence[Json]

    def as_json(self) -> dict[str, Json]:
        """The form the log keeps: method and params, no id."""
        return {"method": self.method, "params": list(self.params)}


def same_calls(asked: Sequence[Call], expected: Sequence[Call]) -> bool:
    """Whether both are written down alike: Python takes 1 for True, JSON does not."""
    return len(asked) == len(expected) and all(
        one.method == other.method and _same(one.params, other.params)
        for one, other in zip(asked, expected, strict=True)
    )


def _same(one: Json, other: Json) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    if isinstance(one, Mapping):
        return (
            isinstance(other, Mapping)
            and one.keys() == other.keys()
            and all(_same(value, other[key]) for key, value in one.items())
        )
    if isinstance(one, Sequence):
        return isinstance(other, Sequence) and len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and one == other


@dataclass(frozen=True, slots=True)
class Result:
    """A call that was answered; `value` is the parsed JSON (numbers with a point arrive as Decimal text)."""

    value: Any


@dataclass(frozen=True, slots=True)
class RpcError:
    """A call that the node refused."""

    code: int
    message: str


NOT_JSON: Final = "not JSON"
"""What an EnvelopeError says of a body that cannot be parsed at all."""


class EnvelopeError(ValueError):
    """The body is not the answer to what was asked: not JSON, wrong id, an answer missing or twice."""


def envelope(calls: Sequence[Call], *, batch: bool = False) -> bytes:
    """The request body: one object, or a list when `batch`; ids 1..n in order."""
    objects = [
        {"id": i, "jsonrpc": "2.0", "method": call.method, "params": list(call.params)}
        for i, call in enumerate(calls, 1)
    ]
    return json.dumps(objects if batch else objects[0], separators=(",", ":")).encode()


def open_envelope(body: bytes, count: int, *, batch: bool = False) -> tuple[Result | RpcError, ...]:
    """The answers in the order of the calls, whatever order they came in; raises EnvelopeError.

    Numbers with a decimal point are returned as `str` exactly as sent, so that no amount becomes a float.
    """
    try:
        parsed = _BODIES.parsed(body)
    except ValueError as error:
        raise EnvelopeError(NOT_JSON) from error
    answers = parsed if batch else [parsed]
    if not isinstance(answers, list):
        raise EnvelopeError("a batch was asked, one object came back")
    if len(answers) > count + 1:  # not looked through: a log may name one long answer on many lines
        raise EnvelopeError("an answer without the id that was asked")
    by_id: dict[int, Result | RpcError] = {}
    for answer in answers:
        if not isinstance(answer, dict) or type(answer.get("id")) is not int:
            raise EnvelopeError("an answer without the id that was asked")
        if answer["id"] in by_id:
            raise EnvelopeError("two answers with one id")
        by_id[answer["id"]] = _answer(answer)
    if set(by_id) != set(range(1, count + 1)):
        raise EnvelopeError("an answer without the id that was asked")
    return tuple(by_id[i] for i in range(1, count + 1))


def _answer(answer: dict[str, Any]) -> Result | RpcError:
    error = answer.get("error")
    if error is not None:
        if not isinstance(error, dict):
            raise EnvelopeError("an error that is not an object")
        code = error.get("code")
        return RpcError(code if type(code) is int else 0, str(error.get("message", ""))[:500])
    if "result" not in answer:
        raise EnvelopeError("neither a result nor an error")
    return Result(answer["result"])
