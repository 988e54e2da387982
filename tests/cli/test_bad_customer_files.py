"""Customer files as they come, through the command: an error with its place, or the right sums; nothing lost."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import polars as pl
import pytest
from tests.cli.command_line import Ask, Said

from reservecheck.books import line_chunks
from reservecheck.cli import console
from reservecheck.model.progress import Progress

HEAD: Final = b"customer,asset,balance\n"
GOOD: Final = b"u1,BTC,1.5\nu2,ETH,2\nu3,BTC,-0.25\n"
OWED: Final = {"BTC": (2, "1.5", "0.25"), "ETH": (1, "2", "0")}
NUL: Final = "there is a NUL character\n  hint: save the file as UTF-8 (NUL bytes often mean UTF-16)\n"
QUOTE: Final = "a quote stands where RFC 4180 allows none, or is never closed\n"
AMOUNT: Final = "the balance is not an amount\n  hint: write digits and a point, such as 1234.5\n"
MISSING: Final = "  hint: the header names customer, asset, balance and may name class\n"
FORMS: Final = (".csv", ".csv.gz", ".csv.zst", "folder")


def zstd(data: bytes) -> bytes:
    """One frame of raw blocks, whatever the bytes: RFC 8878."""
    blocks = [data[start : start + 100_000] for start in range(0, len(data), 100_000)] or [b""]
    headers = [
        (len(one) << 3 | (number == len(blocks) - 1)).to_bytes(3, "little") for number, one in enumerate(blocks)
    ]
    body = b"".join(header + block for header, block in zip(headers, blocks, strict=True))
    return b"\x28\xb5\x2f\xfd\xa0" + len(data).to_bytes(4, "little") + body


def packed(data: bytes, form: str) -> dict[str, bytes]:
    """The lines of a file in one of the forms, by file name."""
    if form == ".csv.gz":
        return {"customers.csv.gz": gzip.compress(data)}
    if form == ".csv.zst":
        return {"customers.csv.zst": zstd(data)}
    return {"customers/part-1.csv" if form == "folder" else "customers.csv": data}


Check = Callable[..., Said]


@pytest.fixture
def check(tmp_path: Path, ask: Ask) -> Check:
    """`liabilities check` of a snapshot with these customer files."""

    def checked(files: dict[str, bytes], more: str = "") -> Said:
        folder = tmp_path / "s"
        names = sorted({name.partition("/")[0] for name in files})
        for name, data in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        listed = ", ".join(f'"{name}"' for name in names)
        text = f'format = "reservecheck/snapshot/v1"\nentity = "kaede"\n[files]\ncustomers = [{listed}]\n{more}'
        (folder / "snapshot.toml").write_text(text)
        return ask("liabilities", "check", str(folder), "--format", "json")

    return checked


@pytest.fixture
def error(check: Check, tmp_path: Path) -> Callable[..., str]:
    """What a customer file is refused with, the place without the folder."""

    def refused(files: dict[str, bytes], more: str = "") -> str:
        said = check(files, more)
        assert (said.code, said.out) == (2, ""), said
        return said.err.removeprefix("error: ").replace(f"{tmp_path}/s/", "")

    return refused


def owed(said: Said) -> dict[str, tuple[int, str, str]]:
    assert said.code in {0, 1}, said.err
    return {one["asset"]: (one["rows"], one["gross"], one["negative"]) for one in json.loads(said.out)["owed"]}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "data",
    [
        HEAD + GOOD,
        b"\xef\xbb\xbf" + HEAD + GOOD,
        (HEAD + GOOD).replace(b"\n", b"\r\n"),
        (HEAD + GOOD).removesuffix(b"\n"),
        b'"customer","asset","balance"\n' + GOOD.replace(b"u1,BTC,1.5", b'"u1","BTC","1.5"'),
        b"asset,balance,customer\nBTC,1.5,u1\nETH,2,u2\nBTC,-0.25,u3\n",
        HEAD + GOOD.replace(b"u1", b'"a ""b"", c"'),
        HEAD + GOOD.replace(b"u1", b'"a\nb"'),
        HEAD + GOOD.replace(b"u1", b"u" * 1_000_000),
        HEAD + GOOD.replace(b"u1", "김영희".encode()),
    ],
    ids=["plain", "bom", "crlf", "no-end", "quoted", "order", "quotes", "line-end", "million", "hangul"],
)
def test_what_says_the_same_adds_up_to_the_same_in_every_form(check: Check, form: str, data: bytes) -> None:
    assert owed(check(packed(data, form))) == OWED


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", " the file is empty\n"),
        (HEAD, " there is a header but no rows\n"),
        (b"customer,asset\nu1,BTC\n", "1: the column 'balance' is missing\n"),
        (b"customer,asset,balance,balance\nu1,BTC,1,1\n", "1: the column 'balance' stands twice\n  hint: keep one"),
        (b"Customer,asset,balance\nu1,BTC,1\n", "1: unknown column 'Customer'\n  hint: did you mean 'customer'?\n"),
        (b"customer, asset,balance\nu1,BTC,1\n", "1: column 2 is unknown\n  hint: did you mean 'asset'?\n"),
        (b"customer,asset,balance,C12345678\nu1,BTC,1,x\n", "1: column 4 is unknown\n  hint: the columns are"),
        (GOOD, "1: the first line is not a header\n  hint: the header names customer, asset, balance\n"),
        (HEAD + b"u\x009,BTC,1\n" + GOOD, f"2: {NUL}"),
        (b"cust\x00omer,asset,balance\n" + GOOD, f"1: {NUL}"),
        (HEAD + GOOD + b"u9,BTC,1\ru8,BTC,2\n", "5: a carriage return without a line feed\n"),
        ((HEAD + GOOD).replace(b"\n", b"\r"), "1: a carriage return without a line feed\n"),
        (HEAD + b'u"9,BTC,1\n' + GOOD, f"2: {QUOTE}"),
        (HEAD + GOOD + b'"u9,BTC,1\n', f"5: {QUOTE}"),
        (HEAD + b'"' + b"u" * 1_000_000 + b'",BTC,1\n' + GOOD, "2: a record is longer than 65536 bytes\n"),
        (HEAD + b"u9,BTC\n" + GOOD, "2: 2 fields where the header has 3\n"),
        (HEAD + b"u9,BTC,1,\n" + GOOD, "2: 4 fields where the header has 3\n"),
        (HEAD + b"u9,BTC,1;2\n" + GOOD, f"2: {AMOUNT}"),
        (HEAD + b"u9,BTC," + b"1" * 1_000_000 + b"\n" + GOOD, f"2: {AMOUNT}"),
        (HEAD + b"\n" + GOOD, "2: the line is empty\n  hint: remove it\n"),
        (HEAD + b" ,BTC,1\n" + GOOD, "2: the customer is empty\n"),
        (HEAD + b"u9,,1\n" + GOOD, "2: the asset is empty\n"),
        (HEAD + b"u9,BTC,\n" + GOOD, "2: the balance is empty\n  hint: unknown is not zero: write 0 for none\n"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line_in_every_form(
    error: Callable[..., str], form: str, data: bytes, message: str
) -> None:
    files = packed(data, form)
    said = error(files)
    assert said.startswith(f"{next(iter(files))}:{message}")
    assert "u9" not in said
    assert "u1" not in said


@pytest.mark.parametrize("form", [".csv", ".csv.gz", "folder"])
@pytest.mark.parametrize("encoding", ["cp949", "cp932"])
def test_another_encoding_in_the_middle_is_told_with_its_line(
    error: Callable[..., str], form: str, encoding: str
) -> None:
    files = packed(HEAD + "髙,BTC,1\n".encode() + GOOD + "佐,BTC,1\n".encode(encoding) + GOOD, form)
    assert ":6: the byte 0x" in error(files)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_two_bytes_a_character_are_no_utf_8(error: Callable[..., str], encoding: str) -> None:
    said = error({"customers.csv": (HEAD + GOOD).decode().encode(encoding)})
    marked = {"utf-16", "utf-32"}
    what = "the text is UTF-16\n  hint: save the file as UTF-8\n" if encoding in marked else NUL
    assert said == f"customers.csv:1: {what}"


def test_bad_rows_of_every_kind_are_told_at_once_and_the_others_read(error: Callable[..., str]) -> None:
    first = HEAD + GOOD + b"u9,BTC,1e5\n" + GOOD + b"u9,BTC\n" + b"u9,XXX,1\n" + b"u\xff,BTC,1\n"
    said = error({"customers/a.csv": first, "customers/b.csv": HEAD + GOOD + b"u9,ETH,1.\n" + GOOD})
    places = [line.partition(": ")[0] for line in said.splitlines() if not line.startswith("  ")]
    assert sorted(places) == sorted(
        [
            "customers/a.csv:5",
            "customers/a.csv:9",
            "customers/a.csv:11",
            "customers/b.csv:5",
            "customers/a.csv",
            "customers/a.csv:10",
        ]
    )
    assert "4 rows cannot be read, so what is owed is unknown\n" in said
    assert "the asset 'XXX' is unknown (1 rows)\n" in said


def test_parts_that_differ_in_their_columns_are_no_register(error: Callable[..., str]) -> None:
    files = {"customers/a.csv": HEAD + GOOD, "customers/b.csv": b"customer,asset,balance,class\nu1,BTC,1,spot\n"}
    assert error(files) == (
        "customers/b.csv: this file and customers/a.csv differ in the column 'class'\n"
        "  hint: all parts have the same columns\n"
    )


def test_an_archive_of_several_members_is_one_file(check: Check) -> None:
    assert owed(check({"customers.csv.gz": gzip.compress(HEAD) + gzip.compress(GOOD) + b"\0" * 512})) == OWED
    assert owed(check({"customers.csv.gz": gzip.compress(HEAD + GOOD[:3]) + gzip.compress(GOOD[3:])})) == OWED


def test_a_bomb_is_refused_before_it_is_read(error: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A megabyte of packed line ends is a thousand millions of bad rows."""
    monkeypatch.setattr(line_chunks, "_FREE", 1 << 20)
    packed_lines = gzip.compress(HEAD + b"\n" * (4 << 20))
    assert error({"customers.csv.gz": packed_lines}).startswith(
        "customers.csv.gz: it unpacks to more than 500 times its size\n"
        "  hint: no ledger packs so well: unpack it and look\n"
    )
    line = gzip.compress(HEAD + b"u" * (40 << 20))
    assert error({"customers.csv.gz": line}).startswith("customers.csv.gz: a line is longer than 16777216 bytes\n")


def test_frames_of_zstandard_are_one_file(check: Check) -> None:
    assert owed(check({"customers.csv.zst": zstd(HEAD + GOOD[:3]) + zstd(GOOD[3:])})) == OWED


@pytest.mark.parametrize("form", [".csv.gz", ".csv.zst"])
def test_what_stands_behind_an_archive_is_refused(error: Callable[..., str], form: str) -> None:
    ((name, data),) = packed(HEAD + GOOD, form).items()
    for more in (b"x", b"\x1f", b"u9,BTC,1\n", b"\x28\xb5"):
        assert error({name: data + more}).startswith(f"{name}: ")


@pytest.mark.parametrize("form", [".csv.gz", ".csv.zst", ".parquet"])
def test_a_file_cut_off_anywhere_is_refused(error: Callable[..., str], form: str) -> None:
    rows = b"".join(b"u%d,BTC,%d\n" % (number, number * number) for number in range(60))
    files = packed(HEAD + rows, form) if form != ".parquet" else {"customers.parquet": parquet()}
    ((name, data),) = files.items()
    for place in range(0, len(data), max(1, len(data) // 60)):
        assert error({name: data[:place]}).startswith(f"{name}: ")


def test_an_archive_with_a_flipped_byte_is_refused_or_read_whole(check: Check) -> None:
    data = gzip.compress(HEAD + GOOD * 20)
    for place in range(len(data)):
        said = check({"customers.csv.gz": data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]})
        assert said.code == 2 or owed(said)["ETH"] == (20, "40", "0")


def parquet(**columns: pl.Series) -> bytes:
    into = io.BytesIO()
    text = {"customer": ["u1", "u2", "u3"], "asset": ["BTC", "ETH", "BTC"], "balance": ["1.5", "2", "-0.25"]}
    pl.DataFrame({**{name: pl.Series(values) for name, values in text.items()}, **columns}).write_parquet(into)
    return into.getvalue()


BALANCES: Final = pl.Series(["1.5", "2", "-0.25"])


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"balance": BALANCES.cast(pl.Decimal(38, 18))},
        {"balance": BALANCES.cast(pl.Decimal(10, 2))},
        {"asset": pl.Series(["BTC", "ETH", "BTC"], dtype=pl.Categorical)},
        {"customer": pl.Series([1, 2, 3])},
        {"customer": pl.Series(["a\t", "b\n", 'c"'])},
    ],
)
def test_parquet_of_exact_types_adds_up(check: Check, columns: dict[str, pl.Series]) -> None:
    assert owed(check({"customers.parquet": parquet(**columns)})) == OWED


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"balance": pl.Series([1.5, 2.0, -0.25])}, " the column 'balance' is Float64\n  hint: write amounts"),
        ({"balance": pl.Series([["1.5"], ["2"], ["3"]])}, " the column 'balance' is List(String)\n"),
        ({"balance": pl.Series([{"a": 1}, {"a": 2}, {"a": 3}])}, " the column 'balance' is Struct("),
        ({"balance": pl.Series([True, True, False])}, " the column 'balance' is Boolean\n"),
        ({"customer": pl.Series([b"a", b"b", b"c"])}, " the column 'customer' is Binary\n  hint: write text\n"),
        ({"customer": pl.Series([1.0, 2.0, 3.0])}, " the column 'customer' is Float64\n"),
        ({"asset": pl.Series([["BTC"], ["ETH"], ["BTC"]])}, " the column 'asset' is List(String)\n"),
        ({"email": pl.Series(["x", "y", "z"])}, "1: unknown column 'email'\n"),
        ({"balance": pl.Series(["1.5", None, "-0.25"])}, "2: the balance is empty\n"),
        ({"customer": pl.Series(["u1", "u2", None])}, "3: the customer is empty\n"),
        ({"asset": pl.Series([None, "ETH", "BTC"])}, "1: the asset is empty\n"),
        ({"balance": pl.Series(["1.5", "NaN", "-0.25"])}, f"2: {AMOUNT}"),
    ],
)  # fmt: skip
def test_parquet_of_other_types_is_refused(
    error: Callable[..., str], columns: dict[str, pl.Series], message: str
) -> None:
    assert error({"customers.parquet": parquet(**columns)}).startswith(f"customers.parquet:{message}")


@pytest.mark.parametrize("name", ["row-groups-of-fewer-rows", "panics-the-parser"])
def test_parquet_whose_footer_says_something_else_is_refused(error: Callable[..., str], name: str) -> None:
    data = Path(__file__).parents[1].joinpath(f"data/customer-files/{name}.parquet").read_bytes()
    said = error({"customers.parquet": data})
    # the parser itself may say something before that
    assert "customers.parquet: not Parquet that can be read: " in said or said == (
        "customers.parquet: 168 rows were read, the file states 200\n  hint: the file is damaged: write it again\n"
    )


def test_a_parser_that_panics_says_nothing_itself(check: Check, tmp_path: Path) -> None:
    """Only ours is the line on stderr, whatever the environment asks of compiled code."""
    data = Path(__file__).parents[1].joinpath("data/customer-files/panics-the-parser.parquet").read_bytes()
    check({"customers.parquet": data})
    command = [sys.executable, "-m", "reservecheck", "liabilities", "check", "s"]
    environment = os.environ | {"RUST_BACKTRACE": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    for more, first in (([], "error: s/customers.parquet: not Parquet"), (["--debug"], "\nthread ")):
        said = subprocess.run(
            [*command, *more], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert (said.returncode, said.stdout) == (2, "")
        assert said.stderr.startswith(first)
        assert more or said.stderr.count("\n") == 1


@pytest.mark.parametrize("form", [".csv", ".csv.gz", ".csv.zst", ".parquet"])
@pytest.mark.parametrize("how", ["grows", "shrinks", "is replaced", "is touched"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    error: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, how: str
) -> None:
    files = packed(HEAD + GOOD, form) if form != ".parquet" else {"customers.parquet": parquet()}
    ((name, data),) = files.items()
    path = tmp_path / "s" / name

    def meddle(stage: str, done: int, total: int) -> None:
        assert (stage, total, done > 0) == ("customers", len(data), True)
        if path.stat().st_size != len(data):
            return
        if how == "is replaced":
            (tmp_path / "other").write_bytes(data)
            (tmp_path / "other").replace(path)
        else:
            path.write_bytes({"grows": data * 2, "shrinks": data[:-9]}.get(how, data))

    @contextmanager
    def bars() -> Iterator[Progress]:
        yield meddle

    monkeypatch.setattr(console, "bars", bars)
    assert error(files) == f"{name}: the file changed while it was read\n  hint: run again\n"


def test_thousands_of_unknown_assets_are_counted_and_none_is_named(error: Callable[..., str]) -> None:
    rows = b"".join(b"u%d,A%d,1\n" % (number, number) for number in range(5_000))
    said = error({"customers.csv": HEAD + rows})
    assert said.count("\n") <= 210
    assert "A4999" not in said
    assert "customers.csv: 4000 rows cannot be read, so what is owed is unknown" in said


def test_thousands_of_assets_that_are_known_add_up(check: Check) -> None:
    tickers = "".join(f'T{number} = {{ asset = "BTC" }}\n' for number in range(3_000))
    rows = b"".join(b"u%d,T%d,0.5\n" % (number, number) for number in range(3_000))
    assert owed(check({"customers.csv": HEAD + rows}, f"[tickers]\n{tickers}")) == {"BTC": (3_000, "1500", "0")}


def test_a_thousand_classes_are_one_and_none_is_named(check: Check, error: Callable[..., str]) -> None:
    rows = b"".join(b"u%d,BTC,1,c%d\n" % (number, number) for number in range(1_000))
    data = b"customer,asset,balance,class\n" + rows
    said = check({"customers.csv": data}, "[classes]\nc0 = 'listed'\n")
    found = {one["class"]: (one["rows"], one["gross"]) for one in json.loads(said.out)["owed"]}
    assert (said.code, found) == (1, {"c0": (1, "1"), "unlisted": (999, "999")})
    assert "c77" not in said.out
    many = "".join(f"c{number} = 'listed'\n" for number in range(101))
    assert error({"customers.csv": data}, f"[classes]\n{many}").startswith(
        "snapshot.toml:5: there are 101 classes\n  hint: list products, at most 100\n"
    )
