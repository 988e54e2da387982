"""Accounts of EVM chains: 20 bytes as 0x and 40 hex digits, with the checksum in the letter case of EIP-55.

All-lower and all-upper texts carry no checksum and are accepted; mixed case must be the right one.
"""

from __future__ import annotations

import re
from typing import Final

from sha3 import keccak_256

from reservecheck.errors import AddressError

_LOWER: Final = re.compile(r"0x[0-9a-f]{40}", re.ASCII)
_ANY: Final = re.compile(r"0[xX][0-9a-fA-F]{40}", re.ASCII)
_HEX: Final = re.compile(r"0[xX][0-9a-fA-F]*", re.ASCII)
_BARE: Final = re.compile(r"[0-9a-fA-F]{40}", re.ASCII)
_DIGITS: Final = 40
_CAPITAL_FROM: Final = 8


def account_of(text: str) -> str:
    """The account as lower-case `0x…`; raises AddressError for anything else."""
    if _LOWER.fullmatch(text):
        return text
    if not _ANY.fullmatch(text):
        raise _not_an_account(text)
    digits = text[2:]
    if digits in {digits.lower(), digits.upper()}:
        return "0x" + digits.lower()
    if checksummed(text.lower())[2:] != digits:
        raise AddressError(
            "the letter case is not the checksum of EIP-55, so a digit may be wrong",
            hint="compare it with its source, then write it in lower case",
        )
    return "0x" + digits.lower()


def checksummed(account: str) -> str:
    """The EIP-55 spelling of a lower-case account."""
    digits = account[2:]
    nibbles = keccak_256(digits.encode("ascii")).hexdigest()
    return "0x" + "".join(
        digit.upper() if int(nibble, 16) >= _CAPITAL_FROM else digit
        for digit, nibble in zip(digits, nibbles, strict=False)
    )


def _not_an_account(text: str) -> AddressError:
    if _BARE.fullmatch(text):
        return AddressError("0x is missing", hint=f"write 0x{text}")
    if not _HEX.fullmatch(text):
        return AddressError("not 0x and 40 hex digits")
    count = len(text) - 2
    if count % 2:
        return AddressError(
            f"{count} hex digits, an odd number", hint=f"an address has {_DIGITS}: copy it again from its source"
        )
    return AddressError(
        f"{count} hex digits, an address has {_DIGITS}",
        hint="it is truncated: copy it again from its source" if count < _DIGITS else "",
    )
