"""What goes wrong under an import's hands: files that change, disks that lie, sums that differ."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from reservecheck.errors import ReservecheckError
from reservecheck.importers import decoded_lines, written
from reservecheck.importers.balances import Total
from reservecheck.importers.cells import AmountForm
from reservecheck.importers.customers import Export, Import
from reservecheck.importers.decoded_lines import DecodedLines
from reservecheck.importers.layout import Layout
from reservecheck.importers.source import SourceRow
from reservecheck.importers.workbook import WorkbookSheet

AGAIN = "the file changed while it was read\n  hint: run again"
Convert = Callable[..., str]


@pytest.fixture
def convert(tmp_path: Path) -> Convert:
    """What an import of these bytes fails with; nothing but the source is left."""

    def converted(data: bytes, name: str = "export.csv", target: str = "customers.csv") -> str:
        source = tmp_path / name
        source.write_bytes(data)
        job = Import(
            export=Export(path=source),
            layout=Layout(id_column="uid"),
            form=AmountForm(),
            target=tmp_path / target,
            options={},
        )
        with pytest.raises(ReservecheckError) as caught:
            job.run({"BTC"}, "reservecheck 0")
        assert list(tmp_path.iterdir()) == [source]
        return str(caught.value).replace(f"{tmp_path}/", "")

    return converted


DATA = b"uid,BTC\nu1,1\nu2,2.5\n"


def test_totals_that_differ_from_the_source_keep_nothing(convert: Convert, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Total, "owed", lambda _: Fraction(7, 2) + 1)
    for target in ("customers.csv", "customers.parquet"):
        assert convert(DATA, target=target) == (
            "the file that was written does not add up to the source\n"
            "  hint: nothing was kept: this should never happen, please report it"
        )


def test_a_file_that_does_not_say_what_was_written_is_not_kept(
    convert: Convert, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = pl.LazyFrame.sink_parquet

    def lying(frame: pl.LazyFrame, path: Path) -> None:
        sink(frame.with_columns(pl.lit("2").alias("balance")), path)

    monkeypatch.setattr(pl.LazyFrame, "sink_parquet", lying)
    assert convert(DATA, target="customers.parquet") == (
        "customers.parquet was not written as it should be\n  hint: is the disk sound?"
    )


def test_a_name_that_cannot_be_given_in_the_end_is_told(convert: Convert, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    assert convert(DATA).startswith("customers.csv cannot be written: No space left on device")


def test_a_record_that_cannot_be_written_leaves_no_file(convert: Convert, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path, data: bytes) -> int:
        raise OSError(28, f"No space left for {len(data) > 0}")

    put = Path.write_bytes
    monkeypatch.setattr(
        Path, "write_bytes", lambda path, data: (put if path.name == "export.csv" else full)(path, data)
    )
    assert convert(DATA) == "customers.csv.import.json cannot be written: No space left for True"


def test_text_that_changes_while_it_is_read_is_refused(convert: Convert, monkeypatch: pytest.MonkeyPatch) -> None:
    text = DecodedLines._text

    def meddling(self: DecodedLines, line: bytes, number: int) -> str:
        self.path.write_bytes(DATA + b"u3,9\n")
        return text(self, line, number)

    monkeypatch.setattr(DecodedLines, "_text", meddling)
    assert convert(DATA) == f"export.csv: {AGAIN}"


def test_a_workbook_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "export.xlsx"
    path.write_bytes(b"PK")

    def meddling(self: WorkbookSheet, _: object) -> Iterator[SourceRow]:
        yield SourceRow(1, ["uid"])
        self.path.write_bytes(b"PK, but longer")

    class Opened:
        def __enter__(self) -> None: ...
        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr(WorkbookSheet, "_opened", lambda _: Opened())
    monkeypatch.setattr(WorkbookSheet, "_of_sheet", meddling)
    with pytest.raises(ReservecheckError) as caught:
        list(WorkbookSheet(path=path, shown="x").rows())
    assert str(caught.value) == f"x: {AGAIN}"


def test_lines_without_end_are_given_up(convert: Convert, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoded_lines, "LONGEST", 100)
    assert convert(b"uid,BTC\n" + b"u" * 101) == (
        "export.csv:2: a line is longer than 100 bytes\n  hint: end lines with LF"
    )


def test_archives_without_end_are_given_up(convert: Convert, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoded_lines, "_FREE", 1_000)
    assert convert(gzip.compress(b"uid,BTC\n" + b"\n" * 1_000_000), "export.csv.gz") == (
        "export.csv.gz: it unpacks to more than 500 times its size\n"
        "  hint: no export packs so well: unpack it and look"
    )


def test_bytes_of_no_known_encoding_say_so(convert: Convert) -> None:
    assert convert(b"uid,BTC\n\x81 ,1\n") == (
        "export.csv:2: the bytes of this line are not utf-8\n  hint: which is it?"
    )


def test_a_field_the_parser_cannot_take_is_refused(convert: Convert) -> None:
    assert convert(b'uid,BTC\n"' + b"u" * 200_000 + b'",1\n').startswith("export.csv:2: not CSV: field larger than")


def test_nothing_is_read_of_a_source_that_was_not_read(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="not read to its end"):
        DecodedLines(path=tmp_path, shown="x", encoding="utf-8").input_file()
    assert written.SUFFIXES == (".csv", ".parquet")
