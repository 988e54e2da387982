"""A transport that lets no balance be asked for before every network has its pin."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Final

from reservecheck.errors import PinError
from reservecheck.transport.record import Question, Reply, Transport

PINNING: Final = frozenset({"chain", "pin"})
"""The purposes of questions that fix a pin; a reader asks all of them before any other."""


class PinsFirst:
    """Holds back each network's first question about a balance until all networks are pinned or have ended.

    When one network cannot be pinned, `abandon` makes the others stop with a PinError before they read anything.
    """

    def __init__(self, inner: Transport, networks: Iterable[str]) -> None:
        self._inner = inner
        self._pinning = set(networks)
        self._abandoned = False
        self._changed = threading.Condition()
        self._consequence = PinError("another network could not be pinned; nothing was read")

    def ask(self, question: Question) -> Reply:
        """As the transport behind it, once it is time."""
        if question.purpose not in PINNING:
            self._wait(question.network)
        return self._inner.ask(question)

    def ended(self, network: str) -> None:
        """The network needs no pin any more: it was read, or its source is dead."""
        with self._changed:
            self._pinning.discard(network)
            self._changed.notify_all()

    def abandon(self) -> None:
        """No balance is read on any network."""
        with self._changed:
            self._abandoned = True
            self._changed.notify_all()

    def is_consequence(self, error: BaseException) -> bool:
        """Whether the error only says that another network failed."""
        return error is self._consequence

    def _wait(self, network: str) -> None:
        with self._changed:
            self._pinning.discard(network)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._abandoned or not self._pinning)
            if self._abandoned:
                raise self._consequence
