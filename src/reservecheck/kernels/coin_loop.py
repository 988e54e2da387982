"""The coins of a UTXO-set dump, read in one look at each byte: matched, added up, laid out for the set's hash.

The text is followed by so many zeros that no coin which starts in it ends beyond them. So nothing is checked while
a coin is read: one that ended beyond the text is read again when there is more of it.
"""

from __future__ import annotations

import numpy as np

from reservecheck.kernels.coin_format import (
    MOST_CODE,
    MOST_SCRIPT,
    MOST_SIZE,
    NUMERIC,
    OUTPUT,
    RAW,
    TXID,
    UNCOMPRESSED,
    Fault,
)
from reservecheck.kernels.coin_layout import Coin, copy_words, lay_out
from reservecheck.kernels.coin_numbers import compact, fixed, place_of, satoshis, varint
from reservecheck.kernels.compiled import compiled, inlined
from reservecheck.kernels.script_table import WORD, Bytes, Numbers, big_word_at, find_script, may_be_found, word_at

PADDING = 11_000
"""More bytes than any coin takes, in a dump or in what is hashed."""
GO_ON, MORE, DONE, FULL, HOLD, RELEASE = 0, -1, -2, -3, -4, -5
"""Why the loop stopped: the text ends, all coins are read, a target is full, coins out of order begin or end."""
STATED, OLDER, READ, LEFT, VOUT, SIZE, HELD, USED, ROWS, LOW, HIGH = range(11)
"""Places in the book that is kept between calls: coins stated, whether the format is the older one; coins read,
coins left of the transaction, its last output, its least size, whether its coins are held until they can be sorted.
Then what one call made: bytes laid out, rows of events, satoshis in two halves of 32 bits."""
BOOK = 11
FOUND, KEY, MARK = range(3)
"""Events, one a row. FOUND: form, output, code, satoshis, four words of the txid. KEY, an uncompressed one: where
y belongs in what is laid out, its parity, where x is in the text, number of the coin. MARK, a held coin: output
and where it ends in what is laid out."""
NUMBERS, EVENT = 5, 11
"""Its numbers, the kind first; and all of it, with the words of a txid, and kind and size of a script."""
_KIND, _SIZE_OF = 9, 10

_EVENTS_A_COIN = 3
_Y_BEFORE_END = 33
_HALF = 32
_LOW_HALF = (1 << _HALF) - 1
_COMPACT, _ORDER, _EMPTY, _COUNT = int(Fault.COMPACT), int(Fault.ORDER), int(Fault.EMPTY), int(Fault.COUNT)
_OUTPUT, _HEIGHT, _AMOUNT = int(Fault.OUTPUT), int(Fault.HEIGHT), int(Fault.AMOUNT)
_SCRIPT, _SIZE = int(Fault.SCRIPT), int(Fault.SIZE)
_NO_COIN = 0, 0, 0, 0, 0
_STORED_AS_THEY_ARE = 0x100
"""Below it, numbers stand to each other as their VARINTs do."""
_FIRST_KEY, _HASH, _HALF_KEY = 2, 20, 32


@inlined
def _after(data: Bytes, at: int, txid: Bytes) -> int:
    """1, 0 or −1 as the 32 bytes there are above, equal to or below the txid."""
    if big_word_at(data, at) > big_word_at(txid, 0):
        return 1
    return _rest_after(data, at, txid)


@compiled
def _rest_after(data: Bytes, at: int, txid: Bytes) -> int:
    """The same, seldom needed: the first eight bytes nearly always tell."""
    for place in range(0, TXID, WORD):
        one, other = big_word_at(data, at + place), big_word_at(txid, place)
        if one != other:
            return 1 if one > other else -1
    return 0


@inlined
def _transaction(data: Bytes, at: int, txid: Bytes, room: int, older: int) -> tuple[int, int, int, int]:
    """Where the coins of the next transaction start, why it is none (0: it is one), how many it has, its order.

    In the older format every coin has its txid before it, which may be that of the coin before (order 0).
    """
    order = _after(data, at, txid)
    at += TXID
    if order < 0 or (order == 0 and not older):
        return at, _ORDER, 0, order
    if older:
        return at, 0, 1, order
    at, count = compact(data, at)
    if count < 0:
        return at, _COMPACT, 0, order
    if count == 0:
        return at, _EMPTY, 0, order
    return at, _COUNT if count > room else 0, count, order


@inlined
def _begin(txid: Bytes, data: Bytes, at: int) -> tuple[int, int]:
    """Take over the next txid; no output of it was read yet, and no byte."""
    copy_words(txid, 0, data, at, TXID)
    return -1, 0


@inlined
def _output(data: Bytes, at: int, last: int, older: int) -> tuple[int, int, int]:
    """Where an output number ends, why it is none, and the number; `last` is the one before it, or −1."""
    at, vout = fixed(data, at) if older else compact(data, at)
    if vout < 0:
        return at, _COMPACT, vout
    if vout <= last if vout < _STORED_AS_THEY_ARE else last >= 0 and place_of(vout) <= place_of(last):
        return at, _OUTPUT, vout
    return at, 0, vout


@inlined
def _coin(data: Bytes, at: int, last: int, before: int, older: int) -> tuple[int, int, Coin]:
    """Where the payload of its script starts, why it is no coin (0: it is one), and the coin.

    `last` is the output before it and `before` the least size of those before it, in the same transaction.
    """
    at, fault, vout = _output(data, at, last, older)
    if fault:
        return at, fault, _NO_COIN
    at, code = varint(data, at)
    if code < 0 or code > MOST_CODE:
        return at, _HEIGHT, _NO_COIN
    at, packed = varint(data, at)
    sats = satoshis(packed)
    if sats < 0:
        return at, _AMOUNT, _NO_COIN
    at, kind = varint(data, at)
    if kind < 0 or kind > RAW + MOST_SCRIPT:
        return at, _SCRIPT, _NO_COIN
    size = (_HASH if kind < _FIRST_KEY else _HALF_KEY) if kind < RAW else kind - RAW
    if before + OUTPUT + size > MOST_SIZE:
        return at, _SIZE, _NO_COIN
    return at, 0, (vout, code, sats, min(kind, RAW), size)


@inlined
def _event(events: Numbers, row: int, kind: int, numbers: tuple[int, int, int, int]) -> int:
    """Write a row; the number of the next."""
    events[row, 0], events[row, 1], events[row, 2], events[row, 3], events[row, 4] = kind, *numbers
    return row + 1


@inlined
def _passed(events: Numbers, row: int, start: int, coin: Coin, txid: Bytes) -> int:
    """Note a coin that the filter let pass; whether it is wanted is asked after the loop: it is quicker."""
    events[row, _KIND], events[row, _SIZE_OF] = coin[3], coin[4]
    for word in range(TXID // WORD):
        events[row, NUMBERS + word] = np.int64(word_at(txid, WORD * word, WORD))
    return _event(events, row, FOUND, (start, coin[0], coin[1], coin[2]))


@compiled
def _settled(data: Bytes, events: Numbers, rows: int, text: Bytes, forms: Numbers, slots: Numbers) -> int:
    """Keep of the coins that the filter let pass those that are wanted, with their form; how many rows are left."""
    kept = 0
    for row in range(rows):
        if events[row, 0] == FOUND:
            start, size, kind = events[row, 1], events[row, _SIZE_OF], events[row, _KIND]
            form = find_script(data, start, size, kind, text, forms, slots)
            if form < 0:
                continue
            events[row, 1] = form
        events[kept] = events[row]
        kept += 1
    return kept


@inlined
def _marked(events: Numbers, row: int, coin: Coin, start: int, now: tuple[int, int, int]) -> int:
    """Note an uncompressed key, and a coin that is held; `now`: bytes laid out, coins read, whether it is held."""
    used, read, held = now
    if UNCOMPRESSED <= coin[3] < RAW:
        row = _event(events, row, KEY, (used - _Y_BEFORE_END, coin[3] - UNCOMPRESSED, start, read))
    return _event(events, row, MARK, (coin[0], used, 0, 0)) if held else row


@inlined
def _before(done: int, full: int, release: int) -> int:
    """Why no coin is read."""
    if done:
        return DONE
    if full:
        return FULL
    return RELEASE if release else GO_ON


@inlined
def _stop(fault: int, after: int, end: int) -> int:
    """A fault in bytes that are there is one; beyond them there is only a reason to wait for more."""
    return fault if after <= end else MORE


@inlined
def _room(laid_out: Bytes | None) -> int:
    """Where the last coin may start that is laid out."""
    return 0 if laid_out is None else len(laid_out) - PADDING


@compiled
def read_coins(  # compiled code is quick with arrays, not with records
    data: Bytes, at: int, end: int, book: Numbers, txid: Bytes, laid_out: Bytes | None, events: Numbers,
    text: Bytes, forms: Numbers, slots: Numbers, bits: Bytes,
) -> tuple[int, int]:  # fmt: skip
    """Read on; where it stopped, before a coin or a transaction, and why: a status, or above zero a Fault."""
    stated, older, held = book[STATED], book[OLDER], book[HELD] != 0
    read, left, last, size, used, row, low, high = book[READ], book[LEFT], book[VOUT], book[SIZE], 0, 0, 0, 0
    most_used, most_rows = _room(laid_out), len(events) - _EVENTS_A_COIN
    while True:
        full = row > most_rows or used > most_used
        status = _before(read == stated, full, left == 0 and held)
        if status:
            break
        if left == 0:
            start, fault, count, order = _transaction(data, at, txid, stated - read, older)
            status = _stop(fault, start, end)
            if status:
                break
            if order:
                last, size = _begin(txid, data, at)
            at, left = start, count
        start, fault, coin = _coin(data, at, last, size, older)
        status = _stop(fault, start + coin[4], end) or (
            HOLD if laid_out is not None and not held and coin[0] > NUMERIC else GO_ON
        )
        if status:
            break
        if may_be_found(data, start, coin[4], bits):
            row = _passed(events, row, start, coin, txid)
        read, left, last, size, at = read + 1, left - 1, coin[0], size + OUTPUT + coin[4], start + coin[4]
        if laid_out is not None:
            used = lay_out(laid_out, used, txid, coin, data, start)
        row = _marked(events, row, coin, start, (used, read, held))
        low, high = low + (coin[2] & _LOW_HALF), high + (coin[2] >> _HALF)
    book[READ], book[LEFT], book[VOUT], book[SIZE] = read, left, last, size
    row = _settled(data, events, row, text, forms, slots)
    book[USED], book[ROWS], book[LOW], book[HIGH] = used, row, low, high
    return at, status
