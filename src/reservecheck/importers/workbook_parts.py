"""Which parts a workbook has: what its package calls the workbook, the sheets in it, and what they refer to.

Every reader goes by the relations and by no part's usual name; of two things with one name, readers choose
differently. Format: ECMA-376, Part 1 (18.2.19) and Part 2 (relationships).
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from reservecheck.errors import InputError, Problem
from reservecheck.importers.xml_events import RELATION

AGAIN: Final = "save it again as .xlsx, or export CSV"
PACKAGE: Final = "_rels/.rels"
_MOST_SHEETS: Final = 1_000


@dataclass(slots=True, kw_only=True)
class Book:
    """The sheets of a workbook by name: their relation, and whether they are hidden."""

    shown: str
    sheets: dict[str, tuple[str, bool]] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins. Raises InputError for a second sheet of a name, and for too many."""
        if name != "sheet":
            return
        called = attributes.get("name", "")
        if called.casefold() in self._names:
            raise refused(self.shown, f"two sheets are called {called!r}", AGAIN)
        if len(self.sheets) == _MOST_SHEETS:
            raise refused(self.shown, f"the workbook has more than {_MOST_SHEETS} sheets", "export CSV")
        relation = next((attributes[key] for key in RELATION if key in attributes), "")
        self._names.add(called.casefold())
        self.sheets[called] = relation, attributes.get("state", "visible") != "visible"

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """A list of sheets has no text."""


@dataclass(slots=True, kw_only=True)
class Relations:
    """What a part refers to, by id: of which kind it is, and the part's name. `folder` is where the part lies."""

    shown: str
    folder: str
    parts: dict[str, tuple[str, str]] = field(default_factory=dict)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins. Raises InputError for a second relation of an id."""
        if name != "Relationship":
            return
        one = attributes.get("Id", "")
        if one in self.parts:
            raise refused(self.shown, f"two relations of the workbook are called {one!r}", AGAIN)
        target = posixpath.normpath(posixpath.join("/", self.folder, attributes.get("Target", ""))).lstrip("/")
        outside = attributes.get("TargetMode", "Internal") != "Internal"
        self.parts[one] = attributes.get("Type", "").rpartition("/")[2], "" if outside else target

    def only(self, kind: str) -> str:
        """The one part of a kind, "" without any. Raises InputError where there are several."""
        found = [part for of, part in self.parts.values() if of == kind]
        if len(found) > 1:
            raise refused(self.shown, f"the workbook has {len(found)} parts of the kind {kind}", AGAIN)
        return found[0] if found else ""

    def of(self, one: str, kind: str) -> str:
        """The part of an id, "" where it is of another kind or there is none."""
        found, part = self.parts.get(one, ("", ""))
        return part if found == kind else ""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Relations have no text."""


def relations_of(part: str) -> tuple[str, str]:
    """(the part with the relations of a part, the folder they are written from)."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels"), folder


def refused(shown: str, message: str, hint: str) -> InputError:
    """A workbook that is not read."""
    return InputError(Problem(path=shown, message=message, hint=hint))
