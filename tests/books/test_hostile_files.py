"""Files that are damaged, cut off or of another kind: an error that names the place, or every row, never fewer."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.books.customers import read_customers
from reservecheck.books.ledger_names import ledger_names
from reservecheck.errors import InputError
from reservecheck.model.progress import silent
from reservecheck.model.registry import Registry

HEAD = "customer,asset,balance\n"


@pytest.fixture
def said(registry: Registry, tmp_path: Path) -> Callable[[bytes, str], str | int]:
    """How many rows a file has, or what is wrong with it."""

    def read(data: bytes, suffix: str = ".csv") -> str | int:
        path = tmp_path / f"customers{suffix}"
        path.write_bytes(data)
        return rows_or_problem(registry, path)

    return read


def rows_or_problem(registry: Registry, path: Path) -> str | int:
    try:
        return read_customers(
            [(path, path.name)],
            ledger_names(registry.assets),
            out_of_scope=frozenset(),
            house=frozenset(),
            progress=silent,
        ).rows
    except InputError as error:
        return str(error)


def parquet(rows: int, **columns: list[str]) -> bytes:
    into = io.BytesIO()
    given = columns or {
        "customer": [f"u{number}" for number in range(rows)],
        "asset": ["BTC"] * rows,
        "balance": [str(number) for number in range(rows)],
    }
    pl.DataFrame(given).write_parquet(into, row_group_size=100)
    return into.getvalue()


@pytest.mark.parametrize("tenths", range(10))
def test_a_parquet_file_that_is_cut_off_is_refused(said: Callable[..., str | int], tenths: int) -> None:
    whole = parquet(1000)
    assert said(whole, ".parquet") == 1000
    message = said(whole[: len(whole) * tenths // 10], ".parquet")
    assert str(message).startswith("customers.parquet: not Parquet that can be read: ")


def test_a_parquet_file_without_a_column_is_refused_by_its_name(said: Callable[..., str | int]) -> None:
    message = said(parquet(1, customer=["u1"], asset=["BTC"]), ".parquet")
    assert str(message).startswith("customers.parquet:1: the column 'balance' is missing\n")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            f"{HEAD}u1,BTC,1\n".encode() + "김,BTC,1\n".encode("cp949"),
            "customers.csv:3: the byte 0xb1 is not UTF-8",
        ),
        (
            f"{HEAD}김,BTC,1\n".encode() + b"m\xfcller,BTC,1\nu3,BTC,1\n",
            "customers.csv:3: the byte 0xfc is not UTF-8",
        ),
        (f"{HEAD}u1,BTC,1\n".encode("utf-16"), "customers.csv:1: the text is UTF-16\n"),
        (b"customer,asset,balance,balance\nu1,BTC,1,1\n", "customers.csv:1: the column 'balance' stands twice"),
        (b"customer,asset\nu1,BTC\n", "customers.csv:1: the column 'balance' is missing"),
        (f"{HEAD}u1,BTC,1\n\xef\xbb\xbfu2,BTC,1".encode("latin-1"), 2),
        (f"\ufeff{HEAD}u1,BTC,1\r\nu2,BTC,1\r\n".encode(), 2),
        (f'{HEAD}"a ""b"", c",BTC,1\nu2,BTC,"1"\n'.encode(), 2),
        (f'{HEAD}"a\nb",BTC,1\nu2,BTC,1\n'.encode(), 2),
        (f"{HEAD}u1;BTC;1\n".encode(), "customers.csv:2: 1 fields where the header has 3"),
        (b"\x1f\x8b" + HEAD.encode(), "customers.csv:1: the byte 0x8b is not UTF-8"),
    ],
)
def test_encodings_marks_and_quotes_are_read_or_named(
    said: Callable[..., str | int], data: bytes, message: str | int
) -> None:
    found = said(data)
    assert found == message if isinstance(message, int) else str(found).startswith(message)


@given(
    place=st.integers(0, 400),
    instead=st.binary(max_size=3),
    length=st.integers(0, 3),
)
def test_no_damage_makes_a_row_disappear(
    registry: Registry, tmp_path_factory: pytest.TempPathFactory, place: int, instead: bytes, length: int
) -> None:
    """Each line that is left is a row that was read, or the file is refused; quotes may join lines into one."""
    whole = (HEAD + "".join(f"u{number},BTC,{number}.5\n" for number in range(30))).encode()
    damaged = whole[:place] + instead + whole[place + length :]
    path = tmp_path_factory.mktemp("damaged") / "customers.csv"
    path.write_bytes(damaged)
    found = rows_or_problem(registry, path)
    if isinstance(found, int) and b'"' not in damaged:
        assert found == damaged.rstrip(b"\n").count(b"\n")
