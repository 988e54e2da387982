"""The registers of one folder while they are read: what identifies each, and what is wrong with all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from reservecheck.books.register import Location
from reservecheck.books.snapshot import ROLES
from reservecheck.errors import InputError, Problem
from reservecheck.model.declared import InputFile
from reservecheck.model.registry import Asset
from reservecheck.vault.regular_file import digested

_T = TypeVar("_T")
_Reader = Callable[[Location, Mapping[str, Asset]], tuple[_T, InputFile]]
_ONLY_DIGESTED = ("previous", "claims")


@dataclass(slots=True)
class Reading:
    """The files by role, what identified those that have been read, and what is wrong with the others."""

    files: Mapping[str, tuple[Location, ...]]
    assets: Mapping[str, Asset]
    read: dict[str, InputFile] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def register(self, role: str, reader: _Reader[_T]) -> _T | None:
        """What a register says; None when there is none, or when it has problems, which are noted."""
        if role not in self.files:
            return None
        try:
            result, file = reader(self.files[role][0], self.assets)
        except InputError as error:
            self.problems += error.problems
            return None
        self.read[file.name] = file
        return result

    def in_role_order(self) -> tuple[InputFile, ...]:
        """What identifies every file; of what is not read here, only the digest is taken."""
        for role in _ONLY_DIGESTED:
            for at in self.files.get(role, ()):
                self.read[at.shown] = digested(at.path, at.shown)
        return tuple(self.read[at.shown] for role in ROLES for at in self.files.get(role, ()))
