"""Output scripts to the addresses that people know them by: the inverse of `bitcoin.script_of`.

Scripts that no address stands for, such as P2PK and bare multisig, are written as `raw(<hex>)`. There may be a
million in a range, so the usual segwit ones are written ten bits at a time.
Sources: as in bitcoin.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, reduce
from typing import Final

from base58_bech32.base58 import b58encode_check
from base58_bech32.bech32 import BECH32_1_CONST, BECH32_M_CONST, bech32_encode, convertbits
from base58_bech32.cashaddr import cashaddr_encode

from reservecheck.addresses.coins import COINS

_KEY_HASH: Final = re.compile(rb"\x76\xa9\x14(.{20})\x88\xac", re.DOTALL)
_SCRIPT_HASH: Final = re.compile(rb"\xa9\x14(.{20})\x87", re.DOTALL)
_LONG_SCRIPT_HASH: Final = re.compile(rb"\xaa\x20(.{32})\x87", re.DOTALL)
_WITNESS: Final = re.compile(rb"\x00(?:\x14.{20}|\x20.{32})|[\x51-\x60][\x02-\x28].{2,40}", re.DOTALL)
_OP_0_TO_VERSION: Final = 0x50

_DIGITS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_PAIRS: Final = [high + low for high in _DIGITS for low in _DIGITS]
_PAIR: Final = 10  # bits of two digits
_LOW: Final = 2**_PAIR - 1
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM: Final = 6  # digits
_SHIFTS: Final = {20: range(150, -1, -10), 32: range(250, -1, -10)}
"""Sizes of the usual witness programs, which make whole pairs of digits → where the pairs begin."""
_PADDING: Final = {20: 0, 32: 4}


def _step(state: int, digit: int) -> int:
    """One digit more in the checksum of BIP-173."""
    top = state >> 25
    taps = reduce(lambda sum_, bit: sum_ ^ (_GENERATOR[bit] if top >> bit & 1 else 0), range(5), 0)
    return (state & 0x1FFFFFF) << 5 ^ digit ^ taps


@cache
def _taps() -> list[int]:
    """What the upper ten bits of a checksum become two digits later, which the lower twenty do not change."""
    return [_step(_step(top << 20, 0), 0) for top in range(2**_PAIR)]


def writer(network: str) -> Callable[[bytes], str]:
    """How scripts are written on a network of the Bitcoin family; any other is a KeyError."""
    coin = COINS[network]
    by_key, by_script = bytes([coin.pubkey_hash]), bytes([coin.script_hash[0]])
    usual = {opcode: _segwit(coin.hrp, opcode) for opcode in (0x00, 0x51)}

    def text(script: bytes) -> str:
        if coin.hrp and _WITNESS.fullmatch(script) and script[1] == len(script) - 2:
            if script[0] in usual and script[1] in _SHIFTS:
                return usual[script[0]](script[2:])
            return bech32_encode(coin.hrp, [_version(script[0]), *convertbits(script[2:], 8, 5)]).decode()
        for form, version_byte, kind in ((_KEY_HASH, by_key, 0), (_SCRIPT_HASH, by_script, 1)):
            if found := form.fullmatch(script):
                if coin.cashaddr:
                    return cashaddr_encode(coin.cashaddr, kind, found[1]).decode()
                return b58encode_check(version_byte + found[1]).decode()
        if coin.cashaddr and (found := _LONG_SCRIPT_HASH.fullmatch(script)):
            return cashaddr_encode(coin.cashaddr, 1, found[1]).decode()
        return f"raw({script.hex()})"

    return text


def _version(opcode: int) -> int:
    return opcode - _OP_0_TO_VERSION if opcode else 0


def _segwit(hrp: str, opcode: int) -> Callable[[bytes], str]:
    """Programs of 20 and 32 bytes of one witness version, as bech32 or bech32m."""
    version, taps = _version(opcode), _taps()
    begin = reduce(_step, [*(ord(sign) >> 5 for sign in hrp), 0, *(ord(sign) & 31 for sign in hrp), version], 1)
    beginning = f"{hrp}1{_DIGITS[version]}"
    constant = BECH32_M_CONST if version else BECH32_1_CONST

    def text(program: bytes) -> str:
        state, size = begin, len(program)
        value = int.from_bytes(program, "big") << _PADDING[size]
        pairs = []
        for shift in _SHIFTS[size]:
            pair = value >> shift & _LOW
            state = (state & 0xFFFFF) << _PAIR ^ pair ^ taps[state >> 20]
            pairs.append(_PAIRS[pair])
        for _ in range(_CHECKSUM // 2):
            state = (state & 0xFFFFF) << _PAIR ^ taps[state >> 20]
        state ^= constant
        return f"{beginning}{''.join(pairs)}{_PAIRS[state >> 20]}{_PAIRS[state >> 10 & _LOW]}{_PAIRS[state & _LOW]}"

    return text
