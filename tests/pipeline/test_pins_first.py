from __future__ import annotations

import threading

import pytest

from reservecheck.errors import PinError
from reservecheck.pins_first import PINNING, PinsFirst
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Question, Reply


class Remembering:
    """Answers at once and remembers the order."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def ask(self, question: Question) -> Reply:
        self.asked.append((question.network, question.purpose))
        return Reply("unreachable", None, 1, "2018-06-27T15:00:00Z")


def question(network: str, purpose: str) -> Question:
    return Question(network=network, source="s", purpose=purpose, ordinal=0, decoder="x/1", calls=(Call("m", ()),))


@pytest.mark.parametrize("purpose", sorted(PINNING))
def test_what_fixes_a_pin_is_asked_at_once(purpose: str) -> None:
    inner = Remembering()
    PinsFirst(inner, ["a", "b"]).ask(question("a", purpose))
    assert inner.asked == [("a", purpose)]


def test_a_balance_waits_for_the_other_pin() -> None:
    inner = Remembering()
    gate = PinsFirst(inner, ["a", "b"])
    waiting = threading.Thread(target=gate.ask, args=(question("a", "cells"),))
    waiting.start()
    waiting.join(0.1)
    assert waiting.is_alive()
    assert inner.asked == []
    gate.ask(question("b", "pin"))
    gate.ended("b")
    waiting.join(5)
    assert inner.asked == [("b", "pin"), ("a", "cells")]


def test_where_one_network_cannot_be_pinned_no_balance_is_asked_for() -> None:
    inner = Remembering()
    gate = PinsFirst(inner, ["a", "b"])
    gate.abandon()
    with pytest.raises(PinError, match=r"^another network could not be pinned; nothing was read$") as raised:
        gate.ask(question("a", "cells"))
    assert gate.is_consequence(raised.value)
    assert not gate.is_consequence(PinError("of its own"))
    assert inner.asked == []
