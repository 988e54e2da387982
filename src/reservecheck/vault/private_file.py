"""A file that nobody but its owner can read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from reservecheck.errors import OutputError

OWNERS: Final = 0o600


def write_private(path: Path, data: bytes) -> None:
    """Write a new file of mode 0600; raises OutputError when it exists or cannot be written."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNERS)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}") from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise OutputError(f"{path} cannot be written: {error.strerror or error}") from error
