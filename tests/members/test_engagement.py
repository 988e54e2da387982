from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assess.inputs_factory import BITCOIN, BTC, ETH, ETHEREUM, TOKEN, engagement, registry
from tests.members.records import record, replaced

from reservecheck.errors import BundleError
from reservecheck.members.engagement import (
    Cover,
    read_cover,
    read_registry,
    read_sources,
    write_cover,
    write_registry,
    write_sources,
)
from reservecheck.model.declared import Provenance
from reservecheck.transport.record import SourceCard

COVER = Cover(
    entity="kaede",
    name="Kaede (fictional)",
    provenance=Provenance(by="A. Sato (fictional)"),
    engagement=engagement(),
    input_files=(),
    tool="reservecheck 0.1.0",
)


@given(record(Cover))
def test_any_cover_comes_back_and_gives_the_same_bytes(before: Cover) -> None:
    written = write_cover(before)
    assert read_cover(written) == before
    assert write_cover(read_cover(written)) == written


@given(st.lists(record(SourceCard), max_size=4, unique_by=lambda card: (card.network, card.name)))
def test_sources_are_sorted_by_network_and_name(cards: list[SourceCard]) -> None:
    written = write_sources(cards)
    assert read_sources(written) == tuple(sorted(cards, key=lambda card: (card.network, card.name)))
    assert write_sources(read_sources(written)) == written
    assert write_sources(cards[::-1]) == written


def test_the_rows_used_come_back_and_give_the_same_bytes() -> None:
    before = registry()
    written = write_registry(before)
    assert read_registry(written) == before
    assert write_registry(read_registry(written)) == written


@pytest.mark.parametrize(("kind", "row"), [("networks", BITCOIN), ("assets", "BTC"), ("instruments", TOKEN)])
def test_a_row_stands_under_its_own_id(kind: str, row: str) -> None:
    rows = json.loads(write_registry(registry()))
    rows[kind]["another"] = rows[kind].pop(row)
    with pytest.raises(BundleError) as refused:
        read_registry(json.dumps(rows).encode())
    assert str(refused.value) == "registry.json: a row does not stand under its own id"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"more": 1}, "engagement.json lacks or has too many of: more"),
        ({"tool": ...}, "engagement.json lacks or has too many of: tool"),
        ({"entity": 1}, "engagement.json.entity is not of type str"),
        ({"provenance": None}, "engagement.json.provenance is not an object"),
        ({"input_files": {}}, "engagement.json.input_files is not a list"),
    ],
)
def test_a_malformed_cover_is_refused(changes: dict[str, Any], said: str) -> None:
    written = json.loads(write_cover(COVER))
    with pytest.raises(BundleError) as refused:
        read_cover(json.dumps(replaced(written, **changes)).encode())
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cutoff_epoch": "0"}, "engagement.json.engagement.cutoff_epoch is not of type int"),
        ({"cutoff_epoch": 2**53},
         "engagement.json is not JSON this tool writes: the number 9007199254740992 is 2^53 or more"),
        ({"rehearsal": 1}, "engagement.json.engagement.rehearsal is not of type bool"),
        ({"given": ...}, "engagement.json.engagement lacks or has too many of: given"),
        ({"deciding": {"owner": "all", "evidence": "seen", "control": "signed"}},
         "engagement.json.engagement.deciding.evidence is none of claimed, observed, corroborated, proven"),
    ],
)  # fmt: skip
def test_a_malformed_engagement_is_refused(changes: dict[str, Any], said: str) -> None:
    written = json.loads(write_cover(COVER))
    written["engagement"] = replaced(written["engagement"], **changes)
    with pytest.raises(BundleError) as refused:
        read_cover(json.dumps(written).encode())
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("read", "name"),
    [(read_cover, "engagement.json"), (read_registry, "registry.json"), (read_sources, "sources.json")],
)
def test_what_is_no_json_is_refused_by_name(read: Any, name: str) -> None:  # noqa: ANN401  # one of three readers
    for data, said in (
        (b"", "Expecting value: line 1 column 1 (char 0)"),
        (b'{"a":1,"a":1}', "a key stands twice"),
        (b'{"a":1.5}', "the number 1.5 is not an integer"),
        (b'{"a":NaN}', "the number NaN is not an integer"),
    ):
        with pytest.raises(BundleError) as refused:
            read(data)
        assert str(refused.value) == f"{name} is not JSON this tool writes: {said}"


def test_a_burn_address_is_a_place_and_an_identity() -> None:
    rows = json.loads(write_registry(replace(registry(), burn=frozenset({("evm", "0x00")}))))
    assert rows["burn"] == [["evm", "0x00"]]
    rows["burn"] = [["evm"]]
    with pytest.raises(BundleError) as refused:
        read_registry(json.dumps(rows).encode())
    assert str(refused.value) == "registry.json.burn[0] is not a list of 2"


def test_the_members_name_networks_and_instruments_as_the_registry_does() -> None:
    rows = json.loads(write_registry(registry()))
    assert sorted(rows["networks"]) == sorted((BITCOIN, ETHEREUM))
    assert sorted(rows["instruments"]) == sorted((BTC, ETH, TOKEN))
