"""Instants as RFC 3339 text with an offset; a text without one is refused. Never asks what time it is."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_RFC3339: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)


def parse_moment(text: str) -> int:
    """Seconds since 1970, a fraction of a second dropped; raises ValueError without date, time or offset."""
    if _RFC3339.fullmatch(text) is None:
        raise ValueError(f"{text!r} is not an instant with an offset, such as 2018-06-28T00:00:00+09:00")
    return epoch_of(datetime.fromisoformat(text.upper()))


def epoch_of(moment: datetime) -> int:
    """Seconds since 1970 of an aware datetime; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs an offset, such as +09:00 or Z")
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)


def utc_text(epoch: int) -> str:
    """Seconds since 1970 as `2018-06-27T15:00:00Z`."""
    return f"{datetime.fromtimestamp(epoch, UTC).replace(tzinfo=None).isoformat()}Z"
