from __future__ import annotations

import csv
import io
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.members.records import free_text

from reservecheck.errors import BundleError
from reservecheck.members.rows import guarded, read_integer, read_rows, unguarded, write_rows

HEADER: Final = ("a", "b")
UNDECODABLE: Final = "'utf-8' codec can't decode byte 0xff in position 6: invalid start byte"


@given(st.lists(st.tuples(free_text, free_text), max_size=4))
@example([("a\rb", "c"), ("\r", ""), ("", "\r\n"), ('"', ","), ("", "")])
def test_any_text_comes_back_and_gives_the_same_bytes(rows: list[tuple[str, str]]) -> None:
    written = write_rows(HEADER, rows)
    read = list(read_rows(written, HEADER, name="it"))
    assert read == [list(row) for row in rows]
    assert write_rows(HEADER, read) == written


def test_lines_end_with_lf_and_only_what_needs_quotes_has_them() -> None:
    assert write_rows(HEADER, [("1", "x y"), ("2", 'a,"b"'), ("3", "a\nb")]) == (
        b'a,b\n1,x y\n2,"a,""b"""\n3,"a\nb"\n'
    )


def test_a_row_with_a_carriage_return_is_quoted_whole_because_it_would_not_be_read_otherwise() -> None:
    written = write_rows(HEADER, [("1", "a\rb"), ("2", "c")])
    assert written == b'a,b\n"1","a\rb"\n2,c\n'
    assert list(csv.reader(io.StringIO(written.decode(), newline=""), strict=True))[1] == ["1", "a\rb"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "it: its columns are not a,b"),
        (b"a\n1\n", "it: its columns are not a,b"),
        (b"b,a\n1,2\n", "it: its columns are not a,b"),
        (b"a,b,c\n", "it: its columns are not a,b"),
        (b"\xef\xbb\xbfa,b\n", "it: its columns are not a,b"),
        (b"a,b\n1\n", "it:2: 1 fields instead of 2"),
        (b"a,b\n1,2\n1,2,3\n", "it:3: 3 fields instead of 2"),
        (b"a,b\n\n", "it:2: 0 fields instead of 2"),
        (b'a,b\n1,"2\n', "it is not CSV this tool writes: unexpected end of data"),
        (b'a,b\n1,"2"3\n', "it is not CSV this tool writes: ',' expected after '\"'"),
        (
            b"a,b\n1,\xff\n",
            f"it is not CSV this tool writes: {UNDECODABLE}",
        ),
        (b"a,b\n1," + b"x" * 200_000, "it is not CSV this tool writes: field larger than field limit (131072)"),
    ],
)
def test_what_this_tool_does_not_write_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(BundleError) as refused:
        list(read_rows(data, HEADER, name="it"))
    assert str(refused.value) == said


@given(free_text)
@example("'")
@example("''=1")
@example("'=1")
def test_a_guard_is_taken_away_again(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(free_text)
def test_no_spreadsheet_runs_what_is_written(text: str) -> None:
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t"))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'x", "'=1"])
def test_a_text_that_would_run_or_begins_with_an_apostrophe_gets_one(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "x", "1", "a=1", " =1", "Bank-A"])
def test_another_text_stands_as_it_is(text: str) -> None:
    assert guarded(text) == text == unguarded(text)


@given(st.integers(0, 10**39))
def test_an_integer_is_read_as_it_is_written(number: int) -> None:
    assert read_integer(str(number), name="it") == number


def test_the_smallest_may_be_negative() -> None:
    assert read_integer("-5", name="it", smallest=-5) == -5


@pytest.mark.parametrize(
    "text", ["", "-", "-0", "01", "+1", " 1", "1 ", "1_0", "1.0", "1e3", "٣", "²", "--1", "-1", "x"]
)
def test_any_other_text_is_no_integer(text: str) -> None:
    with pytest.raises(BundleError) as refused:
        read_integer(text, name="it")
    assert str(refused.value) == f"it: {text!r} is not an integer as this tool writes it"


def test_a_number_below_the_smallest_or_too_long_is_refused_and_shown_in_part() -> None:
    with pytest.raises(BundleError) as refused:
        read_integer("0", name="it", smallest=1)
    assert str(refused.value) == "it: '0' is not an integer as this tool writes it"
    with pytest.raises(BundleError) as refused:
        read_integer("1" * 5000, name="it")
    assert str(refused.value) == f"it: '{'1' * 40}' is not an integer as this tool writes it"
