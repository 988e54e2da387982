from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from reservecheck.vault.uncollected import uncollected


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    collecting = gc.isenabled()
    yield
    (gc.enable if collecting else gc.disable)()


def test_the_collector_rests_while_the_block_runs_and_wakes_after_an_error() -> None:
    gc.enable()

    def fails() -> None:
        assert not gc.isenabled()
        raise LookupError("expected")

    with pytest.raises(LookupError), uncollected():
        fails()
    assert gc.isenabled()


def test_a_collector_that_rested_before_still_rests() -> None:
    gc.disable()
    with uncollected():
        assert not gc.isenabled()
    assert not gc.isenabled()
