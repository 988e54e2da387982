"""Which exchanges no honest run leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.pipeline.shipped_job import desk

from reservecheck.bundle import Gathered
from reservecheck.chains.families import FAMILIES
from reservecheck.model.declared import Wallet
from reservecheck.observe import declared_contracts, declared_pairs, observe
from reservecheck.recorded_questions import odd_questions
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Question, Recorded, Reply, seal

EVM = "eip155:31337"
Change = Callable[[Question, Reply], tuple[Question, Reply]]


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    return desk(tmp_path_factory.mktemp("hanul")).gathered()


def changed(gathered: Gathered, change: Change) -> list[str]:
    """What is said of a log of which every exchange is another one."""
    log = seal([change(item.question, item.reply) for item in gathered.log.exchanges])
    other = replace(gathered, log=log)
    return odd_questions(other, observe(other.job, log))


def smuggled(gathered: Gathered, **other: object) -> list[str]:
    """What is said of one exchange more."""
    last: Recorded = gathered.log.of(EVM)[-1]
    question = replace(last.question, **{"ordinal": 900, **other})  # type: ignore[arg-type]  # any field of a question
    log = seal([*((item.question, item.reply) for item in gathered.log.exchanges), (question, last.reply)])
    other_log = replace(gathered, log=log)
    return odd_questions(other_log, observe(gathered.job, gathered.log))


@pytest.mark.parametrize("place", ["hanul/2018-06-28", "nabi/2018-06-28"])
def test_a_recorded_rehearsal_asks_nothing_odd(tmp_path: Path, place: str) -> None:
    entity, _, date = place.partition("/")
    honest = desk(tmp_path, entity, date).gathered()
    assert odd_questions(honest, observe(honest.job, honest.log)) == []


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"decoder": "none/1"}, "is read by 'none/1', which nobody asks eip155:31337 for"),
        ({"purpose": "zzz"}, "is asked for 'zzz', which nobody asks eip155:31337 for"),
        ({"purpose": "cells"}, "is asked for 'cells', which evm.header/1 does not read"),
        ({"calls": (Call("note", ["latest"]),)}, "calls 'note', which nobody asks eip155:31337 for"),
        (
            {"calls": (Call("eth_getBlockByNumber", ["customer C1 has 56.8 BTC", False]),)},
            "asks with the text 'customer C1 has 56.8 BTC', which no reader writes",
        ),
        (
            {"calls": (Call("eth_getBlockByNumber", [{"note": ["0x1"]}, False]),)},
            "asks with the text 'note', which no reader writes",
        ),
    ],
)
def test_an_exchange_no_reader_asks_for_is_named(gathered: Gathered, other: dict[str, object], said: str) -> None:
    (found,) = smuggled(gathered, **other)
    assert found.startswith("exchange ")
    assert found.endswith(said)


@pytest.mark.parametrize("other", [{"source": "another"}, {"network": "eip155:1"}])
def test_an_exchange_with_somebody_else_is_named(gathered: Gathered, other: dict[str, object]) -> None:
    assert any("which nobody declared" in said for said in smuggled(gathered, **other))


def test_an_account_nobody_declared_is_named(gathered: Gathered) -> None:
    fewer = replace(gathered.job, wallets=gathered.job.wallets[:-1])
    said = odd_questions(replace(gathered, job=fewer), observe(fewer, gathered.log))
    assert any("which the declaration does not name" in one for one in said)


def test_answers_older_than_their_block_are_named_once_a_network(gathered: Gathered) -> None:
    said = changed(gathered, lambda question, reply: (question, replace(reply, at="2017-01-01T00:00:00Z")))
    assert len(said) == 3
    assert all(" was answered before the block it is about was made: block " in one for one in said)


def test_the_clock_of_a_block_may_be_ahead_as_far_as_its_network_allows(gathered: Gathered) -> None:
    def at(moment: str) -> list[str]:
        return changed(gathered, lambda question, reply: (question, replace(reply, at=moment)))

    assert at("2018-06-27T13:30:00Z") == []  # 15:00 at the cut-off, less two hours on local chains
    assert len(at("2018-06-27T12:00:00Z")) == 3


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_family_names_what_it_asks_with(family: str) -> None:
    parts = FAMILIES[family]()
    assert all(name.startswith(f"{family}.") for name in parts.purposes)
    assert {"chain", "pin", "cells", "final"} <= frozenset().union(*parts.purposes.values())
    assert parts.methods


def without(gathered: Gathered, narrow: Callable[[Wallet], Wallet]) -> list[str]:
    """What is said where the lines were narrowed after the log was made."""
    fewer = replace(gathered.job, wallets=tuple(map(narrow, gathered.job.wallets)))
    return odd_questions(replace(gathered, job=fewer), observe(fewer, gathered.log))


def test_a_holding_that_is_not_declared_any_more_is_named(gathered: Gathered) -> None:
    """The account still is: only one of its instruments was narrowed away."""
    native, token = (
        f"{EVM}/native",
        next(one for one in gathered.job.registry.instruments.values() if one.network == EVM and one.contract),
    )
    first = next(one for one in gathered.job.wallets if one.network == EVM and one.instruments is None)

    def only(*names: str) -> Callable[[Wallet], Wallet]:
        return lambda one: one._replace(instruments=names) if one.identity == first.identity else one

    ended = f"on {EVM}, which the declaration does not name"
    assert f"the log asks for the token {token.contract} of {first.identity} {ended}" in without(
        gathered, only(native)
    )
    others = [
        one.instrument for one in gathered.job.registry.instruments.values() if one.network == EVM and one.contract
    ]
    assert without(gathered, only(*others)) == [f"the log asks for the native coin of {first.identity} {ended}"]


def test_a_token_that_nobody_is_declared_to_hold_is_named(gathered: Gathered) -> None:
    """Even where every question for a balance of it is gone, that for its decimals is there."""
    said = without(
        gathered, lambda one: one._replace(instruments=(f"{EVM}/native",)) if one.network == EVM else one
    )
    assert any(one.startswith("the log asks for the token 0x") and " of " not in one for one in said)


def test_the_holdings_compared_are_those_that_are_read(gathered: Gathered) -> None:
    twice = gathered.job.wallets[0]._replace(instruments=None, duplicate_of=1)
    job = replace(gathered.job, wallets=(*gathered.job.wallets, twice))
    pairs = {(line.network, pair.identity, pair.contract) for line, pair in declared_pairs(job)}
    assert pairs == {
        (network, identity, contract)
        for network, identities in declared_contracts(job).items()
        for identity, contracts in identities.items()
        for contract in contracts
    }
