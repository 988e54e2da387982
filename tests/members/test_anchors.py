from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.members.records import record

from reservecheck.errors import BundleError
from reservecheck.members.anchors import NAME, read_anchors, write_anchors
from reservecheck.model.anchor import Anchor


def test_no_anchors_are_no_member() -> None:
    assert write_anchors(()) == {}


@given(st.lists(record(Anchor), min_size=1, max_size=3).map(tuple))
def test_any_anchors_come_back(before: tuple[Anchor, ...]) -> None:
    assert read_anchors(write_anchors(before)[NAME]) == before


def test_an_empty_member_is_refused() -> None:
    with pytest.raises(BundleError) as refused:
        read_anchors(b"[]")
    assert refused.value.message == "anchors.json holds no anchor"
