"""TOML files people write: read once, with digest and line numbers; no float ever comes out of one.

file = read_toml(Path("wallets/kaede.toml"))
problems: list[Problem] = []
root = file.root(problems)             # a Table, see toml_table.py
root.text("format", pattern=r"reservecheck/wallets/v1")
for wallet in root.tables("wallet"):
    wallet.text("label"); wallet.done()
root.done()                            # reports keys nobody asked for
if problems: raise InputError(*problems)
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from reservecheck.errors import InputError, Problem
from reservecheck.vault.canonical import sha256
from reservecheck.vault.regular_file import MIB, read_regular
from reservecheck.vault.toml_lines import KeyPath, key_lines
from reservecheck.vault.toml_table import Table, UnquotedNumber

_AT_LINE: Final = re.compile(r" \(at line (\d+), column \d+\)$")
_AT_END: Final = " (at end of document)"


@dataclass(frozen=True, slots=True, kw_only=True)
class TomlFile:
    """A TOML file as read. Numbers with a point are UnquotedNumber (a str), never float."""

    shown: str  # the path as messages show it
    bytes: int
    sha256: str
    data: Mapping[str, Any]
    lines: Mapping[KeyPath, int] = field(repr=False)

    def line(self, *keys: str | int) -> int:
        """The 1-based line of a key, table or element; of its nearest parent when it is not there, else 1."""
        for depth in range(len(keys), 0, -1):
            found = self.lines.get(keys[:depth])
            if found is not None:
                return found
        return 1

    def problem(self, message: str, *keys: str | int, hint: str = "") -> Problem:
        """A problem at the line of a key."""
        return Problem(path=self.shown, line=self.line(*keys), message=message, hint=hint)

    def root(self, problems: list[Problem], *, quotes: bool = True) -> Table:
        """The whole file as a table; what is wrong is added to `problems`, and `quotes` its texts or not."""
        return Table(self.data, (), self.problem, problems, quotes=quotes)


def read_toml(path: Path, *, shown: str | None = None, inside: Path | None = None) -> TomlFile:
    """Read a UTF-8 TOML file (a byte order mark is tolerated).

    Raises InputError, with the line where it is known, for a file that cannot be read, is not a regular file, has
    more than 1 MiB, is not UTF-8 or is not TOML. `shown` is how messages name the file: the path itself when not
    given. Below the folder `inside` no link is followed.
    """
    name = str(path) if shown is None else shown
    content = read_regular(path, name, most=MIB, inside=inside)
    text = _decoded(content, name)
    try:
        data = tomllib.loads(text, parse_float=UnquotedNumber)
    except (ValueError, RecursionError) as error:
        raise InputError(_not_toml(error, text, name)) from error
    return TomlFile(shown=name, bytes=len(content), sha256=sha256(content), data=data, lines=key_lines(text))


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(
            Problem(path=name, line=line, message="the text is not UTF-8", hint="save the file as UTF-8")
        ) from error


def _not_toml(error: Exception, text: str, name: str) -> Problem:
    message = str(error) or "the text is nested too deeply"
    line = 0
    if found := _AT_LINE.search(message):
        message, line = message[: found.start()], int(found[1])
    elif message.endswith(_AT_END):
        message, line = message.removesuffix(_AT_END) + " before the end of the file", text.count("\n") + 1
    return Problem(path=name, line=line, message=f"not TOML: {message}", hint="see https://toml.io for the rules")
