"""The tree of `published_sum_tree` in compiled loops: the same lines from the same draws."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types

from reservecheck.kernels.big_endian import copy, put_eight, taken
from reservecheck.kernels.compiled import compiled, emitted
from reservecheck.kernels.sha256 import NATIVE, compress, compress_two, digest, new_work, pad, resume, start

Bytes = npt.NDArray[np.uint8]
Longs = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]

NODE = 40
LINE = 86
MOST_DIGITS, MOST_NUMBERS_HAVE = 20, 10
AT_ONCE = 4_096
AHEAD = 16
VALUES = np.array([int(chr(byte), 16) if chr(byte) in "0123456789abcdef" else 0 for byte in range(256)], np.uint8)
LINE_FEED, COMMA, ZERO, NINE = b"\n,09"


def compiled_tree(
    liabilities: bytes, nonces: bytes, height: int, draws: Longs, memory: Bytes
) -> Iterator[bytes | memoryview]:
    """The lines to publish, in pieces that are overwritten; both files list the same accounts in the same order.

    The memory is for the nodes, `memory_for` bytes; it is handed in so that rounds use it again.
    """
    header = liabilities.index(b"\n") + 1
    count = liabilities.count(b"\n") - 1
    accounts, balances, keys = np.empty(count, np.int64), np.empty(count, np.uint64), np.empty(32 * count, np.uint8)
    text = np.frombuffer(liabilities, dtype=np.uint8)
    if not _read(text, header, np.frombuffer(nonces, dtype=np.uint8), accounts, balances, keys):
        raise ValueError("the files do not list the same accounts in the same order")
    rows, values, used = _parts(balances, draws)
    places = _places(len(values), draws, used)
    nodes = memory[: memory_for(count)]
    _sub_nonces(accounts, keys, height, NATIVE)
    _leaves((keys, rows, values, places), nodes, NATIVE)
    _levels(nodes, NATIVE)
    yield f"block_height:{height}".encode()
    lines = np.empty(LINE * AT_ONCE, dtype=np.uint8)
    for first in range(0, 2 * len(values) - 1, AT_ONCE):
        yield lines[: _write(nodes[NODE * first : NODE * (first + AT_ONCE)], lines)].data


def memory_for(accounts: int) -> int:
    """The bytes of all nodes over so many accounts, each split at least once."""
    return int(NODE * ((2 << (2 * accounts - 1).bit_length()) - 1))


def _parts(balances: Longs, draws: Longs) -> tuple[Numbers, Longs, int]:
    """(the row of each part, its value, draws used); parts of a row stand together."""
    rows, values, used = np.arange(len(balances), dtype=np.int64), balances, 0
    wanted = 1 << (2 * len(balances) - 1).bit_length()
    while len(values) < wanted:
        most = min(wanted, 2 * len(values))
        made = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.uint64)
        count = _split(rows, values, draws[used:], *made)
        used += count - len(values)
        rows, values = made[0][:count], made[1][:count]
    return rows, values, used


@compiled
def _number(text: Bytes, at: int) -> tuple[np.uint64, int]:
    value = np.uint64(0)
    while text[at] >= ZERO and text[at] <= NINE:
        value = value * np.uint64(10) + np.uint64(text[at] - ZERO)
        at += 1
    return value, at + 1


@compiled
def _read(text: Bytes, at: int, secrets: Bytes, accounts: Numbers, balances: Longs, keys: Bytes) -> bool:
    place = 0
    for row in range(len(accounts)):
        account, at = _number(text, at)
        balances[row], at = _number(text, at)
        named, place = _number(secrets, place)
        if named != account:
            return False
        accounts[row] = account
        for byte in range(32):
            at_byte = place + 2 * byte
            keys[32 * row + byte] = VALUES[secrets[at_byte]] << 4 | VALUES[secrets[at_byte + 1]]
        place += 65
    return True


@compiled
def _split(rows: Numbers, values: Longs, draws: Longs, to_rows: Numbers, to_values: Longs) -> int:
    """How many parts there are then."""
    left, used, to = len(to_values) - len(values), 0, 0
    for place in range(len(values)):
        value = values[place]
        if used < left and value > np.uint64(1):
            first = np.uint64(1) + draws[used] % (value - np.uint64(1))
            to_rows[to], to_values[to] = rows[place], first
            value -= first
            used, to = used + 1, to + 1
        to_rows[to], to_values[to] = rows[place], value
        to += 1
    return to


@compiled
def _places(count: int, draws: Longs, used: int) -> Numbers:
    """Where each part stands after the shuffle."""
    order, places = np.arange(count), np.empty(count, dtype=np.int64)
    for last in range(count - 1, 0, -1):
        chosen = np.int64(draws[used] % np.uint64(last + 1))
        used += 1
        order[last], order[chosen] = order[chosen], order[last]
    for place in range(count):
        places[order[place]] = place
    return places


@emitted
def _fetch(_: object, _address: object) -> tuple[object, object]:
    """Have memory brought near before it is written to."""

    def emit(context: ir.Context, builder: ir.IRBuilder, _: object, values: list[ir.Value]) -> ir.Value:
        place, number = builder.inttoptr(values[0], ir.IntType(8).as_pointer()), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [place.type, number, number, number])
        known = builder.module.globals.get("llvm.prefetch.p0") or ir.Function(
            builder.module, kind, "llvm.prefetch.p0"
        )
        builder.call(known, [place, number(1), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(types.uint64), emit


@compiled
def _sub_nonces(accounts: Numbers, keys: Bytes, height: int, native: bool) -> None:
    """What the leaves of an account are keyed with in place of its nonce, two accounts at a time."""
    one, other, data = new_work(), new_work(), np.zeros(128, dtype=np.uint8)
    words = data.view(np.uint64)
    for lane in (0, 64):
        pad(data, lane, 48, 0)
    for row in range(0, len(accounts), 2):
        following = min(row + 1, len(accounts) - 1)
        copy(keys, 32 * row, data, 0, 32)
        copy(keys, 32 * following, data, 64, 32)
        words[4], words[5] = np.uint64(height), np.uint64(accounts[row])
        words[12], words[13] = np.uint64(height), np.uint64(accounts[following])
        start(one)
        start(other)
        compress_two(one, data, 0, other, data, 64, 1, native)
        digest(one, keys, 32 * row)
        digest(other, keys, 32 * following)


@compiled
def _leaves(parts: tuple[Bytes, Numbers, Longs, Numbers], nodes: Bytes, native: bool) -> None:
    """Each leaf where it belongs; an account's HMAC states are made once, and two of its parts hashed at a time."""
    keys, rows, values, places = parts
    one, other, inner, outer = new_work(), new_work(), new_work(), new_work()
    message, last = np.zeros(128, np.uint8), np.zeros(128, np.uint8)
    first, second = np.full(64, 0x36, dtype=np.uint8), np.full(64, 0x5C, dtype=np.uint8)
    inner_words, outer_words = first.view(np.uint64), second.view(np.uint64)
    key_words, words, sums = keys.view(np.uint64), message.view(np.uint64), nodes.view(np.uint64)
    for lane in (0, 64):
        pad(message, lane, 16, 64)
        pad(last, lane, 32, 64)
    part, known, end = 0, -1, len(values) - 1
    while part <= end:
        for ahead in (part + AHEAD, part + AHEAD + 1):
            _fetch(np.uint64(nodes.ctypes.data + NODE * (end + places[min(ahead, end)])))
        row = rows[part]
        if row != known:
            known = row
            for place in range(4):
                inner_words[place] = key_words[4 * row + place] ^ np.uint64(0x3636363636363636)
                outer_words[place] = key_words[4 * row + place] ^ np.uint64(0x5C5C5C5C5C5C5C5C)
            start(inner)
            start(outer)
            compress_two(inner, first, 0, outer, second, 0, 1, native)
        following = part + 1 if part < end and rows[part + 1] == row else part
        words[0], words[1] = values[part], np.uint64(places[part])
        words[8], words[9] = values[following], np.uint64(places[following])
        resume(one, inner, 0)
        resume(other, inner, 0)
        compress_two(one, message, 0, other, message, 64, 1, native)
        digest(one, last, 0)
        digest(other, last, 64)
        resume(one, outer, 0)
        resume(other, outer, 0)
        compress_two(one, last, 0, other, last, 64, 1, native)
        digest(one, nodes, NODE * (end + places[part]))
        digest(other, nodes, NODE * (end + places[following]))
        sums[5 * (end + places[part]) + 4] = values[part]
        sums[5 * (end + places[following]) + 4] = values[following]
        part = following + 1


@compiled
def _levels(nodes: Bytes, native: bool) -> None:
    """All nodes above leaves, which stand at the end: the children of node n are 2n + 1 and 2n + 2."""
    one, other, data = new_work(), new_work(), np.zeros(256, dtype=np.uint8)
    words, sums = data.view(np.uint64), nodes.view(np.uint64)
    pad(data, 0, 2 * NODE, 0)
    pad(data, 128, 2 * NODE, 0)
    for node in range(len(nodes) // (2 * NODE) - 2, -1, -2):
        for word in range(10):
            words[word], words[16 + word] = sums[10 * node + 5 + word], sums[10 * node + 15 + word]
        start(one)
        start(other)
        compress_two(one, data, 0, other, data, 128, 2, native)
        digest(one, nodes, NODE * node)
        digest(other, nodes, NODE * (node + 1))
        sums[5 * node + 4], sums[5 * node + 9] = words[4] + words[9], words[20] + words[25]
    for word in range(10):
        words[word] = sums[5 + word]
    start(one)
    compress(one, data, 0, 2, native)
    digest(one, nodes, 0)
    sums[4] = words[4] + words[9]


@compiled
def _hex(word: np.uint64) -> np.uint64:
    """Four bytes as eight digits, all at once."""
    word = (word << np.uint64(16) | word) & np.uint64(0x0000FFFF0000FFFF)
    word = (word << np.uint64(8) | word) & np.uint64(0x00FF00FF00FF00FF)
    word = (word << np.uint64(4) | word) & np.uint64(0x0F0F0F0F0F0F0F0F)
    letters = ((word + np.uint64(0x0606060606060606)) >> np.uint64(4)) & np.uint64(0x0101010101010101)
    return word + np.uint64(0x3030303030303030) + letters * np.uint64(0x27)


@compiled
def _write(nodes: Bytes, lines: Bytes) -> int:
    """Where the lines end, a line feed before each."""
    sums, to = nodes.view(np.uint64), 0
    for node in range(len(nodes) // NODE):
        lines[to] = LINE_FEED
        for place in range(4):
            word = taken(nodes, NODE * node + 8 * place)
            put_eight(lines, to + 1 + 16 * place, _hex(word >> np.uint64(32)))
            put_eight(lines, to + 9 + 16 * place, _hex(word & np.uint64(0xFFFFFFFF)))
        lines[to + 65] = COMMA
        value, size, bound = sums[5 * node + 4], 1, np.uint64(10)
        if value >= np.uint64(10**MOST_NUMBERS_HAVE):
            size, bound = MOST_NUMBERS_HAVE + 1, np.uint64(10 ** (MOST_NUMBERS_HAVE + 1))
        while value >= bound and size < MOST_DIGITS:
            bound *= np.uint64(10)
            size += 1
        to += 66 + size
        end = to
        while end > to - size + 1:
            rest = value // np.uint64(100)
            pair = value - rest * np.uint64(100)
            lines[end - 1], lines[end - 2] = ZERO + pair % np.uint64(10), ZERO + pair // np.uint64(10)
            value, end = rest, end - 2
        if size % 2:
            lines[end - 1] = ZERO + value
    return to
