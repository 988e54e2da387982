"""A source that is asked for its UTXO set: the real node, the real door before it, everything kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from tests.chains.bitcoind.talking import NATIVE, SOURCE, Before, Talk, answered
from tests.nodes.running import Node

from reservecheck.chains.bitcoind.reading import decode, fetch
from reservecheck.chains.bitcoind.set_questions import answer_for
from reservecheck.chains.reader import NetworkReading, Plan, Reading
from reservecheck.model.progress import silent
from reservecheck.transport.coin_set import DUMP, SCAN, STATE, CoinSetFile, CoinSetTransport
from reservecheck.transport.record import Question, Recorded, Reply

PROVING: Final = replace(SOURCE, proofs=True)
UNTIL_NOBODY_WRITES: Final = 0.5


def talk_with_set(node: Node, path: Path, *, stated: str = "", before: Before | None = None) -> Talk:
    """Whatever is asked about the set goes through the door that owns the file at `path`."""
    file = CoinSetFile(path=path, on_node=str(path), stated=stated, silent_s=UNTIL_NOBODY_WRITES)
    door = CoinSetTransport(Talk(node, before), {PROVING.name: file}, answer_for, silent)

    def answer(question: Question) -> Reply | None:
        own = {STATE, SCAN, DUMP}.intersection(call.method for call in question.calls)
        return door.ask(question) if own else before and before(question)

    return Talk(node, answer)


def read_with_set(plan: Plan, talk: Talk) -> NetworkReading:
    """Fetch, then decode the log."""
    fetch(plan, PROVING, talk, silent)
    return decode(plan, talk.log.exchanges)


def of(reading: NetworkReading, script: str) -> Reading:
    return reading.readings[script, NATIVE]


def methods(talk: Talk) -> list[str]:
    return [call.method for question, _ in talk.said for call in question.calls]


def with_set(
    exchanges: Sequence[Recorded], change: Callable[[dict[str, Any]], object], *, method: str = SCAN
) -> list[Recorded]:
    """The same exchanges with what `change` did to the result of one method, alone or in a batch."""
    changed = []
    for item in exchanges:
        reply = item.reply
        at = [call.method for call in item.question.calls]
        if method in at and reply.body is not None:
            body = json.loads(reply.body)
            change((body[at.index(method)] if isinstance(body, list) else body)["result"])
            reply = answered(json.dumps(body).encode())
        changed.append(Recorded(item.n, item.question, reply))
    return changed


def answering(method: str, change: Callable[[list[dict[str, Any]]], object], node: Node, nth: int = 1) -> Before:
    """The node's own answer to the nth batch with a method, changed on its way."""
    seen: list[str] = []

    def before(question: Question) -> Reply | None:
        if method in [call.method for call in question.calls]:
            seen.append(method)
            if len(seen) == nth:
                body = json.loads(Talk(node).ask(question).body or b"")
                change(body)
                return answered(json.dumps(body).encode())
        return None

    return before
