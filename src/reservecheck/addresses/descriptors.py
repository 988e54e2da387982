"""Output descriptors, as Bitcoin Core reads them: one text that stands for a wallet's scripts.

btclib parses; what it refuses is told in words that never show any part of the descriptor, because an extended key
shows every address of a wallet. Descriptors of other coins are the same language under their own key versions.
Sources: BIP-380 to BIP-390, and Bitcoin Core's doc/descriptors.md for `rawtr()` and the order of `combo()`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from base58_bech32.base58 import b58decode_check, b58encode_check
from base58_bech32.exceptions import Base58Bech32ValueError
from btclib.exceptions import BTClibValueError
from btclib_wallet import descriptors as btclib
from btclib_wallet.descriptors import KeyExpression

from reservecheck.addresses.bitcoin import script_of
from reservecheck.addresses.child_keys import HARDENED
from reservecheck.addresses.coins import COINS, TPUB, XPUB, Coin
from reservecheck.addresses.descriptor_scripts import COMBO, Column, columns
from reservecheck.addresses.look_alikes import private_key
from reservecheck.errors import AddressError

MOST_SIGNS: Final = 100_000
MOST_IN_BRANCHES: Final = 200_000
"""Signs of all branches of one descriptor: each is a copy of the text, and is parsed."""
_CHECKSUM: Final = re.compile(r"[a-z0-9]{8}", re.ASCII)
_BASE58_RUN: Final = re.compile(r"[1-9A-HJ-NP-Za-km-z]{90,}", re.ASCII)
_HEX: Final = re.compile(r"[0-9a-fA-F]+", re.ASCII)
_EXTENDED_SIZE: Final = 78
_KEY_AT: Final = 45
_BRANCHES: Final = re.compile(r"<[^<>]*>")
_ADDRESS: Final = re.compile(r"addr\(([^()]*)\)")
_WITNESS: Final = re.compile(r"(wpkh|wsh|tr|rawtr)\(")
_TELLING: Final = re.compile(r"[0-9A-Za-z]{17,}|['\"]")
"""What may be a part of the descriptor: longer than any word of an explanation, or quoted."""
_SLIP_132: Final = frozenset(
    bytes.fromhex(version)
    for version in ("049d7cb2", "0295b43f", "04b24746", "02aa7ed3", "044a5262", "024289ef", "045f1cf6", "02575483")
)
"""Versions of extended keys that say what scripts they are for; descriptors say it themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Descriptor:
    """A descriptor that was read. `is_range`: it stands for a script at every index, otherwise at index 0 alone."""

    network: str
    is_range: bool
    branches: tuple[btclib.Descriptor, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The scripts one index has: four for `combo()` (two where its key is uncompressed), otherwise one, ""."""
        (first, *_) = self.branches
        if not isinstance(first, btclib.ComboDescriptor):
            return ("",)
        return COMBO if first.key.is_compressed else COMBO[:2]

    def scripts(self, branch: int, start: int, stop: int) -> list[Column]:
        """The scripts of a branch from index `start` up to `stop` and without it, one column for each of `kinds`.

        Raises AddressError where an index has no key.
        """
        return columns(self.branches[branch], range(start, stop))

    @property
    def keys(self) -> int:
        """How many keys one script of a branch has; at least one."""
        return max(1, *(sum(1 for _ in _all_keys(branch.key_expressions)) for branch in self.branches))


def parse_descriptor(text: str, network: str) -> Descriptor:
    """Read a descriptor with its checksum.

    Raises AddressError saying what is wrong and what to write, without showing any of it.
    """
    coin = COINS.get(network)
    if coin is None:
        raise AddressError(
            f"descriptors stand for scripts of Bitcoin's family, and {network!r} is not of it",
            hint=f"networks are {', '.join(COINS)}",
        )
    if len(text) > MOST_SIGNS:
        raise AddressError(f"the descriptor has {len(text)} signs, at most {MOST_SIGNS} are read")
    if secret := private_key(text):
        raise AddressError("the descriptor holds a private key", hint=secret.hint)
    branches_written = max((one.count(";") + 1 for one in _BRANCHES.findall(text)), default=1)
    if branches_written * len(text) > MOST_IN_BRANCHES:
        raise AddressError(
            f"the descriptor has {branches_written} branches of {len(text)} signs, at most {MOST_IN_BRANCHES} signs"
            " are read",
            hint="declare some of its branches in a [[descriptor]] of their own",
        )
    body = _checked(text)
    if not coin.hrp and (function := _WITNESS.search(body)):
        raise AddressError(f"{function[1]}() is a witness script, and {network} has none")
    if address := _ADDRESS.fullmatch(body):
        body = f"raw({_script_behind(address[1], network)})"
    branches = _parsed(_in_bitcoin_versions(body, coin, network), coin)
    keys = [key for branch in branches for key in _all_keys(branch.key_expressions)]
    if any(_is_hardened(key) for key in keys):
        raise AddressError(
            "the descriptor has a hardened step below an extended public key, which nobody can derive without its"
            " private key",
            hint="give the key below its last hardened step, and how it was reached in brackets before it:"
            " [fingerprint/84h/0h/0h]xpub…/0/*",
        )
    return Descriptor(network=network, is_range=any(branch.is_ranged for branch in branches), branches=branches)


def _checked(text: str) -> str:
    """The descriptor without its checksum; raises AddressError where it is missing or another one."""
    if text == "FILL IN":
        raise AddressError("the descriptor is to be filled in", hint="`bitcoin-cli listdescriptors` prints it")
    body, mark, given = text.partition("#")
    try:
        right = btclib.descriptors.checksum(body)
    except BTClibValueError as error:
        raise AddressError(
            "the descriptor has a sign that none has",
            hint="copy it again from its source, without blanks around it",
        ) from error
    if not mark:
        raise AddressError(
            "the checksum is missing", hint=f"compare it with its source, then add #{right} at its end"
        )
    if given != right:
        named = f"#{given}" if _CHECKSUM.fullmatch(given) else "not eight lower-case letters and digits"
        raise AddressError(
            f"the checksum is {named}, and that of what stands before it is #{right}",
            hint="a sign is wrong or missing: copy the descriptor again from its source",
        )
    return body


def _script_behind(address: str, network: str) -> str:
    try:
        return script_of(address, network)
    except AddressError as error:
        raise AddressError(f"what stands in addr() is not an address of {network}: {error.message}") from error


def _in_bitcoin_versions(body: str, coin: Coin, network: str) -> str:
    """The same with the coin's own key versions written as Bitcoin's; raises AddressError for any other version."""

    def rewritten(run: re.Match[str]) -> str:
        if _HEX.fullmatch(run[0]):
            return run[0]
        try:
            payload = b58decode_check(run[0])
        except Base58Bech32ValueError:
            payload = b""
        if len(payload) != _EXTENDED_SIZE:
            raise AddressError(
                "an extended key in the descriptor is not one: its own checksum is wrong",
                hint="a sign is wrong or missing: copy the descriptor again from its source",
            )
        version = payload[:4]
        if payload[_KEY_AT] == 0:
            raise AddressError(
                "the descriptor holds a private key",
                hint="remove it from every file, and treat it as known to others",
            )
        if version != coin.extended_key:
            raise _other_version(version, network)
        return b58encode_check(_bitcoin_version(coin) + payload[4:]).decode()

    return _BASE58_RUN.sub(rewritten, body)


def _bitcoin_version(coin: Coin) -> bytes:
    return TPUB if coin.extended_key == TPUB else XPUB


def _other_version(version: bytes, network: str) -> AddressError:
    if version in _SLIP_132:
        return AddressError(
            "an extended key is written as for an address type (ypub, zpub and the like)",
            hint="write it as an xpub (tpub on test networks): the descriptor says itself what scripts it is for",
        )
    others = [name for name, coin in COINS.items() if coin.extended_key == version]
    meant = f"it is one of {', '.join(others)}" if others else "no network known here has it"
    return AddressError(f"an extended key has the version of another network than {network}", hint=meant)


def _parsed(body: str, coin: Coin) -> tuple[btclib.Descriptor, ...]:
    network = "testnet" if coin.extended_key == TPUB else "mainnet"
    try:
        singles = btclib.multipath_descriptors(body, network)
        return tuple(btclib.parse(single, network) for single in singles)
    except (ValueError, TypeError, RuntimeError) as error:  # btclib's and ecc's, and too deep a recursion
        reason = str(error)
        if _TELLING.search(reason):
            reason = "Bitcoin Core would not read it"
        raise AddressError(
            f"this is not a descriptor: {reason}",
            hint="compare it with what the wallet shows (bitcoin-cli listdescriptors)",
        ) from None


def _all_keys(keys: tuple[KeyExpression, ...]) -> Iterator[KeyExpression]:
    for key in keys:
        yield key
        yield from _all_keys(key.participants)


def _is_hardened(key: KeyExpression) -> bool:
    return any(step >= HARDENED for step in key.der_path) or (key.wildcard or 0) >= HARDENED
