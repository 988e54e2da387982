from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.members.records import record, replaced

from reservecheck.errors import BundleError
from reservecheck.members.codec import to_json
from reservecheck.members.descriptors import MOST_PUBLISHED, NAME, read_descriptors, write_descriptors
from reservecheck.model.declared import DeclaredDescriptor
from reservecheck.model.words import Owner, Storage
from reservecheck.vault.canonical import canonical_json

COLD = DeclaredDescriptor(
    label="cold",
    network="bitcoin:regtest",
    descriptor="raw(51)#8lvh9jxk",
    range=None,
    gap=None,
    storage=Storage.COLD,
    owner=Owner.CUSTOMERS,
    published=True,
)
indices = st.tuples(st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1)).map(lambda two: (min(two), max(two)))
one_published = st.tuples(indices, st.integers(0, 2**53 - 1)).flatmap(
    lambda some: record(
        DeclaredDescriptor, published=st.sampled_from([True]), range=st.just(some[0]), gap=st.just(some[1])
    )
) | record(DeclaredDescriptor, published=st.sampled_from([True]), range=st.none(), gap=st.none())
published = st.lists(one_published, min_size=1, unique_by=lambda one: one.label)


def refusal(*rows: object) -> str:
    with pytest.raises(BundleError) as refused:
        read_descriptors(canonical_json(list(rows)))  # type: ignore[arg-type]  # JSON of any shape
    return str(refused.value)


def row(**changes: object) -> dict[str, object]:
    plain = to_json(COLD)
    assert isinstance(plain, dict)
    return replaced(plain, **changes)


@given(published)
def test_any_descriptors_come_back(given_: list[DeclaredDescriptor]) -> None:
    assert read_descriptors(write_descriptors(given_)[NAME]) == tuple(given_)


def test_where_none_is_published_there_is_no_member() -> None:
    assert write_descriptors(()) == {}


def test_what_this_tool_does_not_write_is_refused() -> None:
    assert refusal() == "descriptors.json: it holds no descriptor, or two of one label"
    assert refusal(row(), row()) == "descriptors.json: it holds no descriptor, or two of one label"
    assert refusal(row(published=False)) == (
        "descriptors.json: a descriptor stands here that is not to be published"
    )
    assert refusal(row(range=[1])) == "descriptors.json[0].range is not a list of 2"
    several = [row(label=f"l{n}") for n in range(MOST_PUBLISHED + 1)]
    assert refusal(*several) == "descriptors.json: it holds 10001 descriptors, at most 10000 are read"


@pytest.mark.parametrize(
    "changes",
    [
        {"range": [-5, 3], "gap": 0},
        {"range": [5, 3], "gap": 0},
        {"range": [0, 2**31], "gap": 0},
        {"range": [0, 2**53 - 1], "gap": 0},
        {"range": [0, 3], "gap": -7},
        {"range": [0, 3]},
        {"gap": 3},
    ],
)
def test_a_range_or_a_gap_that_is_none_is_refused(changes: dict[str, object]) -> None:
    assert refusal(row(**changes)) == "descriptors.json: the range or the gap of 'cold' is none"
