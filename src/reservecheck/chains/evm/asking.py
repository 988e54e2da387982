"""What a failed request means for the next one: ask for less, ask in another way, or stop asking."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from typing import Final

from reservecheck.chains.evm.conversation import Conversation
from reservecheck.transport.jsonrpc import Call, Result, RpcError
from reservecheck.transport.record import Recorded

GIVE_UP_AFTER: Final = 16
"""Failures in a row after which a way of asking is given up: more than it takes to halve 5,000 cells to one."""

_SMALLER: Final = re.compile(r"gas|too large|too big|limit|time|size|exceed|abort", re.IGNORECASE)
_STOP: Final = re.compile(r"rate limit|too many requests|canonical|header not found|block not found|unknown block|"
                          r"blocknotfound|missing trie|pruned", re.IGNORECASE)  # fmt: skip
_SMALLER_OUTCOME: Final = re.compile(r"timed out|reset|not json|wrong id|too large|http (413|5\d\d)", re.IGNORECASE)
_NO_SUCH_CALL: Final = frozenset({-32601, -32602})


class Next(Enum):
    """What to do after an exchange."""

    GO_ON = "go on"
    SMALLER = "ask for less at once"
    OTHERWISE = "ask in another way"
    STOP = "stop asking this source"


def after(exchange: Recorded) -> Next:
    """What an exchange's outcome asks for; answers themselves are judged by whoever asked."""
    if exchange.reply.body is None:
        return Next.SMALLER if _SMALLER_OUTCOME.search(exchange.reply.outcome) else Next.STOP
    answers = exchange.reply.opened(exchange.question)
    if answers is None:
        return Next.SMALLER
    first = answers[0]
    if exchange.question.batch or isinstance(first, Result):
        return Next.GO_ON
    return _after_error(first)


def _after_error(error: RpcError) -> Next:
    if error.code in _NO_SUCH_CALL:
        return Next.OTHERWISE
    if _STOP.search(error.message):
        return Next.STOP
    return Next.SMALLER if _SMALLER.search(error.message) else Next.OTHERWISE


def ask_in_batches(
    conversation: Conversation, purpose: str, decoder: str, calls: Sequence[Call], size: int
) -> Next:
    """Every call once, `size` to a request at most, fewer where the source wants fewer; STOP if it gave up."""
    waiting = [calls[at : at + size] for at in range(0, len(calls), size)][::-1]
    failures = 0
    while waiting:
        chunk = waiting.pop()
        exchange = conversation.ask(purpose, decoder, chunk, batch=len(chunk) > 1)
        then = after(exchange)
        single_answer = len(chunk) == 1 and exchange.reply.opened(exchange.question) is not None
        if then is Next.GO_ON or single_answer:
            failures = 0
            continue
        failures += 1
        if then is Next.STOP or failures == GIVE_UP_AFTER:
            return Next.STOP
        if len(chunk) > 1:
            middle = (len(chunk) + 1) // 2
            waiting += [chunk[middle:], chunk[:middle]]
    return Next.GO_ON
