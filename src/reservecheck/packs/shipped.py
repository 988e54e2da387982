"""The packs that ship with the package, by id. A pack is data: it can name rules, it cannot hold code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from reservecheck.errors import ReservecheckError
from reservecheck.vault.canonical import sha256

_FILES: Final[Mapping[str, str]] = {"core/1": "core_1.toml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRule:
    """A rule as a pack names it."""

    id: str
    title: str
    severity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One pack; `text` is the file verbatim, `sha256` the digest of its UTF-8 bytes."""

    id: str
    title: str
    dated: str
    status: str
    source: str
    wording_confirmed: bool
    thresholds: Mapping[str, str | int]
    rules: tuple[PackRule, ...]
    text: str
    sha256: str


def known_packs() -> tuple[str, ...]:
    """The ids of all shipped packs, oldest first."""
    return tuple(_FILES)


def load_pack(name: str) -> Pack:
    """A shipped pack; raises ReservecheckError for an id that is not shipped."""
    if name not in _FILES:
        raise ReservecheckError(
            f"there is no rule pack {name!r}", hint=f"shipped packs: {', '.join(known_packs())}"
        )
    data = files("reservecheck.packs").joinpath("data", _FILES[name]).read_bytes()
    text = data.decode()
    parsed = tomllib.loads(text)
    return Pack(
        id=parsed["id"],
        title=parsed["title"],
        dated=parsed["dated"].isoformat(),
        status=parsed["status"],
        source=parsed["source"]["text"].strip(),
        wording_confirmed=parsed["source"]["wording_confirmed"],
        thresholds=parsed["thresholds"],
        rules=tuple(PackRule(id=row["id"], title=row["title"], severity=row["severity"]) for row in parsed["rule"]),
        text=text,
        sha256=sha256(data),
    )
