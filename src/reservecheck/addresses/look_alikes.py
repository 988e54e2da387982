"""What a text is when it is not the address it should be: only asked after a refusal, only to write a hint.

Nothing here decides anything. Texts that may be private keys are recognised so that messages leave them out, and so
are extended keys and descriptors, which show every address of a wallet.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from base58_bech32.base58 import RIPPLE_ALPHABET, b58decode_check
from base58_bech32.exceptions import Base58Bech32ValueError

from reservecheck.addresses.bitcoin import script_of
from reservecheck.addresses.coins import COINS, TEST_PREFIXES
from reservecheck.errors import AddressError

PLACEHOLDER: Final = "FILL IN"
"""What stands in starter files where something has to be written."""
_DESCRIPTOR: Final = re.compile(r"(pk|pkh|wpkh|sh|wsh|tr|rawtr|multi|sortedmulti|combo|addr|raw)\(.*", re.ASCII)
_EXTENDED: Final = re.compile(r"([xyztuvYZUV]pub|Ltub|dgub)[1-9A-HJ-NP-Za-km-z]{20,}", re.ASCII)
_EXTENDED_PRIVATE: Final = re.compile(r"([xyztuvYZUV]prv|Ltpv|dgpv)[1-9A-HJ-NP-Za-km-z]{20,}", re.ASCII)
_ACCOUNT: Final = re.compile(r"0[xX][0-9a-fA-F]{40}", re.ASCII)
_HASH: Final = re.compile(r"(0[xX])?[0-9a-fA-F]{64}", re.ASCII)
_LONG_HEX: Final = re.compile(r"(0[xX])?[0-9a-fA-F]{60,65}", re.ASCII)
_PUBLIC: Final = re.compile(rf"[0-9a-fA-F]+|{_EXTENDED.pattern}", re.ASCII)
_BASE58_RUN: Final = re.compile(r"[1-9A-HJ-NP-Za-km-z]{26,}", re.ASCII)
_LONGEST_BASE58: Final = 50
"""No base58 address is as long; private keys (51, 52), encrypted ones (58) and key pairs (87, 88) are."""
_PHRASE: Final = re.compile(r"[a-z]{3,8}([\s,]+[a-z]{3,8}){11,23}", re.ASCII)
"""Words of a seed phrase, as BIP-39 has them."""
_KEY: Final = "this is a private key: remove it from every file, and treat it as known to others"
_ALIKE_BASE58: Final = re.compile(r"[1-9a-z]{25,35}", re.ASCII)
_SHORTEST_BASE58: Final = 26
_SHORTEST_SEGWIT: Final = 38
_TEST_NETWORKS: Final = tuple(name for name in COINS if name.endswith(("test", "testnet4", "signet")))
_KEY_SIZES: Final = (33, 34)
_KEY_VERSIONS: Final = range(128, 256)
_TRON: Final = (21, 0x41)
_RIPPLE: Final = (21, 0)


class LookAlike(NamedTuple):
    """What a text seems to be, in words for a hint ("" if nothing is recognised); nothing shows what is secret."""

    hint: str
    secret: bool = False


def look_alike(text: str, network: str) -> LookAlike:
    """What `text` seems to be instead of an address of `network`."""
    return (
        private_key(text)
        or _descriptor(text)
        or LookAlike(
            _row(text) or _other_thing(text, network) or _other_chain(text, network) or _broken(text, network)
        )
    )


def private_key(text: str) -> LookAlike | None:
    """A private key, also where it stands inside something else, or a sign of it is wrong or missing; else None."""
    runs = _BASE58_RUN.findall(text)
    if any(map(_is_key, runs)):
        return LookAlike(_KEY, secret=True)
    if _PHRASE.fullmatch(text.strip().lower()):
        return LookAlike(
            "this is a seed phrase: remove it from every file, and treat it as known to others", secret=True
        )
    if _HASH.fullmatch(text):
        return LookAlike("64 hex digits are a transaction, a block or a private key, never an address", secret=True)
    if _LONG_HEX.fullmatch(text) or any(len(run) >= _LONGEST_BASE58 and not _PUBLIC.fullmatch(run) for run in runs):
        return LookAlike("it is as long as a private key: if it is one, treat it as known to others", secret=True)
    return None


def _is_key(run: str) -> bool:
    size, version = _payload(run)
    return _EXTENDED_PRIVATE.fullmatch(run) is not None or (size in _KEY_SIZES and version in _KEY_VERSIONS)


def _descriptor(text: str) -> LookAlike | None:
    extended = _EXTENDED.fullmatch(text)
    if extended:
        return LookAlike(f"this is an {extended[1]}: declare it in a [[descriptor]]", secret=True)
    if _DESCRIPTOR.fullmatch(text):
        shows_all = _EXTENDED.search(text) is not None
        return LookAlike("this is a descriptor: declare it in a [[descriptor]]", secret=shows_all)
    return None


def _row(text: str) -> str:
    if text.lstrip().startswith(("#", "//", ";", "--")):
        return "this is a comment: remove the row, lists have no comments"
    if "(all)" in text.lower() or text.strip().lower() in {"all", "total", "sum"}:
        return "this is an aggregate row: remove it, only addresses are listed"
    if text == PLACEHOLDER:
        return "write the address in its place"
    if len(re.split(r"[\s,;|]+", text.strip())) > 1:
        return "there are several addresses in one cell: write one a row"
    if text != text.strip():
        return "remove the blanks around it"
    return ""


def _other_thing(text: str, network: str) -> str:
    if "…" in text or "..." in text:
        return "it is truncated: copy the whole address from its source"
    if _ACCOUNT.fullmatch(text) and not network.startswith("eip155:"):
        return "this is an EVM address: declare it on eip155:<chain id>"
    if text.lower().startswith("ltcmweb1"):
        return "this is a MWEB address: its balance is not visible on the chain, declare it as a [[statement]]"
    return ""


def _other_chain(text: str, network: str) -> str:
    if others := [name for name in COINS if _fits(text, name)]:
        return f"this is an address of {' or '.join(others)}: declare it there, or correct it"
    own = COINS.get(network)
    if text.lower().startswith(TEST_PREFIXES) and not (own and own.hrp and text.lower().startswith(own.hrp + "1")):
        return f"it is written like an address of a test network ({', '.join(_TEST_NETWORKS)} are read): correct it"
    if _payload(text) == _TRON:
        return "this is a TRON address: TRON is not read in this version, declare it as a [[statement]]"
    if _payload(text, RIPPLE_ALPHABET) == _RIPPLE:
        return "this is an XRP Ledger address: it is not read in this version, declare it as a [[statement]]"
    return ""


def _broken(text: str, network: str) -> str:
    coin = COINS.get(network)
    if coin is None:
        return ""
    if coin.hrp and text.lower().startswith(coin.hrp + "1"):
        if len(text) < len(coin.hrp) + _SHORTEST_SEGWIT:
            return "it is truncated: copy the whole address from its source"
        return "" if text in {text.lower(), text.upper()} else "write it in lower case throughout"
    if _ALIKE_BASE58.fullmatch(text):
        return "this looks like lower-cased base58, where case matters: copy the address from its source"
    if len(text) < _SHORTEST_BASE58:
        return "it is truncated: copy the whole address from its source"
    return ""


def _payload(text: str, alphabet: bytes | None = None) -> tuple[int, int]:
    """Size and version byte of a base58check text; (0, -1) for anything else."""
    try:
        payload = b58decode_check(text, alphabet=alphabet) if alphabet else b58decode_check(text)
    except Base58Bech32ValueError:
        return 0, -1
    return (len(payload), payload[0]) if payload else (0, -1)


def _fits(text: str, network: str) -> bool:
    try:
        script_of(text, network)
    except AddressError:
        return False
    return True
