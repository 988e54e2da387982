"""A transport that asks nobody: it answers from a sealed log, or says which answer is missing."""

from __future__ import annotations

from reservecheck.errors import ReplayError
from reservecheck.transport.log_codec import request_digest
from reservecheck.transport.record import Log, Question, Reply


class ReplayTransport:
    """Answers exactly the questions of a log, recorded failures as failures."""

    def __init__(self, log: Log) -> None:
        self._exchanges = {item.question.key: item for item in log.exchanges}

    def ask(self, question: Question) -> Reply:
        """What was recorded; raises ReplayError when this was not asked, or not in these words."""
        item = self._exchanges.get(question.key)
        if item is None:
            raise ReplayError(
                f"the recording lacks an answer: {_place(question)} was never asked",
                hint="collect again with the same wallets, engagement and version",
            )
        if request_digest(item.question) != request_digest(question):
            raise ReplayError(
                f"the recording lacks an answer: exchange {item.n} ({_place(question)}) asked something else",
                hint="collect again with the same wallets, engagement and version",
            )
        return item.reply


def _place(question: Question) -> str:
    return f"{question.purpose} {question.ordinal} on {question.network} from {question.source}"
