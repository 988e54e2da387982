"""Big-endian words at any place in memory, each in one instruction: a loop over bytes is slower."""

from __future__ import annotations

import sys
from typing import Final

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types

from reservecheck.kernels.compiled import compiled, emitted

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint32]

_TURNED: Final = sys.byteorder == "little"


@compiled
def put_four(data: Bytes, at: int, value: np.uint32) -> None:
    """Write a word of four bytes."""
    _store(np.uint64(data.ctypes.data + at), np.uint32(value))


@compiled
def put_eight(data: Bytes, at: int, value: np.uint64) -> None:
    """Write a word of eight bytes."""
    _store(np.uint64(data.ctypes.data + at), np.uint64(value))


@compiled
def put_digest(data: Bytes, at: int, words: Words) -> None:
    """Write the first eight words of four bytes, at once: what is read back next then waits for nothing."""
    _store_digest(np.uint64(data.ctypes.data + at), np.uint64(words.ctypes.data))


@compiled
def taken(data: Bytes, at: int) -> np.uint64:
    """A word of eight bytes."""
    return np.uint64(_load(np.uint64(data.ctypes.data + at)))


@compiled
def copy(source: Bytes, at: int, target: Bytes, to: int, size: int) -> None:
    """Copy bytes between two pieces of memory."""
    place = 0
    while place + 8 <= size:
        put_eight(target, to + place, taken(source, at + place))
        place += 8
    while place < size:
        target[to + place] = source[at + place]
        place += 1


@emitted
def _store(_: object, _address: object, value: types.Integer) -> tuple[object, object]:
    def emit(context: ir.Context, builder: ir.IRBuilder, _: object, values: list[ir.Value]) -> ir.Value:
        place = builder.inttoptr(values[0], values[1].type.as_pointer())
        builder.store(_ordered(builder, values[1]), place, align=1)
        return context.get_dummy_value()

    return types.void(types.uint64, value), emit


@emitted
def _store_digest(_: object, _address: object, _words: object) -> tuple[object, object]:
    def emit(context: ir.Context, builder: ir.IRBuilder, _: object, values: list[ir.Value]) -> ir.Value:
        four = ir.VectorType(ir.IntType(32), 4).as_pointer()
        for half in (0, 16):
            to, at = (builder.inttoptr(builder.add(value, ir.IntType(64)(half)), four) for value in values)
            builder.store(_ordered(builder, builder.load(at, align=4)), to, align=1)
        return context.get_dummy_value()

    return types.void(types.uint64, types.uint64), emit


@emitted
def _load(_: object, _address: object) -> tuple[object, object]:
    def emit(_: ir.Context, builder: ir.IRBuilder, __: object, values: list[ir.Value]) -> ir.Value:
        place = builder.inttoptr(values[0], ir.IntType(64).as_pointer())
        return _ordered(builder, builder.load(place, align=1))

    return types.uint64(types.uint64), emit


def _ordered(builder: ir.IRBuilder, value: ir.Value) -> ir.Value:
    if not _TURNED:
        return value
    words = isinstance(value.type, ir.VectorType)
    name = f"llvm.bswap.{'v4i32' if words else f'i{value.type.width}'}"
    known = builder.module.globals.get(name)
    return builder.call(
        known or ir.Function(builder.module, ir.FunctionType(value.type, [value.type]), name), [value]
    )
