"""How each coin of the Bitcoin family writes its addresses: version bytes and prefixes, one row a network.

Sources are each project's chainparams.cpp (`base58Prefixes`, `bech32_hrp`, `cashaddrPrefix`). A coin may have
two version bytes for pay-to-script-hash: Litecoin and Monacoin moved from Bitcoin's 5 to one of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

XPUB: Final = bytes.fromhex("0488b21e")
TPUB: Final = bytes.fromhex("043587cf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coin:
    """One network: version bytes of base58 addresses, prefix of bech32 ones ("" if none), of CashAddr ones.

    `extended_key` are the four version bytes of an extended public key (BIP-32).
    """

    pubkey_hash: int
    script_hash: tuple[int, ...]
    hrp: str = ""
    cashaddr: str = ""
    extended_key: bytes = XPUB


_BITCOIN_TEST: Final = Coin(pubkey_hash=111, script_hash=(196,), hrp="tb", extended_key=TPUB)

COINS: Final[Mapping[str, Coin]] = {
    "bitcoin:mainnet": Coin(pubkey_hash=0, script_hash=(5,), hrp="bc"),
    "bitcoin:testnet4": _BITCOIN_TEST,
    "bitcoin:signet": _BITCOIN_TEST,
    "bitcoin:regtest": Coin(pubkey_hash=111, script_hash=(196,), hrp="bcrt", extended_key=TPUB),
    "litecoin:mainnet": Coin(pubkey_hash=48, script_hash=(50, 5), hrp="ltc"),
    "dogecoin:mainnet": Coin(pubkey_hash=30, script_hash=(22,), extended_key=bytes.fromhex("02facafd")),
    "bitcoincash:mainnet": Coin(pubkey_hash=0, script_hash=(5,), cashaddr="bitcoincash"),
    "monacoin:mainnet": Coin(pubkey_hash=50, script_hash=(55, 5), hrp="mona"),
}

TEST_PREFIXES: Final = ("tb1", "bcrt1", "bchtest:", "bchreg:", "tltc1", "rltc1", "tmona1", "rmona1")
"""Prefixes of test chains, most of which have no row above; only used to say what a refused text is."""
