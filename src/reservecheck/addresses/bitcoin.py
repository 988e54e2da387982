"""Addresses of the Bitcoin family to output scripts: base58check, bech32, bech32m and CashAddr.

A script is the identity of a holding: every way of writing one address gives the same script. The declared
network decides how a text is read (Litecoin's and Monacoin's `M…` are the same bytes); nothing is guessed.
Sources: BIP-13, BIP-16, BIP-141, BIP-173, BIP-350; CashAddr specification; CHIP-2022-02 for its kinds 2 and 3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from base58_bech32.base58 import b58decode_check
from base58_bech32.bech32 import BECH32_1_CONST, BECH32_M_CONST, bech32_decode
from base58_bech32.cashaddr import cashaddr_decode
from base58_bech32.exceptions import Base58Bech32ValueError

from reservecheck.addresses.coins import COINS, Coin
from reservecheck.errors import AddressError

_LONGEST_BECH32: Final = 90
_HASH160: Final = 20
_SHA256: Final = 32
_V0_SIZES: Final = (_HASH160, _SHA256)
_DIGIT_BITS: Final = 5
_BASE32: Final = b"0123456789abcdefghijklmnopqrstuv".ljust(256)
_CASHADDR_FIRST: Final = ("q", "p", "z", "r")
_PROGRAM_SIZES: Final = range(2, 41)
_LAST_WITNESS_VERSION: Final = 16
_CASHADDR_KEY_KINDS: Final = (0, 2)
_CASHADDR_SCRIPT_KINDS: Final = (1, 3)


def script_of(text: str, network: str) -> str:
    """The output script of an address as lower-case hex.

    Raises AddressError saying why when the text is not an address of `network`; a network without a row in
    coins.py is a KeyError.
    """
    return CODECS[network](text)


def _codec(coin: Coin) -> Callable[[str], str]:
    forms = {bytes([coin.pubkey_hash]): ("76a914", "88ac")}
    forms.update({bytes([version]): ("a914", "87") for version in coin.script_hash})
    hrp, cashaddr = coin.hrp, coin.cashaddr
    prefixes = (f"{hrp}1", f"{hrp}1".upper())

    def script(text: str) -> str:
        try:
            if hrp and text.startswith(prefixes):
                return _segwit(text, hrp)
            if cashaddr and (":" in text or text[:1].lower() in _CASHADDR_FIRST):
                return _cashaddr(text, cashaddr)
            payload = b58decode_check(text)
        except Base58Bech32ValueError as error:
            raise AddressError(str(error)) from error
        form = forms.get(payload[:1])
        if form is None or len(payload) != _HASH160 + 1:
            raise _not_an_address(payload)
        return f"{form[0]}{payload[1:].hex()}{form[1]}"

    return script


def _not_an_address(payload: bytes) -> AddressError:
    if len(payload) != _HASH160 + 1:
        return AddressError(f"{len(payload)} bytes, an address has {_HASH160 + 1}")
    return AddressError(f"version byte {payload[0]} is not this network's")


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
    program = _program(bytes(data[1:]))
    if len(program) not in (_V0_SIZES if version == 0 else _PROGRAM_SIZES):
        raise AddressError(f"a witness program of {len(program)} bytes cannot stand in a v{version} address")
    opcode = version + 0x50 if version else 0
    return f"{opcode:02x}{len(program):02x}{program.hex()}"


def _program(digits: bytes) -> bytes:
    """Bytes of 5-bit digits; BIP-173 allows less than 5 bits of padding, all zero."""
    size, padding = divmod(len(digits) * 5, 8)
    value = int(digits.translate(_BASE32) or b"0", 32)
    if padding >= _DIGIT_BITS:
        raise AddressError("a whole digit of padding")
    if value & ((1 << padding) - 1):
        raise AddressError("padding that is not zero")
    return (value >> padding).to_bytes(size, "big")


def _cashaddr(text: str, prefix: str) -> str:
    _, kind, digest = cashaddr_decode(text, prefix=prefix)
    if len(digest) == _HASH160 and kind in _CASHADDR_KEY_KINDS:
        return f"76a914{digest.hex()}88ac"
    if len(digest) == _HASH160 and kind in _CASHADDR_SCRIPT_KINDS:
        return f"a914{digest.hex()}87"
    if len(digest) == _SHA256 and kind in _CASHADDR_SCRIPT_KINDS:
        return f"aa20{digest.hex()}87"
    raise AddressError(f"CashAddr kind {kind} with {len(digest)} bytes is not an address")


CODECS: Final[Mapping[str, Callable[[str], str]]] = {network: _codec(coin) for network, coin in COINS.items()}
"""A decoder for each network, for many addresses; what script_of says applies."""
