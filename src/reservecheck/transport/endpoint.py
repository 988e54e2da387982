"""Where a source is and how to be let in. Nothing here prints itself: a repr shows neither URL nor credentials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from reservecheck.errors import SourceError

_SCHEMES: Final = ("http://", "https://")


@dataclass(frozen=True, slots=True, repr=False)
class Endpoint:
    """One source's address, credentials (already resolved) and limits.

    `cookie_file` holds `user:password`, as bitcoind writes it anew at every start; it is read at the first
    request and again after a 401. Limits of sources on one host and port are shared, the strictest counting.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    password: str | None = None
    cookie_file: Path | None = None
    requests_per_second: int = 20
    parallel: int = 4
    timeout_s: float = 60  # for one attempt, from connecting to the last byte

    def __repr__(self) -> str:
        limits = f"requests_per_second={self.requests_per_second}, parallel={self.parallel}"
        return f"Endpoint(…, {limits}, timeout_s={self.timeout_s})"

    def check(self, name: str) -> None:
        """Raises SourceError, naming the source only, when this cannot be used at all."""
        if not self.url.lower().startswith(_SCHEMES):
            raise SourceError(f"source {name}: the URL starts with neither http:// nor https://")
        sendable = (self.url, *self.headers, *self.headers.values(), self.user or "", self.password or "")
        if not all(text.isascii() and text.isprintable() for text in sendable):
            raise SourceError(f"source {name}: the URL or a credential holds a character that cannot be sent")
        if self.cookie_file is not None and self.user is not None:
            raise SourceError(f"source {name}: a cookie file and a user are both given", hint="keep one of them")
        if (self.user is None) != (self.password is None):
            raise SourceError(f"source {name}: a user and a password are given together or not at all")
        if self.requests_per_second < 1 or self.parallel < 1 or self.timeout_s <= 0:
            raise SourceError(
                f"source {name}: requests_per_second, parallel and timeout_s are at least 1",
                hint="leave them out for 20, 4 and 60",
            )

    def credentials(self) -> tuple[str, str] | None:
        """User and password for basic authentication; None when there are none, or no cookie file (yet)."""
        if self.cookie_file is None:
            return None if self.user is None or self.password is None else (self.user, self.password)
        try:
            user, colon, password = self.cookie_file.read_text(encoding="ascii").strip().partition(":")
        except (OSError, UnicodeDecodeError):
            return None
        return (user, password) if colon else None
