"""What is off about the sources a bundle names, each in its own words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.pipeline.shipped_job import desk

from reservecheck.bundle import Gathered
from reservecheck.model.engagement import Quorum
from reservecheck.named_sources import source_differences
from reservecheck.transport.record import Log, SourceCard

ONE = "eip155:31337"
NAME = "local-evm-31337"


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    return desk(Path(tmp_path_factory.mktemp("desk"))).gathered()


def card(given: Gathered, **changes: str) -> Gathered:
    """The same with the first EVM source's card changed, and what it was asked under its new name."""

    def change(one: SourceCard) -> SourceCard:
        return replace(one, **dict[str, Any](changes)) if one.name == NAME else one

    exchanges = tuple(
        replace(
            item,
            question=replace(item.question, source=changes.get("name", NAME), network=changes.get("network", ONE)),
        )
        if item.question.source == NAME
        else item
        for item in given.log.exchanges
    )
    sources = tuple(map(change, given.job.sources))
    return replace(given, job=replace(given.job, sources=sources), log=Log(exchanges))


def quorum(given: Gathered, network: str, n: int, k: int) -> Gathered:
    engagement = replace(given.job.engagement, sources={network: Quorum(n=n, k=k)})
    return replace(given, job=replace(given.job, engagement=engagement))


def test_what_an_honest_run_wrote_is_in_order(gathered: Gathered) -> None:
    assert source_differences(gathered) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "oracle"}, f"sources.json: kind of '{NAME}' is 'oracle', none of bitcoind, evm"),
        ({"kind": "bitcoind"}, f"sources.json: kind of '{NAME}' is 'bitcoind', 'eip155:31337' is not read with it"),
        ({"run_by": "me"}, f"sources.json: run_by of '{NAME}' is 'me', none of practitioner, third-party, entity"),
        ({"name": "Zz\n"}, "sources.json: 'Zz\\n' is not a source's name"),
        ({"operator": "-"}, "sources.json: operator is '-', not a name on one line"),
        ({"network": "eip155:99"}, f"sources.json: '{NAME}' is of 'eip155:99', where nothing is declared"),
    ],
)
def test_a_card_nobody_would_write_is_told(gathered: Gathered, changes: dict[str, str], said: str) -> None:
    assert source_differences(card(gathered, **changes)) == [said]


def test_a_source_nothing_was_asked_of_is_told(gathered: Gathered) -> None:
    log = Log(tuple(item for item in gathered.log.exchanges if item.question.source != NAME))
    assert source_differences(replace(gathered, log=log)) == [
        f"sources.json: the log asks nothing of '{NAME}', and an honest run asks every source"
    ]


@pytest.mark.parametrize(("n", "k"), [(1, 5), (0, 0), (-3, -2), (1, 0), (16, 2)])
def test_a_quorum_that_no_engagement_can_ask_for_is_told(gathered: Gathered, n: int, k: int) -> None:
    said = source_differences(quorum(gathered, ONE, n, k))
    assert f"engagement.json: {k} of {n} sources of 'eip155:31337' cannot agree" in said


def test_a_quorum_of_no_network_is_told(gathered: Gathered) -> None:
    assert source_differences(quorum(gathered, "nonsense:xx", 1, 1)) == [
        "engagement.json: it asks for sources of 'nonsense:xx', which is no network"
    ]


def test_fewer_operators_than_are_asked_for_are_told(gathered: Gathered) -> None:
    (said,) = source_differences(quorum(gathered, ONE, 2, 2))
    assert said.startswith(f"sources.json: {ONE}: the engagement asks for 2 sources of distinct operators")
