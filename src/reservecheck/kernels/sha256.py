"""SHA-256 (FIPS 180-4) inside compiled loops: the processor's own instructions where it has them, else arithmetic.

A loop hands over whole blocks it has padded itself. `work` is 72 words: the eight of the state, then room for the
message schedule. Loops elsewhere keep their own machine code: after a change here, touch their files too.
"""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.registry import cpu_target

from reservecheck.kernels.big_endian import Bytes, Words, put_digest, put_eight
from reservecheck.kernels.compiled import compiled, emitted
from reservecheck.kernels.sha256_instructions import write_instructions

BLOCK: Final = 64
WORK: Final = 72
NATIVE: Final = "+sha," in cpu_target.target_context.codegen().magic_tuple()[2]
"""Whether this processor hashes by itself (SHA-NI), and numba was not told to leave that be."""


def _primes(count: int) -> list[int]:
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return found


def _root_bits(prime: int, power: int) -> int:
    """The first 32 bits after the point of a prime's square or cube root."""
    shifted, low, high = prime << (32 * power), 0, prime << 32
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**power <= shifted else (low, middle - 1)
    return low & 0xFFFFFFFF


_ROUNDS: Final = np.array([_root_bits(prime, 3) for prime in _primes(64)], dtype=np.uint32)
_START: Final = np.array([_root_bits(prime, 2) for prime in _primes(8)], dtype=np.uint32)


@compiled
def new_work() -> Words:
    """Room for one hash at a time."""
    return np.zeros(WORK, dtype=np.uint32)


def keyed(key: bytes, native: bool) -> tuple[Words, Words]:
    """The two states of HMAC-SHA256 (RFC 2104) after its padded key: for the message, for the digest."""
    short = hashlib.sha256(key).digest() if len(key) > BLOCK else key
    states = []
    for mask in (0x36, 0x5C):
        work, block = new_work(), np.full(BLOCK, mask, dtype=np.uint8)
        block[: len(short)] ^= np.frombuffer(short, dtype=np.uint8)
        start(work)
        compress(work, block, 0, 1, native)
        states.append(work[:8].copy())
    return states[0], states[1]


@emitted
def _native_blocks(_: object, _state: object, _data: object, _blocks: object) -> tuple[object, object]:
    """Addresses of eight words and of the first block, and how many blocks there are: at least one."""

    def emit(context: ir.Context, builder: ir.IRBuilder, _: object, values: list[ir.Value]) -> ir.Value:
        if NATIVE:
            state, data, blocks = values
            write_instructions(builder, [(state, data)], blocks, _ROUNDS.tolist())
        return context.get_dummy_value()

    return types.void(types.uint64, types.uint64, types.int64), emit


@emitted
def _native_two(
    _: object, _state: object, _data: object, _other: object, _other_data: object, _blocks: object
) -> tuple[object, object]:
    """As above, for two hashes of as many blocks."""

    def emit(context: ir.Context, builder: ir.IRBuilder, _: object, values: list[ir.Value]) -> ir.Value:
        if NATIVE:
            *lanes, blocks = values
            write_instructions(builder, [tuple(lanes[:2]), tuple(lanes[2:])], blocks, _ROUNDS.tolist())
        return context.get_dummy_value()

    return types.void(*[types.uint64] * 4, types.int64), emit


@compiled
def start(work: Words) -> None:
    """The state before the first block."""
    for place in range(8):
        work[place] = _START[place]


@compiled
def resume(work: Words, states: Words, at: int) -> None:
    """A state that was kept, from a place on."""
    for place in range(8):
        work[place] = states[at + place]


@compiled
def compress(work: Words, data: Bytes, at: int, blocks: int, native: bool) -> None:
    """Take in at least one whole block, from a place in the data on."""
    if native:
        _native_blocks(np.uint64(work.ctypes.data), np.uint64(data.ctypes.data + at), blocks)
    else:
        for block in range(blocks):
            _portable_block(work, data, at + block * BLOCK)


@compiled
def compress_two(
    work: Words, data: Bytes, at: int, other: Words, other_data: Bytes, other_at: int, blocks: int, native: bool
) -> None:
    """Two at a time, which takes a processor little longer than one: its instructions wait for each other."""
    if native:
        one, two = np.uint64(data.ctypes.data + at), np.uint64(other_data.ctypes.data + other_at)
        _native_two(np.uint64(work.ctypes.data), one, np.uint64(other.ctypes.data), two, blocks)
    else:
        compress(work, data, at, blocks, native)
        compress(other, other_data, other_at, blocks, native)


@compiled
def digest(work: Words, into: Bytes, at: int) -> None:
    """Write the 32 bytes of the state."""
    put_digest(into, at, work)


@compiled
def pad(data: Bytes, at: int, length: int, before: int) -> int:
    """Pad a message of some length in place; the number of its blocks. `before` counts bytes hashed earlier."""
    blocks = (length + 9 + BLOCK - 1) // BLOCK
    end = at + blocks * BLOCK
    data[at + length] = 0x80
    for place in range(at + length + 1, end - 8):
        data[place] = 0
    put_eight(data, end - 8, np.uint64(8 * (length + before)))
    return blocks


@compiled
def _turned(word: np.uint32, by: int) -> np.uint32:
    return np.uint32((word >> np.uint32(by)) | (word << np.uint32(32 - by)))


@compiled
def _portable_block(work: Words, data: Bytes, at: int) -> None:
    for place in range(16):
        word = np.uint32(0)
        for byte in range(4):
            word = (word << np.uint32(8)) | np.uint32(data[at + 4 * place + byte])
        work[8 + place] = word
    for place in range(24, WORK):
        near, far = work[place - 15], work[place - 2]
        low = _turned(near, 7) ^ _turned(near, 18) ^ (near >> np.uint32(3))
        high = _turned(far, 17) ^ _turned(far, 19) ^ (far >> np.uint32(10))
        work[place] = work[place - 16] + low + work[place - 7] + high
    a, b, c, d, e, f, g, h = work[0], work[1], work[2], work[3], work[4], work[5], work[6], work[7]
    for place in range(64):
        chosen = g ^ (e & (f ^ g))
        first = h + (_turned(e, 6) ^ _turned(e, 11) ^ _turned(e, 25)) + chosen + _ROUNDS[place] + work[8 + place]
        second = (_turned(a, 2) ^ _turned(a, 13) ^ _turned(a, 22)) + ((a & b) | (c & (a | b)))
        h, g, f, e = g, f, e, np.uint32(d + first)  # numba adds in 64 bits
        d, c, b, a = c, b, a, np.uint32(first + second)
    work[0] += a
    work[1] += b
    work[2] += c
    work[3] += d
    work[4] += e
    work[5] += f
    work[6] += g
    work[7] += h
