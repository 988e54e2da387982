"""Whether a path is a regular file that may be read, asked before it is opened.

A link may lead out of a folder to what nobody meant to show, a FIFO never answers, and a device never ends: a file
inside a folder is never followed anywhere. A path somebody typed may be a link, if a regular file is at its end.
"""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path
from typing import Final

from reservecheck.errors import InputError, Problem
from reservecheck.model.declared import InputFile

MIB: Final = 1 << 20
_COPY: Final = "put the file itself there"


def check_regular(path: Path, shown: str, *, inside: Path | None = None) -> None:
    """Raises InputError unless `path` is a regular file; below the folder `inside` no part of it may be a link."""
    try:
        for part in _below(path, inside):
            if part.is_symlink():
                raise InputError(Problem(path=shown, message="is a link", hint=_COPY))
        mode = path.stat().st_mode
    except OSError as error:
        raise InputError(Problem(path=shown, message=f"cannot be read: {error.strerror}")) from error
    if stat.S_ISDIR(mode):
        raise InputError(Problem(path=shown, message="is a folder, not a file", hint="name the file itself"))
    if not stat.S_ISREG(mode):
        raise InputError(Problem(path=shown, message="is not a regular file", hint=_COPY))


def read_regular(path: Path, shown: str, *, most: int, inside: Path | None = None) -> bytes:
    """The bytes of a regular file; raises InputError for anything else, and for one of more than `most` bytes."""
    check_regular(path, shown, inside=inside)
    try:
        with path.open("rb") as opened:
            data = opened.read(most + 1)
    except OSError as error:
        raise InputError(Problem(path=shown, message=f"cannot be read: {error.strerror}")) from error
    if len(data) > most:
        hint = "this is not a file of this kind"
        raise InputError(Problem(path=shown, message=f"is larger than {most // MIB} MiB", hint=hint))
    return data


def state_of(path: Path) -> tuple[int, int, int, int]:
    """What changes when somebody writes to a file, or puts another in its place: he cannot put back all of it."""
    state = path.stat()
    return state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns


def digested(path: Path, shown: str) -> InputFile:
    """What identifies a file of any size; raises InputError when it cannot be read."""
    try:
        with path.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
            return InputFile(name=shown, bytes=opened.tell(), sha256=digest)
    except OSError as error:
        raise InputError(Problem(path=shown, message=f"cannot be read: {error.strerror}")) from error


def require_same(path: Path, shown: str, sha256: str) -> None:
    """Raises InputError unless a file that was read by its name has the digest it had before."""
    if digested(path, shown).sha256 != sha256:
        raise changed(shown)


def changed(shown: str) -> InputError:
    """What is said of a file that somebody wrote to."""
    return InputError(Problem(path=shown, message="the file changed while it was read", hint="run again"))


def _below(path: Path, folder: Path | None) -> list[Path]:
    if folder is None:
        return []
    parts = path.relative_to(folder).parts
    return [folder.joinpath(*parts[: count + 1]) for count in range(len(parts))]
