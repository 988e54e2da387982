"""A transport straight to a real node, for tests: remembers what was said, and may be made to fail or to lie."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from typing import Final

from tests.nodes.running import Node

from reservecheck.transport.jsonrpc import envelope
from reservecheck.transport.record import ANSWERED, Log, Question, Reply, SourceCard, seal

SOURCE: Final = SourceCard(
    name="own-node", network="eip155:31337", kind="evm", operator="practitioner", run_by="practitioner"
)
AT: Final = "2018-06-27T16:00:00Z"
_LOOPBACK: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))

Fault = Callable[[Question], Reply | None]
"""Answers in the node's place, or lets the question through with None; may touch the chain before it is read."""


class NodeTransport:
    """Every question goes to the node unless a fault answers first."""

    def __init__(self, node: Node, fault: Fault = lambda _: None) -> None:
        self._node = node
        self._fault = fault
        self.said: list[tuple[Question, Reply]] = []

    def ask(self, question: Question) -> Reply:
        """One exchange, remembered."""
        reply = self._fault(question) or self.pass_on(question)
        self.said.append((question, reply))
        return reply

    def pass_on(self, question: Question) -> Reply:
        """What the node itself answers."""
        body = envelope(question.calls, batch=question.batch)
        request = urllib.request.Request(  # noqa: S310  # loopback http
            self._node.url, body, {"Content-Type": "application/json"}
        )
        with _LOOPBACK.open(request, timeout=60) as answer:
            return Reply(ANSWERED, answer.read(), 1, AT)

    def log(self) -> Log:
        """The sealed log."""
        return seal(self.said)

    def asked(self, purpose: str) -> list[Question]:
        """The questions of one purpose, in order."""
        return [question for question, _ in self.said if question.purpose == purpose]


def failed(outcome: str) -> Reply:
    """A failure as the transport reports it."""
    return Reply(outcome, None, 3, AT)


def node_says(error: str, code: int = -32000) -> Reply:
    """A JSON-RPC error as a node would answer it to a single call."""
    body = f'{{"jsonrpc":"2.0","id":1,"error":{{"code":{code},"message":"{error}"}}}}'
    return Reply(ANSWERED, body.encode(), 1, AT)


def only_plain_calls(question: Question) -> Reply | None:
    """The fault of a node that neither lays code over its state nor runs init code."""
    return node_says("too many arguments, want at most 2", -32602) if question.purpose == "cells" else None
