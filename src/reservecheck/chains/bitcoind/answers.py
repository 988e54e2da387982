"""What a node of Bitcoin's family answered, field by field: whatever is not exactly as expected is unreadable.

Answers come from strangers, live and in bundles, so nothing is taken for granted but that JSON was parsed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, TypeVar

from reservecheck.errors import MoneyError
from reservecheck.money import in_range, parse_amount
from reservecheck.transport.jsonrpc import Call, RpcError, same_calls
from reservecheck.transport.record import Question, Recorded, SourceCard, Transport

DECIMALS: Final = 8
"""Digits after the point of a whole coin, in all of Bitcoin's family (`ValueFromAmount` prints all eight)."""

_WORD: Final = 2**32
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_AS_PRINTED: Final = re.compile(r"(0|[1-9][0-9]{0,8})\.([0-9]{8})", re.ASCII)

Kind = TypeVar("Kind")


class Unreadable(Exception):  # noqa: N818  # it is a reason for an unread cell, not an error of the program
    """Nothing can be concluded from an exchange; the text is the reason an unread cell gives."""


class Asker:
    """One source of one network behind a transport: numbers its questions and asks them."""

    def __init__(self, network: str, source: SourceCard, transport: Transport) -> None:
        self._network, self._source, self._transport = network, source.name, transport

    def ask(
        self, purpose: str, ordinal: int, decoder: str, calls: Sequence[Call], *, batch: bool = False
    ) -> Recorded:
        """One exchange, as the decoders will find it in the log, but not yet numbered."""
        question = Question(
            network=self._network,
            source=self._source,
            purpose=purpose,
            ordinal=ordinal,
            decoder=decoder,
            calls=tuple(calls),
            batch=batch,
        )
        return Recorded(0, question, self._transport.ask(question))


def values(item: Recorded) -> tuple[object, ...]:
    """The results of an exchange's calls, in their order; raises Unreadable unless every one has a result."""
    if item.reply.body is None:
        raise Unreadable(item.reply.outcome)
    opened = item.reply.opened(item.question)
    if opened is None:
        raise Unreadable("garbled answer: not what was asked")
    for answer in opened:
        if isinstance(answer, RpcError):
            raise Unreadable(f"the node answered {answer.code}: {_printable(answer.message)}")
    return tuple(answer.value for answer in opened if not isinstance(answer, RpcError))


def value(item: Recorded) -> object:
    """The result of an exchange of one call; raises Unreadable."""
    return values(item)[0]


def require_calls(item: Recorded, expected: Sequence[Call], *, more: bool = False) -> None:
    """Raises Unreadable unless these calls were asked: a log is read with its questions.

    `more` allows others after them.
    """
    asked = item.question.calls[: len(expected)] if more else item.question.calls
    if not same_calls(asked, expected):
        raise Unreadable("garbled question: other calls")


def heights_asked(item: Recorded) -> list[int]:
    """The heights of a batch of `getblockhash`; raises Unreadable unless each is one above the one before."""
    heights = [call.params[0] if len(call.params) == 1 else None for call in item.question.calls]
    numbers = [height for height in heights if type(height) is int and height >= 0]
    asked_else = any(call.method != "getblockhash" for call in item.question.calls)
    if asked_else or not numbers or heights != list(range(numbers[0], numbers[0] + len(numbers))):
        raise Unreadable("garbled question: heights")
    return numbers


def hash_calls(heights: Sequence[int]) -> list[Call]:
    """One `getblockhash` a height."""
    return [Call("getblockhash", [height]) for height in heights]


def field(answer: object, name: str, kind: type[Kind]) -> Kind:
    """A member of an object, of exactly that type (True is not a number); raises Unreadable."""
    found = answer.get(name) if isinstance(answer, dict) else None
    if type(found) is not kind:
        raise Unreadable(f"garbled answer: {name}")
    return found


def number(answer: object, name: str) -> int:
    """A height, a header time or an output's number: 0 to 2^32 − 1; raises Unreadable."""
    found = field(answer, name, int)
    if not 0 <= found < _WORD:
        raise Unreadable(f"garbled answer: {name}")
    return found


def block_hash(found: object) -> str:
    """A block's or transaction's hash as 64 lower-case hex digits; raises Unreadable."""
    if not isinstance(found, str) or _HASH.fullmatch(found) is None:
        raise Unreadable("garbled answer: not a hash")
    return found


def satoshis(found: object) -> int:
    """An amount in whole coins, as the JSON carried it, in satoshis; raises Unreadable unless exact and ≥ 0.

    Nodes print eight digits after the point. Software between may shorten `50.00000000` to `50`; whatever
    writes an exponent is refused.
    """
    if isinstance(found, str):
        printed = _AS_PRINTED.fullmatch(found)
        if printed is not None:
            return int(printed[1] + printed[2])
    try:
        units = parse_amount(found, DECIMALS) if isinstance(found, str) else _whole(found)
    except MoneyError as error:
        raise Unreadable("garbled answer: amount") from error
    if units < 0:
        raise Unreadable("garbled answer: amount")
    return units


def _whole(found: object) -> int:
    if type(found) is not int:
        raise MoneyError("an amount is a number")
    return in_range(found * 10**DECIMALS)


def _printable(text: str) -> str:
    longest = 200
    return "".join(c if c.isprintable() else " " for c in text[:longest])
