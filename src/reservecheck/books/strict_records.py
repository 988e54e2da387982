"""Records of a customer file one by one, by RFC 4180, each with the line it starts on and what is wrong with it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from reservecheck.errors import InputError, Problem
from reservecheck.vault.encodings import other_encodings

_LONGEST_RECORD: Final = 64 << 10
_MOST_PROBLEMS: Final = 100
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_FIELD: Final = r'(?:"[^"]*+(?:""[^"]*+)*+"|[^",\r\n]*+)'
_RECORD: Final = re.compile(rf"{_FIELD}(?:,{_FIELD})*+(?:\r?\n)?")


@dataclass(slots=True)
class BadLines:
    """What is wrong with lines of one block: the first hundred, and how many there are."""

    shown: str
    problems: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, message: str, hint: str) -> None:
        """Note one line."""
        self.count += 1
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(Problem(path=self.shown, line=line, message=message, hint=hint))


def split_lines(data: bytes) -> list[bytes]:
    """Lines with their line feeds."""
    # bytes.splitlines would take a lone carriage return for the end of a line
    parts = data.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def lines_of(data: bytes, more: Iterable[bytes]) -> Iterator[bytes]:
    """Lines of a block and of all that follow."""
    yield from split_lines(data)
    for chunk in more:
        yield from split_lines(chunk)


def records(lines: Iterator[bytes], line: int, bad: BadLines) -> Iterator[tuple[int, list[str]]]:
    """(line it starts on, fields) of every record; lines that are no text are added to `bad`.

    Raises InputError where quotes or carriage returns stand so that nobody can say where records end.
    """
    number = line
    for first in lines:
        raw, start = first, number
        number += 1
        while raw.count(b'"') % 2 and len(raw) <= _LONGEST_RECORD and (following := next(lines, b"")):
            raw += following
            number += 1
        text = _text(raw, start, bad)
        if text is None:
            continue
        bare = text.removesuffix("\r\n").removesuffix("\n")
        if '"' not in text and "\r" not in bare:
            yield start, bare.split(",")
        elif len(raw) > _LONGEST_RECORD or _RECORD.fullmatch(text) is None:
            raise InputError(*bad.problems, _not_a_record(text, bad.shown, start))
        else:
            yield start, next(csv.reader([text], strict=True))


def header_text(raw: bytes, shown: str) -> str:
    """The first line as text; raises InputError for another encoding, a NUL, or a carriage return inside it."""
    bad = BadLines(shown)
    if raw.startswith(_UTF16):
        raise InputError(Problem(path=shown, line=1, message="the text is UTF-16", hint="save the file as UTF-8"))
    text = _text(raw, 1, bad)
    if text is None:
        raise InputError(*bad.problems)
    if "\r" in text.removesuffix("\r"):
        raise InputError(_not_a_record(text.replace('"', ""), shown, 1))
    return text


def _text(raw: bytes, line: int, bad: BadLines) -> str | None:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"the byte 0x{raw[error.start]:02x} is not UTF-8"
        others = other_encodings(raw, "utf-8")
        convert = f", or convert it: `reservecheck import customers` with --encoding {others}" if others else ""
        bad.add(line, message, f"save the file as UTF-8{convert}")
        return None
    if "\0" in text:
        hint = "save the file as UTF-8 (NUL bytes often mean UTF-16)"
        bad.add(line, "there is a NUL character", hint)
        return None
    return text


def _not_a_record(text: str, shown: str, line: int) -> Problem:
    if len(text.encode()) > _LONGEST_RECORD:
        message = f"a record is longer than {_LONGEST_RECORD} bytes"
        hint = "a quote that opens on this line may never be closed"
    elif '"' not in text:
        message, hint = "a carriage return without a line feed", "end lines with LF or CRLF"
    else:
        message = "a quote stands where RFC 4180 allows none, or is never closed"
        hint = 'put the whole value into quotes and double those inside: "a ""b"" c"'
    return Problem(path=shown, line=line, message=message, hint=hint)


def ragged(fields: list[str], columns: int) -> tuple[str, str]:
    """What is wrong with a record of another number of fields than the header has, and what to do."""
    if fields == [""]:
        return "the line is empty", "remove it"
    message = f"{len(fields)} fields where the header has {columns}"
    return message, 'a value with a comma needs quotes: "a, b"'
