"""How networks are collected side by side, with readers that do what a test tells them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.pipeline.shipped_job import Desk, desk

from reservecheck import pipeline
from reservecheck.chains.families import FAMILIES, Family
from reservecheck.chains.reader import Plan
from reservecheck.errors import PinError, SourceError
from reservecheck.model.progress import Progress, silent
from reservecheck.pipeline import Prepared, collect
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import ANSWERED, Question, Reply, SourceCard, Transport

BITCOIN, ONE, TWO = "bitcoin:regtest", "eip155:31337", "eip155:31338"


class Heard:
    """Answers everything and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def ask(self, question: Question) -> Reply:
        self.asked.append((question.network, question.purpose))
        return Reply(ANSWERED, b"{}", 1, "2018-06-28T00:00:00Z")


def question(source: SourceCard, purpose: str) -> Question:
    return Question(
        network=source.network,
        source=source.name,
        purpose=purpose,
        ordinal=0,
        decoder="x/1",
        calls=(Call("m", []),),
    )


@pytest.fixture
def hanul(tmp_path: Path) -> Desk:
    return desk(tmp_path)


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], None]]:
    """What a network does between its pin and its balances; set by the test."""
    during: dict[str, Callable[[], None]] = {}

    def fetch(plan: Plan, source: SourceCard, transport: Transport, progress: Progress) -> None:
        del progress
        network = plan.network.network
        assert source.network == network
        transport.ask(question(source, "pin"))
        during.get(network, lambda: None)()
        transport.ask(question(source, "cells"))

    def faked(name: str) -> Callable[[], Family]:
        return lambda: replace(FAMILIES[name](), fetch=fetch)

    monkeypatch.setattr(pipeline, "FAMILIES", {name: faked(name) for name in FAMILIES})
    return during


def prepared(here: Desk) -> Prepared:
    cards = here.gathered().job.sources
    return pipeline.prepare(here.wallets, here.snapshot, cards)


def test_every_pin_is_asked_for_before_any_balance(hanul: Desk, readers: dict[str, Callable[[], None]]) -> None:
    assert readers == {}
    heard = Heard()
    collect(prepared(hanul), heard, silent)
    assert sorted(heard.asked[:3]) == [(network, "pin") for network in (BITCOIN, ONE, TWO)]
    assert sorted(heard.asked[3:]) == [(network, "cells") for network in (BITCOIN, ONE, TWO)]


@pytest.mark.parametrize("network", [BITCOIN, ONE, TWO])
@pytest.mark.parametrize("error", [PinError("not final"), SourceError("the wrong chain")])
def test_the_error_that_is_raised_is_the_cause_and_no_balance_was_read(
    hanul: Desk, readers: dict[str, Callable[[], None]], network: str, error: Exception
) -> None:
    def fail() -> None:
        raise error

    readers[network] = fail
    heard = Heard()
    with pytest.raises(type(error)) as raised:
        collect(prepared(hanul), heard, silent)
    assert raised.value is error
    assert {purpose for _, purpose in heard.asked} == {"pin"}


def test_two_causes_are_raised_in_the_order_of_their_networks(
    hanul: Desk, readers: dict[str, Callable[[], None]]
) -> None:
    def failing(network: str) -> Callable[[], None]:
        def fail() -> None:
            raise PinError(f"{network} is not final")

        return fail

    readers.update({network: failing(network) for network in (TWO, ONE)})
    with pytest.raises(PinError) as raised:
        collect(prepared(hanul), Heard(), silent)
    assert str(raised.value) == f"{ONE} is not final"


def with_others(here: Desk, **others: tuple[str, str]) -> Prepared:
    """More sources: name → (network, run_by), each of an operator of its own."""
    found = prepared(here)
    cards = tuple(
        SourceCard(name=name, network=network, kind="evm", operator=name, run_by=run_by)
        for name, (network, run_by) in others.items()
    )
    return replace(found, job=replace(found.job, sources=(*found.job.sources, *cards)))


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> dict[str, Exception]:
    """What a source's reader raises while it looks for the pin; set by the test."""
    raising: dict[str, Exception] = {}

    def fetch(plan: Plan, source: SourceCard, transport: Transport, progress: Progress) -> None:
        del progress, plan
        transport.ask(question(source, "pin"))
        if source.name in raising:
            raise raising[source.name]
        transport.ask(question(source, "cells"))

    def faked(name: str) -> Callable[[], Family]:
        return lambda: replace(FAMILIES[name](), fetch=fetch)

    monkeypatch.setattr(pipeline, "FAMILIES", {name: faked(name) for name in FAMILIES})
    return raising


def without_quorum(job: Prepared) -> Prepared:
    return replace(job, job=replace(job.job, engagement=replace(job.job.engagement, sources={})))


def test_a_source_that_is_done_without_is_no_cause_of_another_networks_trouble(
    hanul: Desk, sources: dict[str, Exception]
) -> None:
    job = without_quorum(with_others(hanul, second=(ONE, "third-party"), elsewhere=(ONE, "third-party")))
    sources["elsewhere"] = SourceError("the wrong chain")
    collect(job, Heard(), silent)
    sources["local-evm-31338"] = PinError("not final")
    with pytest.raises(PinError, match="not final"):
        collect(job, Heard(), silent)


def test_the_entitys_source_stops_nothing_where_another_can_be_asked(
    hanul: Desk, sources: dict[str, Exception]
) -> None:
    job = without_quorum(with_others(hanul, dead=(ONE, "third-party"), own=(ONE, "entity")))
    sources["own"] = SourceError("the wrong chain")
    heard = Heard()
    collect(job, heard, silent)
    assert (ONE, "cells") in heard.asked


def test_what_nobody_expected_ends_the_run_and_nothing_is_read(hanul: Desk, sources: dict[str, Exception]) -> None:
    sources["local-evm-31337"] = RuntimeError("a slip of ours")
    heard = Heard()
    with pytest.raises(RuntimeError, match="a slip of ours"):
        collect(prepared(hanul), heard, silent)
    assert {purpose for _, purpose in heard.asked} == {"pin"}
