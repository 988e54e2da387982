from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.errors import BundleError
from reservecheck.members.anchors import NAME, read_anchors, write_anchors
from reservecheck.model.anchor import Anchor

HASH = "ab" * 32
WHENEVER = "'whenever' is not an instant with an offset, such as 2018-06-28T00:00:00+09:00"
AT = "2018-09-15T00:00:00Z"
ONE = Anchor(
    network="eip155:1",
    height=7,
    hash=HASH,
    source="an explorer",
    taken_by="A. Sato",
    taken_at=AT,
)
words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=9)
anchors = st.builds(
    Anchor,
    network=words,
    height=st.integers(0, 10**15 - 1),
    hash=st.text("0123456789abcdef", min_size=64, max_size=64),
    source=words,
    taken_by=words,
    taken_at=st.just(ONE.taken_at),
    line=st.integers(0, 9),
)


def test_no_anchors_are_no_member() -> None:
    assert write_anchors(()) == {}


@given(st.lists(anchors, min_size=1, max_size=3).map(tuple))
def test_any_anchors_come_back(before: tuple[Anchor, ...]) -> None:
    assert read_anchors(write_anchors(before)[NAME]) == before


def test_an_empty_member_is_refused() -> None:
    with pytest.raises(BundleError) as refused:
        read_anchors(b"[]")
    assert refused.value.message == "anchors.json holds no anchor"


@pytest.mark.parametrize(
    ("odd", "what"),
    [
        (replace(ONE, hash="zz"), "'zz' is not a block hash"),
        (replace(ONE, hash=HASH.upper()), "it is not in the form this tool writes"),
        (replace(ONE, hash=f"0x{HASH}"), "it is not in the form this tool writes"),
        (replace(ONE, line=-1), "it is not in the form this tool writes"),
        (replace(ONE, height=-1), "'-1' is not a block height"),
        (replace(ONE, taken_by=""), "the column 'taken_by' is empty"),
        (replace(ONE, source="a\nb"), "'a\\nb' is no name"),
        (replace(ONE, source=201 * "a"), f"'{60 * 'a'}' is no name"),
        (
            replace(ONE, taken_at="whenever"),
            WHENEVER,
        ),
    ],
)
def test_what_no_file_of_anchors_holds_is_refused(odd: Anchor, what: str) -> None:
    with pytest.raises(BundleError) as refused:
        read_anchors(write_anchors((ONE, odd))[NAME])
    assert refused.value.message == f"anchors.json: anchor 2: {what}"
