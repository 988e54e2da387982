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
from reservecheck.kernels.compiled import compiled
from reservecheck.kernels.coin_layout import Coin, lay_out
from reservecheck.kernels.script_table import Bytes, Numbers, ScriptTable, find_script

PADDING = 11_000
"""More bytes than any coin takes, in a dump or in what is hashed."""

MORE, DONE, FULL, HOLD, RELEASE = 0, -1, -2, -3, -4
"""Why the loop stopped: the text ends, all coins are read, a target is full, coins out of order begin or end."""
STATED, READ, LEFT, VOUT, SIZE, HELD = range(6)
"""Numbers kept between calls: coins stated, coins read, coins left of the transaction, its last output, its least
size, whether its coins are held until they can be sorted."""
USED, FOUND, KEYS, MARKS, LOW, HIGH = range(6)
"""Numbers of one call: bytes laid out, coins found, keys to complete, marks set, satoshis in two halves."""

Y_BEFORE_END = 33
_HALF = 32
_LOW_HALF = (1 << _HALF) - 1
_COMPACT, _ORDER, _EMPTY, _COUNT = int(Fault.COMPACT), int(Fault.ORDER), int(Fault.EMPTY), int(Fault.COUNT)
_OUTPUT, _HEIGHT, _AMOUNT = int(Fault.OUTPUT), int(Fault.HEIGHT), int(Fault.AMOUNT)
_SCRIPT, _SIZE = int(Fault.SCRIPT), int(Fault.SIZE)
_NO_COIN = 0, 0, 0, 0, 0
_VARINT_ROOM = MOST_VARINT >> 7
_TENS = np.array([10**power for power in range(10)], dtype=np.int64)
_TWO, _FOUR = 253, 254

Targets = tuple[Bytes, Numbers, Numbers, Bytes, Numbers, Bytes]
"""What is hashed (length 0: nothing); output number and end of each held coin in it; coins found (form, output, code,
satoshis) and their txids; uncompressed keys (where y belongs, parity, number of the coin) and their x."""


@compiled
def _compact(data: Bytes, at: int) -> tuple[int, int]:
    """Where a CompactSize ends, and its value; −1 for one that is too large or longer than need be."""
    first = np.int64(data[at])
    if first < _TWO:
        return at + 1, first
    value = np.int64(data[at + 1]) | np.int64(data[at + 2]) << 8
    if first == _TWO:
        return at + 3, value if value >= _TWO else -1
    if first == _FOUR:
        value |= np.int64(data[at + 3]) << 16 | np.int64(data[at + 4]) << 24
        return at + 5, value if 0xFFFF < value <= MOST_COMPACT else -1
    return at + 1, -1


@compiled
def _varint(data: Bytes, at: int) -> tuple[int, int]:
    """Where a VARINT ends, and its value; −1 for one that is too large."""
    value = np.int64(0)
    while True:
        byte = np.int64(data[at])
        at += 1
        if value >= _VARINT_ROOM:
            return at, -1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return at, value
        value += 1


@compiled
def _satoshis(packed: int) -> int:
    """The amount behind its compressed form, −1 for one that is too large."""
    if packed <= 0:
        return packed
    zeros, rest = (packed - 1) % 10, (packed - 1) // 10
    digits = rest // 9 * 10 + rest % 9 + 1 if zeros < 9 else rest + 1
    scale = _TENS[zeros]
    return digits * scale if digits <= MOST_SATS // scale else -1


@compiled
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


@compiled
def _after(data: Bytes, at: int, txid: Bytes) -> int:
    """Above, at or below zero as the 32 bytes there are above, equal to or below the txid."""
    place = 0
    while place < TXID - 1 and data[at + place] == txid[place]:
        place += 1
    return np.int64(data[at + place]) - np.int64(txid[place])


@compiled
def _transaction(data: Bytes, at: int, state: Numbers, txid: Bytes, older: bool) -> tuple[int, int, int]:  # noqa: FBT001  # compiled code
    """Where the coins of the next transaction start, why it is none (0: it is one), and how many coins it has.

    In the older format every coin has its txid before it, which may be that of the coin before.
    """
    order = _after(data, at, txid)
    at += TXID
    if order < 0 or (order == 0 and not older):
        return at, _ORDER, 0
    if older:
        return at, 0, 1
    at, count = _compact(data, at)
    if count < 0:
        return at, _COMPACT, 0
    if count == 0:
        return at, _EMPTY, 0
    return at, _COUNT if count > state[STATED] - state[READ] else 0, count


@compiled
def _begin(data: Bytes, at: int, count: int, state: Numbers, txid: Bytes) -> None:
    if _after(data, at, txid) != 0:
        state[VOUT], state[SIZE] = -1, 0
        for place in range(TXID):
            txid[place] = data[at + place]
    state[LEFT] = count


@compiled
def _coin(data: Bytes, at: int, state: Numbers, older: bool) -> tuple[int, int, Coin]:  # noqa: FBT001  # compiled code
    """Where the payload of its script starts, why it is no coin (0: it is one), and the coin."""
    if older:
        vout = np.int64(data[at]) | np.int64(data[at + 1]) << 8
        vout |= np.int64(data[at + 2]) << 16 | np.int64(data[at + 3]) << 24
        at, vout = at + 4, vout if vout <= MOST_COMPACT else -1
    else:
        at, vout = _compact(data, at)
    if vout < 0:
        return at, _COMPACT, _NO_COIN
    last = state[VOUT]
    if last >= 0 and (vout <= last if vout < 256 else _place(vout) <= _place(last)):
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
    if state[SIZE] + OUTPUT + size > MOST_COMPACT:
        return at, _SIZE, _NO_COIN
    return at, 0, (vout, code, sats, min(kind, RAW), size)


@compiled
def _full(tally: Numbers, targets: Targets) -> bool:
    laid_out, marks, found, _, keys, _ = targets
    return (
        (len(laid_out) > 0 and tally[USED] + PADDING > len(laid_out))
        or tally[FOUND] == len(found)
        or tally[KEYS] == len(keys)
        or tally[MARKS] == len(marks)
    )


@compiled
def _keep_found(form: int, coin: Coin, txid: Bytes, tally: Numbers, targets: Targets) -> None:
    vout, code, sats, _, _ = coin
    _, _, found, txids, _, _ = targets
    row = tally[FOUND]
    found[row, 0], found[row, 1], found[row, 2], found[row, 3] = form, vout, code, sats
    for place in range(TXID):
        txids[row, place] = txid[place]
    tally[FOUND] = row + 1


@compiled
def _keep_key(data: Bytes, at: int, parity: int, number: int, tally: Numbers, targets: Targets) -> None:
    _, _, _, _, keys, halves = targets
    row = tally[KEYS]
    keys[row, 0], keys[row, 1], keys[row, 2] = tally[USED] - Y_BEFORE_END, parity, number
    for place in range(len(halves[row])):
        halves[row, place] = data[at + place]
    tally[KEYS] = row + 1


@compiled
def _keep(data: Bytes, at: int, coin: Coin, state: Numbers, txid: Bytes, tally: Numbers, targets: Targets) -> None:  # noqa: PLR0913, PLR0917  # compiled code takes arrays, not records
    """Lay the coin out for the hash, and count it."""
    vout, code, sats, kind, size = coin
    laid_out, marks, _, _, _, _ = targets
    if len(laid_out) > 0:
        tally[USED] = lay_out(laid_out, tally[USED], txid, coin, data, at)
    state[READ] += 1
    if kind in {4, 5}:
        _keep_key(data, at, kind - 4, state[READ], tally, targets)
    if state[HELD]:
        row = tally[MARKS]
        marks[row, 0], marks[row, 1] = vout, tally[USED]
        tally[MARKS] = row + 1
    tally[LOW] += sats & _LOW_HALF
    tally[HIGH] += sats >> _HALF
    state[LEFT] -= 1
    state[VOUT] = vout
    state[SIZE] += OUTPUT + size


@compiled
def read_coins(  # noqa: PLR0913, PLR0917  # compiled code takes arrays, not records
    data: Bytes,
    at: int,
    end: int,
    older: bool,  # noqa: FBT001  # compiled code
    state: Numbers,
    txid: Bytes,
    scripts: ScriptTable,
    tally: Numbers,
    targets: Targets,
) -> tuple[int, int]:
    """Read from `at` on; where it stopped, before a coin or a transaction, and why: a status, or above zero a Fault."""
    while True:
        if state[READ] == state[STATED]:
            return at, DONE
        if _full(tally, targets):
            return at, FULL
        if state[LEFT] == 0:
            if state[HELD]:
                return at, RELEASE
            after, fault, count = _transaction(data, at, state, txid, older)
            if after > end or fault:
                return at, fault if after <= end else MORE
            _begin(data, at, count, state, txid)
            at = after
        after, fault, coin = _coin(data, at, state, older)
        start, after = after, after + coin[4]
        if after > end or fault:
            return at, fault if after <= end else MORE
        if coin[0] > NUMERIC and len(targets[0]) > 0 and not state[HELD]:
            return at, HOLD
        form = find_script(data, start, coin[4], coin[3], scripts)
        if form >= 0:
            _keep_found(form, coin, txid, tally, targets)
        _keep(data, start, coin, state, txid, tally, targets)
        at = after
