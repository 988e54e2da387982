"""Where each key of a TOML text stands: tomllib parses values but tells no positions. Pure.

Reads only text that tomllib has accepted, so it looks for structure and never for mistakes.
"""

from __future__ import annotations

import re
import tomllib
from typing import Final, NamedTuple

KeyPath = tuple[str | int, ...]
"""Keys from the root; an integer counts the elements of an array from 0."""

_TOKEN: Final = re.compile(
    r"""
      (?P<skipped> [ \t\r]+ | \#[^\n]* )
    | (?P<newline> \n )
    | (?P<quoted>  \"{3} (?: \\. | [^\\] )*? \"{3,5} | '{3} .*? '{3,5}
                 | " (?: \\. | [^"\\\n] )* " | ' [^'\n]* ' )
    | (?P<mark>    [\[\]{},=.] )
    | (?P<bare>    [^\s\[\]{},=.\#"']+ )
    """,
    re.VERBOSE | re.DOTALL,
)


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


def key_lines(text: str) -> dict[KeyPath, int]:
    """The 1-based line of every key, table and array element of a TOML text."""
    return _Locator(_tokens(text.replace("\r\n", "\n"))).read()


def _tokens(text: str) -> list[_Token]:
    tokens, line = [], 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup not in {"skipped", None}:
            tokens.append(_Token(str(match.lastgroup), match[0], line))
        line += match[0].count("\n")
    return [*tokens, _Token("newline", "\n", line)]


class _Locator:
    """A walk over the tokens; `found` keeps the first line of each path, `last` the index of open arrays."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.found: dict[KeyPath, int] = {}
        self.last: dict[KeyPath, int] = {}

    def read(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while self.position < len(self.tokens):
            if self._peek().kind == "newline":
                self.position += 1
            elif self._peek().text == "[":
                table = self._header()
            else:
                self._pair(table)
        return self.found

    def _peek(self) -> _Token:
        return self.tokens[self.position]

    def _next(self) -> _Token:
        self.position += 1
        return self.tokens[self.position - 1]

    def _accept(self, mark: str) -> bool:
        token = self._peek()
        taken = token.kind == "mark" and token.text == mark
        self.position += taken
        return taken

    def _header(self) -> KeyPath:
        line = self._next().line
        is_array = self._accept("[")
        path: KeyPath = ()
        keys = self._keys()
        for depth, key in enumerate(keys, 1):
            path = (*path, key)
            self.found.setdefault(path, line)
            if depth == len(keys) and is_array:
                self.last[path] = self.last.get(path, -1) + 1
            if path in self.last:
                path = (*path, self.last[path])
                self.found.setdefault(path, line)
        while self._accept("]"):
            pass
        return path

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while self._accept("."):
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        token = self._next()
        return str(tomllib.loads(f"key = {token.text}")["key"]) if token.kind == "quoted" else token.text

    def _pair(self, path: KeyPath) -> None:
        line = self._peek().line
        for key in self._keys():
            path = (*path, key)
            self.found.setdefault(path, line)
        self._accept("=")
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        if self._accept("["):
            self._array(path)
        elif self._accept("{"):
            self._inline_table(path)
        else:
            while self._peek().kind != "newline" and self._peek().text not in {",", "]", "}"}:
                self.position += 1

    def _array(self, path: KeyPath) -> None:
        index = 0
        while not self._accept("]"):
            if self._peek().kind == "newline" or self._peek().text == ",":
                self.position += 1
                continue
            self.found[*path, index] = self._peek().line
            self._value((*path, index))
            index += 1

    def _inline_table(self, path: KeyPath) -> None:
        while not self._accept("}"):
            if self._peek().kind == "newline" or self._peek().text == ",":
                self.position += 1
                continue
            self._pair(path)
