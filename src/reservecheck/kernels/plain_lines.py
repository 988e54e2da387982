"""Lines `customer,asset,balance` in the plainest form, read and summed in one look at each byte.

What is not in that form is not explained here: the whole block is left to the reader that knows what is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reservecheck.kernels.compiled import compiled

SCALE = 18
"""Sums are in units of 10^−18."""
_LINE_FEED, _RETURN, _QUOTE, _COMMA, _MINUS, _POINT, _ZERO, _NINE, _BLANK = b'\n\r",-.09 '
_MOST_WHOLE_DIGITS = 19
_ONE = 10**SCALE
_POWERS = np.array([10**power for power in range(SCALE + 1)], dtype=np.uint64)
_SHORTEST = len("u,A,1\n")
_NOT_PLAIN = -1
_NO_AMOUNT = -1, False, np.uint64(0), np.uint64(0)
_BITS = 64

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
Three = tuple[Numbers, Numbers, Numbers]


@dataclass(frozen=True, slots=True, kw_only=True)
class NameTable:
    """What may stand in the asset column, found by a hash of its bytes."""

    text: Bytes  # all names, one after the other
    ends: Numbers  # where each name ends in it
    slots: Numbers  # hash → name, −1 for none; twice as many as names and a power of two
    digits: Numbers  # the most digits after the point, or −1: not plain
    kinds: Numbers  # the number of the asset a name stands for
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainRows:
    """What a block of plain lines holds. Names are numbered as in the table, rows from 0.

    `sums` and `counts` are by name, for balances from zero up and below zero. A run is rows of one customer that
    stand together: `ids` has the customer of each, one a line. `doubled` are runs in which an asset stands twice.
    """

    rows: int
    runs: int
    sums: tuple[Sequence[int], Sequence[int]]
    counts: tuple[Sequence[int], Sequence[int]]
    zeros: tuple[Numbers, Numbers]  # rows, names
    negatives: tuple[Numbers, Numbers]
    ids: bytes
    doubled: Numbers


def name_table(names: Sequence[str], digits: Sequence[int | None], kinds: Sequence[int]) -> NameTable:
    """The table of these names; one without digits, or with more than 18, makes its lines not plain."""
    encoded = [name.encode() for name in names]
    slots = np.full(max(64, 1 << (2 * len(names)).bit_length()), -1, dtype=np.int64)
    text = np.frombuffer(b"".join(encoded), dtype=np.uint8)
    ends = np.cumsum([len(name) for name in encoded], dtype=np.int64)
    plain = [most if most is not None and most <= SCALE else _NOT_PLAIN for most in digits]
    table = NameTable(
        text=text,
        ends=ends,
        slots=slots,
        digits=np.array(plain, dtype=np.int64),
        kinds=np.array(kinds, dtype=np.int64),
        size=max(kinds, default=0) + 1,
    )
    start = 0
    for number, end in enumerate(ends):
        slot = int(_slot(text, start, int(end), len(slots)))
        while slots[slot] >= 0:
            slot = (slot + 1) % len(slots)
        slots[slot] = number
        start = int(end)
    return table


def count_lines(data: bytes) -> int:
    """How many lines there are, whether the last one ends with a line feed or not."""
    return _count(np.frombuffer(data, dtype=np.uint8)) + (not data.endswith(b"\n")) if data else 0


def plain_rows(data: bytes, table: NameTable) -> PlainRows | None:
    """What the lines add up to; None if any is not plain: the caller then has to read them all another way."""
    if data.endswith(b"\r"):
        return None
    text = data if not data or data.endswith(b"\n") else data + b"\n"
    names, lines = len(table.ends), len(data) // _SHORTEST + 1
    sums = (
        np.zeros((2, names, 2), dtype=np.uint64),
        np.zeros((2, names), dtype=np.uint64),
        np.zeros((2, names), dtype=np.int64),
    )
    odd_rows, odd_names = np.empty((2, lines), dtype=np.int64), np.empty((2, lines), dtype=np.int64)
    odds = np.zeros(2, dtype=np.int64)
    ids, doubled = np.empty(len(data) + 1, dtype=np.uint8), np.empty(lines, dtype=np.int64)
    rules = table.digits, table.kinds, np.full(table.size, -1, dtype=np.int64)
    names_at = table.text, table.ends, table.slots
    rows, runs, used, twice = _look(
        np.frombuffer(text, dtype=np.uint8),
        names_at,
        rules,
        sums,
        (odd_rows, odd_names, odds),
        ids,
        doubled,
    )
    whole, part, counts = sums
    if rows < 0:
        return None
    return PlainRows(
        rows=rows,
        runs=runs,
        sums=(_sums(whole[0], part[0]), _sums(whole[1], part[1])),
        counts=(counts[0].tolist(), counts[1].tolist()),
        zeros=(odd_rows[0, : odds[0]], odd_names[0, : odds[0]]),
        negatives=(odd_rows[1, : odds[1]], odd_names[1, : odds[1]]),
        ids=ids[:used].tobytes(),
        doubled=doubled[:twice],
    )


def _sums(whole: Words, part: Words) -> list[int]:
    return [
        ((high << _BITS) + low) * _ONE + rest
        for (low, high), rest in zip(whole.tolist(), part.tolist(), strict=True)
    ]


@compiled
def _count(text: Bytes) -> int:
    count = 0
    for byte in text:
        count += byte == _LINE_FEED
    return count


@compiled
def _slot(text: Bytes, start: int, end: int, slots: int) -> np.int64:
    value = np.uint64(14695981039346656037)  # FNV-1a
    for place in range(start, end):
        value = (value ^ np.uint64(text[place])) * np.uint64(1099511628211)
    return np.int64((value ^ (value >> np.uint64(32))) & np.uint64(slots - 1))


@compiled
def _name(data: Bytes, start: int, end: int, table: tuple[Bytes, Numbers, Numbers]) -> int:
    """The number of the name that stands there, or −1."""
    text, ends, slots = table
    slot = _slot(data, start, end, len(slots))
    while slots[slot] >= 0:
        name = slots[slot]
        first = ends[name - 1] if name else 0
        if ends[name] - first == end - start:
            place = 0
            while place < end - start and text[first + place] == data[start + place]:
                place += 1
            if place == end - start:
                return int(name)
        slot = (slot + 1) % len(slots)
    return -1


@compiled
def _field(data: Bytes, at: int) -> int:
    """Where the comma after a field stands; −1 if there is none, or the field is empty or not plain."""
    start = at
    while data[at] != _COMMA:
        if data[at] < _BLANK or data[at] == _QUOTE:
            return -1
        at += 1
    return -1 if at == start else at


@compiled
def _digits(data: Bytes, at: int) -> tuple[int, np.uint64]:
    """Where digits end, and their value, which means nothing above 19 of them."""
    value = np.uint64(0)
    while data[at] >= _ZERO and data[at] <= _NINE:
        value = value * np.uint64(10) + np.uint64(data[at] - _ZERO)
        at += 1
    return at, value


@compiled
def _amount(data: Bytes, at: int, most: int) -> tuple[int, bool, np.uint64, np.uint64]:
    """The start of the next line (−1: not plain), whether a minus stands there, units and their 10^−18ths."""
    minus = data[at] == _MINUS
    first = at + 1 if minus else at
    at, whole = _digits(data, first)
    if at == first or at - first > _MOST_WHOLE_DIGITS or (at - first > 1 and data[first] == _ZERO):
        return _NO_AMOUNT
    part = np.uint64(0)
    if data[at] == _POINT:
        first = at + 1
        at, part = _digits(data, first)
        if at == first or at - first > most:
            return _NO_AMOUNT
        part *= _POWERS[SCALE - (at - first)]
    if data[at] == _RETURN:
        at += 1
    if data[at] != _LINE_FEED:
        return _NO_AMOUNT
    return at + 1, minus, whole, part


@compiled
def _add(sums: tuple[Words, Words, Numbers], below: int, name: int, whole: np.uint64, part: np.uint64) -> None:
    wholes, parts, counts = sums
    counts[below, name] += 1
    rest = parts[below, name] + part
    if rest >= np.uint64(_ONE):
        rest -= np.uint64(_ONE)
        whole += np.uint64(1)
    parts[below, name] = rest
    total = wholes[below, name, 0] + whole
    if total < whole:
        wholes[below, name, 1] += np.uint64(1)
    wholes[below, name, 0] = total


@compiled
def _same(data: Bytes, one: int, other: int, length: int) -> bool:
    place = 0
    while place < length and data[one + place] == data[other + place]:
        place += 1
    return place == length


@compiled
def _copied(data: Bytes, start: int, end: int, ids: Bytes, used: int) -> int:
    for place in range(start, end):
        ids[used] = data[place]
        used += 1
    ids[used] = _LINE_FEED
    return used + 1


@compiled
def _look(
    data: Bytes,
    table: tuple[Bytes, Numbers, Numbers],
    rules: Three,
    sums: tuple[Words, Words, Numbers],
    odd: Three,
    ids: Bytes,
    doubled: Numbers,
) -> tuple[int, int, int, int]:
    """(rows, runs, bytes of ids, doubled runs); rows are −1 if a line is not plain.

    The text ends with a line feed, and no field holds one: so no look goes beyond its end, though none is checked.
    """
    (digits, kinds, stamps), (odd_rows, odd_names, odds) = rules, odd
    at = rows = runs = used = twice = last = last_size = 0
    while at < len(data):
        start = at
        if last_size and _same(data, start, last, last_size):
            at = start + last_size
        else:
            at = _field(data, start) + 1
            if at == 0:
                return -1, 0, 0, 0
            used, last, last_size, runs = _copied(data, start, at - 1, ids, used), start, at - start, runs + 1
        end = _field(data, at)
        name = _name(data, at, end, table) if end > 0 else -1
        most = digits[name] if name >= 0 else -1
        at, minus, whole, part = _amount(data, end + 1, most) if most >= 0 else _NO_AMOUNT
        if at < 0:
            return -1, 0, 0, 0
        zero = whole == 0 and part == 0
        below = 1 if minus and not zero else 0
        if below or zero:
            odd_rows[below, odds[below]], odd_names[below, odds[below]], odds[below] = rows, name, odds[below] + 1
        _add(sums, below, name, whole, part)
        if stamps[kinds[name]] == runs and (twice == 0 or doubled[twice - 1] != runs - 1):
            doubled[twice], twice = runs - 1, twice + 1
        stamps[kinds[name]] = runs
        rows += 1
    return rows, runs, used, twice
