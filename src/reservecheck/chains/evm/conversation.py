"""One reader talking to one source: gives every question its place in the log and remembers the answers."""

from __future__ import annotations

from collections.abc import Sequence

from reservecheck.model.registry import Network
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Question, Recorded, Reply, SourceCard, Transport, seal


class Conversation:
    """Ordinals count 1, 2, 3 … within each purpose, in the order of asking; nothing is asked in parallel."""

    def __init__(self, network: Network, source: SourceCard, transport: Transport) -> None:
        self.network = network
        self._source = source
        self._transport = transport
        self._said: list[tuple[Question, Reply]] = []
        self._counts: dict[str, int] = {}

    def ask(self, purpose: str, decoder: str, calls: Sequence[Call], *, batch: bool = False) -> Recorded:
        """One exchange. Its number is provisional: the sealed log numbers it."""
        ordinal = self._counts[purpose] = self._counts.get(purpose, 0) + 1
        question = Question(
            network=self.network.network,
            source=self._source.name,
            purpose=purpose,
            ordinal=ordinal,
            decoder=decoder,
            calls=tuple(calls),
            batch=batch,
        )
        reply = self._transport.ask(question)
        self._said.append((question, reply))
        return Recorded(len(self._said), question, reply)

    def exchanges(self) -> tuple[Recorded, ...]:
        """Everything said so far, numbered as a log would."""
        return seal(self._said).exchanges
