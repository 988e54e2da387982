from __future__ import annotations

import numba
import pytest

from reservecheck.kernels.compiled import compiled


def doubled(value: int) -> int:
    return value * 2


def test_a_loop_is_compiled_even_where_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    plain = numba.njit

    def njit(*, nogil: bool, cache: bool = False) -> object:
        asked.append(cache)
        if cache:
            raise RuntimeError("cannot cache function 'doubled': no locator available")
        return plain(nogil=nogil)

    monkeypatch.setattr(numba, "njit", njit)
    assert compiled(doubled)(21) == 42
    assert asked == [True, False]
