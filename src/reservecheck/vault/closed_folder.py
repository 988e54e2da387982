"""A folder and files for their owner alone: made so whatever the umask, and read only where they still are.

A folder is closed before anything is written into it, and taken away again when what fills it fails.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from reservecheck.errors import InputError, OutputError, Problem

OTHERS: Final = 0o077
FOLDER: Final = 0o700
FILE: Final = 0o600
HANDED_ON: Final = {"manifest.json": "a bundle or evidence set", "snapshot.toml": "a snapshot folder"}
"""What a folder is that others are given, by a file in it."""
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK  # a FIFO would be waited for
_WRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


class ClosedFolder:
    """A new folder, or an empty one, to be filled as a context: what was written is gone again after an exception.

    Raises OutputError for a link, for what is there already, and inside a folder that is handed on to others.
    """

    def __init__(self, path: Path) -> None:
        refuse_place(path)
        self.path = path
        self._written = bytearray()  # names, ended by NUL: there may be many millions
        self._made = not path.exists()
        try:
            if self._made:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.mkdir(mode=FOLDER)
            self._fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError as error:
            raise _cannot(path, error) from error
        try:
            self._close_to_others()
        except BaseException:
            os.close(self._fd)
            raise

    def _close_to_others(self) -> None:
        if os.fstat(self._fd).st_uid != os.geteuid():
            raise OutputError(f"{self.path} belongs to somebody else", hint="name a new folder")
        os.fchmod(self._fd, FOLDER)

    def write(self, name: str, pieces: Iterable[bytes | memoryview], *, synced: bool = True) -> None:
        """Write a new file, waiting for the disk if `synced`; raises OutputError when it cannot be written."""
        try:
            descriptor = os.open(name, _WRITE, FILE, dir_fd=self._fd)
            self._written += os.fsencode(name) + b"\0"
            with os.fdopen(descriptor, "wb") as opened:
                os.fchmod(descriptor, FILE)
                for piece in pieces:
                    opened.write(piece)
                opened.flush()
                if synced:
                    os.fsync(descriptor)
        except OSError as error:
            raise _cannot(self.path / name, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            for name in bytes(self._written).split(b"\0")[:-1]:
                with suppress(OSError):
                    os.unlink(name, dir_fd=self._fd)
            if self._made:
                with suppress(OSError):
                    self.path.rmdir()
        os.close(self._fd)


def write_private(path: Path, data: bytes) -> None:
    """Write a new file that nobody but its owner can read; raises OutputError when it cannot be made."""
    try:
        descriptor = os.open(path, _WRITE, FILE)
    except OSError as error:
        raise _cannot(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(data)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _cannot(path, error) from error


def refuse_place(path: Path) -> None:
    """Raises OutputError where no closed folder can be made."""
    try:
        _refuse_place(path)
    except OSError as error:
        raise _cannot(path, error) from error


def refuse_sealed_place(path: Path) -> None:
    """Raises OutputError for a file that would lie in a bundle or an evidence set."""
    sealed = next(iter(HANDED_ON))
    for above in path.absolute().resolve().parents:
        if os.path.lexists(above / sealed):
            raise OutputError(
                f"{path} would be private and inside of {HANDED_ON[sealed]}, which others are given ({above})",
                hint="name a place outside of it",
            )


def _refuse_place(path: Path) -> None:
    if path.is_symlink():
        raise OutputError(f"{path} is a link", hint="name the folder itself")
    real = path.absolute().resolve()
    for above in (real, *real.parents):
        for name, what in HANDED_ON.items():
            if os.path.lexists(above / name):
                raise OutputError(
                    f"{path} would be private and inside of {what}, which others are given ({above})",
                    hint="name a folder outside of it",
                )
    if not path.exists():
        return
    if not path.is_dir():
        raise OutputError(f"{path} is not a folder", hint="name a new folder")
    if any(path.iterdir()):
        raise OutputError(f"{path} is not empty", hint="name a new folder: nothing is ever overwritten")


def check_closed(path: Path) -> None:
    """Raises InputError unless this is a folder itself, and nobody but its owner may look into it."""
    _refuse_open(path, check_folder(path), FOLDER)


def check_folder(path: Path) -> int:
    """The mode of what is a folder itself; raises InputError for anything else."""
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        raise _problem(path, f"cannot be read: {error.strerror}") from error
    if stat.S_ISLNK(mode):
        raise _problem(path, "is a link", "name the folder itself")
    if not stat.S_ISDIR(mode):
        raise _problem(path, "is not a folder", "name the private folder")
    return mode


def open_closed(path: Path) -> BufferedReader:
    """A regular file that nobody but its owner may read; raises InputError for anything else."""
    try:
        descriptor = os.open(path, _READ)
    except OSError as error:
        said = "is a link" if error.errno == errno.ELOOP else f"cannot be read: {error.strerror}"
        raise _problem(path, said) from error
    opened = os.fdopen(descriptor, "rb")
    try:
        _refuse_file(path, os.fstat(descriptor).st_mode)
    except BaseException:
        opened.close()
        raise
    return opened


def open_to_others(path: Path) -> Problem | None:
    """What `open_closed` refuses a file's mode for, to be said where it is read all the same; None if closed."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return None  # whoever reads it says why it cannot be
    return _opened_to_others(path, mode, FILE) if stat.S_ISREG(mode) else None


def _refuse_file(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise _problem(path, "is not a regular file")
    _refuse_open(path, mode, FILE)


def _refuse_open(path: Path, mode: int, wanted: int) -> None:
    if problem := _opened_to_others(path, mode, wanted):
        raise InputError(problem)


def _opened_to_others(path: Path, mode: int, wanted: int) -> Problem | None:
    if not mode & OTHERS:
        return None
    said = f"others than its owner may use it (mode {stat.S_IMODE(mode):03o})"
    return Problem(path=str(path), message=said, hint=f"chmod {wanted:o} {path}, and find out who read it")


def _problem(path: Path, message: str, hint: str = "") -> InputError:
    return InputError(Problem(path=str(path), message=message, hint=hint))


def _cannot(path: Path, error: OSError) -> OutputError:
    return OutputError(f"{path} cannot be written: {error.strerror or error}")
