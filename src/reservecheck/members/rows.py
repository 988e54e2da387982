"""CSV members: RFC 4180 with LF, every field as text; a text a spreadsheet would run is shown as text.

A field of free text that begins with one of = + - @ ' or a tab is written with a leading apostrophe, which
reading takes away again (the usual defence against formula injection).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from reservecheck.errors import BundleError

_RUNS: Final = ("=", "+", "-", "@", "'", "\t")


def write_rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A header line and the rows, UTF-8."""
    lines = list(rows)
    text = io.StringIO()
    plain = csv.writer(text, lineterminator="\n")
    plain.writerow(header)
    plain.writerows(lines)
    written = text.getvalue()
    if "\r" in written:
        # csv leaves a carriage return bare under this line end, and then does not read it
        text.seek(0)
        text.truncate()
        quoted = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
        plain.writerow(header)
        for row in lines:
            (quoted if "\r" in "".join(row) else plain).writerow(row)
        written = text.getvalue()
    return written.encode()


def read_rows(data: bytes, header: Sequence[str], *, name: str) -> Iterator[list[str]]:
    """The rows under exactly that header; raises BundleError naming the line for anything else."""
    try:
        reader = csv.reader(io.StringIO(data.decode(), newline=""), strict=True)
        first = next(reader, None)
        if first != list(header):
            raise BundleError(f"{name}: its columns are not {','.join(header)}")
        width = len(header)
        for row in reader:
            if len(row) != width:
                raise BundleError(f"{name}:{reader.line_num}: {len(row)} fields instead of {width}")
            yield row
    except (UnicodeDecodeError, csv.Error) as error:
        raise BundleError(f"{name} is not CSV this tool writes: {error}") from error


def guarded(text: str) -> str:
    """Free text as it is written."""
    return "'" + text if text.startswith(_RUNS) else text


def unguarded(text: str) -> str:
    """Free text as it was meant."""
    return text.removeprefix("'")


def read_integer(text: str, *, name: str, smallest: int = 0) -> int:
    """A canonical decimal integer; raises BundleError for anything else."""
    longest = 40
    if len(text) <= longest and text.isascii() and text.removeprefix("-").isdigit():
        value = int(text)
        if str(value) == text and value >= smallest:
            return value
    raise BundleError(f"{name}: {text[:longest]!r} is not an integer as this tool writes it")
