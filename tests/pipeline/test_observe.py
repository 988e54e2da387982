from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assess.inputs_factory import (
    BITCOIN,
    BTC,
    CUTOFF_EPOCH,
    ETH,
    ETHEREUM,
    TOKEN,
    engagement,
    instrument,
    registry,
    statement,
    wallet,
)

from reservecheck.model.declared import Wallet
from reservecheck.model.engagement import Quorum
from reservecheck.model.evidence import SourceSeen
from reservecheck.model.words import CellStatus, Control, Evidence
from reservecheck.observe import Job, declared_pairs, observe, plans, too_few_sources
from reservecheck.transport.record import Log, SourceCard

HOT = "0x" + "11" * 20
COLD = "0x" + "22" * 20


def source(network: str, run_by: str = "practitioner", name: str = "own-node") -> SourceCard:
    return SourceCard(name=name, network=network, kind="evm", operator="somebody", run_by=run_by)


def job(*wallets: Wallet, **changes: Any) -> Job:  # noqa: ANN401  # parts of a job
    parts: dict[str, Any] = {
        "engagement": engagement(),
        "name": "Hanul Exchange (fictional)",
        "registry": registry(),
        "wallets": wallets,
        "sources": (source(BITCOIN), source(ETHEREUM)),
        **changes,
    }
    return Job(**parts)


def asked(given_: Job) -> list[tuple[int, str, str]]:
    """(line, identity, instrument) of each pair."""
    return [(line.line, pair.identity, pair.instrument) for line, pair in declared_pairs(given_)]


def test_a_wallet_is_asked_for_every_instrument_of_its_network() -> None:
    lines = (wallet(1, "a", ETHEREUM, HOT), wallet(2, "b", BITCOIN, "0014aa"))
    assert asked(job(*lines)) == [(1, HOT, TOKEN), (1, HOT, ETH), (2, "0014aa", BTC)]
    assert [pair.contract for _, pair in declared_pairs(job(*lines))] == [
        TOKEN.partition(":")[2].partition(":")[2],
        "",
        "",
    ]


def test_a_narrowed_wallet_is_asked_for_what_it_names_alone() -> None:
    assert asked(job(wallet(1, "a", ETHEREUM, HOT, instruments=(TOKEN,)))) == [(1, HOT, TOKEN)]
    assert asked(job(wallet(1, "a", ETHEREUM, HOT, instruments=()))) == []
    assert asked(job(wallet(1, "a", ETHEREUM, HOT, instruments=(BTC,)))) == []


def test_a_statement_is_asked_of_no_chain() -> None:
    given_ = job(statement(1, "vault"))
    assert asked(given_) == []
    assert plans(given_) == ()
    assert observe(given_, Log(())).cells == ()


def test_a_duplicate_is_asked_once_on_its_first_line_in_whatever_letters_it_is_written() -> None:
    upper = wallet(2, "b", ETHEREUM, HOT, duplicate_of=1)._replace(address="0x" + "11".upper() * 20)
    assert asked(job(wallet(1, "a", ETHEREUM, HOT), upper)) == [(1, HOT, TOKEN), (1, HOT, ETH)]


def test_lines_of_one_holding_narrowed_apart_are_each_asked_for_their_part() -> None:
    lines = (
        wallet(1, "a", ETHEREUM, HOT, instruments=(ETH,)),
        wallet(2, "b", ETHEREUM, HOT, instruments=(TOKEN,), duplicate_of=1),
        wallet(3, "c", ETHEREUM, HOT, duplicate_of=1),
    )
    assert asked(job(*lines)) == [(1, HOT, ETH), (2, HOT, TOKEN)]


def test_the_same_script_on_two_networks_is_two_holdings() -> None:
    both = registry()
    other = replace(both.networks[BITCOIN], network="bitcoin:signet")
    coin = replace(both.instruments[BTC], instrument="bitcoin:signet/native")
    wide = replace(
        both,
        networks={**both.networks, other.network: other},
        instruments={**both.instruments, coin.instrument: coin},
    )
    lines = (wallet(1, "a", BITCOIN, "0014aa"), wallet(2, "b", "bitcoin:signet", "0014aa"))
    assert asked(job(*lines, registry=wide)) == [(1, "0014aa", BTC), (2, "0014aa", coin.instrument)]


def test_what_is_outside_the_perimeter_is_not_asked_for() -> None:
    lines = (wallet(1, "a", ETHEREUM, HOT), wallet(2, "b", BITCOIN, "0014aa"))
    given_ = job(*lines, engagement=engagement(assets=("ETH",)))
    assert asked(given_) == [(1, HOT, ETH)]
    assert [plan.network.network for plan in plans(given_)] == [ETHEREUM]


def test_without_an_engagement_everything_registered_is_asked_for() -> None:
    given_ = job(wallet(1, "a", ETHEREUM, HOT), engagement=engagement(assets=(), given=False))
    assert asked(given_) == [(1, HOT, TOKEN), (1, HOT, ETH)]
    strict = job(wallet(1, "a", ETHEREUM, HOT), engagement=engagement(assets=()))
    assert asked(strict) == []


def test_a_network_of_no_instrument_has_no_plan() -> None:
    none = replace(registry(), instruments={})
    assert plans(job(wallet(1, "a", ETHEREUM, HOT), registry=none)) == ()


def test_there_is_one_plan_a_network_by_name_with_pairs_in_declared_order() -> None:
    lines = (wallet(1, "a", ETHEREUM, HOT), wallet(2, "b", BITCOIN, "0014aa"), wallet(3, "c", ETHEREUM, COLD))
    bitcoin, ethereum = plans(job(*lines))
    assert (bitcoin.network.network, ethereum.network.network) == (BITCOIN, ETHEREUM)
    assert [(pair.identity, pair.instrument) for pair in ethereum.pairs] == [
        (HOT, TOKEN),
        (HOT, ETH),
        (COLD, TOKEN),
        (COLD, ETH),
    ]
    assert (bitcoin.cutoff_epoch, bitcoin.pin_id) == (CUTOFF_EPOCH, "bitcoin:regtest@cutoff")


def test_a_plan_names_how_each_of_its_tokens_is_asked_for_a_freeze() -> None:
    rows = {TOKEN: instrument(TOKEN, "USDT", 6, frozen_by="0xe47d6060"), ETH: instrument(ETH, "ETH", 18)}
    lines = (wallet(1, "hot", ETHEREUM, HOT), wallet(2, "btc", BITCOIN, "0014aa"))
    book = registry(instruments={**registry().instruments, **rows})
    assert [plan.frozen_by for plan in plans(job(*lines, registry=book))] == [{}, {TOKEN: "0xe47d6060"}]


def test_a_network_the_registry_lacks_is_a_key_error() -> None:
    rows = registry()
    with pytest.raises(KeyError, match=ETHEREUM):
        plans(
            job(wallet(1, "a", ETHEREUM, HOT), registry=replace(rows, networks={BITCOIN: rows.networks[BITCOIN]}))
        )


@given(st.permutations(sorted(registry().instruments.items())))
def test_the_order_of_the_registry_changes_nothing(instruments: list[tuple[str, Any]]) -> None:
    lines = (wallet(1, "a", ETHEREUM, HOT), wallet(2, "b", BITCOIN, "0014aa"))
    other = job(*lines, registry=replace(registry(), instruments=dict(instruments)))
    assert list(declared_pairs(other)) == list(declared_pairs(job(*lines)))
    assert observe(other, Log(())) == observe(job(*lines), Log(()))


@st.composite
def many_lines(draw: st.DrawFn) -> tuple[Wallet, ...]:
    first: dict[tuple[str, str], int] = {}
    lines = []
    for line in range(1, draw(st.integers(0, 8)) + 1):
        key = draw(st.sampled_from(((ETHEREUM, HOT), (ETHEREUM, COLD), (BITCOIN, "0014aa"))))
        narrowed = draw(st.none() | st.lists(st.sampled_from((BTC, ETH, TOKEN)), unique=True).map(tuple))
        lines.append(wallet(line, str(line), *key, instruments=narrowed, duplicate_of=first.get(key)))
        first.setdefault(key, line)
    return tuple(lines)


@given(many_lines())
def test_each_declared_pair_is_asked_for_exactly_once_on_the_first_line_that_declares_it(
    lines: tuple[Wallet, ...],
) -> None:
    on = {BITCOIN: {BTC}, ETHEREUM: {ETH, TOKEN}}
    due: dict[tuple[str, str], int] = {}
    for line in lines:
        for name in on[line.network] & set(on[line.network] if line.instruments is None else line.instruments):
            due.setdefault((line.identity, name), line.line)
    found = asked(job(*lines))
    assert len(found) == len(due)
    assert {(identity, name): line for line, identity, name in found} == due
    assert [(one.line, one.instrument) for one in observe(job(*lines), Log(())).cells] == [
        (line, name) for line, _, name in found
    ]


def test_an_empty_log_leaves_every_cell_unread_with_a_reason_and_no_pin() -> None:
    seen = observe(job(wallet(1, "a", ETHEREUM, HOT), wallet(2, "b", BITCOIN, "0014aa")), Log(()))
    assert seen.pins == ()
    assert [(one.line, one.label, one.instrument, one.pin) for one in seen.cells] == [
        (1, "a", TOKEN, f"{ETHEREUM}@cutoff"),
        (1, "a", ETH, f"{ETHEREUM}@cutoff"),
        (2, "b", BTC, f"{BITCOIN}@cutoff"),
    ]
    for one in seen.cells:
        assert (one.units, one.status, one.control) == (None, CellStatus.UNREAD, Control.UNDEMONSTRATED)
        assert one.reason


@pytest.mark.parametrize(
    ("sources", "evidence"),
    [
        ((source(ETHEREUM),), Evidence.OBSERVED),
        ((source(ETHEREUM, "third-party"),), Evidence.OBSERVED),
        ((source(ETHEREUM, "entity"),), Evidence.CLAIMED),
        ((source(BITCOIN),), Evidence.CLAIMED),
        ((), Evidence.CLAIMED),
    ],
)
def test_what_the_entitys_own_node_says_is_the_entitys_claim(
    sources: tuple[SourceCard, ...], evidence: Evidence
) -> None:
    seen = observe(job(wallet(1, "a", ETHEREUM, HOT), sources=sources), Log(()))
    assert {one.evidence for one in seen.cells} == {evidence}


def test_what_a_node_under_the_entitys_printed_name_says_is_the_entitys_claim() -> None:
    for operator in ("Hanul Exchange (fictional)", "hanul exchange"):
        own = replace(source(ETHEREUM), operator=operator)
        seen = observe(job(wallet(1, "a", ETHEREUM, HOT), sources=(own,)), Log(()))
        assert {one.evidence for one in seen.cells} == {Evidence.CLAIMED}


def test_every_source_of_a_network_is_asked_and_how_many_must_agree_is_the_engagements() -> None:
    three = tuple(source(ETHEREUM, name=name) for name in ("c", "a", "b"))
    given_ = job(sources=three)
    assert (given_.sources_of(ETHEREUM), given_.sources_of(BITCOIN)) == (three, ())
    assert (list(given_.panel(ETHEREUM).cards), given_.panel(ETHEREUM).k) == (["a", "b", "c"], 1)
    apart = tuple(replace(one, operator=one.name) for one in three)
    assert job(sources=apart).panel(ETHEREUM).k == 2
    asking = replace(engagement(), sources={ETHEREUM: Quorum(n=3, k=3)})
    assert job(sources=apart, engagement=asking).panel(ETHEREUM).k == 3


def test_fewer_voices_than_the_engagement_asks_for_are_too_few() -> None:
    asking = replace(engagement(), sources={ETHEREUM: Quorum(n=2, k=2)})
    line = wallet(1, "a", ETHEREUM, HOT)
    own = replace(source(ETHEREUM, "entity", name="own"), operator="the entity's")
    said = (
        f"{ETHEREUM}: the engagement asks for 2 sources of distinct operators, none run by the entity, "
        "and 1 is named"
    )
    assert too_few_sources(job(line, engagement=asking, sources=(source(ETHEREUM), own))) == [said]
    other = replace(source(ETHEREUM, name="b"), operator="somebody else")
    assert too_few_sources(job(line, engagement=asking, sources=(source(ETHEREUM), other))) == []
    assert too_few_sources(job(wallet(1, "a", BITCOIN, "0014aa"), engagement=asking)) == []


def test_who_was_asked_is_told_and_why_nothing_of_it_was_used() -> None:
    seen = observe(job(wallet(1, "a", ETHEREUM, HOT), sources=(source(ETHEREUM), source(BITCOIN))), Log(()))
    assert seen.sources == (
        SourceSeen(
            network=ETHEREUM,
            source="own-node",
            operator="somebody",
            run_by="practitioner",
            left_out="never asked",
            unread=2,
            why_unread="never asked",
        ),
    )
