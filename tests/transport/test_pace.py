from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservecheck.transport.pace import LONGEST_WAIT_S, Pace, wait_before_retry


class Clock:
    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def ticks(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


def test_requests_start_no_faster_than_the_rate() -> None:
    clock = Clock()
    pace = Pace(parallel=4, requests_per_second=4, ticks=clock.ticks, sleep=clock.sleep)
    for _ in range(3):
        with pace.turn():
            pass
    clock.now += 10
    with pace.turn():
        pass
    with pace.turn():
        clock.now += 0.2
    with pace.turn():
        pass
    assert clock.slept == [0.25, 0.25, 0.25, 0.05]


def test_no_more_requests_are_under_way_than_allowed() -> None:
    pace = Pace(parallel=2, requests_per_second=1000, ticks=lambda: 0.0, sleep=lambda _: None)
    under_way, most, lock, meet = 0, 0, threading.Lock(), threading.Barrier(2)

    def work() -> None:
        nonlocal under_way, most
        with pace.turn():
            with lock:
                under_way += 1
                most = max(most, under_way)
            meet.wait(10)
            with lock:
                under_way -= 1

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_a_slot_is_given_back_when_the_request_fails() -> None:
    pace = Pace(parallel=1, requests_per_second=1000, ticks=lambda: 0.0, sleep=lambda _: None)
    for _ in range(2):
        with pytest.raises(KeyError), pace.turn():
            raise KeyError


@given(st.integers(1, 60), st.none() | st.text(max_size=40), st.integers(0, 2**33))
def test_no_wait_is_shorter_than_its_backoff_or_longer_than_a_minute(
    failed: int, retry_after: str | None, now: int
) -> None:
    wait = wait_before_retry(failed, retry_after, float(now))
    assert min(0.5 * 2 ** (failed - 1), LONGEST_WAIT_S) <= wait <= LONGEST_WAIT_S
