"""One sheet of a workbook, row by row: cells as the texts they are stored as, never as floats."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Final

from reservecheck.errors import InputError, Problem
from reservecheck.importers import notes
from reservecheck.importers.cells import Number, Unusable, stored_number
from reservecheck.importers.number_styles import DATE, MULTIPLE, PERCENT
from reservecheck.importers.source import SourceRow
from reservecheck.importers.xml_events import read_xml

_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
_ESCAPED: Final = re.compile(r"_x[0-9A-Fa-f]{4}_", re.ASCII)
_YES: Final = ("1", "true")
_LONGEST: Final = 1 << 16
_MOST_COLUMNS: Final = 16_384
_NOT_AMOUNTS: Final = {"b": "TRUE or FALSE", "e": "an error", "d": DATE} | {
    shown: shown for shown in (DATE, PERCENT, MULTIPLE)
}
_AS_TEXT: Final = "export the column as text, or the whole as CSV"


def letters_of(column: int) -> str:
    """The letters of a column, counted from 0: A, B, …, Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_of(letters: str) -> int:
    """The column letters stand for, counted from 0."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


@dataclass(slots=True, kw_only=True)
class _Cell:
    column: int
    kind: str
    text: list[str] = field(default_factory=list)
    size: int = 0
    formula: bool = False
    stored: bool = False
    values: int = 0


@dataclass(slots=True, kw_only=True)
class SheetRows:
    """The rows of a sheet whose shared texts are known; rows begin where the sheet has the first cell of one."""

    shown: str
    shared: Sequence[str]
    styles: Mapping[str, str] = field(default_factory=dict)
    """What a number of a style is shown as, where it is not shown as it is stored."""
    said: Counter[str]
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged_to: int = 0
    """The last row that merged cells reach."""
    _ready: deque[SourceRow] = field(default_factory=deque)
    _row: int = 0
    _open: bool = False
    _hidden: bool = False
    _column: int = -1
    _cells: list[str] = field(default_factory=list)
    _cell: _Cell | None = None
    _taking: bool = False
    _phonetic: int = 0

    def rows(self, stream: IO[bytes]) -> Iterator[SourceRow]:
        """Every row that has a cell. Raises InputError for what is damaged or says two things at once."""
        for _ in read_xml(stream, self, self.shown):
            while self._ready:
                yield self._ready.popleft()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "row":
            self._start_row(attributes)
        elif name == "c":
            self._start_cell(attributes)
        elif name == "rPh":
            self._phonetic += 1
        elif name == "is" and self._cell is not None:
            self._start_value(self._cell)
        elif name in ("v", "t") and self._cell is not None:
            self._start_text(name, self._cell)
        elif name == "f" and self._cell is not None:
            self._cell.formula = True
        elif name == "col" and attributes.get("hidden") in _YES:
            first, last = (_number(attributes.get(key, ""), self.shown) for key in ("min", "max"))
            self.hidden_columns.append((first - 1, last - 1))
        elif name == "mergeCell":
            corner = _REFERENCE.search(attributes.get("ref", "").rpartition(":")[2])
            self.merged_to = max(self.merged_to, int(corner[2]) if corner else 0)

    def text(self, data: str) -> None:
        """A piece of a cell's text."""
        if self._taking and self._cell is not None:
            self._cell.size += len(data)
            if self._cell.size > _LONGEST:
                raise self._refused(f"a cell has more than {_LONGEST} characters")
            self._cell.text.append(data)

    def end(self, name: str) -> None:
        """An element ends."""
        if name in ("v", "t"):
            self._taking = False
        elif name == "rPh":
            self._phonetic -= 1
        elif name == "c" and self._cell is not None:
            self._cells += [""] * (self._cell.column - len(self._cells))
            self._cells.append(self._value(self._cell))
            self._cell = None
        elif name == "row":
            if self._hidden and any(self._cells):
                self.said[notes.HIDDEN_ROWS] += 1
            self._ready.append(SourceRow(self._row, self._cells))
            self._open = False

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        given = attributes.get("r")
        row = self._row + 1 if given is None else _number(given, self.shown)
        if row <= self._row:
            raise self._refused(f"row {row} stands below row {self._row}")
        if self._open:
            raise self._refused(f"row {row} stands inside row {self._row}")
        self._open, self._row, self._column, self._cells = True, row, -1, []
        flat = attributes.get("ht", "").strip("0.") == "" and "ht" in attributes
        self._hidden = flat or attributes.get("hidden") in _YES

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        if not self._open or self._cell is not None:
            raise self._refused("a cell stands outside of rows, or inside another cell")
        given = attributes.get("r")
        column = self._column + 1
        if given is not None:
            match = _REFERENCE.fullmatch(given)
            if match is None or int(match[2]) != self._row:
                raise self._refused("a cell stands in another row than it says")
            column = column_of(match[1])
        if not self._column < column < _MOST_COLUMNS:
            raise self._refused("a cell stands twice, or before the one to its left")
        self._column = column
        kind = attributes.get("t", "n")
        if kind == "n":
            kind = self.styles.get(attributes.get("s", "0").strip().lstrip("0") or "0", kind)
        self._cell = _Cell(column=column, kind=kind)

    def _start_text(self, name: str, cell: _Cell) -> None:
        if (cell.kind == "inlineStr") != (name == "t"):
            raise self._refused("a cell has two values")
        if name == "v":
            self._start_value(cell)
        # readings in small print beside Japanese text are no part of it
        self._taking = not self._phonetic
        cell.stored = True

    def _start_value(self, cell: _Cell) -> None:
        cell.values += 1
        if cell.values > 1:
            raise self._refused("a cell has two values")

    def _value(self, cell: _Cell) -> str:
        if cell.formula and not (cell.stored and cell.text):
            return Unusable("the cell is a formula without a value", "open the workbook, let it calculate, save it")
        self.said[notes.FORMULAS] += cell.formula
        text = "".join(cell.text)
        if not text:
            return ""
        if cell.kind == "n":
            return self._number(text)
        if cell.kind == "s":
            return self._shared(text)
        if cell.kind in ("inlineStr", "str"):
            return plain_text(text)
        return Unusable(f"the cell holds {_NOT_AMOUNTS.get(cell.kind, 'nothing that is known')}", _AS_TEXT)

    def _number(self, text: str) -> Number | Unusable:
        number, note = stored_number(text)
        if note:
            self.said[note] += 1
        return number

    def _shared(self, text: str) -> str:
        if not text.isdecimal() or not text.isascii() or int(text) >= len(self.shared):
            raise self._refused("a cell refers to a text that is not there")
        return self.shared[int(text)]

    def _refused(self, message: str) -> InputError:
        hint = "the workbook is damaged: save it again, or export CSV"
        return InputError(Problem(path=self.shown, line=self._row, message=message, hint=hint))


def plain_text(text: str) -> str:
    """A text as it is; what a workbook escapes (_x000D_) is no text that an export holds."""
    if "_x" in text and _ESCAPED.search(text):
        return Unusable("the cell holds an escaped character", _AS_TEXT)
    return text


def _number(text: str, shown: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > len("1048576"):
        hint = "the workbook is damaged: save it again, or export CSV"
        raise InputError(Problem(path=shown, message="a row or column has no number", hint=hint))
    return int(text)
