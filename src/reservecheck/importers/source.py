"""What every kind of export is read as: a header, and rows of cells with the place each stands at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from reservecheck.model.declared import InputFile


class SourceRow(NamedTuple):
    """One row, and the line it starts on or its number in the sheet; absent cells are empty texts."""

    line: int
    cells: Sequence[str]


class Source(Protocol):
    """One export, to be read once, from its header on."""

    shown: str
    said: Counter[str]
    """What a reader should know of the file beside its rows, counted by a word of `notes.NOTES`."""

    def rows(self) -> Iterator[SourceRow]:
        """The header first, then every row. Raises InputError where the file cannot be read on."""
        ...

    def check_text(self) -> None:
        """Raises InputError where the file is no text of its encoding, on whatever line."""
        ...

    def place(self, line: int, column: int) -> str:
        """How messages call a cell beside its line; columns count from 0."""
        ...

    def input_file(self) -> InputFile:
        """What identifies the file, once all rows went by."""
        ...
