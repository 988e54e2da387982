"""`reservecheck import customers`: text exports, wide and long, into customer files that add up to them."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cli.command_line import Ask, Said

from reservecheck import __main__

NEXT: Final = (
    "a mechanical conversion: every total is that of the source; nothing was checked, which is next:\n"
    "  reservecheck liabilities check SNAPSHOT\n"
)
WIDE: Final = "uid,BTC,ETH,KRW\nu1,1.50,,100\nu2,0,3,\n"
TICKERS: Final = 'format = "reservecheck/tickers/v1"\n[tickers]\n'


class Desk:
    """A folder with one export, and what becomes of it."""

    def __init__(self, folder: Path, ask: Ask) -> None:
        self.folder, self._ask = folder, ask
        self.out = folder / "customers.csv"

    def put(self, data: str | bytes, name: str = "export.csv") -> Path:
        path = self.folder / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    def convert(self, data: str | bytes, *options: str, name: str = "export.csv", id_: str = "uid") -> Said:
        path = self.put(data, name)
        return self._ask("import", "customers", str(path), "--out", str(self.out), "--id-column", id_, *options)

    def rows(self) -> list[list[str]]:
        with self.out.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))[1:]

    def record(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "customers.csv.import.json").read_bytes())
        return found

    def refused(self, data: str | bytes, *options: str, name: str = "export.csv") -> str:
        """The message, with this folder left out; nothing is left behind."""
        said = self.convert(data, *options, name=name)
        assert (said.code, said.out) == (2, ""), said
        left = {path.name for path in self.folder.iterdir()} - {name, "tickers.toml"}
        assert left == set()
        return said.err.removeprefix("error: ").replace(f"{self.folder}/", "")


@pytest.fixture
def desk(tmp_path: Path, ask: Ask) -> Desk:
    return Desk(tmp_path, ask)


def test_a_wide_export_becomes_a_row_for_each_balance(desk: Desk) -> None:
    said = desk.convert(WIDE)
    out = desk.out
    assert out.read_bytes() == b"customer,asset,balance\nu1,BTC,1.5\nu1,KRW,100\nu2,ETH,3\n"
    source, made = (hashlib.sha256(data).hexdigest() for data in (WIDE.encode(), out.read_bytes()))
    assert (said.code, said.out) == (0, "")
    assert said.err == (
        f"read export.csv: 2 rows, SHA-256 {source}\n"
        f"wrote {out}: 3 rows, SHA-256 {made}\n"
        f"wrote {out}.import.json: how, to do it again\n"
        "  asset  rows  total  from\n"
        "  BTC       1    1.5\n"
        "  ETH       1      3\n"
        "  KRW       1    100\n"
        "  2 balances are empty: taken as nothing owed and left out\n"
        "  1 balance is zero and was left out (--keep-zeros writes it)\n"
        f"{NEXT}"
    )
    record = desk.record()
    assert record["format"] == "reservecheck/customers-import/v1-draft"
    assert record["source"] == {"name": "export.csv", "bytes": len(WIDE), "sha256": source}
    assert record["output"] == {"name": "customers.csv", "bytes": out.stat().st_size, "sha256": made}
    assert record["options"]["id-column"] == "uid"
    assert record["notes"] == {"empty-cells": 2, "zero-cells": 1}
    assert (record["rows_read"], record["rows_written"], record["tickers_sha256"]) == (2, 3, None)


def test_zeros_are_kept_where_they_are_asked_for(desk: Desk) -> None:
    assert desk.convert(WIDE, "--keep-zeros").code == 0
    assert desk.rows()[2] == ["u2", "BTC", "0"]


def test_a_customer_of_whom_no_balance_is_left_is_counted(desk: Desk) -> None:
    said = desk.convert("uid,BTC\nu1,1\nu2,\nu3,0.00\n")
    assert "  2 rows have an id and no balance: they are not in the output\n" in said.err


def test_a_long_export_keeps_its_rows(desk: Desk) -> None:
    said = desk.convert(
        "uid,coin,amount,note,kind\nu1,BTC,1,x,spot\nu1,BTC,-2.50,,earn\nu2,ETH,,,spot\n",
        *("--asset-column", "coin", "--balance-column", "amount", "--class-column", "kind", "--skip", "note"),
    )
    assert said.code == 0
    assert desk.out.read_text() == "customer,asset,balance,class\nu1,BTC,1,spot\nu1,BTC,-2.5,earn\n"
    assert "  BTC       2   -1.5\n  --skip note: 1 column left out\n  1 balance is empty" in said.err


def test_one_class_may_be_given_to_all_rows(desk: Desk) -> None:
    assert desk.convert(WIDE, "--class", "spot").code == 0
    assert [row[3] for row in desk.rows()] == ["spot"] * 3


def test_tickers_are_multiplied_exactly_and_summed_under_their_asset(desk: Desk) -> None:
    mapping = (
        '"1000SHIB" = { asset = "SHIB", multiplier = "1000" }\nsat = { asset = "BTC", multiplier = "0.00000001" }\n'
    )
    tickers = desk.put(TICKERS + mapping, "tickers.toml")
    said = desk.convert("uid,1000SHIB,SHIB,sat\nu1,0.123456789,7,3\n", "--tickers", str(tickers))
    assert desk.rows() == [["u1", "SHIB", "123.456789"], ["u1", "SHIB", "7"], ["u1", "BTC", "0.00000003"]]
    assert "  BTC       1  0.00000003  sat × 0.00000001\n  SHIB      2  130.456789  1000SHIB × 1000\n" in said.err
    record = desk.record()
    assert record["tickers_sha256"] == hashlib.sha256(tickers.read_bytes()).hexdigest()
    assert record["assets"][1]["tickers"] == [
        {"name": "1000SHIB", "multiplier": "1000"},
        {"name": "SHIB", "multiplier": "1"},
    ]


def test_names_nobody_explained_are_one_error_with_the_lines_to_write(desk: Desk) -> None:
    assert desk.refused("uid,btc,1000SATS,비트코인,BTC\nu1,1,2,3,4\n") == (
        "export.csv:1: 3 names are not known as an asset\n"
        "  hint: say what each is in a file, and give that with --tickers; "
        "leave out columns without balances with --skip:\n"
        '    format = "reservecheck/tickers/v1"\n'
        "    [tickers]\n"
        '    btc = { asset = "BTC", multiplier = "1" }\n'
        '    1000SATS = { asset = "FILL IN", multiplier = "FILL IN" }\n'
        '    "비트코인" = { asset = "FILL IN", multiplier = "FILL IN" }\n'
    )


def test_names_in_rows_are_repeated_only_if_they_are_written_like_assets(desk: Desk) -> None:
    long = ("--asset-column", "coin", "--balance-column", "n")
    said = desk.refused("uid,coin,n\nu1,1000PEPE,2\nu2,C99887766,1\nu3,BTC,1\nu4,,1\nu5,1000PEPE,1\n", *long)
    assert said == (
        "export.csv:3: the asset of this row is unknown\n"
        "  hint: give a file that says what it is with --tickers\n"
        "export.csv:5: the asset is empty\n"
        "  hint: give a file that says what it is with --tickers\n"
        "export.csv:2: 1 name is not known as an asset\n"
        "  hint: say what each is in a file, and give that with --tickers:\n"
        '    format = "reservecheck/tickers/v1"\n'
        "    [tickers]\n"
        '    1000PEPE = { asset = "FILL IN", multiplier = "FILL IN" }\n'
    )
    ids = "uid,coin,n\n" + "".join(f"BTC,u{number},1\n" for number in range(2_001))
    assert desk.refused(ids, *long) == (
        "export.csv:2: more than 2000 different names stand where assets are expected\n"
        "  hint: is --asset-column the right one?\n"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'BTC = { asset = "BTC" }',
            "4: 'BTC' is a registered asset\n  hint: a registered id means itself: leave it out",
        ),
        (
            'x = { asset = "btc" }',
            "4: 'btc' is not an asset\n  hint: write capitals, digits and points, such as BTC",
        ),
        ('x = { asset = "FILL IN" }', "4: 'FILL IN' is not an asset\n  hint: write capitals, "),
        ('x = { asset = "SATS", multiplier = "1e3" }', "4: '1e3' is not a multiplier\n  hint: write digits"),
        ('x = { asset = "SATS", multiplier = 1000 }', "4: multiplier is"),
        ('x = { asset = "SATS", times = "1" }', "4: "),
        (f'"{"x" * 61}" = {{ asset = "SATS" }}', f"4: '{'x' * 60}' is not a name\n  hint: a name is at most 60"),
    ],
)
def test_a_file_of_tickers_that_cannot_be_right_is_refused_with_its_line(
    desk: Desk, text: str, message: str
) -> None:
    path = desk.put(f"{TICKERS}\n{text}\n".replace("[tickers]\n\n", "[tickers]\n\n"), "tickers.toml")
    assert desk.refused(WIDE, "--tickers", str(path)).startswith(f"tickers.toml:{message}")


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (
            "id,BTC\nC1234567,1\n",
            (),
            "1: no column is called 'uid'\n  hint: the header is on another line? it has 2 columns\n",
        ),
        (
            "C1234567,1\n",
            (),
            "1: no column is called 'uid'\n  hint: the header is on another line? it has 2 columns\n",
        ),
        (
            "uid,BTC,BTC\nu1,1,1\n",
            (),
            "1: 2 columns are called 'BTC'\n  hint: which is it? leave out with --skip\n",
        ),
        ("uid,BTC,\nu1,1,\n", (), "1: column 3 has no name\n  hint: leave it out with --skip '' if it is empty\n"),
        (
            "uid,BTC\nu1,1\n",
            ("--skip", "e_*"),
            "1: no column is left out by --skip 'e_*'\n  hint: every pattern has a use: remove it\n",
        ),
        (
            "uid,BTC\nu1,1\n",
            ("--skip", "BTC"),
            "1: no column holds balances\n  hint: name the columns of a long export, or skip less\n",
        ),
        (
            "uid,a,b,x\nu1,BTC,1,2\n",
            ("--asset-column", "a", "--balance-column", "b"),
            "1: the column 'x' has no use\n  hint: leave it out with --skip NAME\n",
        ),
        ("uid,BTC\n", (), " there is a header but no rows\n  hint: nothing owed is not shown by an empty list\n"),
        (
            "uid,BTC\nu1,0\n",
            (),
            " no balance is left to write\n  hint: nothing owed is not shown by an empty list\n",
        ),
        ("", (), " the file is empty\n  hint: write a header line and rows below it\n"),
        ("uid,BTC\nu1,1\n", ("--header-line", "3"), " the file ends above the header\n"),
        (
            'uid,BTC\nu1,1\nu2,"1\n',
            (),
            "3: a quote stands where RFC 4180 allows none, or is never closed\n  hint: put the whole value",
        ),
        (
            "uid,BTC\nu1,1\rx,2\n",
            (),
            "2: a carriage return without a line feed\n  hint: end lines with LF or CRLF\n",
        ),
        (b"uid,BTC\nu\x001,1\n", (), "2: there is a NUL character\n  hint: NUL bytes often mean UTF-16\n"),
        ("uid,BTC\nu1,1\n".encode("utf-16"), (), "1: the text is UTF-16\n  hint: save the file as UTF-8\n"),
    ],
)
def test_a_file_that_cannot_be_read_as_told_is_refused(
    desk: Desk, data: str | bytes, options: tuple[str, ...], message: str
) -> None:
    assert desk.refused(data, *options).startswith(f"export.csv:{message}")


def test_bad_rows_are_all_told_without_ids_or_balances_and_nothing_is_written(desk: Desk) -> None:
    rows = [
        "u1,1,2",
        " ,1,2",
        "u3,1e-8,2",
        'u4,"1,234",2',
        "u5,1,2,3",
        "1.2E+10,1,2",
        "u7,abc,xyz",
        "u8,9999999999999999999,1",
        ",,",
        "",
    ]
    said = desk.refused("uid,BTC,ETH\n" + "\n".join(rows) + "\n")
    assert said == (
        "export.csv:3: column 1 ('uid'): the id is empty\n  hint: every balance is owed to somebody\n"
        "export.csv:4: column 2 ('BTC'): the amount has an exponent, as spreadsheets write what they shorten\n"
        "  hint: export all digits, or give --exponents if the ledger itself writes 1E-08\n"
        "export.csv:5: column 2 ('BTC'): the amount has marks between its digits\n  hint: give --thousands ,\n"
        "export.csv:6: 4 fields where the header has 3\n  hint: a value with a separator needs quotes\n"
        "export.csv:7: column 1 ('uid'): the id is a long number that a spreadsheet shortened, "
        "so that several customers became one\n  hint: export the column as text\n"
        "export.csv:8: column 2 ('BTC'): the cell is not an amount\n"
        "  hint: write digits and a point, such as 1234.5\n"
        "export.csv:8: column 3 ('ETH'): the cell is not an amount\n"
        "export.csv: 6 rows cannot be read, so nothing was written\n"
    )


def test_of_very_many_bad_rows_a_hundred_are_told_and_all_are_counted(desk: Desk) -> None:
    said = desk.refused("uid,BTC\n" + "u1,x\n" * 250)
    assert said.count("the cell is not an amount") == 100
    assert said.endswith("export.csv: 250 rows cannot be read, so nothing was written\n")


def test_an_amount_out_of_range_only_once_multiplied_is_refused(desk: Desk) -> None:
    tickers = desk.put(f'{TICKERS}k = {{ asset = "SHIB", multiplier = "1000" }}\n', "tickers.toml")
    said = desk.refused("uid,k\nu1,9999999999999999\nu2,10000000000000000\n", "--tickers", str(tickers))
    assert said.startswith(
        "export.csv:3: column 2 ('k'): the amount is out of range: more than 19 digits before the point\n"
    )


def test_exports_of_korean_and_japanese_windows_are_read_in_their_encoding(desk: Desk) -> None:
    for encoding, id_ in (("cp949", "김영희똠"), ("cp932", "髙橋①ｶﾅ")):
        data = f"uid,BTC\n{id_},1\n".encode(encoding)
        said = desk.refused(data)
        assert said.startswith(
            "export.csv:2: the bytes of this line are not utf-8\n  hint: this line can be read with"
        )
        assert f"--encoding {encoding}" in said or f" or {encoding}" in said
        assert desk.convert(data, "--encoding", encoding).code == 0
        assert desk.rows() == [[id_, "BTC", "1"]]
        desk.out.unlink()
        Path(f"{desk.out}.import.json").unlink()


def test_bytes_that_would_not_come_back_the_same_are_refused(desk: Desk) -> None:
    """Two codes of CP932 stand for one character: two customers would become one."""
    data = b"uid,BTC\n\xee\xf9,1\n\x81\xca,1\n"
    assert desk.refused(data, "--encoding", "cp932").startswith(
        "export.csv:2: the bytes of this line are not cp932\n"
    )


def test_text_that_is_utf_8_as_well_is_pointed_out(desk: Desk) -> None:
    said = desk.convert("uid,BTC\nÃ©a,1\nu2,1\n".encode(), "--encoding", "cp949")
    assert said.code == 2 or "  1 line is UTF-8 as well: look at the ids, the encoding may be wrong\n" in said.err


def test_a_mark_of_utf_8_is_no_part_of_the_header_and_contradicts_another_encoding(desk: Desk) -> None:
    data = "\ufeffuid,BTC\r\nu1,1\r\n".encode()
    assert desk.refused(data, "--encoding", "cp949") == (
        "export.csv:1: the file says of itself that it is UTF-8\n  hint: give --encoding utf-8\n"
    )
    assert desk.convert(data).code == 0
    assert desk.rows() == [["u1", "BTC", "1"]]


@pytest.mark.parametrize(("word", "mark"), [(";", ";"), ("tab", "\t"), ("|", "|")])
def test_other_separators_quotes_and_line_ends_in_quotes_are_read(desk: Desk, word: str, mark: str) -> None:
    data = f'uid{mark}BTC\n"a;,|""b"", c"{mark}"1.234,5"\r\n'
    assert desk.convert(data, "--separator", word, "--decimal", ",", "--thousands", ".").code == 0
    assert desk.rows() == [['a;,|"b", c', "BTC", "1234.5"]]
    assert desk.record()["options"]["separator"] == word


def test_an_id_with_a_line_end_is_refused_where_it_starts(desk: Desk) -> None:
    said = desk.refused('uid,BTC\n"a\nb",1\nu2,x\n')
    assert said.startswith(
        "export.csv:2: column 1 ('uid'): the id has a control character, or more than 1000 characters\n"
    )
    assert "\nexport.csv:4: column 2 ('BTC'): the cell is not an amount\n" in said


def test_exponents_that_are_the_ledgers_own_are_exact_and_counted(desk: Desk) -> None:
    said = desk.convert("uid,BTC\nu1,1E-8\nu2,0E-8\nu3,1.5\n", "--exponents")
    assert desk.rows() == [["u1", "BTC", "0.00000001"], ["u3", "BTC", "1.5"]]
    assert "  1 amount has an exponent and was taken at its own value (--exponents)\n" in said.err


def test_lines_above_the_header_and_rows_of_nothing_are_counted(desk: Desk) -> None:
    said = desk.convert("customers of\n2026-06-30\nuid,BTC\nu1,1\n,\n\n", "--header-line", "3")
    assert "  2 lines above the header were left out\n  2 rows have no value at all and were left out\n" in said.err


def test_a_packed_export_is_read_and_a_cut_off_one_refused(desk: Desk) -> None:
    packed = gzip.compress(WIDE.encode())
    assert desk.refused(packed[:-9], name="export.csv.gz").startswith("export.csv.gz: cannot be read: ")
    assert desk.refused(packed + b"junk", name="export.csv.gz").startswith("export.csv.gz: cannot be read: ")
    assert desk.convert(packed + gzip.compress(b"u9,9,,\n"), name="export.csv.gz").code == 0
    assert desk.rows()[-1] == ["u9", "BTC", "9"]
    assert desk.record()["source"]["bytes"] == len(packed + gzip.compress(b"u9,9,,\n"))


def test_nothing_that_exists_is_overwritten(desk: Desk) -> None:
    record = desk.put("x", "customers.csv.import.json")
    said = desk.convert(WIDE)
    assert (said.code, said.err) == (
        2,
        f"error: {record} exists already\n  hint: name a new target: nothing is ever overwritten\n",
    )
    desk.put("x", "customers.csv")
    assert desk.convert(WIDE).err.startswith(f"error: {desk.out} exists already\n")
    assert desk.out.read_text() == "x"


def test_a_target_must_be_a_customer_file_that_can_be_written(desk: Desk, ask: Ask) -> None:
    desk.out = desk.folder / "customers.xlsx"
    assert desk.convert(WIDE).err == f"error: {desk.out} is no customer file\n  hint: write .csv or .parquet\n"
    desk.out = desk.folder / "nowhere" / "customers.csv"
    assert desk.convert(WIDE).err == f"error: {desk.out} cannot be written: No such file or directory\n"
    assert ask("import", "customers", str(desk.folder / "none"), "--out", "x.csv", "--id-column", "u").code == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--encoding", "latin-1"), '--encoding is \'latin-1\'\n  hint: write one of "utf-8", "cp949", "cp932"'),
        (("--separator", "::"), '--separator is \'::\'\n  hint: write one of ",", ";", "tab", "|"'),
        (
            ("--asset-column", "a"),
            "give --asset-column with --balance-column\n  hint: for an export with one balance a row, ",
        ),
        (
            ("--class", "a", "--class-column", "b"),
            "give --class-column or --class, not both\n  hint: both say the class",
        ),
        (("--thousands", "."), "--thousands and --decimal are the same\n  hint: give each its own mark"),
        (("--sheet", "1"), "only a workbook (.xlsx) has sheets\n  hint: leave --sheet out"),
        (
            ("--class-column", "uid"),
            "one column is given two meanings\n  hint: an id is no asset, no balance, no class",
        ),
    ],
)
def test_options_that_do_not_go_together_are_refused(desk: Desk, options: tuple[str, ...], message: str) -> None:
    assert desk.refused(WIDE, *options).startswith(message)


def test_parquet_holds_what_csv_would(desk: Desk) -> None:
    desk.convert('uid,BTC,ETH\n"a ""b"", c",1.50,0.000000000000000001\nu2,,7\n')
    rows = desk.rows()
    desk.out = desk.folder / "customers.parquet"
    assert desk.convert('uid,BTC,ETH\n"a ""b"", c",1.50,0.000000000000000001\nu2,,7\n').code == 0
    frame = pl.read_parquet(desk.out)
    assert [list(row) for row in frame.iter_rows()] == rows
    assert frame.columns == ["customer", "asset", "balance"]
    assert {path.suffix for path in desk.folder.iterdir()} == {".csv", ".json", ".parquet"}


def layout_of_an_exchange(assets: int, customers: int) -> tuple[str, dict[str, Decimal]]:
    """Equity, debt and net of every asset, then prices and a total: as published files of several exchanges."""
    names = [f"c{number}" for number in range(assets)]
    header = ["rn", "id", *(f"{mark}{name}" for name in names for mark in ("e_", "d_", ""))]
    lines = [",".join([*header, *(f"{name}_udst_price" for name in names), "total_net_balance_usdt"])]
    totals: Counter[str] = Counter()
    sums: dict[str, Decimal] = {}
    for row in range(customers):
        cells = []
        for number, name in enumerate(names):
            net = Decimal((row * number) % 7) / 8 if (row + number) % 11 == 0 else Decimal()
            cells += [str(net + 1), "1.0", str(net)]
            sums[name.upper()] = sums.get(name.upper(), Decimal()) + net
            totals[name] += 1
        lines.append(",".join([str(row), f"{row:064x}", *cells, *["1.00000000"] * assets, "0.0"]))
    return "\n".join(lines) + "\n", sums


def test_an_export_of_1851_columns_is_read_and_adds_up(desk: Desk) -> None:
    data, sums = layout_of_an_exchange(462, 40)
    assert data.partition("\n")[0].count(",") == 1850
    mapping = "".join(f'c{number} = {{ asset = "C{number}" }}\n' for number in range(462))
    tickers = desk.put(TICKERS + mapping, "tickers.toml")
    skip = ("rn", "e_*", "d_*", "*_udst_price", "total_net_balance_usdt")
    left_out = [word for name in skip for word in ("--skip", name)]
    said = desk.convert(data, "--tickers", str(tickers), *left_out, id_="id")
    assert said.code == 0, said.err
    assert "  --skip e_*: 462 columns left out\n" in said.err
    read: dict[str, Decimal] = {}
    for _, asset, balance in desk.rows():
        read[asset] = read.get(asset, Decimal()) + Decimal(balance)
    assert read == {asset: total for asset, total in sums.items() if total}


amounts = st.one_of(
    st.just(""),
    st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=6).map(
        "{:f}".format
    ),
)
ids = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=8).filter(str.strip)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(ids, amounts, amounts), min_size=1, max_size=8),
    suffix=st.sampled_from(["csv", "parquet"]),
)
def test_every_sum_of_a_wide_export_is_that_of_the_rows_made_of_it(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], suffix: str
) -> None:
    folder = tmp_path_factory.mktemp("wide")
    source, target = folder / "export.csv", folder / f"customers.{suffix}"
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("uid", "BTC", "ETH"), *rows])
    command = ["import", "customers", str(source), "--out", str(target), "--id-column", "uid", "--keep-zeros"]
    expected = [
        (id_, asset, Decimal(cell))
        for id_, *cells in rows
        for asset, cell in zip(("BTC", "ETH"), cells, strict=True)
        if cell
    ]
    assert __main__.run(command) == (0 if expected else 2)
    if expected:
        if suffix == "csv":
            with target.open(encoding="utf-8", newline="") as file:
                found = [tuple(row) for row in csv.reader(file)][1:]
        else:
            found = list(pl.read_parquet(target).iter_rows())
        assert [(id_, asset, Decimal(balance)) for id_, asset, balance in found] == expected
