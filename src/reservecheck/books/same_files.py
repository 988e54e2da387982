"""Files that are read more than once: every reading is of the same bytes, or none of them counts."""

from __future__ import annotations

from collections.abc import Iterable

from reservecheck.errors import InputError, Problem
from reservecheck.model.declared import InputFile


class SameFiles:
    """The digests of files as they were read first."""

    def __init__(self, first: Iterable[InputFile] = ()) -> None:
        self._digests = {file.name: file.sha256 for file in first}

    def check(self, file: InputFile) -> None:
        """Remember a file, or raise InputError where it is not what it was."""
        if self._digests.setdefault(file.name, file.sha256) != file.sha256:
            hint = "copy the folder to where nobody else writes, and run again"
            raise InputError(Problem(path=file.name, message="the file is not what was read before", hint=hint))
