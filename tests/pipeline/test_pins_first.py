from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

import pytest

from reservecheck.errors import PinError, SourceError
from reservecheck.pins_first import PINNING, PinsFirst
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import ANSWERED, Question, Reply, SourceCard

SOON: Final = 0.2
LATE: Final = 10
REFUSED: Final = SourceError("the wrong chain")
REPLY: Final = Reply(ANSWERED, b"{}", 1, "2018-06-28T00:00:00Z")


class Heard:
    """Answers at once and remembers in which order it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def ask(self, question: Question) -> Reply:
        self.asked.append((question.network, question.purpose))
        return REPLY


class Reader:
    """A thread that does one thing, and what it raised."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._work()
        except PinError as error:
            self.error = error

    def waits(self) -> bool:
        self._thread.join(SOON)
        return self._thread.is_alive()

    def ends(self) -> bool:
        self._thread.join(LATE)
        return not self._thread.is_alive()


def question(network: str, purpose: str, source: str = "node") -> Question:
    return Question(
        network=network, source=source, purpose=purpose, ordinal=0, decoder="x/1", calls=(Call("m", []),)
    )


def card(network: str, source: str = "node") -> SourceCard:
    return SourceCard(name=source, network=network, kind="x", operator=source, run_by="third-party")


def cards(*networks: str) -> list[SourceCard]:
    return [card(network) for network in networks]


def test_questions_about_the_chain_and_the_pin_pass_at_once() -> None:
    heard = Heard()
    gate = PinsFirst(heard, cards("a", "b"))
    for purpose in sorted(PINNING):
        assert gate.ask(question("a", purpose)) == REPLY
    assert heard.asked == [("a", "chain"), ("a", "pin")]


@pytest.mark.parametrize("purpose", ["cells", "decimals", "final", "coins"])
def test_no_other_question_passes_before_all_networks_are_pinned(purpose: str) -> None:
    heard = Heard()
    gate = PinsFirst(heard, cards("a", "b", "c"))
    first = Reader(lambda: gate.ask(question("a", purpose)))
    assert first.waits()
    second = Reader(lambda: gate.ask(question("b", purpose)))
    assert first.waits()
    gate.ask(question("c", "pin"))
    assert second.waits()
    assert heard.asked == [("c", "pin")]
    gate.ask(question("c", purpose))
    assert first.ends()
    assert second.ends()
    assert sorted(heard.asked[1:]) == [("a", purpose), ("b", purpose), ("c", purpose)]


def test_once_all_are_pinned_nothing_waits_any_more() -> None:
    heard = Heard()
    gate = PinsFirst(heard, cards("a"))
    gate.ask(question("a", "cells"))
    gate.ask(question("a", "final"))
    assert [purpose for _, purpose in heard.asked] == ["cells", "final"]


def test_a_network_whose_source_is_dead_keeps_nobody_waiting() -> None:
    heard = Heard()
    gate = PinsFirst(heard, cards("a", "dead"))
    reader = Reader(lambda: gate.ask(question("a", "cells")))
    assert reader.waits()
    gate.ended(card("dead"))
    assert reader.ends()
    assert reader.error is None
    assert heard.asked == [("a", "cells")]


def test_when_one_network_cannot_be_pinned_the_others_read_nothing() -> None:
    heard = Heard()
    gate = PinsFirst(heard, cards("a", "b", "bad"))
    readers = [Reader(lambda name=name: gate.ask(question(name, "cells"))) for name in ("a", "b")]  # type: ignore[misc]  # bound at once
    assert all(reader.waits() for reader in readers)
    gate.abandon()
    gate.ended(card("bad"))
    assert all(reader.ends() for reader in readers)
    for reader in readers:
        assert str(reader.error) == "another network could not be pinned; nothing was read"
        assert reader.error is not None
        assert gate.is_consequence(reader.error)
    assert heard.asked == []


def test_who_comes_after_an_abandonment_is_stopped_too() -> None:
    heard = Heard()
    gate = PinsFirst(heard, cards("a"))
    gate.abandon()
    with pytest.raises(PinError) as stopped:
        gate.ask(question("a", "cells"))
    assert gate.is_consequence(stopped.value)
    assert heard.asked == []


def test_another_error_is_no_consequence_though_its_words_are_the_same() -> None:
    gate = PinsFirst(Heard(), cards("a"))
    assert not gate.is_consequence(PinError("another network could not be pinned; nothing was read"))
    assert not gate.is_consequence(PinsFirst(Heard(), cards("a"))._consequence)


def two_of(network: str, pinned: frozenset[str]) -> bool:
    return network == "a" and len(pinned) >= 2


def test_a_refused_source_is_left_out_where_enough_others_are_pinned() -> None:
    heard = Heard()
    gate = PinsFirst(heard, [card("a", name) for name in ("one", "two", "bad")], two_of)
    readers = [Reader(lambda name=name: gate.ask(question("a", "cells", name))) for name in ("one", "two")]  # type: ignore[misc]  # bound at once
    assert all(reader.waits() for reader in readers)
    gate.failed(card("a", "bad"), REFUSED)
    assert all(reader.ends() for reader in readers)
    assert (gate.abandoned, gate.causes(), [reader.error for reader in readers]) == (False, [], [None, None])
    assert len(heard.asked) == 2


def test_a_refused_source_stops_everything_at_once_where_the_others_cannot_be_enough() -> None:
    heard = Heard()
    gate = PinsFirst(heard, [card("a", "one"), card("a", "bad"), card("b")], two_of)
    reader = Reader(lambda: gate.ask(question("a", "cells", "one")))
    assert reader.waits()
    gate.failed(card("a", "bad"), REFUSED)
    assert reader.ends()
    assert gate.abandoned
    assert gate.causes() == [REFUSED]
    assert reader.error is not None
    assert gate.is_consequence(reader.error)
    assert heard.asked == []


def test_a_refused_source_stops_everything_once_another_one_is_dead() -> None:
    gate = PinsFirst(Heard(), [card("a", name) for name in ("one", "dead", "bad")], two_of)
    reader = Reader(lambda: gate.ask(question("a", "cells", "one")))
    gate.failed(card("a", "bad"), REFUSED)
    assert reader.waits()
    assert not gate.abandoned
    gate.ended(card("a", "dead"))
    assert reader.ends()
    assert gate.abandoned
    assert reader.error is not None
    assert gate.is_consequence(reader.error)


def test_dead_sources_alone_stop_nobody() -> None:
    gate = PinsFirst(Heard(), [card("a", name) for name in ("one", "dead")], two_of)
    reader = Reader(lambda: gate.ask(question("a", "cells", "one")))
    gate.ended(card("a", "dead"))
    assert reader.ends()
    assert reader.error is None


def test_only_networks_that_had_not_enough_are_the_cause() -> None:
    three = [card("a", name) for name in ("one", "two", "bad")]
    gate = PinsFirst(Heard(), [*three, card("b")], two_of)
    gate.failed(card("a", "bad"), REFUSED)
    not_final = PinError("not final")
    gate.failed(card("b"), not_final)
    assert gate.abandoned
    assert gate.causes() == [not_final]
