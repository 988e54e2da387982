"""`reservecheck import customers` of workbooks: what spreadsheets keep exactly, and what they have lost already."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from tests.cli.command_line import Ask, Said

from reservecheck.importers import workbook

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"


def text(place: str, value: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def row(number: int, *cells: str, more: str = "") -> str:
    return f'<row r="{number}"{more}>{"".join(cells)}</row>'


HEAD: Final = row(1, text("A1", "uid"), text("B1", "BTC"))


PACKAGE_PART: Final = "_rels/.rels"
LACKS: Final = "the workbook lacks the sheet"


def sheet(rows: str, *, before: str = "", after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def book(
    *sheets: str, names: tuple[str, ...] = ("Sheet1",), hidden: tuple[str, ...] = (), shared: str = "", **parts: str
) -> bytes:
    """A workbook of these sheets; `parts` replace or add members, by name with __ for /."""
    state = ("", ' state="hidden"')
    listed = "".join(
        f'<sheet name="{name}" sheetId="{place}" r:id="r{place}"{state[name in hidden]}/>'
        for place, name in enumerate(names, 1)
    )
    related = "".join(
        f'<Relationship Id="r{place}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{place}.xml"/>'
        for place in range(1, len(sheets) + 1)
    )
    whole = f'<Relationship Id="b" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    members = {
        PACKAGE_PART: f'<Relationships xmlns="{PACKAGE}">{whole}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        **{f"xl/worksheets/sheet{place}.xml": one for place, one in enumerate(sheets, 1)},
    }
    if shared:
        related += f'<Relationship Id="s" Type="{OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
        members["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{shared}</sst>'
    members["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{PACKAGE}">{related}</Relationships>'
    members |= {f"{name.replace('__', '/')}.xml": data for name, data in parts.items()}
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return into.getvalue()


Convert = Callable[..., Said]


@pytest.fixture
def convert(tmp_path: Path, ask: Ask) -> Convert:
    def converted(data: bytes, *options: str) -> Said:
        (tmp_path / "export.xlsx").write_bytes(data)
        command = ["import", "customers", str(tmp_path / "export.xlsx"), "--out", str(tmp_path / "o.csv")]
        return ask(*command, "--id-column", "uid", *options)

    return converted


@pytest.fixture
def rows(convert: Convert, tmp_path: Path) -> Callable[..., list[str]]:
    """The rows made of a workbook."""

    def made(data: bytes, *options: str) -> list[str]:
        said = convert(data, *options)
        assert said.code == 0, said.err
        return (tmp_path / "o.csv").read_text(encoding="utf-8").splitlines()[1:]

    return made


@pytest.fixture
def refused(convert: Convert, tmp_path: Path) -> Callable[..., str]:
    """The message a workbook is refused with."""

    def message(data: bytes, *options: str) -> str:
        said = convert(data, *options)
        assert (said.code, said.out) == (2, ""), said
        assert {path.name for path in tmp_path.iterdir()} == {"export.xlsx"}
        return said.err.replace(str(tmp_path / "export.xlsx"), "x").removeprefix("error: ")

    return message


def test_texts_and_numbers_of_a_sheet_are_taken_as_they_are_stored(rows: Callable[..., list[str]]) -> None:
    small_print = "<rPh sb='0' eb='1'><t>タカハシ</t></rPh>"
    shared = f"<si><t>uid</t></si><si><t>BTC</t></si><si><r><t>高</t></r><r><t>橋</t></r>{small_print}</si>"
    data = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="C2"><v>0.1</v></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>007</t></is></c><c r="C3"><v>1E-8</v></c></row>'
        '<row r="5"><c t="inlineStr"><is><t>u4</t></is></c><c/>'
        '<c t="inlineStr"><is><t>0.123456789012345678</t></is></c></row>'
        '<row r="6"><c r="A6" s="1"/><c r="C6" s="1"/><c r="F6" s="1"/></row>'
    )
    assert rows(book(sheet(data), shared=shared), "--skip", "") == [
        "高橋,BTC,0.1",
        "007,BTC,0.00000001",
        "u4,BTC,0.123456789012345678",
    ]


def test_a_number_that_a_spreadsheet_cannot_keep_is_refused_with_its_cell(refused: Callable[..., str]) -> None:
    data = HEAD + row(2, text("A2", "u1"), '<c r="B2"><v>0.30000000000000004</v></c>')
    assert refused(book(sheet(data))) == (
        "x:2: cell B2 ('BTC'): the number is stored with 17 digits, of which a spreadsheet keeps 15\n"
        "  hint: export the column as text, or the whole as CSV\n"
        "x: 1 row cannot be read, so nothing was written\n"
    )


def test_numbers_of_exactly_fifteen_digits_are_pointed_out(convert: Convert) -> None:
    data = HEAD + row(2, text("A2", "u1"), '<c r="B2"><v>12345678.1234567</v></c>')
    said = convert(book(sheet(data)))
    assert "  1 number has 15 digits, the most a spreadsheet keeps: more may have been cut off\n" in said.err


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            '<c r="A2"><v>12</v></c><c r="B2"><v>1</v></c>',
            "cell A2 ('uid'): the id is a number, which has lost its leading zeros and may have lost digits",
        ),
        (text("A2", "u") + '<c r="B2" t="b"><v>1</v></c>', "cell B2 ('BTC'): the cell holds TRUE or FALSE"),
        (text("A2", "u") + '<c r="B2" t="e"><v>#N/A</v></c>', "cell B2 ('BTC'): the cell holds an error"),
        (text("A2", "u") + '<c r="B2" t="d"><v>2026-01-01</v></c>', "cell B2 ('BTC'): the cell holds a date"),
        (text("A2", "u") + '<c r="B2" t="z"><v>1</v></c>', "cell B2 ('BTC'): the cell holds nothing that is known"),
        (text("A2", "u") + '<c r="B2"><f>A1</f></c>', "cell B2 ('BTC'): the cell is a formula without a value"),
        (
            text("A2", "u") + '<c r="B2"><v>1E400</v></c>',
            "cell B2 ('BTC'): the number is malformed or out of range",
        ),
        (text("A2", "u_x000D_") + '<c r="B2"><v>1</v></c>', "cell A2 ('uid'): the cell holds an escaped character"),
        (
            text("A2", "u") + text("B2", "1E-08"),
            "cell B2 ('BTC'): the amount has an exponent, as spreadsheets write what they shorten",
        ),
        (text("A2", "u") + text("B2", "1") + text("C2", "x"), "3 fields where the header has 2"),
    ],
)
def test_a_cell_that_is_no_balance_or_no_id_is_named(refused: Callable[..., str], cells: str, message: str) -> None:
    assert refused(book(sheet(HEAD + row(2, cells)))).startswith(f"x:2: {message}\n")


def test_formulas_hidden_rows_columns_and_sheets_are_counted_and_read(
    convert: Convert, rows: Callable[..., list[str]], tmp_path: Path
) -> None:
    data = (
        HEAD
        + row(2, text("A2", "u1"), '<c r="B2"><f>1+1</f><v>2</v></c>', more=' hidden="1"')
        + row(3, text("A3", "u2"), '<c r="B3"><v>3</v></c>', more=' ht="0"')
        + row(4, text("A4", "u3"), '<c r="B4"><v>0</v></c>', more=' ht="15" hidden="0"')
    )
    before = '<cols><col min="2" max="16384" hidden="1"/></cols>'
    made = book(sheet(data, before=before), sheet(HEAD), sheet(HEAD), names=("a", "b", "c"), hidden=("a", "c"))
    assert rows(made, "--sheet", "a") == ["u1,BTC,2", "u2,BTC,3"]
    for path in tmp_path.iterdir():
        path.unlink()
    assert convert(made, "--sheet", "a").err.partition("from\n")[2].partition("a mechanical")[0] == (
        "  BTC       2      5\n"
        "  1 balance is zero and was left out (--keep-zeros writes it)\n"
        "  1 row has an id and no balance: it is not in the output\n"
        "  1 cell is a formula: the value stored beside it was taken, nothing was worked out\n"
        "  2 rows are hidden, and were read all the same\n"
        "  1 column is hidden, and was read all the same\n"
        "  the sheet that was read is hidden\n"
        "  2 other sheets were not read\n"
        "  1 of the sheets that were not read is hidden\n"
    )


def test_names_of_sheets_are_read_in_any_script(refused: Callable[..., str]) -> None:
    made = book(sheet(HEAD), sheet(HEAD), names=("잔고", "残高"))
    assert refused(made, "--sheet", "원장") == "x: no sheet is called '원장'\n  hint: there are '잔고', '残高'\n"


@pytest.mark.parametrize("name", ["export.csv", "export.txt", "export.xls", "export", "export.tsv"])
def test_a_workbook_under_another_name_is_told_to_be_one(tmp_path: Path, ask: Ask, name: str) -> None:
    path = tmp_path / name
    command = ["import", "customers", str(path), "--out", str(tmp_path / "o.csv"), "--id-column", "uid"]
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * (1 << 25))
    assert ask(*command).err == f"error: {path}: this is a workbook\n  hint: save it as .xlsx without a password\n"
    path.write_bytes(book(sheet(HEAD)))
    said = "this is a workbook, or another packed file"
    assert ask(*command).err == f"error: {path}: {said}\n  hint: save it as .xlsx, or unpack it\n"


def test_which_sheet_is_read_is_never_guessed(refused: Callable[..., str]) -> None:
    made = book(sheet(HEAD), sheet(HEAD), names=("old", "new"), hidden=("old",))
    names = "'old' (hidden), 'new'"
    assert refused(made) == f"x: the workbook has 2 sheets: {names}\n  hint: name one with --sheet\n"
    assert refused(made, "--sheet", "mid") == f"x: no sheet is called 'mid'\n  hint: there are {names}\n"
    assert refused(made, "--encoding", "utf-8") == (
        "a workbook has no encoding or separator\n  hint: leave it out\n"
    )


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (sheet(HEAD + row(3, text("A3", "u")) + row(2, text("A2", "u"))), "x:3: row 2 stands below row 3\n"),
        (
            sheet(HEAD + row(2, text("B2", "1"), text("B2", "1"))),
            "x:2: a cell stands twice, or before the one to its left\n",
        ),
        (sheet(HEAD + row(2, text("A3", "u"))), "x:2: a cell stands in another row than it says\n"),
        (sheet(HEAD + row(2, '<c r="A2" t="s"><v>5</v></c>')), "x:2: a cell refers to a text that is not there\n"),
        (sheet(HEAD + '<row r="x"/>'), "x: a row or column has no number\n"),
        (
            sheet(HEAD, before='<cols><col min="" max="2" hidden="true"/></cols>'),
            "x: a row or column has no number\n",
        ),
        (
            sheet(
                HEAD + row(2, text("A2", "u"), text("B2", "1")),
                after='<mergeCells><mergeCell ref="A2:B2"/></mergeCells>',
            ),
            "x: cells are merged, down to row 2: whose is the value?\n",
        ),
        (sheet(HEAD + row(2, text("A2", "u" * 70_000))), "x:2: a cell has more than 65536 characters\n"),
        (sheet(HEAD)[:-30], "x: the XML is damaged: "),
        (f'<!DOCTYPE x [<!ENTITY a "b">]>{sheet(HEAD)}', "x: the XML declares a document type\n"),
        (sheet(HEAD + f'<row r="2" a="{"x" * 3_000_000}"/>'), "x: a tag is longer than 1048576 bytes\n"),
    ],
    ids=range(11),
)
def test_a_sheet_that_says_two_things_or_is_damaged_is_refused(
    refused: Callable[..., str], made: str, message: str
) -> None:
    assert refused(book(made)).startswith(message)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            row(2, text("A2", "u1"), '<c r="B2"><v>1</v><c r="C2"><v>5</v></c></c>'),
            "x:2: a cell stands outside of rows, or inside another cell\n",
        ),
        (
            row(2, text("A2", "u1")) + '<c r="B2"><v>1</v></c>',
            "x:2: a cell stands outside of rows, or inside another cell\n",
        ),
        (row(2, text("A2", "u1"), row(3, text("A3", "u2"))), "x:2: row 3 stands inside row 2\n"),
    ],
)
def test_no_cell_is_lost_in_another(refused: Callable[..., str], rows: str, message: str) -> None:
    assert refused(book(sheet(HEAD + rows))).startswith(message)


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B2"><v>1</v><v>5</v></c>',
        '<c r="B2"><v>1</v><is><t>5</t></is></c>',
        '<c r="B2" t="inlineStr"><v>1</v><is><t>5</t></is></c>',
        '<c r="B2" t="s"><is><t>0</t></is></c>',
    ],
)
def test_a_cell_of_two_values_is_refused(refused: Callable[..., str], cell: str) -> None:
    assert refused(book(sheet(HEAD + row(2, text("A2", "u1"), cell)))).startswith("x:2: a cell has two values\n")


def test_a_file_that_is_no_workbook_is_refused(refused: Callable[..., str]) -> None:
    again = "  hint: save it again as .xlsx, or export CSV\n"
    assert refused(b"uid,BTC\n") == f"x: this is no workbook: File is not a zip file\n{again}"
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") == (
        "x: this is an .xls of old, or a workbook with a password\n  hint: save it as .xlsx without one\n"
    )
    assert refused(book(sheet(HEAD), xl__workbook="<x/>")).startswith("x: the workbook has 0 sheets")
    assert (
        refused(book(sheet(HEAD), names=("a", "b"), shared=""), "--sheet", "b")
        == f"x: the workbook lacks the sheet\n{again}"
    )
    assert refused(book()) == f"x: the workbook lacks the sheet\n{again}"


def test_two_parts_of_one_name_are_refused(refused: Callable[..., str]) -> None:
    into = io.BytesIO(book(sheet(HEAD)))
    with zipfile.ZipFile(into, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/worksheets/sheet1.xml", sheet(HEAD))
    assert refused(into.getvalue()).startswith("x: two parts of the workbook have the same name\n")


def test_a_workbook_that_is_cut_off_or_damaged_anywhere_is_refused_or_read_whole(
    convert: Convert, tmp_path: Path
) -> None:
    data = HEAD + "".join(row(n, text(f"A{n}", f"u{n}"), f'<c r="B{n}"><v>{n}</v></c>') for n in range(2, 40))
    whole = book(sheet(data))
    assert convert(whole).code == 0
    expected = (tmp_path / "o.csv").read_bytes()
    for place in range(0, len(whole), 37):
        for damaged in (whole[:place], whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]):
            for path in tmp_path.iterdir():
                path.unlink()
            said = convert(damaged)
            assert said.code in {0, 2}
            assert "internal" not in said.err
            assert said.code == 2 or (tmp_path / "o.csv").read_bytes() == expected


def test_texts_that_sheets_share_are_bounded(refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    made = book(sheet(HEAD), shared="<si><t>abc</t></si>" * 3)
    monkeypatch.setattr(workbook, "_MOST_TEXTS", 2)
    message = "x: sheets share more than {} characters or 2 texts\n  hint: export CSV\n"
    assert refused(made) == message.format(1 << 27)
    monkeypatch.setattr(workbook, "_MOST_TEXT", 8)
    assert refused(made) == message.format(8)


def test_a_bomb_is_told_by_the_sizes_it_states(refused: Callable[..., str]) -> None:
    message = refused(book(sheet(" " * (65 << 20))))
    assert message.endswith("more than 500 times as many\n  hint: no export packs so well: unpack it and look\n")


def test_a_workbook_with_a_password_or_unknown_packing_is_refused(refused: Callable[..., str]) -> None:
    whole = bytearray(book(sheet(HEAD)))
    central = whole.index(b"PK\x01\x02")
    encrypted, unknown = bytearray(whole), bytearray(whole)
    encrypted[central + 8] |= 1
    unknown[central + 10] = 99
    assert refused(bytes(encrypted)) == "x: the workbook has a password\n  hint: save it without one\n"
    assert refused(bytes(unknown)).startswith("x: cannot be unpacked: That compression method is not supported\n")


def renamed(data: bytes, old: str, new: str, part: str) -> bytes:
    """A workbook with one part's text altered."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(into, "w") as after:
        for name in before.namelist():
            text_ = before.read(name)
            after.writestr(name, text_.replace(old.encode(), new.encode()) if name == part else text_)
    return into.getvalue()


def test_the_workbook_is_the_part_that_its_package_names(convert: Convert, tmp_path: Path) -> None:
    """A decoy of the usual name lies beside it, with less."""
    rows = [HEAD + row(2, text("A2", "u"), f'<c r="B2"><v>{amount}</v></c>') for amount in (1, 1000)]
    place = f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet2.xml"/>'
    made = book(
        *(sheet(one) for one in rows),
        xl__book=f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet r:id="r1"/></sheets></workbook>',
    )
    with_relations = io.BytesIO(made)
    with zipfile.ZipFile(with_relations, "a") as archive:
        archive.writestr("xl/_rels/book.xml.rels", f'<Relationships xmlns="{PACKAGE}">{place}</Relationships>')
    made = renamed(with_relations.getvalue(), "xl/workbook.xml", "xl/book.xml", PACKAGE_PART)
    assert convert(made).code == 0
    assert (tmp_path / "o.csv").read_text().endswith("\nu,BTC,1000\n")


@pytest.mark.parametrize(
    ("part", "old", "new", "message"),
    [
        (PACKAGE_PART, "officeDocument", "thumbnail", LACKS),
        (
            PACKAGE_PART,
            "</Relationships>",
            f'<Relationship Id="c" Type="{OFFICE}/officeDocument" Target="xl/book.xml"/></Relationships>',
            "the workbook has 2 parts of the kind officeDocument",
        ),
        ("xl/workbook.xml", 'name="B"', 'name="sheet1"', "two sheets are called 'sheet1'"),
        ("xl/_rels/workbook.xml.rels", 'Id="r2"', 'Id="r1"', "two relations of the workbook are called 'r1'"),
        (
            "xl/_rels/workbook.xml.rels",
            'Target="worksheets/sheet1.xml"',
            'Target="worksheets/sheet1.xml" TargetMode="External"',
            LACKS,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "/worksheet",
            "/chartsheet",
            LACKS,
        ),
    ],
)
def test_parts_that_readers_choose_differently_are_refused(
    convert: Convert, part: str, old: str, new: str, message: str
) -> None:
    one = sheet(HEAD + row(2, text("A2", "u"), '<c r="B2"><v>1</v></c>'))
    said = convert(renamed(book(one, one, names=("Sheet1", "B")), old, new, part), "--sheet", "Sheet1")
    assert said.code == 2
    assert f"export.xlsx: {message}\n" in said.err
