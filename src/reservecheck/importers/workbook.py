"""A workbook (.xlsx) as a Source: which sheet is read, what else is in it, and what it may unpack to.

Only what is needed is unpacked, as a stream; of the texts that sheets share, which must be kept, there is a most.
Format: ECMA-376, Part 1 (SpreadsheetML) and Part 2 (packages).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final
from zipfile import BadZipFile, ZipFile

from reservecheck.errors import InputError, Problem
from reservecheck.importers import notes
from reservecheck.importers.number_styles import NumberStyles
from reservecheck.importers.sheet import SheetRows, letters_of, plain_text
from reservecheck.importers.source import SourceRow
from reservecheck.importers.workbook_parts import AGAIN, PACKAGE, Book, Relations, refused, relations_of
from reservecheck.importers.xml_events import Elements, read_xml
from reservecheck.model.declared import InputFile
from reservecheck.vault.regular_file import changed, check_regular, digested, require_same, state_of

_OLD: Final = b"\xd0\xcf\x11\xe0"
_FREE: Final = 64 << 20
_MOST_TIMES: Final = 500
_MOST_TEXT: Final = 1 << 27
_MOST_TEXTS: Final = 10_000_000


@dataclass(slots=True, kw_only=True)
class WorkbookSheet:
    """One sheet; `sheet` names it where there are several. The header is in row `header_line`."""

    path: Path
    shown: str
    sheet: str | None = None
    header_line: int = 1
    said: Counter[str] = field(default_factory=Counter)
    _file: InputFile | None = field(default=None, repr=False)

    def rows(self) -> Iterator[SourceRow]:
        """The header and every row below it, all as wide as the header at least."""
        check_regular(self.path, self.shown)
        before = state_of(self.path)
        self._file = digested(self.path, self.shown)
        with self._opened() as archive:
            yield from self._of_sheet(archive)
        if state_of(self.path) != before:
            raise changed(self.shown)
        require_same(self.path, self.shown, self._file.sha256)

    def check_text(self) -> None:
        """Every workbook is of one encoding."""

    def place(self, line: int, column: int) -> str:
        """A cell by its letters and row."""
        return f"cell {letters_of(column)}{line}"

    def input_file(self) -> InputFile:
        """What identifies the file."""
        return self._file or digested(self.path, self.shown)

    def _opened(self) -> ZipFile:
        with self.path.open("rb") as raw:
            if raw.read(len(_OLD)) == _OLD:
                message = "this is an .xls of old, or a workbook with a password"
                raise self._refused(message, "save it as .xlsx without one")
        try:
            archive = ZipFile(self.path)
        except (BadZipFile, OSError, NotImplementedError, ValueError) as error:
            raise self._refused(f"this is no workbook: {error}", AGAIN) from error
        names = archive.namelist()
        if len({name.casefold() for name in names}) != len(names):
            raise self._refused("two parts of the workbook have the same name", AGAIN)
        return archive

    def _of_sheet(self, archive: ZipFile) -> Iterator[SourceRow]:
        part = self._relations(archive, PACKAGE, "").only("officeDocument")
        book = Book(shown=self.shown)
        self._all(archive, part, book)
        relations = self._relations(archive, *relations_of(part))
        part = relations.of(self._chosen(book), "worksheet")
        texts = _SharedTexts(shown=self.shown)
        if shared := relations.only("sharedStrings"):
            self._all(archive, shared, texts)
        styles = NumberStyles(shown=self.shown)
        if styled := relations.only("styles"):
            self._all(archive, styled, styles)
        sheet = SheetRows(shown=self.shown, shared=texts.texts, styles=styles.misleading(), said=self.said)
        width = 0
        with self._unpacked(archive, part) as stream:
            for row in sheet.rows(stream):
                if row.line < self.header_line:
                    self.said[notes.ABOVE_HEADER] += any(row.cells)
                    continue
                if not width:
                    width = len(_as_wide(row.cells, 0))
                yield SourceRow(row.line, _as_wide(row.cells, width))
        if sheet.merged_to >= self.header_line:
            message = f"cells are merged, down to row {sheet.merged_to}: whose is the value?"
            raise self._refused(message, "take the merging out, or export CSV")
        hidden = {place for first, last in sheet.hidden_columns for place in range(first, min(last + 1, width))}
        self.said[notes.HIDDEN_COLUMNS] += len(hidden)

    def _relations(self, archive: ZipFile, part: str, folder: str) -> Relations:
        found = Relations(shown=self.shown, folder=folder)
        self._all(archive, part, found)
        return found

    def _chosen(self, book: Book) -> str:
        """The relation of the sheet to read; what is hidden is counted."""
        names = ", ".join(f"{name!r}{' (hidden)' if hidden else ''}" for name, (_, hidden) in book.sheets.items())
        if self.sheet is None and len(book.sheets) != 1:
            raise self._refused(f"the workbook has {len(book.sheets)} sheets: {names}", "name one with --sheet")
        name = next(iter(book.sheets)) if self.sheet is None else self.sheet
        if name not in book.sheets:
            raise self._refused(f"no sheet is called {name!r}", f"there are {names}")
        relation, hidden = book.sheets[name]
        self.said[notes.HIDDEN_SHEET] += hidden
        self.said[notes.OTHER_SHEETS] += len(book.sheets) - 1
        self.said[notes.HIDDEN_SHEETS] += sum(one for _, one in book.sheets.values()) - hidden
        return relation

    def _all(self, archive: ZipFile, part: str, elements: Elements) -> None:
        with self._unpacked(archive, part) as stream:
            for _ in read_xml(stream, elements, self.shown):
                pass

    def _unpacked(self, archive: ZipFile, part: str) -> IO[bytes]:
        """A part of the workbook as a stream, if it is there and may be unpacked."""
        if part not in archive.namelist():
            raise self._refused(f"the workbook lacks {part or 'the sheet'}", AGAIN)
        info = archive.getinfo(part)
        if info.flag_bits & 1:
            raise self._refused("the workbook has a password", "save it without one")
        if info.file_size > max(_FREE, _MOST_TIMES * info.compress_size):
            message = (
                f"{info.compress_size} bytes unpack to {info.file_size}, more than {_MOST_TIMES} times as many"
            )
            raise self._refused(message, "no export packs so well: unpack it and look")
        try:
            return archive.open(info)
        except (BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
            raise self._refused(f"cannot be unpacked: {error}", AGAIN) from error

    def _refused(self, message: str, hint: str) -> InputError:
        return refused(self.shown, message, hint)


@dataclass(slots=True, kw_only=True)
class _SharedTexts:
    """The texts that sheets share, in order; how they are written in Japanese small print is left out."""

    shown: str
    texts: list[str] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _size: int = 0
    _taking: bool = False
    _phonetic: int = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002  # what elements are told
        if name == "rPh":
            self._phonetic += 1
        elif name == "t":
            self._taking = not self._phonetic

    def end(self, name: str) -> None:
        if name == "t":
            self._taking = False
        elif name == "rPh":
            self._phonetic -= 1
        elif name == "si":
            self.texts.append(plain_text("".join(self._pieces)))
            self._pieces.clear()
            if len(self.texts) > _MOST_TEXTS:
                self._refuse()

    def text(self, data: str) -> None:
        if self._taking:
            self._size += len(data)
            self._pieces.append(data)
            if self._size > _MOST_TEXT:
                self._refuse()

    def _refuse(self) -> None:
        message = f"sheets share more than {_MOST_TEXT} characters or {_MOST_TEXTS} texts"
        raise InputError(Problem(path=self.shown, message=message, hint="export CSV"))


def _as_wide(cells: Sequence[str], width: int) -> list[str]:
    """The cells of a row as wide as the header; empty ones beyond it are none."""
    kept = list(cells)
    while len(kept) > width and not kept[-1]:
        kept.pop()
    return kept + [""] * (width - len(kept))
