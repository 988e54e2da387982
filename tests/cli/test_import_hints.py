"""What a newcomer is told whose export is in another encoding, has groups of digits, or meets the starter file."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from tests.cli.command_line import Ask
from tests.cli.test_import import Desk

LONG: Final = ("--asset-column", "자산", "--balance-column", "잔고")
ENCODED: Final = "the bytes of this line are not utf-8\n  hint: this line can be read with --encoding"


@pytest.fixture
def desk(tmp_path: Path, ask: Ask) -> Desk:
    return Desk(tmp_path, ask)


@pytest.mark.parametrize(
    "case",
    [
        ("고객번호,자산,잔고\n홍길동,BTC,1\n", 1, "cp949"),
        ("customer,asset,balance\nu1,BTC,1\n김영희,BTC,1\n", 3, "cp949"),
    ],
)
def test_another_encoding_is_told_before_a_column_is_missed(desk: Desk, case: tuple[str, int, str]) -> None:
    text, line, encoding = case
    assert desk.refused(text.encode("cp949"), *LONG) == f"export.csv:{line}: {ENCODED} {encoding}\n"


def test_a_column_that_is_missing_from_a_text_or_a_workbook_is_told_as_before(desk: Desk) -> None:
    said = desk.refused("id,자산,잔고\nu1,BTC,1\n", *LONG)
    assert (
        said == "export.csv:1: no column is called 'uid'\n  hint: the header is on another line? it has 3 columns\n"
    )


def test_bytes_that_no_text_has_are_taken_for_no_japanese(desk: Desk) -> None:
    said = desk.refused(b"uid,BTC\nu\xff,1\n")
    assert said == "export.csv:2: the bytes of this line are not utf-8\n  hint: which is it?\n"


def test_an_advice_for_many_rows_is_given_once(desk: Desk) -> None:
    said = desk.refused("uid,BTC\n" + 'u1,"1,234.5"\n' * 3 + "u2,x\n" * 2)
    marks = "column 2 ('BTC'): the amount has marks between its digits\n"
    other = "column 2 ('BTC'): the cell is not an amount\n"
    assert said == (
        f"export.csv:2: {marks}  hint: give --thousands ,\nexport.csv:3: {marks}export.csv:4: {marks}"
        f"export.csv:5: {other}  hint: write digits and a point, such as 1234.5\nexport.csv:6: {other}"
        "export.csv: 5 rows cannot be read, so nothing was written\n"
    )


@pytest.mark.parametrize("name", ["Balance", "자산", "残高"])
def test_columns_of_a_long_export_are_told_to_be_such(desk: Desk, name: str) -> None:
    said = desk.refused(f"uid,{name}\nu1,1\n")
    assert said.startswith(
        "export.csv:1: 1 name is not known as an asset\n"
        "  hint: where every row is one balance, give --asset-column and --balance-column; else say what each is"
        " in a file, and give that with --tickers; leave out columns without balances with --skip:\n"
    )
    assert "where every row" not in desk.refused("uid,wBTC\nu1,1\n")


def test_the_starter_file_in_the_way_is_told_to_be_one(ask: Ask, tmp_path: Path) -> None:
    assert ask("init", "umi", "--in", tmp_path, "--cutoff", "2026-06-30T00:00:00+09:00").code == 0
    out = tmp_path / "snapshots/umi/2026-06-30/customers.csv"
    export = tmp_path / "export.csv"
    export.write_text("uid,BTC\nu1,1\n")
    given = ("import", "customers", export, "--out", out, "--id-column", "uid")
    said = ask(*given)
    assert said.code == 2
    assert said.err == (
        f"error: {out} exists already\n"
        "  hint: it has a header and no rows, as `reservecheck init` writes it: remove it, or give another name\n"
    )
    out.unlink()
    assert ask(*given).code == 0
    said = ask(*given)
    assert said.err == f"error: {out} exists already\n  hint: name a new target: nothing is ever overwritten\n"


@pytest.mark.parametrize("data", ["", "uid\n", "customer,asset,balance\nu1,BTC,1\n"])
def test_what_is_no_starter_file_is_just_there(ask: Ask, tmp_path: Path, data: str) -> None:
    out, export = tmp_path / "customers.csv", tmp_path / "export.csv"
    out.write_text(data)
    export.write_text("uid,BTC\nu1,1\n")
    said = ask("import", "customers", export, "--out", out, "--id-column", "uid")
    assert said.err == f"error: {out} exists already\n  hint: name a new target: nothing is ever overwritten\n"
    assert out.read_text() == data
