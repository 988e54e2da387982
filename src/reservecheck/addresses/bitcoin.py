"""Addresses of the Bitcoin family to output scripts: base58check, bech32, bech32m and CashAddr.

A script is the identity of a holding: every way of writing one address gives the same script. The declared
network decides how a text is read (Litecoin's and Monacoin's `M…` are the same bytes); nothing is guessed.
Sources: BIP-13, BIP-16, BIP-141, BIP-173, BIP-350; CashAddr specification; CHIP-2022-02 for its kinds 2 and 3.
"""

from __future__ import annotations

from typing import Final

from base58_bech32.base58 import b58decode_check
from base58_bech32.bech32 import BECH32_1_CONST, BECH32_M_CONST, bech32_decode, convertbits
from base58_bech32.cashaddr import cashaddr_decode
from base58_bech32.exceptions import Base58Bech32ValueError

from reservecheck.addresses.coins import COINS, Coin
from reservecheck.errors import AddressError

_LONGEST_BECH32: Final = 90
_HASH160: Final = 20
_SHA256: Final = 32
_PROGRAM_SIZES: Final = range(2, 41)
_LAST_WITNESS_VERSION: Final = 16
_CASHADDR_KEY_KINDS: Final = (0, 2)
_CASHADDR_SCRIPT_KINDS: Final = (1, 3)


def script_of(text: str, network: str) -> str:
    """The output script of an address as lower-case hex.

    Raises AddressError saying why when the text is not an address of `network`; a network without a row in
    coins.py is a KeyError.
    """
    coin = COINS[network]
    try:
        if coin.hrp and text[: len(coin.hrp) + 1].lower() == coin.hrp + "1":
            return _segwit(text, coin.hrp)
        if coin.cashaddr and (":" in text or text[:1].lower() in {"q", "p", "z", "r"}):
            return _cashaddr(text, coin.cashaddr)
        return _base58(text, coin)
    except Base58Bech32ValueError as error:
        raise AddressError(str(error)) from error


def _base58(text: str, coin: Coin) -> str:
    payload = b58decode_check(text)
    if len(payload) != _HASH160 + 1:
        raise AddressError(f"{len(payload)} bytes, an address has {_HASH160 + 1}")
    if payload[0] == coin.pubkey_hash:
        return f"76a914{payload[1:].hex()}88ac"
    if payload[0] in coin.script_hash:
        return f"a914{payload[1:].hex()}87"
    raise AddressError(f"version byte {payload[0]} is not this network's")


def _segwit(text: str, hrp: str) -> str:
    found, data, constant = bech32_decode(text, limit=_LONGEST_BECH32)
    if found != hrp or not data:
        raise AddressError("no witness version")
    version = data[0]
    if version > _LAST_WITNESS_VERSION:
        raise AddressError(f"witness version {version}, the last one is {_LAST_WITNESS_VERSION}")
    if version == 0 and constant != BECH32_1_CONST:
        raise AddressError("a bech32m checksum on a v0 address, it needs bech32")
    if version != 0 and constant != BECH32_M_CONST:
        raise AddressError(f"a bech32 checksum on a v{version} address, it needs bech32m")
    program = bytes(convertbits(data[1:], 5, 8, pad=False))
    allowed = (_HASH160, _SHA256) if version == 0 else _PROGRAM_SIZES
    if len(program) not in allowed:
        raise AddressError(f"a witness program of {len(program)} bytes cannot stand in a v{version} address")
    opcode = version + 0x50 if version else 0
    return f"{opcode:02x}{len(program):02x}{program.hex()}"


def _cashaddr(text: str, prefix: str) -> str:
    _, kind, digest = cashaddr_decode(text, prefix=prefix)
    if len(digest) == _HASH160 and kind in _CASHADDR_KEY_KINDS:
        return f"76a914{digest.hex()}88ac"
    if len(digest) == _HASH160 and kind in _CASHADDR_SCRIPT_KINDS:
        return f"a914{digest.hex()}87"
    if len(digest) == _SHA256 and kind in _CASHADDR_SCRIPT_KINDS:
        return f"aa20{digest.hex()}87"
    raise AddressError(f"CashAddr kind {kind} with {len(digest)} bytes is not an address")
