"""The coins of a UTXO-set dump, read in one look at each byte: matched, added up, laid out for the set's hash.

The text is followed by so many zeros that no coin which starts in it ends beyond them. So nothing is checked while
a coin is read: one that ended beyond the text is read again when there is more of it.
"""

from __future__ import annotations

import numpy as np

from reservecheck.kernels.coin_format import (
    MOST_CODE,
    MOST_COMPACT,
    MOST_SATS,
    MOST_SCRIPT,
    MOST_VARINT,
    NUMERIC,
    OUTPUT,
    RAW,
    TXID,
    Fault,
)
from reservecheck.kernels.compiled import compiled, inlined
from reservecheck.kernels.coin_layout import Coin, lay_out
from reservecheck.kernels.script_table import WORD, Bytes, Numbers, byte_at, find_script, word_at

PADDING = 11_000
"""More bytes than any coin takes, in a dump or in what is hashed."""

GO_ON, MORE, DONE, FULL, HOLD, RELEASE = 0, -1, -2, -3, -4, -5
"""Why the loop stopped: the text ends, all coins are read, a target is full, coins out of order begin or end."""
STATED, READ, LEFT, VOUT, SIZE, HELD, USED, ROWS, LOW, HIGH = range(10)
"""Places in the book that is kept between calls: coins stated, coins read; coins left of the transaction, its last
output, its least size, whether its coins are held until they can be sorted. Then what one call made: bytes laid out,
rows of events, satoshis in two halves of 32 bits."""
FOUND, KEY, MARK = range(3)
"""Events, one a row. FOUND: form, output, code, satoshis, four words of the txid. KEY, uncompressed: where y belongs
in what is laid out, its parity, where x is in the text, number of the coin. MARK, of a held coin: output, its end."""
EVENT = 9
MOST_EVENTS = 3
Y_BEFORE_END = 33

_HALF = 32
_LOW_HALF = (1 << _HALF) - 1
_COMPACT, _ORDER, _EMPTY, _COUNT = int(Fault.COMPACT), int(Fault.ORDER), int(Fault.EMPTY), int(Fault.COUNT)
_OUTPUT, _HEIGHT, _AMOUNT = int(Fault.OUTPUT), int(Fault.HEIGHT), int(Fault.AMOUNT)
_SCRIPT, _SIZE = int(Fault.SCRIPT), int(Fault.SIZE)
_NO_COIN = 0, 0, 0, 0, 0
_VARINT_ROOM = MOST_VARINT >> 7
_TENS = np.array([10**power for power in range(10)], dtype=np.int64)
_MOST_DIGITS = MOST_SATS // _TENS
_TWO, _FOUR = 253, 254


@inlined
def _compact(data: Bytes, at: int) -> tuple[int, int]:
    """Where a CompactSize ends, and its value; −1 for one that is too large or longer than need be."""
    first = byte_at(data, at)
    if first < _TWO:
        return at + 1, first
    value = byte_at(data, at + 1) | byte_at(data, at + 2) << 8
    if first == _TWO:
        return at + 3, value if value >= _TWO else -1
    if first == _FOUR:
        value |= byte_at(data, at + 3) << 16 | byte_at(data, at + 4) << 24
        return at + 5, value if 0xFFFF < value <= MOST_COMPACT else -1
    return at + 1, -1


@inlined
def _varint(data: Bytes, at: int) -> tuple[int, int]:
    """Where a VARINT ends, and its value; −1 for one that is too large."""
    value = np.int64(0)
    while True:
        byte = byte_at(data, at)
        at += 1
        if value >= _VARINT_ROOM:
            return at, -1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return at, value
        value += 1


@inlined
def _satoshis(packed: int) -> int:
    """The amount behind its compressed form, −1 for one that is too large."""
    if packed <= 0:
        return packed
    value, ten, nine = np.uint64(packed - 1), np.uint64(10), np.uint64(9)
    rest = value // ten
    zeros = np.int64(value - rest * ten)
    digits = np.int64(rest // nine * ten + rest % nine if zeros < 9 else rest) + 1
    return digits * _TENS[zeros] if digits <= _MOST_DIGITS[zeros] else -1


@inlined
def _place(vout: int) -> int:
    """A number that stands to others as the bytes of its VARINT do."""
    if vout < 0x80:
        return vout << 24
    vout -= 0x80
    if vout < 1 << 14:
        return (0x80 | vout >> 7) << 24 | (vout & 0x7F) << 16
    vout -= 1 << 14
    if vout < 1 << 21:
        return (0x80 | vout >> 14) << 24 | (0x80 | vout >> 7 & 0x7F) << 16 | (vout & 0x7F) << 8
    vout -= 1 << 21
    return (
        (0x80 | vout >> 21) << 24 | (0x80 | vout >> 14 & 0x7F) << 16 | (0x80 | vout >> 7 & 0x7F) << 8 | vout & 0x7F
    )


@inlined
def _after(data: Bytes, at: int, txid: Bytes) -> int:
    """Above, at or below zero as the 32 bytes there are above, equal to or below the txid."""
    place = 0
    while place < TXID - 1 and data[at + place] == txid[place]:
        place += 1
    return byte_at(data, at + place) - np.int64(txid[place])


@inlined
def _transaction(data: Bytes, at: int, txid: Bytes, room: int, older: bool) -> tuple[int, int, int, int]:  # noqa: FBT001  # compiled code
    """Where the coins of the next transaction start, why it is none (0: it is one), how many it has, its order.

    In the older format every coin has its txid before it, which may be that of the coin before (order 0).
    """
    order = _after(data, at, txid)
    at += TXID
    if order < 0 or (order == 0 and not older):
        return at, _ORDER, 0, order
    if older:
        return at, 0, 1, order
    at, count = _compact(data, at)
    if count < 0:
        return at, _COMPACT, 0, order
    if count == 0:
        return at, _EMPTY, 0, order
    return at, _COUNT if count > room else 0, count, order


@inlined
def _coin(data: Bytes, at: int, last: int, before: int, older: bool) -> tuple[int, int, Coin]:  # noqa: FBT001  # compiled code
    """Where the payload of its script starts, why it is no coin (0: it is one), and the coin.

    `last` is the output before it and `before` the size of those before it, in the same transaction.
    """
    if older:
        vout = byte_at(data, at) | byte_at(data, at + 1) << 8
        vout |= byte_at(data, at + 2) << 16 | byte_at(data, at + 3) << 24
        at, vout = at + 4, vout if vout <= MOST_COMPACT else -1
    else:
        at, vout = _compact(data, at)
    if vout < 0:
        return at, _COMPACT, _NO_COIN
    if vout <= last if vout < 256 else _place(vout) <= _place(last):
        return at, _OUTPUT, _NO_COIN
    at, code = _varint(data, at)
    if code < 0 or code > MOST_CODE:
        return at, _HEIGHT, _NO_COIN
    at, packed = _varint(data, at)
    sats = _satoshis(packed)
    if sats < 0:
        return at, _AMOUNT, _NO_COIN
    at, kind = _varint(data, at)
    if kind < 0 or kind > RAW + MOST_SCRIPT:
        return at, _SCRIPT, _NO_COIN
    size = (20 if kind < 2 else 32) if kind < RAW else kind - RAW
    if before + OUTPUT + size > MOST_COMPACT:
        return at, _SIZE, _NO_COIN
    return at, 0, (vout, code, sats, min(kind, RAW), size)


@inlined
def _event(events: Numbers, row: int, kind: int, one: int, two: int, three: int, four: int) -> int:
    events[row, 0], events[row, 1], events[row, 2], events[row, 3], events[row, 4] = kind, one, two, three, four
    return row + 1


@inlined
def _found(events: Numbers, row: int, form: int, coin: Coin, txid: Bytes) -> int:
    for word in range(TXID // WORD):
        events[row, 5 + word] = np.int64(word_at(txid, WORD * word, WORD))
    return _event(events, row, FOUND, form, coin[0], coin[1], coin[2])


@inlined
def _begin(txid: Bytes, data: Bytes, at: int) -> tuple[int, int]:
    """Take over the next txid; no output of it was read yet, and no byte."""
    for place in range(TXID):
        txid[place] = data[at + place]
    return -1, 0


@inlined
def _before(done: bool, full: bool, release: bool) -> int:  # noqa: FBT001  # compiled code
    """Why no coin is read."""
    return DONE if done else FULL if full else RELEASE if release else GO_ON


@inlined
def _stop(fault: int, after: int, end: int) -> int:
    """A fault in bytes that are there is one; beyond them there is only a reason to wait for more."""
    return fault if after <= end else MORE


@compiled
def read_coins(  # noqa: PLR0913, PLR0917  # compiled code is quick with arrays, not with records
    data: Bytes, at: int, end: int, older: bool, book: Numbers, txid: Bytes, laid_out: Bytes, events: Numbers,
    text: Bytes, forms: Numbers, slots: Numbers, bits: Bytes,
) -> tuple[int, int]:  # fmt: skip
    """Read from `at` on; where it stopped, before a coin or a transaction, and why: a status, or above zero a Fault."""
    stated, held, hashed = book[STATED], book[HELD] != 0, len(laid_out) > 0
    read, left, last, size, used, row, low, high = book[READ], book[LEFT], book[VOUT], book[SIZE], 0, 0, 0, 0
    while True:
        status = _before(
            read == stated,
            row + MOST_EVENTS > len(events) or (hashed and used + PADDING > len(laid_out)),
            held and left == 0,
        )
        if status:
            break
        if left == 0:
            after, fault, count, order = _transaction(data, at, txid, stated - read, older)
            status = _stop(fault, after, end)
            if status:
                break
            if order:
                last, size = _begin(txid, data, at)
            at, left = after, count
        start, fault, coin = _coin(data, at, last, size, older)
        status = _stop(fault, start + coin[4], end) or (HOLD if hashed and not held and coin[0] > NUMERIC else 0)
        if status:
            break
        form = find_script(data, start, coin[4], coin[3], text, forms, slots, bits)
        if form >= 0:
            row = _found(events, row, form, coin, txid)
        read, left, last, size, at = read + 1, left - 1, coin[0], size + OUTPUT + coin[4], start + coin[4]
        if hashed:
            used = lay_out(laid_out, used, txid, coin, data, start)
        if 4 <= coin[3] < RAW:
            row = _event(events, row, KEY, used - Y_BEFORE_END, coin[3] - 4, start, read)
        if held:
            row = _event(events, row, MARK, coin[0], used, 0, 0)
        low, high = low + (coin[2] & _LOW_HALF), high + (coin[2] >> _HALF)
    book[READ], book[LEFT], book[VOUT], book[SIZE] = read, left, last, size
    book[USED], book[ROWS], book[LOW], book[HIGH] = used, row, low, high
    return at, status
