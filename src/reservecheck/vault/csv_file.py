"""One small CSV file, read strictly: RFC 4180 quotes, comma, a header, UTF-8, LF or CRLF, a BOM tolerated.

The whole file is held in memory: this is for registers and wallet lists, not for customer files. Nothing is
guessed, stripped or skipped: an unknown column, a ragged or empty line or a stray quote refuses the file.
Format: RFC 4180, https://www.rfc-editor.org/rfc/rfc4180.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from reservecheck.errors import InputError, Problem
from reservecheck.vault.regular_file import MIB, read_regular

LARGEST: Final = 64 * MIB
MOST_PROBLEMS: Final = 100
MOST_COLUMNS: Final = 64
_FEW_UNKNOWN: Final = 3
_LIKE_A_COLUMN: Final = re.compile(r"[A-Za-z_]{1,30}", re.ASCII)
_RECORDS: Final = re.compile(r'(?:(?:"[^"]*+(?:""[^"]*+)*+"|[^",\r\n]*+)(?:,|\r?\n|\Z))*+')
_BARE_FIELD: Final = re.compile(r'[^",\r\n]*')


class CsvRow(NamedTuple):
    """One data row: the 1-based line it starts on, and a value for every named column, absent ones empty."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvFile:
    """A file that was read: its rows, the columns it has, and what identifies its bytes."""

    shown: str
    columns: tuple[str, ...]
    rows: tuple[CsvRow, ...]
    bytes: int
    sha256: str


def read_csv(  # noqa: PLR0913  # what a file may hold, by name
    path: Path,
    *,
    required: tuple[str, ...],
    optional: tuple[str, ...] = (),
    shown: str | None = None,
    may_be_empty: bool = False,
    inside: Path | None = None,
) -> CsvFile:
    """Every row of a file with the named columns, in any order.

    `shown` is the name used in messages; below the folder `inside` no link is followed. Raises InputError naming up
    to 100 problems: unreadable, not a regular file, more than 64 MiB, not UTF-8, NUL characters, unknown, missing
    or repeated columns, ragged lines, stray quotes, no rows unless `may_be_empty`.
    """
    name = str(path) if shown is None else shown
    return parse_csv(
        read_file(path, name, inside=inside),
        required=required,
        optional=optional,
        shown=name,
        may_be_empty=may_be_empty,
    )


def parse_csv(
    data: bytes, *, required: tuple[str, ...], optional: tuple[str, ...], shown: str, may_be_empty: bool = False
) -> CsvFile:
    """`read_csv` of bytes that were read already."""
    name = shown
    records = _records(decode_text(data, name), name)
    line, columns = next(records, (1, []))
    check_header(columns, required=required, optional=optional, shown=name, line=line)
    absent = {column: "" for column in optional if column not in columns}
    rows = tuple(_rows(records, columns, absent, name))
    if not rows and not may_be_empty:
        raise InputError(
            Problem(
                path=name,
                message="there is a header but no rows",
                hint="write rows below it: an empty list passes nothing",
            )
        )
    return CsvFile(
        shown=name, columns=tuple(columns), rows=rows, bytes=len(data), sha256=hashlib.sha256(data).hexdigest()
    )


def read_file(path: Path, shown: str, *, inside: Path | None = None, most: int = LARGEST) -> bytes:
    """The bytes of a regular file; raises InputError when it is something else, too large, or cannot be opened."""
    return read_regular(path, shown, most=most, inside=inside)


def decode_text(data: bytes, shown: str) -> str:
    """UTF-8 text without its BOM; raises InputError with the line of the first byte that is not, or of a NUL."""
    if not data.strip():
        raise InputError(
            Problem(path=shown, message="the file is empty", hint="write a header line and rows below it")
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # the decoder counts from behind a BOM
        start = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        line = data.count(b"\n", 0, start) + 1
        message = f"the byte 0x{data[start]:02x} is not UTF-8"
        raise InputError(Problem(path=shown, line=line, message=message, hint="save the file as UTF-8")) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        hint = "save the file as UTF-8 (NUL bytes often mean UTF-16)"
        raise InputError(Problem(path=shown, line=line, message="there is a NUL character", hint=hint))
    return text


def check_header(
    columns: list[str], *, required: tuple[str, ...], optional: tuple[str, ...], shown: str, line: int = 1
) -> None:
    """Raises InputError for every column that is unknown, missing or named twice, and for more than 64 of them.

    A line with no name that is known, or nearly so, is taken for a row: a customer's, maybe, so it is not repeated.
    Nor is an unknown name, unless it is written like a column's and is close to one or among three at most.
    """
    known = required + optional
    names = f"the header names {', '.join(required)}"
    if len(columns) > MOST_COLUMNS:
        message = f"the first line has {len(columns)} columns, and a header at most {MOST_COLUMNS}"
        raise InputError(Problem(path=shown, line=line, message=message, hint=names))
    if columns and not any(_near(column, known) for column in columns):
        raise InputError(Problem(path=shown, line=line, message="the first line is not a header", hint=names))
    problems = [
        Problem(path=shown, line=line, message=message, hint=hint) for message, hint in _unknown(columns, known)
    ]
    problems += [
        Problem(path=shown, line=line, message=f"the column {column!r} stands twice", hint="keep one of them")
        for column in known
        if columns.count(column) > 1
    ]
    header = names
    if optional:
        header += f" and may name {', '.join(optional)}"
    problems += [
        Problem(path=shown, line=line, message=f"the column {column!r} is missing", hint=header)
        for column in required
        if column not in columns
    ]
    if problems:
        raise InputError(*problems)


def _unknown(columns: list[str], known: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    unknown = [column for column in dict.fromkeys(columns) if column not in known]
    for column in unknown:
        near = _near(column, known)
        repeated = _LIKE_A_COLUMN.fullmatch(column) and (near or len(unknown) <= _FEW_UNKNOWN)
        message = f"unknown column {column!r}" if repeated else f"column {columns.index(column) + 1} is unknown"
        yield message, f"did you mean {near!r}?" if near else f"the columns are {', '.join(known)}"


def _near(column: str, known: tuple[str, ...]) -> str:
    """The known column that is closest to a name, "" if none is."""
    return next(iter(difflib.get_close_matches(column.strip().lower(), known, n=1)), "")


def _rows(
    records: Iterator[tuple[int, list[str]]], columns: list[str], absent: dict[str, str], shown: str
) -> Iterator[CsvRow]:
    problems: list[Problem] = []
    wrong = 0
    for line, fields in records:
        if len(fields) != len(columns):
            wrong += 1
            if wrong <= MOST_PROBLEMS:
                problems.append(_ragged(line, fields, columns, shown))
        elif not problems:
            yield CsvRow(line, dict(zip(columns, fields, strict=True)) | absent)
    if wrong > MOST_PROBLEMS:
        problems.append(
            Problem(path=shown, message=f"{wrong} lines are wrong; the first {MOST_PROBLEMS} are above")
        )
    if problems:
        raise InputError(*problems)


def _ragged(line: int, fields: list[str], columns: list[str], shown: str) -> Problem:
    if not fields:
        return Problem(path=shown, line=line, message="the line is empty", hint="remove it")
    message = f"{len(fields)} fields where the header has {len(columns)}"
    return Problem(path=shown, line=line, message=message, hint='a value with a comma needs quotes: "a, b"')


def _records(text: str, shown: str) -> Iterator[tuple[int, list[str]]]:
    _check_quotes(text, shown)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    while True:
        try:
            fields = next(reader, None)
        except csv.Error as error:
            raise InputError(Problem(path=shown, line=line, message=f"not CSV: {error}")) from error
        if fields is None:
            return
        yield line, fields
        line = reader.line_num + 1


def _check_quotes(text: str, shown: str) -> None:
    # the csv module takes a"b and a lone carriage return for granted; RFC 4180 does not
    end = _end_of(_RECORDS, text, 0)
    if end == len(text):
        return
    line = text.count("\n", 0, end) + 1
    if text.startswith("\r", _end_of(_BARE_FIELD, text, end)):
        message, hint = "a carriage return without a line feed", "end lines with LF or CRLF"
    else:
        message = "a quote stands where RFC 4180 allows none, or is never closed"
        hint = 'put the whole value into quotes and double those inside: "a ""b"" c"'
    raise InputError(Problem(path=shown, line=line, message=message, hint=hint))


def _end_of(pattern: re.Pattern[str], text: str, start: int) -> int:
    return pattern.match(text, start).end()  # type: ignore[union-attr]  # both patterns match the empty text
