"""Answers' bodies as JSON, the last ones remembered: readers open the same answer again and again. Pure.

A stranger's log may name one long answer on many lines, so what is parsed is kept by the body and not by the line.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from threading import Lock
from typing import Any, Final, NamedTuple, NoReturn

from reservecheck.vault.canonical import nested_too_deep

_REMEMBERED: Final = 1 << 24


class _Parsed(NamedTuple):
    value: Any
    problem: str


class ParsedBodies:
    """Parses bodies, and keeps those last asked for: `most` bytes of them together, and always the last one.

    What it gives is shared and must not be changed. Safe to use from many threads.
    """

    def __init__(self, most: int = _REMEMBERED) -> None:
        self._most, self._size = most, 0
        self._kept: OrderedDict[bytes, _Parsed] = OrderedDict()
        self._lock = Lock()

    def parsed(self, body: bytes) -> Any:  # noqa: ANN401  # JSON of any shape
        """The JSON in UTF-8; numbers with a point or an exponent as `str`, exactly as sent.

        Raises ValueError for anything else: NaN, numbers of thousands of digits, nesting beyond DEEPEST.
        """
        with self._lock:
            found = self._kept.get(body)
            if found is not None:
                self._kept.move_to_end(body)
        if found is None:
            found = _parse(body)
            self._keep(body, found)
        if found.problem:
            raise ValueError(found.problem)
        return found.value

    def _keep(self, body: bytes, found: _Parsed) -> None:
        with self._lock:
            if body not in self._kept:
                self._size += len(body)
            self._kept[body] = found
            while self._size > self._most and len(self._kept) > 1:
                self._size -= len(self._kept.popitem(last=False)[0])


def _parse(body: bytes) -> _Parsed:
    if nested_too_deep(body):
        return _Parsed(None, "nested too deeply")
    try:
        return _Parsed(json.loads(body.decode(), parse_float=str, parse_constant=_refuse), "")
    except ValueError as error:
        return _Parsed(None, f"{error}")


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")
