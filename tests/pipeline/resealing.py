"""What a forger can do: change members of a bundle and write a manifest that fits."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from reservecheck.bundle import BUNDLE
from reservecheck.vault.canonical import canonical_json
from reservecheck.vault.sealed import Sealed, sealed_files, write_sealed

Change = Callable[[bytes], bytes | None]
"""New content for old; None takes the member away."""


def resealed(bundle: Path, target: Path, changes: Mapping[str, Change], **more: bytes) -> Path:
    """A bundle with other contents under a manifest that is right about them; `more` are added, `__` for a dot."""
    opened = Sealed(bundle)
    members = {name: opened.content(name) for name in opened.names}
    for name, change in changes.items():
        changed = change(members.pop(name))
        if changed is not None:
            members[name] = changed
    members |= {name.replace("__", "."): content for name, content in more.items()}
    target = target.with_suffix(".zip")
    target.unlink(missing_ok=True)
    write_sealed(target, sealed_files(members, kind=BUNDLE), scratch=target.with_suffix(".partial"))
    return target


def replaced(old: str, new: str) -> Change:
    """One text for another, which must be there."""

    def change(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode())

    return change


def edited(edit: Callable[[Any], object]) -> Change:
    """A JSON member changed in place."""

    def change(content: bytes) -> bytes:
        parsed = json.loads(content)
        edit(parsed)
        return canonical_json(parsed)

    return change


def gone(content: bytes) -> None:
    """The member is not there any more."""
    del content
