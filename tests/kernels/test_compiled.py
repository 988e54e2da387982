from __future__ import annotations

import numba
import pytest

from reservecheck.kernels.compiled import compiled, inlined


def tripled(value: int) -> int:
    return value * 3


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


def test_a_part_of_a_loop_is_compiled_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[bool, bool]] = []
    plain = numba.njit

    def njit(*, nogil: bool, forceinline: bool, cache: bool = False) -> object:
        asked.append((forceinline, cache))
        if cache:
            raise RuntimeError("cannot cache function 'tripled': no locator available")
        return plain(nogil=nogil, forceinline=forceinline)

    monkeypatch.setattr(numba, "njit", njit)
    assert inlined(tripled)(14) == 42
    assert asked == [(True, True), (True, False)]
