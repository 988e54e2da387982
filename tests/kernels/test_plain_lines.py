from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from decimal import Decimal, localcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.kernels.name_table import NameTable, name_table
from reservecheck.kernels.plain_lines import PlainRows, count_lines, plain_rows

NAMES = ("BTC", "XBT", "KRW", "한", "DEEP", "OUT")
TABLE = name_table(NAMES, (8, 8, 0, 18, 24, None), (0, 0, 1, 2, 3, 4))


def read(text: bytes, table: NameTable = TABLE) -> PlainRows:
    found = plain_rows(text, table)
    assert found is not None
    return found


def test_rows_sums_runs_and_what_is_odd_in_them() -> None:
    found = read(b"u1,BTC,1.5\nu1,KRW,0\nu2,BTC,-0.25\nu2,XBT,3\r\nu2,KRW,-0\nu1,BTC,7")
    assert (found.rows, found.runs, found.ids) == (6, 3, b"u1\nu2\nu1\n")
    one = 10**18
    assert found.sums == ([one * 17 // 2, one * 3, 0, 0, 0, 0], [one // 4, 0, 0, 0, 0, 0])
    assert found.counts == ([2, 1, 2, 0, 0, 0], [1, 0, 0, 0, 0, 0])
    assert [part.tolist() for part in found.zeros] == [[1, 4], [2, 2]]
    assert [part.tolist() for part in found.negatives] == [[2], [0]]
    assert found.doubled.tolist() == [1]


@pytest.mark.parametrize(
    "line",
    [
        "u1,BTC", "u1,BTC,", "u1", ",BTC,1", "u1,,1", "", "u1,BTC,1,", "u1,BTC,1,2", 'u1,"BTC",1', '"u1",BTC,1',
        "u1,btc,1", "u1,BTCX,1", "u1,BT,1", "u1,DEEP,1", "u1,OUT,1", "u\t1,BTC,1", "u1,BTC,1\r", "u1\r,BTC,1",
        "u1,BTC,01", "u1,BTC,00", "u1,BTC,+1", "u1,BTC,--1", "u1,BTC,-", "u1,BTC,.5", "u1,BTC,5.", "u1,BTC,.",
        "u1,BTC, 1", "u1,BTC,1 ", "u1,BTC,1e3", "u1,BTC,1_0", "u1,BTC,1.000000000", "u1,KRW,1.0", "u1,BTC,1.2.3",
        "u1,BTC,10000000000000000000", "u1,BTC,١", "u1,BTC,0x1", "u1,BTC,NaN", "u1,BTC,1\0", "\0,BTC,1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", [("", ""), ("u0,BTC,1\n", "u3,BTC,1\n"), ("u1,BTC,1\n", "")])
def test_a_line_that_is_not_plain_leaves_the_whole_block_to_others(line: str, around: tuple[str, str]) -> None:
    before, after = around
    if line == "u1,BTC,1\r" and after:
        line = "u1,BTC,1\r\r"
    text = f"{before}{line}\n{after}".encode() if line != "u1,BTC,1\r" else f"{before}{line}".encode()
    assert plain_rows(text, TABLE) is None


def test_no_lines_add_up_to_nothing() -> None:
    assert (read(b"").rows, count_lines(b""), count_lines(b"\n"), count_lines(b"a"), count_lines(b"a\nb")) == (
        0, 0, 1, 1, 2,
    )  # fmt: skip


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "ü", "a b"]), st.sampled_from([0, 1, 3]), st.booleans(),
                  st.integers(0, 10**19 - 1), st.integers(0, 10**18 - 1)),
        max_size=60,
    )
)  # fmt: skip
def test_sums_of_any_size_are_those_of_decimals(rows: list[tuple[str, int, bool, int, int]]) -> None:
    lines, expected = [], {(below, name): Decimal(0) for below in (0, 1) for name in range(len(NAMES))}
    with localcontext(prec=80):
        for customer, name, minus, whole, part in rows:
            digits = (8, 8, 0, 18)[name]
            fraction = f"{part:018}"[:digits]
            text = f"{'-' * minus}{whole}{'.' * bool(digits)}{fraction}"
            lines.append(f"{customer},{NAMES[name]},{text}\n")
            value = Decimal(text)
            expected[int(value < 0), name] += abs(value)
        found = read("".join(lines).encode())
        for (below, name), total in expected.items():
            assert found.sums[below][name] == total.scaleb(18)
    assert sum(map(sum, found.counts)) == found.rows == len(rows)


def test_sums_go_beyond_128_bits() -> None:
    rows = 40
    found = read(b"u1,BTC,9999999999999999999.99999999\n" * rows)
    assert found.sums[0][0] == 999_999_999_999_999_999_999_999_999 * 10**10 * rows
    assert found.sums[0][0] > 1 << 128


@given(st.lists(st.text("ABC.", min_size=1, max_size=3), unique=True, max_size=80))
def test_every_name_is_found_and_no_other(names: list[str]) -> None:
    table = name_table(names, [0] * len(names), range(len(names)))
    found = read("".join(f"u,{name},{number}\n" for number, name in enumerate(names, 1)).encode(), table)
    assert [total // 10**18 for total in found.sums[0]] == list(range(1, len(names) + 1))
    assert plain_rows(b"u,ABCD,1\n", table) is None


IR = r"""
import re
from reservecheck.kernels import name_table, plain_lines
plain_lines.plain_rows(b"u,BTC,1.5\\n", name_table.name_table(["BTC"], [8], [0]))
plain_lines.count_lines(b"u")
for name, loop in (vars(plain_lines) | vars(name_table)).items():
    if hasattr(loop, "inspect_llvm"):
        for text in loop.inspect_llvm().values():
            print(name, len(text) > 500, re.search(r"\b(double|float)\b", text) is not None)
"""


@pytest.fixture
def outside() -> Callable[[Path, str], list[str]]:
    def run(cache: Path, program: str) -> list[str]:
        return subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "NUMBA_CACHE_DIR": str(cache)},
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        ).stdout.splitlines()

    return run


def test_no_compiled_loop_holds_a_float(tmp_path: Path, outside: Callable[[Path, str], list[str]]) -> None:
    said = outside(tmp_path, IR)
    assert {line.split()[0] for line in said} >= {"_look", "_count", "_zeros", "slot_of", "name_at"}
    assert {line.split(maxsplit=1)[1] for line in said} == {"True False"}


def test_the_largest_balance_and_how_balances_end_are_told_by_name() -> None:
    found = read(b"a,BTC,1.5\na,KRW,0\nb,BTC,20\nb,XBT,-3000\nc,BTC,20\nc,\xed\x95\x9c,0.25\nd,BTC,-0.0\n")
    one = 10**18
    assert found.largest == {0: (20 * one, 2), 3: (one // 4, 5)}
    assert found.zeros_at_end == {0: {17: 1, 19: 2}, 1: {21: 1}, 3: {16: 1}}


@given(st.lists(st.tuples(st.integers(0, 10**19 - 1), st.integers(0, 19), st.integers(0, 10**18 - 1),
                          st.integers(0, 18)), min_size=1, max_size=20))  # fmt: skip
def test_largest_and_zeros_are_those_of_integers(rows: list[tuple[int, int, int, int]]) -> None:
    values = [
        (whole // 10**tens * 10**tens) * 10**18 + part // 10**zeros * 10**zeros for whole, tens, part, zeros in rows
    ]
    text = "".join(f"u,\ud55c,{value // 10**18}.{value % 10**18:018}\n" for value in values)
    found = read(text.encode())
    if not any(values):
        assert (found.largest, found.zeros_at_end) == ({}, {})
        return
    assert found.largest == {3: (max(values), values.index(max(values)))}
    assert found.zeros_at_end == {
        3: Counter(len(str(value)) - len(str(value).rstrip("0")) for value in values if value)
    }
