"""What a customer file is refused for: rows that cannot be read, and assets that nobody knows.

Columns get swapped, and then what stands in the place of an asset or a balance is a customer's id. So no balance is
ever repeated, and of unknown assets at most five, written like one; the place says enough to look it up.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from reservecheck.errors import InputError, Problem

MOST_PROBLEMS: Final = 100
MOST_NAMES: Final = 1_000
_FEW: Final = 5
_MOST_DIGITS: Final = 4
_LIKE_AN_ASSET: Final = re.compile(r"[A-Z0-9.]{1,12}", re.ASCII)
_HINT: Final = "add it to the registry, map it under [tickers], or list it out of scope"


@dataclass(slots=True)
class Unreadable:
    """The first hundred problems, how many there are, and the first thousand names no registry knows."""

    problems: list[Problem] = field(default_factory=list)
    count: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    first: dict[str, tuple[str, int]] = field(default_factory=dict)

    def add(self, problems: Iterable[Problem], count: int) -> None:
        """Note problems of which only the first hundred are kept."""
        self.count += count
        self.problems.extend(list(problems)[: MOST_PROBLEMS - len(self.problems)])

    def add_unknown(self, name: str, place: tuple[str, int], count: int) -> None:
        """Note rows of an asset nobody knows; of more than a thousand names the rest is only counted."""
        if name in self.first or len(self.first) < MOST_NAMES:
            self.unknown[name] += count
            self.first.setdefault(name, place)
        else:
            self.count += count

    def merge(self, other: Unreadable) -> None:
        """Take over what another one noted about later rows."""
        self.add(other.problems, other.count)
        for name, rows in other.unknown.items():
            self.add_unknown(name, other.first[name], rows)

    def refuse(self, shown: str, known: Collection[str]) -> None:
        """Raises InputError when anything was unreadable or unknown; `known` are the names there are."""
        problems = list(self.problems)
        if self.count:
            counted = "1 row" if self.count == 1 else f"{self.count} rows"
            message = f"{counted} cannot be read, so what is owed is unknown"
            first = f"the first {MOST_PROBLEMS} are above" if self.count > MOST_PROBLEMS else ""
            problems.append(Problem(path=shown, message=message, hint=first))
        for name, rows in list(self.unknown.items())[:MOST_PROBLEMS]:
            path, line = self.first[name]
            said, hint = self._said(name, known)
            problems.append(Problem(path=path, line=line, message=f"{said} is unknown ({rows} rows)", hint=hint))
        if problems:
            raise InputError(*problems)

    def _said(self, name: str, known: Collection[str]) -> tuple[str, str]:
        if name.strip().upper() in known:
            return f"the asset {name!r}", f"did you mean {name.strip().upper()!r}?"
        shaped = _LIKE_AN_ASSET.fullmatch(name) is not None
        few = len(self.unknown) <= _FEW
        if not shaped or not few or sum(map(str.isdigit, name)) > _MOST_DIGITS:
            return "the asset of this row", _HINT
        near = difflib.get_close_matches(name, known, n=1)
        return f"the asset {name!r}", f"did you mean {near[0]!r}?" if near else _HINT
