"""`reservecheck import customers` of files made to be misread: two readers must never see two balances."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from tests.cli.command_line import Ask, Said
from tests.cli.test_import_workbook import HEAD, MAIN, OFFICE, PACKAGE_PART, book, row, sheet, text

from reservecheck.errors import InputError
from reservecheck.importers.balances import Balances
from reservecheck.importers.cells import AmountForm, stored_number
from reservecheck.importers.delimited import DelimitedText
from reservecheck.importers.layout import Layout
from reservecheck.importers.number_styles import DATE, MULTIPLE, PERCENT, NumberStyles, shown_as
from reservecheck.importers.tickers import read_tickers

DAMAGED: Final = "\n  hint: the workbook is damaged: save it again, or export CSV\n"


@pytest.fixture
def convert(tmp_path: Path, ask: Ask) -> Callable[..., Said]:
    def converted(data: bytes, *options: str, name: str = "x.xlsx", out: str = "o.csv") -> Said:
        (tmp_path / name).write_bytes(data)
        command = ["import", "customers", str(tmp_path / name), "--out", str(tmp_path / out)]
        said = ask(*command, "--id-column", "uid", *options)
        return Said(said.code, said.out, said.err.replace(f"{tmp_path}/", ""))

    return converted


def styled(style: str, formats: str, xfs: str) -> bytes:
    """A workbook with one balance, and styles; the parts that name them are put in anew."""
    relation = f'<Relationship Id="t" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
    styles = (
        f'<styleSheet xmlns="{MAIN}">{formats}<cellStyleXfs><xf numFmtId="14"/><xf/></cellStyleXfs>'
        f"<cellXfs>{xfs}</cellXfs></styleSheet>"
    )
    cells = row(2, text("A2", "u1"), f'<c r="B2"{style}><v>43357</v></c>')
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(sheet(HEAD + cells)))) as old, zipfile.ZipFile(into, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode()
            new.writestr(name, data if name == PACKAGE_PART else data.replace("</Relationships>", relation))
        new.writestr("xl/styles.xml", styles)
    return into.getvalue()


@pytest.mark.parametrize(
    ("style", "formats", "xfs"),
    [
        (' s="1"', "", '<xf numFmtId="0"/><xf numFmtId="14"/>'),
        (' s="01"', "", '<xf numFmtId="0"/><xf numFmtId="057"/>'),
        ("", "", '<xf numFmtId="22"/>'),
        (' s="0"', '<numFmts><numFmt numFmtId="170" formatCode="yyyy\\-mm"/></numFmts>', '<xf numFmtId="170"/>'),
    ],
)
def test_a_number_shown_as_a_date_is_no_amount(
    convert: Callable[..., Said], style: str, formats: str, xfs: str
) -> None:
    said = convert(styled(style, formats, xfs))
    assert said.code == 2
    assert said.err.startswith("error: x.xlsx:2: cell B2 ('BTC'): the cell holds a date\n")


@pytest.mark.parametrize(
    ("style", "formats", "xfs"),
    [
        (' s="1"', "", '<xf numFmtId="14"/><xf numFmtId="4"/>'),
        (' s="9"', "", '<xf numFmtId="14"/>'),
        ("", '<numFmts><numFmt numFmtId="14" formatCode="0.00"/></numFmts>', '<xf numFmtId="14"/>'),
    ],
)
def test_a_number_shown_otherwise_is_taken_as_it_is_stored(
    convert: Callable[..., Said], tmp_path: Path, style: str, formats: str, xfs: str
) -> None:
    assert convert(styled(style, formats, xfs)).code == 0
    assert (tmp_path / "o.csv").read_text().endswith("\nu1,BTC,43357\n")


@pytest.mark.parametrize(
    "code", ["yyyy-mm-dd", "[h]:mm", "[ss]", "mm:ss.0", '[$-411]ggge"年"m"月"', "D", "h AM/PM"]
)
def test_a_format_with_a_letter_of_dates_shows_dates(code: str) -> None:
    assert shown_as(code) == DATE


@pytest.mark.parametrize(
    "code", ["General", "0.00E+00", '#,##0" days"', "[Red]0.00", r"0\d", "[$USD] 0.00", "_d0*s", "₩#,##0", "@"]
)
def test_letters_that_stand_for_themselves_show_no_dates(code: str) -> None:
    assert shown_as(code) == ""


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("0%", PERCENT),
        ("0.00 %", PERCENT),
        ('0"000"', MULTIPLE),
        (r"0\0", MULTIPLE),
        ("#,##0,", MULTIPLE),
        ('0.0,,"M"', MULTIPLE),
        ("#,##0,;[Red]-#,##0,", MULTIPLE),
        ("#,##0.00", ""),
        ("#,##0;(#,##0)", ""),
        ('0" BTC"', ""),
    ],
)
def test_a_format_that_multiplies_is_known(code: str, shown: str) -> None:
    assert shown_as(code) == shown


@pytest.mark.parametrize(
    ("style", "formats", "xfs", "shown"),
    [
        ("", "", '<xf numFmtId="10"/>', "a number shown as a percentage"),
        (
            "",
            '<numFmts><numFmt numFmtId="170" formatCode="0&quot;000&quot;"/></numFmts>',
            '<xf numFmtId="170"/>',
            "a number shown as a multiple or a part of it",
        ),
    ],
)
def test_a_number_that_is_shown_as_another_is_no_amount(
    convert: Callable[..., Said], style: str, formats: str, xfs: str, shown: str
) -> None:
    said = convert(styled(style, formats, xfs))
    assert said.code == 2
    assert said.err.startswith(f"error: x.xlsx:2: cell B2 ('BTC'): the cell holds {shown}\n")


def test_more_styles_than_a_workbook_has_are_refused() -> None:
    styles = NumberStyles(shown="x")
    styles.start("cellXfs", {})
    for _ in range(100_000):
        styles.start("xf", {})
    with pytest.raises(InputError) as caught:
        styles.start("xf", {})
    assert str(caught.value) == "x: the workbook has more than 100000 styles\n  hint: export CSV"


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ('<c r="B2"><v>1</v><v>2</v></c>', "a cell has two values"),
        ('<c r="B2" t="inlineStr"><v>7</v><is><t>2</t></is></c>', "a cell has two values"),
        ('<c r="B2"><v>1</v><c r="C2"><v>5</v></c></c>', "a cell stands outside of rows, or inside another cell"),
        ('</row><c r="B2"><v>1</v></c><row r="3">', "a cell stands outside of rows, or inside another cell"),
        ('<row r="3"><c r="B3"><v>1</v></c></row>', "row 3 stands inside row 2"),
    ],
)
def test_a_sheet_that_readers_understand_differently_is_refused(
    convert: Callable[..., Said], cells: str, message: str
) -> None:
    said = convert(book(sheet(HEAD + row(2, text("A2", "u1"), cells))))
    assert (said.code, said.err) == (2, f"error: x.xlsx:2: {message}{DAMAGED}")


def test_no_id_is_repeated_where_the_header_is_missing(convert: Callable[..., Said]) -> None:
    said = convert(b"uid77,BTC,1\nuid78,ETH,2\n", name="x.csv")
    assert said.err == (
        "error: x.csv:1: no column is called 'uid'\n  hint: the header is on another line? it has 3 columns\n"
    )


def test_another_spelling_of_a_column_is_suggested(convert: Callable[..., Said]) -> None:
    said = convert(b"U_ID,BTC\nu1,1\n", name="x.csv")
    assert said.err == "error: x.csv:1: no column is called 'uid'\n  hint: did you mean 'U_ID'?\n"


def test_a_folder_as_the_target_is_no_internal_error(
    convert: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    convert(b"uid,BTC\nu1,1\n", name="x.csv")
    monkeypatch.chdir(tmp_path)
    said = ask("import", "customers", "x.csv", "--out", ".", "--id-column", "uid")
    assert (said.code, said.err) == (
        2,
        "error: . exists already\n  hint: name a new target: nothing is ever overwritten\n",
    )


@pytest.mark.parametrize("out", ["o.csv", "o.parquet"])
def test_what_has_the_name_of_a_file_that_is_not_ready_is_never_written_through(
    convert: Callable[..., Said], tmp_path: Path, out: str
) -> None:
    """A link there would have been followed, and customers written over another file."""
    (tmp_path / "other.txt").write_text("precious")
    (tmp_path / f".{out}.partial.csv").symlink_to("other.txt")
    said = convert(b"uid,BTC\nu1,1\n", name="x.csv", out=out)
    assert (said.code, said.err) == (
        2,
        f"error: .{out}.partial.csv exists already\n  hint: name a new target: nothing is ever overwritten\n",
    )
    assert (tmp_path / "other.txt").read_text() == "precious"
    assert (tmp_path / f".{out}.partial.csv").is_symlink()
    assert not (tmp_path / out).exists()


def test_a_quote_that_is_never_closed_is_found_in_linear_time(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b'uid,BTC\n"' + b"\n" * 1_000_000)
    before = time.process_time()
    with pytest.raises(InputError) as caught:
        list(DelimitedText(path=path, shown="x.csv").rows())
    assert str(caught.value).startswith("x.csv:2: a quote stands where RFC 4180 allows none, or is never closed\n")
    assert time.process_time() - before < 20  # it was minutes


def test_cells_too_long_to_be_amounts_are_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"uid,BTC\n" + b"".join(b"u," + b"1" * 1_000_000 + b"%d\n" % place for place in range(40)))
    balances = Balances(
        source=DelimitedText(path=path, shown="x.csv"),
        layout=Layout(id_column="uid"),
        tickers=read_tickers(None, {"BTC"}),
        form=AmountForm(),
    )
    tracemalloc.start()
    try:
        with pytest.raises(InputError):
            list(balances)
        assert tracemalloc.get_traced_memory()[1] < 15_000_000
    finally:
        tracemalloc.stop()


def test_a_stored_number_of_endless_digits_is_malformed() -> None:
    assert stored_number("1" + "0" * 1_000) == ("the number is malformed or out of range", "")


def test_of_names_that_are_no_assets_no_more_are_kept_than_are_told(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"uid,a,b\n" + b"".join(b"u,n%d,1\n" % place for place in range(5_000)))
    balances = Balances(
        source=DelimitedText(path=path, shown="x.csv"),
        layout=Layout(id_column="uid", asset_column="a", balance_column="b"),
        tickers=read_tickers(None, {"BTC"}),
        form=AmountForm(),
    )
    with pytest.raises(InputError) as caught:
        list(balances)
    assert str(caught.value) == (
        "x.csv:2: more than 2000 different names stand where assets are expected\n"
        "  hint: is --asset-column the right one?"
    )
    assert len(balances._unknown) == 2_001
