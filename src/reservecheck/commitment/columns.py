"""Customers and amounts as trees are built from them: rows, or the same in flat columns without an object a row."""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from reservecheck.commitment.scheme import odd_customer, u128
from reservecheck.errors import CommitmentError

PARTS: Final = 1 << 32
HALF: Final = 64
"""Bits of `low`."""
_LOW: Final = (1 << HALF) - 1
_CONTINUES, _LEADING_BITS = 0x80, 0xC0  # a byte of UTF-8 that goes on with a character


class Row(NamedTuple):
    """One leaf: a customer's id, what is owed in smallest units, and which part of it this is, from 0."""

    customer: str
    units: int
    part: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Leaves in flat memory: `ids` in UTF-8 one after the other, row i from `starts[i]` to `starts[i + 1]`.

    Amounts are `low + 2^64·high`. The formats are bytes, `q`, `Q`, `Q` and `I`; no part is written as no column.
    """

    ids: memoryview
    starts: memoryview
    low: memoryview
    high: memoryview
    parts: memoryview

    def __len__(self) -> int:
        return len(self.low)


def of_buffers(
    ids: bytes | memoryview,
    starts: bytes | memoryview | array[int],
    low: bytes | memoryview | array[int],
    high: bytes | memoryview | array[int],
    parts: bytes | memoryview | array[int] | None = None,
) -> Columns:
    """Columns over memory that is there, as an Arrow column's, checked; raises CommitmentError naming the row.

    Numbers are in the machine's own order of bytes: `starts` signed, `low` and `high` unsigned of eight bytes,
    `parts` unsigned of four.
    """
    halves = _numbers(low, "Q")
    part_numbers = _numbers(bytes(4 * len(halves)) if parts is None else parts, "I")
    columns = Columns(
        ids=memoryview(ids).cast("B"),
        starts=_numbers(starts, "q"),
        low=halves,
        high=_numbers(high, "Q"),
        parts=part_numbers,
    )
    _check(columns)
    return columns


def of_rows(rows: Iterable[Row]) -> Columns:
    """The columns of rows; raises CommitmentError on the first id, amount or part that cannot be."""
    ids, starts, low, high, parts = [], array("q", [0]), array("Q"), array("Q"), array("I")
    end = 0
    for number, (customer, units, part) in enumerate(rows):
        if odd := odd_customer(customer):
            raise _refused(number, odd)
        if not 0 <= part < PARTS:
            raise CommitmentError(f"row {number}: the part {part} is not between 0 and 2^32 − 1")
        u128(units)
        text = customer.encode()
        end += len(text)
        ids.append(text)
        starts.append(end)
        low.append(units & _LOW)
        high.append(units >> HALF)
        parts.append(part)
    numbers = (memoryview(column) for column in (starts, low, high, parts))
    starts_, low_, high_, parts_ = numbers
    return Columns(ids=memoryview(b"".join(ids)), starts=starts_, low=low_, high=high_, parts=parts_)


def each(columns: Columns) -> Iterator[tuple[bytes, int, int]]:
    """(id in UTF-8, units, part) of every row."""
    ids, begin = bytes(columns.ids), 0
    for end, low, high, part in zip(columns.starts[1:], columns.low, columns.high, columns.parts, strict=True):
        yield ids[begin:end], high << HALF | low, part
        begin = end


def total(columns: Columns) -> int:
    """The sum of all amounts."""
    return sum(columns.low) + (sum(columns.high) << HALF)


def _numbers(data: bytes | memoryview | array[int], kind: Literal["q", "Q", "I"]) -> memoryview:
    return memoryview(data).cast("B").cast(kind)


def _check(columns: Columns) -> None:
    rows, ids, starts = len(columns), columns.ids, columns.starts
    fit = len(columns.high) == len(columns.parts) == rows == len(starts) - 1
    if not fit or starts[0] != 0 or starts[-1] != len(ids):
        raise CommitmentError(
            "the columns do not fit together: as many amounts and parts as ids, and where they end"
        )
    if (row := first_odd_id(ids, starts)) >= 0:
        raise _refused(row, "it is empty, or cut inside a character")
    text = bytes(ids)
    if text.isascii():
        return
    try:
        normal = unicodedata.is_normalized("NFC", text.decode())
    except UnicodeDecodeError as error:
        raise CommitmentError("the ids are not UTF-8") from error
    if not normal:  # or only across two ids
        for number, (customer, _, _) in enumerate(each(columns)):
            if odd := odd_customer(customer.decode()):
                raise _refused(number, odd)


def first_odd_id(ids: memoryview, starts: memoryview) -> int:
    """The first id that is empty, begins inside a character or ends before it begins; −1 if there is none."""
    if find_spec("numba") is not None:
        from reservecheck.kernels import summation_tree  # noqa: PLC0415  # optional

        return summation_tree.first_odd_id(ids, starts)
    return _first_odd_id(ids, starts)


def _first_odd_id(ids: memoryview, starts: memoryview) -> int:
    size = len(ids)
    for place, (at, end) in enumerate(pairwise(starts)):
        if not 0 <= at < end or at >= size or ids[at] & _LEADING_BITS == _CONTINUES:
            return place
    return -1


def _refused(row: int, why: str) -> CommitmentError:
    return CommitmentError(f"row {row}: this is no customer's id: {why}")
