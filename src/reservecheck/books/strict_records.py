"""Records of a customer file one by one, by RFC 4180, each with the line it starts on and what is wrong with it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import Final

from reservecheck.errors import InputError, Problem

_LONGEST_RECORD: Final = 64 << 10
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_FIELD: Final = r'(?:"[^"]*+(?:""[^"]*+)*+"|[^",\r\n]*+)'
_RECORD: Final = re.compile(rf"{_FIELD}(?:,{_FIELD})*+(?:\r?\n)?")


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


def records(
    lines: Iterator[bytes], line: int, shown: str, problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    """(line it starts on, fields) of every record; lines that are no text are added to `problems`.

    Raises InputError where quotes or carriage returns stand so that nobody can say where records end.
    """
    number = line
    for first in lines:
        raw, start = first, number
        number += 1
        while raw.count(b'"') % 2 and len(raw) <= _LONGEST_RECORD and (following := next(lines, b"")):
            raw += following
            number += 1
        text = _text(raw, shown, start, problems)
        if text is None:
            continue
        bare = text.removesuffix("\r\n").removesuffix("\n")
        if '"' not in text and "\r" not in bare:
            yield start, bare.split(",")
        elif len(raw) > _LONGEST_RECORD or _RECORD.fullmatch(text) is None:
            raise InputError(*problems, _not_a_record(text, shown, start))
        else:
            yield start, next(csv.reader([text], strict=True))


def header_text(raw: bytes, shown: str) -> str:
    """The first line as text; raises InputError for another encoding, a NUL, or a carriage return inside it."""
    problems: list[Problem] = []
    if raw.startswith(_UTF16):
        problems.append(Problem(path=shown, line=1, message="the text is UTF-16", hint="save the file as UTF-8"))
    text = None if problems else _text(raw, shown, 1, problems)
    if text is not None and "\r" in text.removesuffix("\r"):
        problems.append(_not_a_record(text.replace('"', ""), shown, 1))
    if problems or text is None:
        raise InputError(*problems)
    return text


def _text(raw: bytes, shown: str, line: int, problems: list[Problem]) -> str | None:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"the byte 0x{raw[error.start]:02x} is not UTF-8"
        problems.append(Problem(path=shown, line=line, message=message, hint="save the file as UTF-8"))
        return None
    if "\0" in text:
        hint = "save the file as UTF-8 (NUL bytes often mean UTF-16)"
        problems.append(Problem(path=shown, line=line, message="there is a NUL character", hint=hint))
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


def ragged(shown: str, line: int, fields: list[str], columns: int) -> Problem:
    """What is wrong with a record of another number of fields than the header has."""
    if fields == [""]:
        return Problem(path=shown, line=line, message="the line is empty", hint="remove it")
    message = f"{len(fields)} fields where the header has {columns}"
    return Problem(path=shown, line=line, message=message, hint='a value with a comma needs quotes: "a, b"')
