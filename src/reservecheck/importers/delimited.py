"""A text export: records by RFC 4180 with any separator, each with the line it starts on."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from reservecheck.errors import InputError, Problem
from reservecheck.importers.decoded_lines import DecodedLines
from reservecheck.importers.notes import ABOVE_HEADER
from reservecheck.importers.source import SourceRow
from reservecheck.model.declared import InputFile

_LONGEST_RECORD: Final = 1 << 20


@dataclass(slots=True, kw_only=True)
class DelimitedText:
    """A CSV file as a Source; the header is on line `header_line`, what stands above is left out and counted."""

    path: Path
    shown: str
    encoding: str = "utf-8"
    separator: str = ","
    header_line: int = 1
    said: Counter[str] = field(default_factory=Counter)
    _lines: DecodedLines = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._lines = DecodedLines(path=self.path, shown=self.shown, encoding=self.encoding, said=self.said)

    def rows(self) -> Iterator[SourceRow]:
        """Every record from the header on. Raises InputError where nobody can say where records end."""
        lines = iter(self._lines)
        for _ in range(self.header_line - 1):
            if next(lines, None) is not None:
                self.said[ABOVE_HEADER] += 1
        for number, first in lines:
            parts, length, quotes = [first], len(first), first.count('"')
            while quotes % 2 and length <= _LONGEST_RECORD and (following := next(lines, None)):
                parts.append(following[1])
                length += len(following[1])
                quotes += following[1].count('"')
            yield SourceRow(number, self._cells("".join(parts), number))

    def check_text(self) -> None:
        """Raises InputError for the first line that is no text of this encoding."""
        for _ in DecodedLines(path=self.path, shown=self.shown, encoding=self.encoding):
            pass

    def place(self, line: int, column: int) -> str:  # noqa: ARG002  # a sheet's cells need their line
        """The column, by its number from 1."""
        return f"column {column + 1}"

    def input_file(self) -> InputFile:
        """What identifies the file."""
        return self._lines.input_file()

    def _cells(self, text: str, number: int) -> list[str]:
        bare = text.removesuffix("\n").removesuffix("\r")
        if "\r" not in bare and '"' not in bare:
            return bare.split(self.separator)
        if len(text) > _LONGEST_RECORD or _record(self.separator).fullmatch(text) is None:
            message = "a quote stands where RFC 4180 allows none, or is never closed"
            hint = 'put the whole value into quotes and double those inside: "a ""b"" c"'
            if '"' not in text:
                message, hint = "a carriage return without a line feed", "end lines with LF or CRLF"
            raise InputError(Problem(path=self.shown, line=number, message=message, hint=hint))
        try:
            return next(csv.reader([text], delimiter=self.separator, strict=True))
        except csv.Error as error:
            raise InputError(Problem(path=self.shown, line=number, message=f"not CSV: {error}")) from error


@cache
def _record(separator: str) -> re.Pattern[str]:
    mark = re.escape(separator)
    field_ = rf'(?:"[^"]*+(?:""[^"]*+)*+"|[^"{mark}\r\n]*+)'
    return re.compile(rf"{field_}(?:{mark}{field_})*+(?:\r?\n)?")
