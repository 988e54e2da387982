"""From a declared address to the identity of a holding: one readable dict of families.

Identity is (network, canonical script or account): the same holding written in two ways is one holding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from reservecheck.addresses.bitcoin import CODECS
from reservecheck.addresses.coins import COINS
from reservecheck.addresses.evm import account_of
from reservecheck.addresses.look_alikes import PLACEHOLDER, look_alike
from reservecheck.errors import AddressError

_LONGEST_SHOWN: Final = 120


def _bitcoin_family(network: str) -> Callable[[str], str] | None:
    return CODECS.get(network)


def _evm_family(network: str) -> Callable[[str], str] | None:
    return account_of if re.fullmatch(r"eip155:[1-9][0-9]{0,18}", network, re.ASCII) else None


FAMILIES: Final[Mapping[str, Callable[[str], Callable[[str], str] | None]]] = {
    "bitcoin": _bitcoin_family,
    "litecoin": _bitcoin_family,
    "dogecoin": _bitcoin_family,
    "bitcoincash": _bitcoin_family,
    "monacoin": _bitcoin_family,
    "eip155": _evm_family,
}
"""The part of a network's name before the colon → how its addresses are read."""


def codec_of(network: str) -> Callable[[str], str]:
    """The bare codec of a network; raises AddressError when its addresses cannot be read.

    For many addresses: call this once, and `refusal` for each text the codec raises AddressError on.
    """
    family = FAMILIES.get(network.partition(":")[0])
    codec = family(network) if family else None
    if codec is None:
        raise AddressError(
            f"addresses of {network!r} are not read in this version",
            hint=f"networks are {', '.join(COINS)}, eip155:<chain id>",
        )
    return codec


def identity_of(text: str, network: str) -> str:
    """The canonical script (hex) or account (lower-case 0x…) behind an address.

    Raises AddressError naming the text, the network and the reason, with a hint about what it is instead.
    """
    codec = codec_of(network)
    try:
        return codec(text)
    except AddressError as error:
        raise refusal(text, network, error) from error


def refusal(text: str, network: str, error: AddressError) -> AddressError:
    """The codec's refusal in full: which text, which network, why, and what the text seems to be instead."""
    alike = look_alike(text, network)
    if text == PLACEHOLDER:
        return AddressError(f"the address, one of {network}, is to be filled in", hint=alike.hint)
    name = "a text that is not shown" if alike.secret else repr(text[:_LONGEST_SHOWN])
    return AddressError(f"{name} is not an address of {network}: {error.message}", hint=alike.hint or error.hint)
