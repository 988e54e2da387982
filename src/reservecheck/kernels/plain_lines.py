"""Lines `customer,asset,balance` in the plainest form, read and summed in one look at each byte.

What is not in that form is not explained here: the whole block is left to the reader that knows what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reservecheck.kernels.compiled import compiled
from reservecheck.kernels.name_table import MOST_DIGITS, Bytes, NameTable, Numbers, name_at

SCALE = MOST_DIGITS
"""Sums are in units of 10^−18."""
_LINE_FEED, _RETURN, _QUOTE, _COMMA, _MINUS, _POINT, _ZERO, _NINE, _BLANK = b'\n\r",-.09 '
_MOST_WHOLE_DIGITS = 19
_ONE = 10**SCALE
_POWERS = np.array([10**power for power in range(SCALE + 2)], dtype=np.uint64)
_MOST_ZEROS = 2 * SCALE  # at the end of 10^18 whole units; more than 19 digits of them are not plain
_SHORTEST = len("u,A,1\n")
_NO_AMOUNT = -1, False, np.uint64(0), np.uint64(0)
_BITS = 64

Words = npt.NDArray[np.uint64]
Three = tuple[Numbers, Numbers, Numbers]
Four = tuple[Words, Numbers, Numbers, Numbers]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainRows:
    """What a block of plain lines holds. Names are numbered as in the table, rows from 0.

    `sums` and `counts` are by name, for balances from zero up and below zero. A run is rows of one customer that
    stand together: `ids` has the customer of each, one a line. `doubled` are runs in which an asset stands twice.
    `largest` is the largest balance above zero and its row, by name; `zeros_at_end` is, by name, how many balances
    end with how many zeros. Names of which nothing, or nothing but zero, stands there have neither.
    """

    rows: int
    runs: int
    sums: tuple[Sequence[int], Sequence[int]]
    counts: tuple[Sequence[int], Sequence[int]]
    zeros: tuple[Numbers, Numbers]  # rows, names
    negatives: tuple[Numbers, Numbers]
    ids: bytes
    doubled: Numbers
    largest: Mapping[int, tuple[int, int]]
    zeros_at_end: Mapping[int, Mapping[int, int]]


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
    figures = np.zeros((2, names), dtype=np.uint64), np.zeros(names, dtype=np.int64)
    ends = np.zeros((names, _MOST_ZEROS + 1), dtype=np.int64), np.full(names, _MOST_ZEROS)
    rows, runs, used, twice = _look(
        np.frombuffer(text, dtype=np.uint8),
        (table.text, table.ends, table.slots),
        (table.digits, table.kinds, np.full(table.size, -1, dtype=np.int64)),
        sums,
        (*figures, *ends),
        (odd_rows, odd_names, odds),
        (ids, doubled),
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
        largest=_largest(*figures),
        zeros_at_end=_ends(ends[0]),
    )


def _largest(tops: Words, rows: Numbers) -> dict[int, tuple[int, int]]:
    found = enumerate(zip(*tops.tolist(), rows.tolist(), strict=True))
    return {name: (whole * _ONE + part, row) for name, (whole, part, row) in found if whole or part}


def _ends(counts: Numbers) -> dict[int, dict[int, int]]:
    found = ({power: count for power, count in enumerate(row) if count} for row in counts.tolist())
    return {name: powers for name, powers in enumerate(found) if powers}


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
def _zeros(whole: np.uint64, part: np.uint64, least: int) -> int:
    """How many zeros are at the end of a number of 10^−18ths that is not zero; `least` is a guess, never wrong."""
    value, base, power = part, 0, min(least, SCALE)
    if part == 0:
        value, base, power = whole, SCALE, max(least - SCALE, 0)
    if value % _POWERS[power] != 0:
        power = 0
    while value % _POWERS[power + 1] == 0:
        power += 1
    return base + power


@compiled
def _figure(  # compiled code takes arrays, not records
    figures: Four, name: int, row: int, below: int, whole: np.uint64, part: np.uint64
) -> None:
    """Note a balance if it is the largest so far, and with how many zeros it ends."""
    tops, rows, ends, least = figures
    if whole or part:
        power = _zeros(whole, part, least[name])
        ends[name, power] += 1
        least[name] = min(least[name], power)
        if not below and (whole > tops[0, name] or (whole == tops[0, name] and part > tops[1, name])):
            tops[0, name], tops[1, name], rows[name] = whole, part, row


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
    figures: Four,
    odd: Three,
    marked: tuple[Bytes, Numbers],
) -> tuple[int, int, int, int]:
    """(rows, runs, bytes of ids, doubled runs); rows are −1 if a line is not plain.

    The text ends with a line feed, and no field holds one: so no look goes beyond its end, though none is checked.
    """
    (digits, kinds, stamps), (odd_rows, odd_names, odds), (ids, doubled) = rules, odd, marked
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
        name = name_at(data, at, end, table) if end > 0 else -1
        most = digits[name] if name >= 0 else -1
        at, minus, whole, part = _amount(data, end + 1, most) if most >= 0 else _NO_AMOUNT
        if at < 0:
            return -1, 0, 0, 0
        below = 1 if minus and (whole or part) else 0
        if below or not (whole or part):
            odd_rows[below, odds[below]], odd_names[below, odds[below]], odds[below] = rows, name, odds[below] + 1
        _add(sums, below, name, whole, part)
        _figure(figures, name, rows, below, whole, part)
        if stamps[kinds[name]] == runs and (twice == 0 or doubled[twice - 1] != runs - 1):
            doubled[twice], twice = runs - 1, twice + 1
        stamps[kinds[name]] = runs
        rows += 1
    return rows, runs, used, twice
