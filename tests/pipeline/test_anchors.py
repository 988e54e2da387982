from __future__ import annotations

from pathlib import Path

import pytest

from reservecheck.anchors import Anchor, contradiction, read_anchors
from reservecheck.errors import InputError
from reservecheck.model.evidence import Pin

HEADER = "network,height,hash,source,taken_by,taken_at\n"
PIN = Pin(
    id="bitcoin:regtest@cutoff",
    network="bitcoin:regtest",
    role="cutoff",
    height=5,
    hash="ab",
    time=0,
    mtp=None,
    state_root=None,
    final=True,
    still_there=True,
    agreed=("s",),
    asked=("s",),
)


def anchor(height: int, block: str, network: str = "bitcoin:regtest") -> Anchor:
    return Anchor(network=network, height=height, hash=block, source="an explorer", taken_by="me", taken_at="")


def test_an_anchor_is_read_in_lower_case(tmp_path: Path) -> None:
    path = tmp_path / "anchors.csv"
    path.write_text(HEADER + "bitcoin:regtest,5,AB,an explorer,me,2018-07-01T00:00:00Z\n")
    (read,) = read_anchors(path)
    assert (read.network, read.height, read.hash, read.taken_at) == (
        "bitcoin:regtest",
        5,
        "ab",
        "2018-07-01T00:00:00Z",
    )


def test_every_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "anchors.csv"
    path.write_text(HEADER + "a:b,-5,ab,x,me,t\na:b,5,ab,,me,t\na:b,5,ab,x,,t\na:b,٥,ab,x,me,t\n")
    with pytest.raises(InputError) as raised:
        read_anchors(path)
    assert [(problem.line, problem.message) for problem in raised.value.problems] == [
        (2, "'-5' is not a block height"),
        (3, "an anchor says where it was taken from and by whom"),
        (4, "an anchor says where it was taken from and by whom"),
        (5, "'٥' is not a block height"),
    ]


def test_an_anchor_agrees_contradicts_or_is_about_something_else() -> None:
    assert contradiction(PIN, ()) is None
    assert contradiction(PIN, (anchor(6, "ab"), anchor(5, "ab", "bitcoin:signet"))) is None
    assert contradiction(PIN, (anchor(5, "ab"),)) == ""
    expected = "bitcoin:regtest block 5: the bundle says ab, an explorer says cd"
    assert contradiction(PIN, (anchor(5, "cd"),)) == expected
