"""No balance is read on any network before all sources of all networks know the block to read at.

Reading while another source still looks for its block would leave a reader with half a night's work and an error.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Final

from reservecheck.errors import PinError
from reservecheck.transport.record import Question, Reply, SourceCard, Transport

PINNING: Final = frozenset({"chain", "pin"})
"""The purposes of questions that fix a pin; a reader asks all of them before any other."""

_Key = tuple[str, str]


class PinsFirst:
    """Holds back each source's first question about a balance until all are pinned, refused or silent.

    A source that must be refused (`failed`) stops everything before a balance is read, unless those of its network
    that are pinned are `enough` without it: then it is left out.
    """

    def __init__(
        self,
        inner: Transport,
        sources: Iterable[SourceCard],
        enough: Callable[[str, frozenset[str]], bool] = lambda _network, _pinned: False,
    ) -> None:
        self._inner = inner
        self._pinning: set[_Key] = {(card.network, card.name) for card in sources}
        self._pinned: set[_Key] = set()
        self._failed: dict[_Key, Exception] = {}
        self._enough = enough
        self._culprits: set[str] = set()
        self._abandoned = False
        self._changed = threading.Condition()
        self._consequence = PinError("another network could not be pinned; nothing was read")

    def causes(self) -> list[Exception]:
        """Why nothing was read: what refused sources said whose networks had not enough without them."""
        with self._changed:
            return [
                error
                for (network, _), error in sorted(self._failed.items(), key=lambda item: item[0])
                if network in self._culprits
            ]

    @property
    def abandoned(self) -> bool:
        """Whether nothing was or will be read."""
        with self._changed:
            return self._abandoned

    def ask(self, question: Question) -> Reply:
        """As the transport behind it, once it is time."""
        if question.purpose not in PINNING:
            self._wait((question.network, question.source))
        return self._inner.ask(question)

    def ended(self, card: SourceCard) -> None:
        """The source needs no pin any more: it was read, or it is dead."""
        self._settle((card.network, card.name))

    def failed(self, card: SourceCard, error: Exception) -> None:
        """The source must not be read: the wrong chain, or a block that is not final there."""
        with self._changed:
            self._failed[card.network, card.name] = error
            pending = {name for network, name in self._pinning if network == card.network} - {card.name}
            self._blame(
                {card.network} if not self._enough(card.network, self._of(card.network) | pending) else set()
            )
            self._changed.notify_all()
        self._settle((card.network, card.name))

    def abandon(self) -> None:
        """No balance is read on any network."""
        with self._changed:
            self._abandoned = True
            self._changed.notify_all()

    def is_consequence(self, error: BaseException) -> bool:
        """Whether the error only says that another network failed."""
        return error is self._consequence

    def _wait(self, key: _Key) -> None:
        with self._changed:
            if key in self._pinning:
                self._pinned.add(key)
        self._settle(key)
        with self._changed:
            self._changed.wait_for(lambda: self._abandoned or not self._pinning)
            if self._abandoned:
                raise self._consequence

    def _settle(self, key: _Key) -> None:
        """One source less to wait for; after the last, refused ones are weighed against those that are pinned."""
        with self._changed:
            if key not in self._pinning:
                return
            self._pinning.discard(key)
            if not self._pinning:
                networks = {network for network, _ in self._failed}
                self._blame({network for network in networks if not self._enough(network, self._of(network))})
            self._changed.notify_all()

    def _blame(self, networks: set[str]) -> None:
        self._culprits |= networks
        self._abandoned |= bool(networks)

    def _of(self, network: str) -> frozenset[str]:
        return frozenset(name for other, name in self._pinned if other == network)
