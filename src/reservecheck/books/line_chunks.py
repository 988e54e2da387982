"""Whole lines of a CSV file of any size, chunk by chunk: plain, or packed as .gz or .zst.

Packed or not, a chunk is about as large, and a line has an end, so that nothing unpacks to more than memory holds.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

import polars as pl

from reservecheck.books.zstd_frames import check_zstd
from reservecheck.errors import InputError, Problem
from reservecheck.vault.regular_file import digested, require_same

_BLOCK: Final = 16 << 20
_NEAR: Final = 4096
_BATCH: Final = 400_000
_FREE: Final = _BLOCK
_MOST_TIMES: Final = 500


@dataclass(slots=True)
class LineSource:
    """The lines of one file; `read` bytes of it went by, and once all have, `digest` is their SHA-256."""

    path: Path
    shown: str
    read: int = 0
    digest: str = ""

    def chunks(self) -> Iterator[bytes]:
        """Every line, in chunks that end with a line feed, but for the last.

        Raises InputError for a line of more than 16 MiB, and for what cannot be unpacked or unpacks to 16 MiB and
        more than 500 times its size; OSError, EOFError and zlib.error as they come.
        """
        if self.path.suffix == ".zst":
            yield from self._unpacked()
            return
        with self.path.open("rb") as raw:
            hashing = _Hashing(raw)
            plain = cast("IO[bytes]", hashing)  # reading is all that is asked of it
            stream = cast("IO[bytes]", gzip.GzipFile(fileobj=plain)) if self.path.suffix == ".gz" else plain
            unpacked = 0
            for chunk in _whole_lines(stream, self.shown):
                self.read, unpacked = hashing.count, unpacked + len(chunk)
                if unpacked > max(_FREE, _MOST_TIMES * self.read):
                    message = f"it unpacks to more than {_MOST_TIMES} times its size"
                    hint = "no ledger packs so well: unpack it and look"
                    raise InputError(Problem(path=self.shown, message=message, hint=hint))
                yield chunk
            self.read, self.digest = hashing.finish()

    def _unpacked(self) -> Iterator[bytes]:
        """The frame library unpacks, line by line; a carriage return before a line feed is lost, no more."""
        check_zstd(self.path, self.shown)
        file = digested(self.path, self.shown)
        self.read, self.digest = file.bytes, file.sha256
        try:
            batches = pl.scan_lines(self.path, glob=False).collect_batches(chunk_size=_BATCH, maintain_order=True)
            for frame in filter(len, batches):
                yield frame.select(pl.col("line").str.join("\n")).item().encode() + b"\n"
        except pl.exceptions.PolarsError as error:
            hint = "save the file as UTF-8 before it is packed"
            raise InputError(Problem(path=self.shown, message=f"cannot be read: {error}", hint=hint)) from error
        require_same(self.path, self.shown, self.digest)


class _Hashing:
    """A reader that remembers what went through it."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._digest = hashlib.sha256()
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        data = self._raw.read(size)
        self._digest.update(data)
        self.count += len(data)
        return data

    def finish(self) -> tuple[int, str]:
        return self.count, self._digest.hexdigest()


def _whole_lines(stream: IO[bytes], shown: str) -> Iterator[bytes]:
    rest = b""
    while chunk := stream.read(_BLOCK):
        if len(rest) > _BLOCK:
            raise InputError(
                Problem(path=shown, message=f"a line is longer than {_BLOCK} bytes", hint="end lines with LF")
            )
        end = last_run(chunk, chunk.rfind(b"\n") + 1)
        if end:
            yield b"".join((rest, memoryview(chunk)[:end]))
            rest = chunk[end:]
        else:
            rest += chunk
    if rest:
        yield rest


def last_run(data: bytes, end: int) -> int:
    """Where the lines of the last customer before `end` start, so that a block can be cut there; `end` if not near.

    It only saves work: a customer cut in two is met again.
    """
    start = data.rfind(b"\n", 0, max(end - 1, 0)) + 1
    customer = data[start : data.find(b",", start, end) + 1]
    for _ in range(_NEAR):
        above = data.rfind(b"\n", 0, max(start - 1, 0)) + 1
        if not start or not data.startswith(customer, above):
            return start or end
        start = above
    return end
