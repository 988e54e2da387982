"""One row of a register, read field by field; what is wrong is collected, so that a reader sees all of it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from reservecheck.errors import InputError, MoneyError, Problem
from reservecheck.model.declared import InputFile
from reservecheck.model.registry import Asset
from reservecheck.moments import parse_moment
from reservecheck.money import parse_amount
from reservecheck.vault.csv_file import CsvFile, read_csv
from reservecheck.vault.plain_name import name_problem

_LABEL: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ACCOUNT_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One row. A field that is wrong adds a Problem and comes back as the empty value of its kind."""

    shown: str
    line: int
    values: Mapping[str, str]
    assets: Mapping[str, Asset]
    problems: list[Problem]

    def problem(self, message: str, hint: str = "") -> None:
        """Add a problem at this row's line."""
        self.problems.append(Problem(path=self.shown, line=self.line, message=message, hint=hint))

    def text(self, column: str) -> str:
        """Any text that is not blank."""
        value = self.values[column]
        if not value.strip():
            self.problem(f"{column} is empty")
        return value

    def name(self, column: str) -> str:
        """The name of an institution, as it may be printed."""
        value = self.text(column)
        if value.strip() and (wrong := name_problem(column, value)):
            self.problem(*wrong)
        return value

    def choice(self, column: str, words: Iterable[str]) -> str:
        """One of a few words."""
        value, allowed = self.values[column], [str(word) for word in words]
        if value in allowed:
            return value
        self.problem(f"{column} is {value!r}", f"write one of {', '.join(allowed)}")
        return allowed[0]

    def label(self, column: str) -> str:
        """A label: never something that looks like an account number."""
        value = self.values[column]
        if sum(character.isdigit() for character in value) >= _ACCOUNT_DIGITS:
            hint = "use a label, never the account number"
            self.problem(f"{column} has {_ACCOUNT_DIGITS} digits or more and may be an account number", hint)
            return ""
        if _LABEL.fullmatch(value) is None:
            self.problem(f"{column} is {value!r}", "a label is lower-case letters, digits and hyphens, at most 64")
        return value

    def asset(self, column: str, *, kind: str = "") -> str:
        """An asset of the registry, of a certain kind where one is given."""
        value = self.values[column]
        row = self.assets.get(value)
        if row is None:
            near = difflib.get_close_matches(value.upper(), self.assets, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "add it to the registry"
            self.problem(f"the {column} {value!r} is unknown", hint)
        elif kind and row.kind != kind:
            self.problem(f"{value} is of kind {row.kind!r}, not {kind!r}", f"this register is about {kind}")
        return value

    def amount(self, column: str, asset: str, *, negative: str = "") -> int:
        """Smallest units of the asset; `negative` says why an amount below zero does not belong here."""
        units = self.signed(column, asset)
        if units < 0:
            self.problem(f"{column} is {self.values[column]}, below zero", negative)
        return units

    def signed(self, column: str, asset: str) -> int:
        """Smallest units of the asset, below zero or not."""
        row = self.assets.get(asset)
        if row is None:
            return 0
        try:
            return parse_amount(self.values[column], row.decimals)
        except MoneyError as error:
            self.problem(f"{column}: {error.message}", error.hint)
            return 0

    def moment(self, column: str) -> str:
        """An instant with date, time and offset, as written."""
        value = self.values[column]
        try:
            parse_moment(value)
        except ValueError:
            self.problem(
                f"{column} is {value!r}, not an instant with an offset", "write it as 2018-06-28T00:00:00+09:00"
            )
            return ""
        return value

    def day(self, column: str) -> str:
        """A day, YYYY-MM-DD, or an instant with an offset, as written."""
        value = self.values[column]
        try:
            if date.fromisoformat(value).isoformat() == value:
                return value
        except ValueError:
            pass
        return self.moment(column)

    def digest(self, column: str, *, required: bool = False) -> str:
        """A SHA-256 in lower-case hex, or nothing where it is not required."""
        value = self.values[column]
        if (value or required) and _DIGEST.fullmatch(value) is None:
            self.problem(f"{column} is {value!r}, not a SHA-256", "write 64 characters of 0-9 and a-f")
        return value


def register_rows(file: CsvFile, assets: Mapping[str, Asset], problems: list[Problem]) -> Iterator[RegisterRow]:
    """The rows of a register that was read; what is wrong goes to `problems`."""
    for line, values in file.rows:
        yield RegisterRow(file.shown, line, values, assets, problems)


def refuse(problems: list[Problem]) -> None:
    """Raises InputError when there are problems."""
    if problems:
        raise InputError(*problems)


def input_file(file: CsvFile) -> InputFile:
    """What identifies the file."""
    return InputFile(name=file.shown, bytes=file.bytes, sha256=file.sha256)


@dataclass(frozen=True, slots=True)
class Location:
    """A file of the snapshot folder: the folder, and the file's name relative to it."""

    folder: Path
    shown: str

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.folder / self.shown


def read_register(
    at: Location, *, required: tuple[str, ...], optional: tuple[str, ...] = (), may_be_empty: bool = False
) -> CsvFile:
    """The rows of a register. Raises InputError as `read_csv` does, and for a file that is a link."""
    return read_csv(
        at.path, required=required, optional=optional, shown=at.shown, may_be_empty=may_be_empty, inside=at.folder
    )
