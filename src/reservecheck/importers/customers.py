"""Somebody else's export into a customer file: a mechanical conversion whose totals are held to the source's.

Nothing is judged here and nothing dropped in silence. Whether the rows can be true is asked afterwards, where
customer files are checked.
"""

from __future__ import annotations

import stat
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

from reservecheck.errors import InputError, OutputError, Problem
from reservecheck.importers.balances import Balances
from reservecheck.importers.cells import AmountForm
from reservecheck.importers.delimited import DelimitedText
from reservecheck.importers.layout import Layout
from reservecheck.importers.source import Source
from reservecheck.importers.tickers import Ticker, Tickers, read_tickers
from reservecheck.importers.workbook import WorkbookSheet
from reservecheck.importers.written import SUFFIXES, CustomerFileWriter, Written
from reservecheck.model.declared import IMPORT_RECORD, InputFile
from reservecheck.vault.canonical import Json, canonical_json
from reservecheck.vault.sealed import refuse_existing

FORMAT: Final = "reservecheck/customers-import/v1-draft"
_HEADER: Final = b"customer,"
_LONGEST_HEADER: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """The file to read and how it is written."""

    path: Path
    encoding: str = "utf-8"
    separator: str = ","
    header_line: int = 1
    sheet: str | None = None

    def source(self) -> Source:
        """What reads it: by its name a workbook, or text."""
        if self.path.suffix.lower() == ".xlsx":
            return WorkbookSheet(
                path=self.path, shown=str(self.path), sheet=self.sheet, header_line=self.header_line
            )
        return DelimitedText(
            path=self.path,
            shown=str(self.path),
            encoding=self.encoding,
            separator=self.separator,
            header_line=self.header_line,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What was written of one asset: rows, their sum as a decimal, and the tickers it came under."""

    asset: str
    rows: int
    total: str
    tickers: tuple[Ticker, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did. `said` counts what a reader should know, by the words of `notes.NOTES`."""

    source: InputFile
    output: InputFile
    rows_read: int
    lines: tuple[Line, ...]
    skipped: Mapping[str, int]
    said: Mapping[str, int]

    @property
    def rows_written(self) -> int:
        """All rows of the customer file."""
        return sum(line.rows for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One conversion: what to read, what its columns are, and where to write."""

    export: Export
    layout: Layout
    form: AmountForm
    target: Path
    tickers: Path | None = None
    keep_zeros: bool = False
    options: Mapping[str, Json]
    """As they were given, for the record."""

    def run(self, registered: Collection[str], tool: str) -> Imported:
        """Convert, hold the totals to the source's, and write the file and its record.

        `registered` are the ids of the registry, `tool` names the version. Raises InputError for what cannot be
        read exactly, OutputError when a target exists, cannot be written, or does not add up.
        """
        _refuse_existing(self.target)
        if self.target.suffix not in SUFFIXES:
            raise OutputError(f"{self.target} is no customer file", hint=f"write {' or '.join(SUFFIXES)}")
        record = self.target.with_name(self.target.name + IMPORT_RECORD)
        refuse_existing(record)
        tickers = read_tickers(self.tickers, registered)
        source = self.export.source()
        balances = Balances(
            source=source, layout=self.layout, tickers=tickers, form=self.form, keep_zeros=self.keep_zeros
        )
        classes = bool(self.layout.class_column or self.layout.class_)
        with CustomerFileWriter(self.target, classes=classes) as writer:
            written = writer.write(balances)
            lines = _lines(balances, written)
            if not lines:
                hint = "nothing owed is not shown by an empty list"
                raise InputError(Problem(path=source.shown, message="no balance is left to write", hint=hint))
            done = Imported(
                source=_by_name(source.input_file()),
                output=written.file,
                rows_read=balances.rows_read,
                lines=lines,
                skipped=balances.skipped,
                said=+balances.said,
            )
            for path in (self.target, record):
                refuse_existing(path)
            with ExitStack() as undo:
                undo.callback(record.unlink, missing_ok=True)
                self._write_record(record, done, tickers, tool)
                writer.keep()
                undo.pop_all()
        return done

    def _write_record(self, path: Path, done: Imported, tickers: Tickers, tool: str) -> None:
        try:
            path.write_bytes(canonical_json(_record(done, self.options, tickers, tool)))
        except OSError as error:
            raise OutputError(f"{path} cannot be written: {error.strerror or error}") from error


def _refuse_existing(target: Path) -> None:
    """What a starter file is told of: it is in the way, and has nothing in it."""
    if _is_short_file(target):
        lines = target.read_bytes().splitlines()
        if len(lines) == 1 and lines[0].startswith(_HEADER):
            hint = "it has a header and no rows, as `reservecheck init` writes it: remove it, or give another name"
            raise OutputError(f"{target} exists already", hint=hint)
    refuse_existing(target)


def _is_short_file(target: Path) -> bool:
    try:
        state = target.lstat()
    except OSError:
        return False  # whoever writes it says why it cannot be
    return stat.S_ISREG(state.st_mode) and state.st_size <= _LONGEST_HEADER


def _lines(balances: Balances, written: Written) -> tuple[Line, ...]:
    """The totals by asset; raises OutputError unless the source's and the written ones are the same."""
    rows: dict[str, int] = {}
    owed: dict[str, Fraction] = {}
    tickers: dict[str, list[Ticker]] = {}
    for total in balances.totals.values():
        asset = total.ticker.asset
        rows[asset] = rows.get(asset, 0) + total.cells
        owed[asset] = owed.get(asset, Fraction()) + total.owed()
        tickers.setdefault(asset, []).append(total.ticker)
    if rows != written.rows or owed != written.sums:
        message = "the file that was written does not add up to the source"
        raise OutputError(message, hint="nothing was kept: this should never happen, please report it")
    return tuple(
        Line(asset=asset, rows=rows[asset], total=_decimal(owed[asset]), tickers=tuple(tickers[asset]))
        for asset in sorted(rows)
    )


def _decimal(number: Fraction) -> str:
    """An exact decimal; every denominator here divides a power of ten."""
    places = 0
    while (10**places * number.numerator) % number.denominator:
        places += 1
    units = abs(10**places * number.numerator // number.denominator)
    digits = str(units).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def _by_name(file: InputFile) -> InputFile:
    """A file by its name alone: paths of this machine say nothing to a reader elsewhere."""
    return InputFile(name=Path(file.name).name, bytes=file.bytes, sha256=file.sha256)


def _record(done: Imported, options: Mapping[str, Json], tickers: Tickers, tool: str) -> Json:
    def named(file: InputFile) -> Json:
        return {"name": file.name, "bytes": file.bytes, "sha256": file.sha256}

    return {
        "format": FORMAT,
        "tool": tool,
        "source": named(done.source),
        "output": named(done.output),
        "options": options,
        "tickers_sha256": tickers.sha256 or None,
        "rows_read": done.rows_read,
        "rows_written": done.rows_written,
        "assets": [
            {
                "asset": line.asset,
                "rows": line.rows,
                "total": line.total,
                "tickers": [{"name": one.name, "multiplier": str(one.multiplier)} for one in line.tickers],
            }
            for line in done.lines
        ],
        "columns_left_out": dict(done.skipped),
        "notes": dict(done.said),
    }
