from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.books import whole_runs
from reservecheck.books.customer_blocks import Block, Lines
from reservecheck.errors import Problem

NAMES = pl.Enum(["BTC"])
IDS = st.lists(st.sampled_from(["a", "b", None]), max_size=8)


def block(
    ids: list[str | None], start: int = 0, *, named: bool = True, problems: tuple[Problem, ...] = ()
) -> Block:
    columns = {
        "line": range(start, start + len(ids)),
        "customer": pl.Series(ids, dtype=pl.String),
        "asset": pl.Series(["BTC"] * len(ids), dtype=NAMES if named else pl.String()),
    }
    return Block(frame=pl.DataFrame(columns), problems=problems)


def cut(blocks: list[Block]) -> list[Block]:
    return [piece for piece in whole_runs.whole_runs(blocks) if isinstance(piece, Block)]


@given(blocks=st.lists(st.tuples(IDS, st.booleans()), max_size=6))
def test_no_row_is_lost_or_moved_and_every_cut_is_between_two_customers(
    blocks: list[tuple[list[str | None], bool]],
) -> None:
    given_blocks, line = [], 0
    for ids, named in blocks:
        given_blocks.append(block(ids, line, named=named))
        line += len(ids)
    frames = [piece.frame for piece in cut(given_blocks)]
    rows = [row for frame in frames for row in frame.select("line", "customer").rows()]
    assert rows == [row for part in given_blocks for row in part.frame.select("line", "customer").rows()]
    ends = [frame["customer"].to_list() for frame in frames if frame.height]
    assert all(above[-1] != below[0] for above, below in pairwise(ends))


def test_problems_stay_with_their_block() -> None:
    problem = Problem(path="c", message="m")
    cuts = cut([block(["a", "b"], problems=(problem,)), block(["b"])])
    assert [piece.problems for piece in cuts] == [(problem,), (), ()]
    assert [piece.frame["customer"].to_list() for piece in cuts] == [["a"], [], ["b", "b"]]


def test_a_customer_without_end_is_not_kept_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_runs, "_NEAR", 2)
    cuts = cut([block(["a", "b", "b", "b"]), block(["b", "c"])])
    assert [piece.frame["customer"].to_list() for piece in cuts] == [["a", "b", "b", "b"], ["b"], ["c"]]


def test_rows_kept_back_come_before_lines_that_follow() -> None:
    lines = Lines(data=b"c,BTC,1\n", line=3)
    found = list(whole_runs.whole_runs([block(["a", "b"]), lines]))
    assert [len(piece.frame) if isinstance(piece, Block) else piece.line for piece in found] == [1, 1, 3]
