"""A transport that talks to a real node over loopback and keeps what was said, for tests of the reader alone."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from tests.chains.bitcoind.conftest import Told
from tests.nodes.running import Node

from reservecheck.chains.bitcoind.reading import decode, fetch
from reservecheck.chains.bitcoind.scanning import Pace
from reservecheck.chains.reader import NetworkReading, Pair, Plan
from reservecheck.model.progress import silent
from reservecheck.model.registry import Network
from reservecheck.transport.jsonrpc import envelope
from reservecheck.transport.record import ANSWERED, Log, Question, Recorded, Reply, SourceCard, seal

NATIVE: Final = "bitcoin:regtest/native"
SOURCE: Final = SourceCard(
    name="own-node", network="bitcoin:regtest", kind="bitcoind", operator="practitioner", run_by="practitioner"
)
_LOOPBACK: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))

Before = Callable[[Question], Reply | None]


class Talk:
    """Asks the node; `before` sees each question first and may answer in the node's place."""

    def __init__(self, node: Node, before: Before | None = None) -> None:
        self._node, self._before = node, before
        self.said: list[tuple[Question, Reply]] = []

    def ask(self, question: Question) -> Reply:
        reply = self._before(question) if self._before else None
        reply = reply or answered(self._post(question))
        self.said.append((question, reply))
        return reply

    @property
    def log(self) -> Log:
        return seal(self.said)

    def _post(self, question: Question) -> bytes:
        user, password = self._node.auth or ("", "")
        headers = {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}
        body = envelope(question.calls, batch=question.batch)
        request = urllib.request.Request(self._node.url, body, headers)  # noqa: S310  # loopback http
        try:
            with _LOOPBACK.open(request, timeout=60) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.read()


def answered(body: bytes) -> Reply:
    return Reply(ANSWERED, body, 1, "2018-06-28T00:00:00Z")


def failed(outcome: str) -> Reply:
    return Reply(outcome, None, 3, "2018-06-28T00:00:00Z")


def refused(code: int, message: str) -> Reply:
    return answered(json.dumps({"id": 1, "error": {"code": code, "message": message}}).encode())


def plan_of(scripts: Iterable[str], cutoff: int, **network: Any) -> Plan:  # noqa: ANN401  # whatever a test varies
    known: dict[str, Any] = {
        "network": "bitcoin:regtest", "name": "Bitcoin regtest", "caip2": "", "family": "bitcoind",
        "chain_id": None, "genesis": "", "fork_height": None, "fork_hash": "", "finality": "confirmations:1",
        "public": False, "max_skew_s": 7200,
    }  # fmt: skip
    about = Network(**{**known, **network})
    pairs = tuple(Pair(script, about.native, "") for script in scripts)
    return Plan(network=about, cutoff_epoch=cutoff, pairs=pairs)


def read(plan: Plan, talk: Talk, pace: Pace | None = None) -> NetworkReading:
    """Fetch through the talk, then decode its log."""
    fetch(plan, SOURCE, talk, silent, pace=pace or Pace(sleep=lambda _: None))
    return decode(plan, talk.log.exchanges)


def units(reading: NetworkReading) -> dict[str, int | None]:
    return {script: one.units for (script, _), one in reading.readings.items()}


def reasons(reading: NetworkReading) -> set[str]:
    return {one.reason for one in reading.readings.values()}


def few(scripts: int = 100, sleep: Callable[[float], None] = lambda _: None) -> Pace:
    return Pace(scripts=scripts, blocks=30, headers=50, sleep=sleep)


def read_at(
    node: Node, told: Told, height: int, before: Before | None = None, pace: Pace | None = None
) -> tuple[NetworkReading, Talk]:
    talk = Talk(node, before)
    return read(plan_of(told.all_scripts, told.times[height]), talk, pace or few()), talk


def once(purpose: str, ordinal: int, act: Callable[[], object]) -> Before:
    """Does something to the node just before one question is asked."""
    done: list[bool] = []

    def before(question: Question) -> None:
        if (question.purpose, question.ordinal) == (purpose, ordinal) and not done:
            done.append(True)
            act()

    return before


def asked(talk: Talk, purpose: str) -> list[int]:
    return [question.ordinal for question, _ in talk.said if question.purpose == purpose]


def reorganise(node: Node, height: int) -> None:
    """Another branch from `height` on, longer than the one there was."""
    length = node("getblockcount") - height + 2
    node("invalidateblock", node("getblockhash", height))
    node("generatetodescriptor", length, "raw(51)")


def result_of(item: Recorded) -> Any:  # noqa: ANN401  # JSON of any shape
    """The parsed body of an exchange, amounts as text, to be changed and put back with `altered`."""
    assert item.reply.body is not None
    return json.loads(item.reply.body, parse_float=str)


def altered(
    exchanges: Sequence[Recorded], purpose: str, change: Callable[[Any], object], ordinal: int | None = None
) -> list[Recorded]:
    """The same exchanges with what `change` did to the parsed answers of one purpose."""
    result = []
    for item in exchanges:
        reply = item.reply
        if item.question.purpose == purpose and ordinal in {None, item.question.ordinal}:
            body = result_of(item)
            change(body)
            reply = answered(json.dumps(body).encode())
        result.append(Recorded(item.n, item.question, reply))
    return result
