"""Several works at once, each in a thread of its own, so that a person can still interrupt them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from threading import Thread
from typing import Final

WAKE_SECONDS: Final = 0.1


def side_by_side(works: Sequence[Callable[[], None]]) -> list[BaseException]:
    """Do all of them at once; what they raised, in their order. An interruption does not wait for them to end."""

    def do(work: Callable[[], None], done: Future[None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # handed to the thread that waits
            done.set_exception(error)
        else:
            done.set_result(None)

    futures = [Future[None]() for _ in works]
    for work, done in zip(works, futures, strict=True):
        Thread(target=do, args=(work, done), daemon=True).start()
    while wait(futures, timeout=WAKE_SECONDS).not_done:
        pass  # a signal may land in any thread, and only this one acts on it, once it wakes
    return [error for done in futures if (error := done.exception()) is not None]
