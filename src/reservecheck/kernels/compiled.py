"""Compiles a loop once and keeps the machine code where Python keeps its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba
from numba.extending import intrinsic

P = ParamSpec("P")
R = TypeVar("R")


def compiled(loop: Callable[P, R]) -> Callable[P, R]:
    """The same function as machine code that lets other threads run; indices are not checked inside it."""
    try:
        return cast("Callable[P, R]", numba.njit(nogil=True, cache=True)(loop))
    except RuntimeError:  # no folder may be written to: it is compiled anew in every process
        return cast("Callable[P, R]", numba.njit(nogil=True)(loop))


def inlined(loop: Callable[P, R]) -> Callable[P, R]:
    """The same for a part of a loop: its code stands wherever it is called, so that no time goes into calls."""
    try:
        return cast("Callable[P, R]", numba.njit(nogil=True, cache=True, forceinline=True)(loop))
    except RuntimeError:  # as above
        return cast("Callable[P, R]", numba.njit(nogil=True, forceinline=True)(loop))


def emitted(describe: Callable[..., tuple[object, object]]) -> Callable[..., Any]:
    """A function for compiled loops that writes its own instructions: given kinds, its signature and the writer."""
    return cast("Callable[..., Any]", intrinsic(describe))
