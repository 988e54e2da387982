"""One table of a TOML file, read key by key; what is wrong is collected, so that a reader sees all of it.

A value that is missing or wrong adds a Problem and comes back as the default, or as the empty value of its
kind ("" · 0 · False · () · ("", 0)) where there is none. So: read everything, then look at `problems`, and use
nothing if there are any.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, Final, Protocol

from reservecheck.errors import Problem, discreet
from reservecheck.moments import epoch_of, parse_moment

KeyPath = tuple[str | int, ...]


class UnquotedNumber(str):
    """A number with a point or exponent, as written. Amounts belong in quotes; a float is never made of one."""

    __slots__ = ()


class MakeProblem(Protocol):
    """How a file words a problem at a key."""

    def __call__(self, message: str, *keys: str | int, hint: str = "") -> Problem:
        """A problem at the line of `keys`."""
        ...


_KINDS: Final[tuple[tuple[type, str], ...]] = (
    (UnquotedNumber, "a number"),
    (str, "text"),
    (bool, "true or false"),
    (int, "a whole number"),
    (datetime, "a date with time"),
    (date, "a date"),
    (time, "a time"),
    (list, "a list"),
    (dict, "a table"),
)


class Table:
    """One table: `path` are the keys that lead to it; `problems` is shared by all tables of a file.

    Without `quotes` no message repeats a text or an unknown key: either may be a secret at the wrong place.
    """

    def __init__(
        self,
        data: Mapping[str, Any],
        path: KeyPath,
        make: MakeProblem,
        problems: list[Problem],
        *,
        quotes: bool = True,
    ) -> None:
        self.data = data
        self.path = path
        self._make = make
        self._problems = problems
        self._quotes = quotes
        self._asked: list[str] = []

    def __contains__(self, key: str) -> bool:
        return key in self.data

    @property
    def title(self) -> str:
        """How messages call it: `[accept]`, `[[wallet]]`, `the file`."""
        name = ".".join(key for key in self.path if isinstance(key, str))
        if not name:
            return "the file"
        return f"[[{name}]]" if isinstance(self.path[-1], int) else f"[{name}]"

    @property
    def line(self) -> int:
        """The 1-based line the table starts at."""
        return self._make("", *self.path).line

    def names(self) -> tuple[str, ...]:
        """All keys, for tables whose keys are free, such as [tolerance]; `done` then finds none unknown."""
        self._asked.extend(self.data)
        return tuple(self.data)

    def knows(self, *keys: str) -> None:
        """Say that these keys belong here, whether they are there and read or not."""
        self._asked.extend(keys)

    def problem(self, message: str, *keys: str | int, hint: str = "") -> None:
        """Add a problem at a key of this table (at the table itself without keys)."""
        self._problems.append(self._make(message, *self.path, *keys, hint=hint))

    def raw(self, key: str) -> object:
        """The value as parsed, None when absent; the key counts as known."""
        self._asked.append(key)
        return self.data.get(key)

    def is_table(self, key: str) -> bool:
        """Whether the value is a table, for keys that take a text or a table."""
        return isinstance(self.data.get(key), dict)

    def text(self, key: str, *, default: str | None = None, pattern: str | None = None, meaning: str = "") -> str:
        """A text, required unless a default is given; `pattern` must match all of it, `meaning` is it in words."""
        value = self._value(key, str, required=default is None)
        if value is None:
            return default or ""
        if value == "" and default is None:
            self.problem(f"{key} is empty", key)
        elif pattern is not None and re.fullmatch(pattern, value) is None:
            self.problem(f"{key} is {self._shown(value)}", key, hint=f"write {meaning or f'a text like {pattern}'}")
        else:
            return str(value)
        return default or ""

    def written(self, key: str, *, default: str | None = None) -> str:
        """A text, a date or a date with time, as text."""
        value = self.data.get(key)
        if isinstance(value, date):
            self._asked.append(key)
            return value.isoformat()
        return self.text(key, default=default)

    def choice(self, key: str, words: Iterable[str], *, default: str | None = None) -> str:
        """One of a few words; required unless a default is given."""
        allowed = [str(word) for word in words]
        example = f'"{allowed[0]}"' if len(allowed) == 1 else f"one of {_listed(allowed)}"
        value = self._value(key, str, required=default is None, example=example)
        if value is None:
            return default or ""
        if value not in allowed:
            self.problem(f"{key} is {self._shown(value)}", key, hint=f"write one of {_listed(allowed)}")
            return default or ""
        return str(value)

    def integer(self, key: str, *, default: int | None = None, low: int = 0, high: int = 2**53 - 1) -> int:
        """A whole number from `low` to `high`; required unless a default is given."""
        value = self._value(key, int, required=default is None)
        if value is None:
            return default or 0
        if not low <= value <= high:
            self.problem(f"{key} is {value}", key, hint=f"write a whole number from {low} to {high}")
            return default or 0
        return int(value)

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """True or false; required unless a default is given."""
        value = self._value(key, bool, required=default is None)
        return bool(default) if value is None else bool(value)

    def texts(self, key: str, *, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts; required unless a default is given."""
        value = self._value(key, list, required=default is None)
        if value is None:
            return default or ()
        for index, item in enumerate(value):
            if type(item) is not str or not item:
                self.problem(f"{key} holds {_kind(item)}", key, index, hint=f'write {key} = ["…", "…"]')
                return default or ()
        return tuple(value)

    def moment(self, key: str) -> tuple[str, int]:
        """A required instant as (RFC 3339 text, seconds since 1970): a TOML date with time and offset, or text."""
        found = self._moment(key, required=True)
        return ("", 0) if found is None else found

    def moment_or_none(self, key: str) -> tuple[str, int] | None:
        """The same, None where the file is silent."""
        return self._moment(key, required=False)

    def table(self, key: str, *, required: bool = False) -> Table:
        """A table below this one; an empty one when it is absent."""
        value = self._value(key, dict, required=required)
        return Table(value or {}, (*self.path, key), self._make, self._problems, quotes=self._quotes)

    def tables(self, key: str) -> tuple[Table, ...]:
        """A list of tables, `[[key]]` or `key = [{…}]`; none when it is absent."""
        value = self._value(key, list, required=False, example=f"[{{ … }}], or [[{key}]] above each of them") or []
        below = []
        for index, item in enumerate(value):
            if isinstance(item, dict):
                path = (*self.path, key, index)
                below.append(Table(item, path, self._make, self._problems, quotes=self._quotes))
            else:
                self.problem(f"{key} holds {_kind(item)}, not a table", key, index, hint=f"write {key} = [{{ … }}]")
        return tuple(below)

    def done(self) -> None:
        """Report every key that was never asked for."""
        for key in self.data:
            if key in self._asked:
                continue
            near = difflib.get_close_matches(key, self._asked, n=1)
            hint = f'did you mean "{near[0]}"?' if near else self._known_keys()
            self.problem(f"{self.title} has an unknown key" + f' "{key}"' * self._quotes, key, hint=hint)

    def _shown(self, value: str) -> str:
        return _shown(value) if self._quotes else "something else"

    def _known_keys(self) -> str:
        return f"the keys here are {_listed(dict.fromkeys(self._asked))}" if self._asked else "no key belongs here"

    def _value(self, key: str, kind: type, *, required: bool, example: str = "") -> Any:  # noqa: ANN401  # any of TOML's
        value, example = self.raw(key), example or _EXAMPLES[kind]
        if value is None:
            if required:
                self.problem(f'{self.title} lacks "{key}"', hint=f"write {key} = {example}")
            return None
        if type(value) is not kind:
            self.problem(f"{key} is {_kind(value)}", key, hint=f"write {key} = {example}")
            return None
        return value

    def _moment(self, key: str, *, required: bool) -> tuple[str, int] | None:
        value = self.raw(key)
        if value is None:
            if required:
                self.problem(f'{self.title} lacks "{key}"', hint=f"write {key} = {_EXAMPLES[datetime]}")
            return None
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value.isoformat(), epoch_of(value)
        hint = f"write {key} = {_EXAMPLES[datetime]}"
        if isinstance(value, datetime):
            local = value.isoformat()
            self.problem(
                f"{key} has no offset", key, hint=f"write {local}+09:00 for Seoul or Tokyo, {local}Z for UTC"
            )
        elif isinstance(value, str):
            return self._parsed_moment(key, value, hint)
        else:
            self.problem(f"{key} is {_kind(value)}, not an instant", key, hint=hint)
        return None

    def _parsed_moment(self, key: str, value: str, hint: str) -> tuple[str, int] | None:
        try:
            return value, parse_moment(value)
        except ValueError:
            self.problem(f"{key} is {self._shown(value)}, not an instant with an offset", key, hint=hint)
            return None


_EXAMPLES: Final[Mapping[type, str]] = {
    str: '"…"',
    int: "a whole number",
    bool: "true or false",
    list: '["…", "…"]',
    dict: "{ … }",
    datetime: "2018-06-28T00:00:00+09:00",
}


def _kind(value: object) -> str:
    return next(words for kind, words in _KINDS if isinstance(value, kind))


def _shown(value: str) -> str:
    longest = 60
    whole = repr(value)
    if discreet(whole) != whole:  # looked for before anything is cut off
        return discreet(whole)
    return repr(value if len(value) <= longest else value[:longest] + "…")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
