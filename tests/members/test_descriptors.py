from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.members.records import record, replaced

from reservecheck.errors import BundleError
from reservecheck.members.codec import to_json
from reservecheck.members.descriptors import NAME, read_descriptors, write_descriptors
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
one_published = record(DeclaredDescriptor, published=st.sampled_from([True]))
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
