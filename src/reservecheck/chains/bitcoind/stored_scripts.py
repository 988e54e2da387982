"""How a node stores the script of a coin: six kinds shortened to a hash or half a key, all others whole.

Source: Bitcoin Core, `src/compressor.cpp`. A key `02…` or `03…` is shortened whether it is a point or not;
one of 65 bytes only if it is a point of secp256k1, for its y has to be found again.
"""

from __future__ import annotations

from typing import Final

from btclib_secp256k1.keys import reserialize

from reservecheck.kernels.coin_format import RAW

_P2PKH: Final = b"\x76\xa9\x14"
_P2SH: Final = b"\xa9\x14"
_SIZES: Final = {25: "p2pkh", 23: "p2sh", 35: "p2pk", 67: "uncompressed"}
_ODD: Final = 1


def stored_forms(script: bytes) -> tuple[tuple[int, bytes], ...]:
    """(kind, payload) of each way a dump may hold the script: whole (kind 6), and shortened where it can be."""
    whole = (RAW, script)
    kind = _SIZES.get(len(script))
    if kind is None:
        return (whole,)
    if kind == "p2pkh" and script[:3] == _P2PKH and script[23:] == b"\x88\xac":
        return whole, (0, script[3:23])
    if kind == "p2sh" and script[:2] == _P2SH and script[22:] == b"\x87":
        return whole, (1, script[2:22])
    if kind == "p2pk" and script[0] == len(script) - 2 and script[1] in {2, 3} and script[34:] == b"\xac":
        return whole, (script[1], script[2:34])
    if kind == "uncompressed" and script[:2] == b"\x41\x04" and script[66:] == b"\xac" and _is_point(script[1:66]):
        return whole, (4 + (script[65] & _ODD), script[2:34])
    return (whole,)


def full_script(kind: int, payload: bytes) -> bytes:
    """The script itself; raises ValueError where x is on no point of the curve."""
    if kind >= RAW:
        return payload
    if kind == 0:
        return _P2PKH + payload + b"\x88\xac"
    if kind == 1:
        return _P2SH + payload + b"\x87"
    if kind in {2, 3}:
        return bytes((0x21, kind)) + payload + b"\xac"
    return b"\x41" + uncompressed(kind - 4, payload) + b"\xac"


def uncompressed(parity: int, x: bytes) -> bytes:
    """The key of 65 bytes with this x and a y that is even (0) or odd (1); raises ValueError if there is none."""
    return reserialize(bytes((2 + parity,)) + x, compressed=False)


def _is_point(key: bytes) -> bool:
    try:
        reserialize(key)
    except ValueError:
        return False
    return True
