"""Lines of a text file in its own encoding, decoded without losing anything, in bounded memory."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, cast

from reservecheck.errors import InputError, Problem
from reservecheck.importers.notes import ALSO_UTF8
from reservecheck.model.declared import InputFile
from reservecheck.vault.encodings import decoded, other_encodings
from reservecheck.vault.regular_file import check_regular, state_of

LONGEST: Final = 1 << 24
_FREE: Final = 64 << 20
_MOST_TIMES: Final = 500
_MARK: Final = b"\xef\xbb\xbf"
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
_ARCHIVE: Final = b"PK\x03\x04"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


class _Hashed(io.RawIOBase):
    """A file that remembers the digest of what was read of it."""

    def __init__(self, raw: IO[bytes]) -> None:
        super().__init__()
        self._raw = raw
        self.digest = hashlib.sha256()
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # BufferedReader gives nothing else
        data = self._raw.read(len(buffer))
        buffer[: len(data)] = data
        self.digest.update(data)
        self.count += len(data)
        return len(data)


@dataclass(slots=True, kw_only=True)
class DecodedLines:
    """The lines of one file, packed (.gz) or not, and what identifies it once they all went by."""

    path: Path
    shown: str
    encoding: str
    said: Counter[str] = field(default_factory=Counter)
    _file: InputFile | None = field(default=None, repr=False)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """(number, line with its line end). Raises InputError for what cannot be read, or not without loss."""
        check_regular(self.path, self.shown)
        try:
            before = state_of(self.path)
            with self.path.open("rb") as raw:
                hashed = _Hashed(raw)
                buffered = cast("IO[bytes]", io.BufferedReader(hashed, 1 << 20))
                yield from self._decoded(buffered)
                while buffered.read(1 << 20):
                    pass  # what stands behind the packed lines belongs to the digest as well
            if state_of(self.path) != before or hashed.count != before[1]:
                raise self._refused("the file changed while it was read", "run again")
        except (OSError, EOFError, zlib.error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise self._refused(f"cannot be read: {reason}") from error
        self._file = InputFile(name=self.shown, bytes=hashed.count, sha256=hashed.digest.hexdigest())

    def input_file(self) -> InputFile:
        """What identifies the file; only after all lines."""
        if self._file is None:
            raise RuntimeError("not read to its end")
        return self._file

    def _decoded(self, buffered: IO[bytes]) -> Iterator[tuple[int, str]]:
        packed = self.path.suffix == ".gz"
        lines = cast("IO[bytes]", gzip.GzipFile(fileobj=buffered)) if packed else buffered
        number = unpacked = 0
        most = max(_FREE, _MOST_TIMES * self.path.stat().st_size)
        while line := lines.readline(LONGEST + 1):
            number, unpacked = number + 1, unpacked + len(line)
            if number == 1:
                self._refuse_workbook(line)
            if unpacked > most:
                hint = "no export packs so well: unpack it and look"
                raise self._refused(f"it unpacks to more than {_MOST_TIMES} times its size", hint)
            if len(line) > LONGEST:
                raise self._refused(f"a line is longer than {LONGEST} bytes", "end lines with LF", number)
            if number == 1:
                line = self._without_mark(line)
            yield number, self._text(line, number)
        if not number:
            raise self._refused("the file is empty", "write a header line and rows below it")

    def _refuse_workbook(self, line: bytes) -> None:
        """By what it begins with, whatever it is called."""
        if line.startswith(_OLD_WORKBOOK):
            raise self._refused("this is a workbook", "save it as .xlsx without a password")
        if line.startswith(_ARCHIVE):
            raise self._refused("this is a workbook, or another packed file", "save it as .xlsx, or unpack it")

    def _without_mark(self, line: bytes) -> bytes:
        if line.startswith(_UTF16):
            raise self._refused("the text is UTF-16", "save the file as UTF-8", 1)
        if not line.startswith(_MARK):
            return line
        if self.encoding != "utf-8":
            raise self._refused("the file says of itself that it is UTF-8", "give --encoding utf-8", 1)
        return line[len(_MARK) :]

    def _text(self, line: bytes, number: int) -> str:
        text = line.decode("ascii") if line.isascii() else self._beyond_ascii(line, number)
        if "\0" in text:
            raise self._refused("there is a NUL character", "NUL bytes often mean UTF-16", number)
        return text

    def _beyond_ascii(self, line: bytes, number: int) -> str:
        text = decoded(line, self.encoding)
        if text is None:
            others = other_encodings(line, self.encoding)
            hint = f"this line can be read with --encoding {others}" if others else "which is it?"
            raise self._refused(f"the bytes of this line are not {self.encoding}", hint, number)
        if self.encoding != "utf-8" and decoded(line, "utf-8") is not None:
            self.said[ALSO_UTF8] += 1
        return text

    def _refused(self, message: str, hint: str = "", line: int = 0) -> InputError:
        return InputError(Problem(path=self.shown, line=line, message=message, hint=hint))
