"""A customer file of any size as blocks of text columns, in bounded memory: CSV, packed or not, or Parquet.

Plain lines go through the frame library's parser, which is told that quotes mean nothing; its row count is compared
with the lines that were counted. From the first quote on, and for every block in which anything is odd, a strict
reader takes over that goes by RFC 4180 and knows the line of what is wrong. Nothing is skipped by either.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from reservecheck.books.line_chunks import LineSource
from reservecheck.books.strict_records import BadLines, header_text, lines_of, ragged, records, split_lines
from reservecheck.errors import InputError, Problem
from reservecheck.model.declared import InputFile
from reservecheck.vault.csv_file import check_header
from reservecheck.vault.regular_file import changed, digested, require_same, state_of

ASSET: Final = "asset"
REQUIRED: Final = ("customer", ASSET, "balance")
CLASS: Final = "class"
LINE: Final = "line"
_BATCH: Final = 400_000
BROKEN: Final = (
    "a line break or a NUL character stands inside a value",
    "write one row a line: to whoever looks at the file it is another row, or none",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows of one file: text columns of the header, and the line each row starts on (in Parquet: its number).

    `bad` lines were no rows; `problems` are the first of them.
    """

    frame: pl.DataFrame
    problems: tuple[Problem, ...] = ()
    bad: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Whole lines of one file in which no quote stands, as they are, and the number of the first."""

    data: bytes
    line: int


@dataclass(slots=True)
class CustomerFile:
    """One file of the customers' register. `columns` and the digest are known once the blocks have been read.

    Where a block holds no other asset than `names`, its column is made of those: a quarter of the work of text.
    """

    path: Path
    shown: str
    names: pl.Enum = field(default_factory=lambda: pl.Enum([]))
    columns: tuple[str, ...] = ()
    read: int = 0
    _digest: str = field(default="", repr=False)

    def blocks(self) -> Iterator[Block]:
        """Every row, block by block. Raises InputError for a wrong header or a file that cannot be read at all."""
        for piece in self.pieces(None):
            yield from self.read_lines(piece)[0] if isinstance(piece, Lines) else (piece,)

    def pieces(self, count_lines: Callable[[bytes], int] | None) -> Iterator[Block | Lines]:
        """As `blocks`; but given something that counts lines, plain ones are handed on as they stand."""
        try:
            before = state_of(self.path)
            if self.path.suffix == ".parquet":
                yield from self._parquet()
            else:
                yield from self._csv(count_lines)
            if state_of(self.path) != before:
                raise changed(self.shown)
        except (OSError, EOFError, zlib.error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise InputError(Problem(path=self.shown, message=f"cannot be read: {reason}")) from error

    def read_lines(self, lines: Lines) -> tuple[list[Block], int]:
        """Lines without quotes as blocks, and how many there are."""
        frame = self._parsed(lines.data)
        if frame is None:
            strictly = list(self._strictly(iter(split_lines(lines.data)), lines.line))
            return strictly, _count_lines(lines.data)
        return [Block(frame=frame.with_row_index(LINE, offset=lines.line))], frame.height

    def input_file(self) -> InputFile:
        """Name, size and digest of the file as it stands on disk."""
        return InputFile(name=self.shown, bytes=self.read, sha256=self._digest)

    def _csv(self, count_lines: Callable[[bytes], int] | None) -> Iterator[Block | Lines]:
        line, source = 1, LineSource(self.path, self.shown)
        chunks = source.chunks()
        for chunk in chunks:
            data = chunk
            self.read = source.read
            if line == 1:
                data = self._header(data)
                line = 2
            if b'"' in data:
                yield from self._strictly(lines_of(data, chunks), line)
                break
            if not data:
                continue
            lines = Lines(data=data, line=line)
            if count_lines is not None and self.columns == REQUIRED:
                yield lines
                line += count_lines(data)
            else:
                blocks, count = self.read_lines(lines)
                yield from blocks
                line += count
        if line == 1:
            hint = "write a header line and rows below it"
            raise InputError(Problem(path=self.shown, message="the file is empty", hint=hint))
        self.read, self._digest = source.read, source.digest

    def _header(self, data: bytes) -> bytes:
        first, _, rest = data.removeprefix(b"\xef\xbb\xbf").partition(b"\n")
        text = header_text(first, self.shown).removesuffix("\r")
        try:
            columns = next(csv.reader([text], strict=True), [])
        except csv.Error as error:
            raise InputError(Problem(path=self.shown, line=1, message=f"the header is not CSV: {error}")) from error
        check_header(columns, required=REQUIRED, optional=(CLASS,), shown=self.shown)
        self.columns = tuple(columns)
        return rest

    def _parsed(self, data: bytes) -> pl.DataFrame | None:
        """One row a line, or None where the strict reader has to find the line and say what is wrong with it."""
        returns = data.count(b"\r") if b"\r" in data else 0
        if not data or b"\0" in data or (returns and returns != data.count(b"\r\n")):
            return None
        frame = self._frame(data, self.names)
        if frame is None:
            frame = self._frame(data, pl.String())
        if frame is None:
            return None
        size = len(data) - returns + (not data.endswith(b"\n"))
        return frame if self._every_byte_is_in(frame, size) else None

    def _frame(self, data: bytes, asset: pl.DataType) -> pl.DataFrame | None:
        """The parser inflates what starts like a compressed file, and drops a byte order mark: our row is first."""
        first = b"," * (len(self.columns) - 1) + b"\n"
        schema = {name: asset if name == ASSET else pl.String() for name in self.columns}
        try:
            return pl.read_csv(first + data, has_header=False, schema=schema, quote_char=None)[1:]
        except pl.exceptions.PolarsError:
            return None

    def _every_byte_is_in(self, frame: pl.DataFrame, size: int) -> bool:
        """Whether values, separators and line feeds make up all there is: then there is one row a line."""
        values = sum(map(_text_bytes, frame))
        return not frame[self.columns[-1]].null_count() and values + frame.width * frame.height == size

    def _strictly(self, lines: Iterator[bytes], line: int) -> Iterator[Block]:
        rows: list[list[str]] = []
        numbers: list[int] = []
        bad = BadLines(self.shown)
        for number, fields in records(lines, line, bad):
            if len(fields) != len(self.columns):
                bad.add(number, *ragged(fields, len(self.columns)))
            else:
                rows.append(fields)
                numbers.append(number)
            if len(rows) == _BATCH:
                yield self._block(rows, numbers, bad)
                rows, numbers = [], []
                bad.problems, bad.count = [], 0  # the same record: whoever reads the lines adds to it
        yield self._block(rows, numbers, bad)

    def _block(self, rows: list[list[str]], numbers: list[int], bad: BadLines) -> Block:
        schema = dict.fromkeys(self.columns, pl.String)
        frame = pl.DataFrame(rows, schema=schema, orient="row")
        return Block(
            frame=frame.insert_column(0, pl.Series(LINE, numbers, dtype=pl.UInt32)),
            problems=tuple(bad.problems),
            bad=bad.count,
        )

    def _parquet(self) -> Iterator[Block]:
        file = digested(self.path, self.shown)
        self.read, self._digest = file.bytes, file.sha256
        try:
            lazy = pl.scan_parquet(self.path, hive_partitioning=False, glob=False)
            schema = lazy.collect_schema()
            check_header(list(schema), required=REQUIRED, optional=(CLASS,), shown=self.shown)
            self.columns = tuple(schema)
            columns = [self._as_text(name, kind) for name, kind in schema.items()]
            stated = int(lazy.select(pl.len()).collect().item())
            batches = lazy.select(columns).collect_batches(chunk_size=_BATCH, maintain_order=True)
            line = 1
            for frame in batches:
                yield self._of_batch(frame.with_row_index(LINE, offset=line))
                line += frame.height
            if line - 1 != stated:
                message = f"{line - 1} rows were read, the file states {stated}"
                raise InputError(
                    Problem(path=self.shown, message=message, hint="the file is damaged: write it again")
                )
            require_same(self.path, self.shown, self._digest)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            raise InputError(Problem(path=self.shown, message=f"not Parquet that can be read: {error}")) from error

    def _of_batch(self, rows: pl.DataFrame) -> Block:
        bad = BadLines(self.shown)
        for number in rows.filter(pl.any_horizontal(pl.col(self.columns).str.contains("\0", literal=True)))[LINE]:
            bad.add(number, "there is a NUL character", "write text without it: nobody sees what stands around it")
        return Block(frame=rows, problems=tuple(bad.problems), bad=bad.count)

    def _as_text(self, name: str, kind: pl.DataType) -> pl.Expr:
        column = pl.col(name)
        if kind == pl.String:
            return column
        if kind.is_integer() and name in ("customer", "balance"):
            return column.cast(pl.String)
        if isinstance(kind, pl.Decimal) and name == "balance":
            text = column.cast(pl.String)
            # a Decimal pads to its scale; those zeros are the type's and not the ledger's
            trimmed = text.str.strip_chars_end("0").str.strip_chars_end(".")
            return pl.when(text.str.contains(".", literal=True)).then(trimmed).otherwise(text).alias(name)
        if isinstance(kind, pl.Categorical | pl.Enum) and name != "balance":
            return column.cast(pl.String)
        hint = "write amounts as text, integers or decimals" if name == "balance" else "write text"
        raise InputError(Problem(path=self.shown, message=f"the column {name!r} is {kind}", hint=hint))


def _text_bytes(column: pl.Series) -> int:
    if isinstance(column.dtype, pl.Enum):
        return int(column.dtype.categories.str.len_bytes().gather(column.to_physical()).sum())
    return int(column.str.len_bytes().sum())


def _count_lines(data: bytes) -> int:
    return data.count(b"\n") + (not data.endswith(b"\n")) if data else 0
