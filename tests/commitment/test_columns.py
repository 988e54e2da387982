from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.commitment.trees import rows

from reservecheck.commitment import columns as module
from reservecheck.commitment.columns import Columns, Row, each, first_odd_id, of_buffers, of_rows, total
from reservecheck.errors import CommitmentError


def buffers(ids: Sequence[bytes], **changed: array[int]) -> Columns:
    starts = array("q", [0])
    for text in ids:
        starts.append(starts[-1] + len(text))
    zeros = array("Q", [0] * len(ids))
    given = {"starts": starts, "low": zeros, "high": zeros, **changed}
    return of_buffers(b"".join(ids), **given)


@given(rows())
def test_rows_come_back_from_their_columns(given_rows: list[Row]) -> None:
    columns = of_rows(given_rows)
    assert len(columns) == len(given_rows)
    assert [Row(text.decode(), units, part) for text, units, part in each(columns)] == given_rows
    assert total(columns) == sum(row.units for row in given_rows)
    same = of_buffers(columns.ids, columns.starts, columns.low, columns.high, columns.parts)
    assert list(each(same)) == list(each(columns))


def test_buffers_without_parts_are_first_parts() -> None:
    columns = buffers([b"a", "한".encode()], low=array("Q", [1, 2]), high=array("Q", [0, 3]))
    assert list(each(columns)) == [(b"a", 1, 0), ("한".encode(), 2 + (3 << 64), 0)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (Row("", 1), "row 1: this is no customer's id: it is empty"),
        (Row("zoe\u0308", 1), "row 1: this is no customer's id: it is not in Unicode's form NFC"),
        (Row("b", 1, -1), "row 1: the part -1 is not between 0 and 2^32 − 1"),
        (Row("b", 1, 1 << 32), "row 1: the part 4294967296 is not between 0 and 2^32 − 1"),
        (Row("b", -1), "the amount -1 is not between 0 and 2^128 − 1"),
    ],
)
def test_a_row_that_cannot_be_a_leaf_is_refused(row: Row, said: str) -> None:
    with pytest.raises(CommitmentError) as caught:
        of_rows([Row("a", 1), row])
    assert str(caught.value) == said


@pytest.mark.parametrize(
    "changed",
    [
        {"low": array("Q", [0])},
        {"high": array("Q", [0])},
        {"parts": array("I", [0])},
        {"starts": array("q", [0, 1])},
        {"starts": array("q", [1, 1, 2])},
        {"starts": array("q", [0, 1, 3])},
    ],
)
def test_columns_that_do_not_fit_together_are_refused(changed: dict[str, array[int]]) -> None:
    with pytest.raises(CommitmentError) as caught:
        buffers([b"a", b"b"], **changed)
    assert str(caught.value) == (
        "the columns do not fit together: as many amounts and parts as ids, and where they end"
    )


CUT = "row 1: this is no customer's id: it is empty, or cut inside a character"


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ([b"a", b"", b"b"], CUT),
        (["한".encode()[:1], "한".encode()[1:]], CUT),
        ([b"a", b"\xff"], "the ids are not UTF-8"),
        ([b"a", b"\xed\xa0\x80"], "the ids are not UTF-8"),
        ([b"a", "zoe\u0308".encode()], "row 1: this is no customer's id: it is not in Unicode's form NFC"),
    ],
)
def test_ids_in_buffers_are_held_to_the_same(ids: list[bytes], said: str) -> None:
    with pytest.raises(CommitmentError) as caught:
        buffers(ids)
    assert str(caught.value) == said


def test_two_ids_that_only_together_are_not_normal_are_let_be() -> None:
    assert len(buffers([b"zoe", "\u0308".encode()])) == 2


@given(st.binary(max_size=6), st.lists(st.integers(-2, 7), min_size=1, max_size=5))
def test_an_odd_id_is_found_by_the_loop_and_by_its_twin(ids: bytes, starts: list[int]) -> None:
    memory = memoryview(ids), memoryview(array("q", starts))
    plain = module._first_odd_id(*memory)
    assert first_odd_id(*memory) == plain
    expected = [
        at
        for at, (begin, end) in enumerate(pairwise(starts))
        if not 0 <= begin < end or ids[begin : begin + 1] == b"" or 0x80 <= ids[begin] < 0xC0
    ]
    assert plain == (expected[0] if expected else -1)


def test_ids_are_looked_at_without_numba_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    with pytest.raises(CommitmentError) as caught:
        buffers([b"a", b""])
    assert str(caught.value) == CUT
