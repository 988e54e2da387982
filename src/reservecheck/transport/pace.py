"""How fast and how often a host is asked: its limits, and the waits between attempts. No wait is random."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

FIRST_WAIT_S: Final = 0.5
LONGEST_WAIT_S: Final = 60.0
"""No wait is longer, whatever a Retry-After says."""


class Pace:
    """Limits of one host: at most `parallel` requests at a time, `requests_per_second` started a second."""

    def __init__(
        self, *, parallel: int, requests_per_second: int, ticks: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._slots = threading.BoundedSemaphore(parallel)
        self._gap = 1 / requests_per_second
        self._ticks = ticks
        self._sleep = sleep
        self._lock = threading.Lock()
        self._next = ticks()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a free slot and for the rate, then hold the slot while the block runs."""
        with self._slots:
            with self._lock:
                now = self._ticks()
                start = max(now, self._next)
                self._next = start + self._gap
            if start > now:
                self._sleep(start - now)
            yield


def wait_before_retry(failed_attempts: int, retry_after: str | None, now_epoch: float) -> float:
    """Seconds: 0.5, 1, 2, 4 … doubling, or what the host asked for if that is longer; at most a minute."""
    backoff: float = FIRST_WAIT_S * 2 ** (failed_attempts - 1)
    return min(max(backoff, _asked_for(retry_after, now_epoch)), LONGEST_WAIT_S)


def _asked_for(retry_after: str | None, now_epoch: float) -> float:
    """A Retry-After (RFC 9110 §10.2.3) in seconds: a number or an HTTP date; 0 for anything else."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now_epoch
