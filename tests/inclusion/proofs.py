"""Proofs of trees with two customers, made from the published descriptions and without the code under test."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Protocol

DATA: Final = Path(__file__).parents[1] / "data/inclusion"
Texts = Mapping[str, str]
Document = dict[str, Any]

THREE: Final = ("BTC", "ETH", "USDT")
BITGET: Final = ("BTC", "ETH", "USDT", "USDC")
MEXC: Final = ("BTC", "ETH", "USDC", "USDT")
BYBIT: Final = tuple(json.loads((DATA / "bybit_5.json").read_text(encoding="utf-8"))["self"]["balance"])


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def amount(value: Decimal) -> str:
    """As Java and Go print a decimal without trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def together(one: Texts, other: Texts) -> dict[str, str]:
    coins = [*one, *(coin for coin in other if coin not in one)]
    return {coin: amount(Decimal(one.get(coin, "0")) + Decimal(other.get(coin, "0"))) for coin in coins}


def compact(amounts: Texts) -> str:
    return json.dumps(dict(amounts), separators=(",", ":"))


def full(coins: tuple[str, ...], amounts: Texts) -> dict[str, str]:
    return {coin: amounts.get(coin, "0") for coin in coins}


def nonce(who: str) -> str:
    return sha256(f"nonce of {who}")


class Made(Protocol):
    """A format in the hands of an exchange: lines, and proofs that show what it likes beside a line."""

    @property
    def name(self) -> str: ...

    def line(self, who: str, owed: Texts) -> str:
        """The hash of a customer's line."""

    def proof(self, who: str, owed: Texts, beside: tuple[str, Texts], *, left: bool) -> Document:
        """One customer beside a hash and the amounts shown for it; the root is what follows."""


@dataclass(frozen=True)
class OkxV1:
    name: str = "okx-merkle-v1"

    def line(self, who: str, owed: Texts) -> str:
        return sha256(nonce(who) + compact(full(THREE, owed)))

    def proof(self, who: str, owed: Texts, beside: tuple[str, Texts], *, left: bool) -> Document:
        here, (there, shown) = self.line(who, owed), beside
        sums = together(full(THREE, owed), full(THREE, shown))
        root = sha256((here + there if left else there + here) + "".join(sums.values()) + "2")
        own = {
            "balances": full(THREE, owed),
            "hash": here,
            "height": 1,
            "nonce": nonce(who),
            "type": 1 if left else 2,
        }
        sibling = {"balances": full(THREE, shown), "hash": there, "height": 1, "type": 2 if left else 1}
        return {"self": own, "path": [sibling, {"balances": sums, "hash": root, "height": 2, "type": 3}]}


@dataclass(frozen=True)
class Bitget:
    name: str = "bitget"

    def line(self, who: str, owed: Texts) -> str:
        return sha256(f"{sha256(who)},{nonce(who)},{compact(full(BITGET, owed))}")[:16]

    def proof(self, who: str, owed: Texts, beside: tuple[str, Texts], *, left: bool) -> Document:
        here, (there, shown) = self.line(who, owed), beside
        sums = together(full(BITGET, owed), full(BITGET, shown))
        root = sha256(f"{here + there if left else there + here},{compact(sums)},1")[:16]
        own = {
            "balances": full(BITGET, owed),
            "encryptUid": sha256(who),
            "level": 2,
            "merkelLeaf": here,
            "nonce": nonce(who),
            "role": 1 if left else 2,
        }
        sibling = {"balances": full(BITGET, shown), "level": 2, "merkelLeaf": there, "role": 2 if left else 1}
        return {"self": own, "path": [sibling, {"balances": sums, "level": 1, "merkelLeaf": root}]}


@dataclass(frozen=True)
class Bybit:
    name: str = "bybit"

    @staticmethod
    def _eight(amounts: Texts) -> dict[str, str]:
        return {coin: f"{Decimal(amounts.get(coin, '0')):.8f}" for coin in BYBIT}

    def line(self, who: str, owed: Texts) -> str:
        return sha256(sha256(who) + "".join(self._eight(owed).values()))

    def proof(self, who: str, owed: Texts, beside: tuple[str, Texts], *, left: bool) -> Document:
        here, (there, shown) = self.line(who, owed), beside
        sums = self._eight(together(owed, shown))
        root = sha256((here + there if left else there + here) + "".join(sums.values()) + "2")
        own = {
            "balance": self._eight(owed),
            "hash": here,
            "height": 1,
            "type": 1 if left else 2,
            "userHash": sha256(who),
        }
        sibling = {"balance": self._eight(shown), "hash": there, "height": 1, "type": 2 if left else 1}
        return {"self": own, "path": [sibling, {"balance": sums, "hash": root, "height": 2, "type": 3}]}


@dataclass(frozen=True)
class CoinEx:
    name: str = "coinex"

    @staticmethod
    def _sorted(amounts: Texts) -> str:
        return compact(dict(sorted(amounts.items())))

    def line(self, who: str, owed: Texts) -> str:
        return sha256(nonce(who) + self._sorted(owed))

    def proof(self, who: str, owed: Texts, beside: tuple[str, Texts], *, left: bool) -> Document:
        here, (there, shown) = self.line(who, owed), beside
        sums = together(owed, shown)
        root = sha256((here + there if left else there + here) + self._sorted(sums))
        sibling = {"balances": dict(shown), "hash": there, "pos": "right" if left else "left"}
        return {
            "root": {"balances": sums, "hash": root},
            "self": {"balances": dict(owed), "nonce": nonce(who)},
            "path": [sibling],
        }


@dataclass(frozen=True)
class Mexc:
    name: str = "mexc"

    @staticmethod
    def _joined(amounts: Texts) -> str:
        return ",".join(f"{coin}:{text}" for coin, text in sorted(amounts.items()))

    def line(self, who: str, owed: Texts) -> str:
        return sha256(f"PR-1,{who},{self._joined(owed)}")[:32]

    def proof(self, who: str, owed: Texts, beside: tuple[str, Texts], *, left: bool) -> Document:
        here, (there, shown) = self.line(who, owed), beside
        sums = together(full(MEXC, owed), full(MEXC, shown))
        root = sha256(f"{here},{there},{self._joined(sums)}" if left else f"{there},{here},{self._joined(sums)}")
        own = {
            "accountId": who,
            "balances": dict(owed),
            "hash": here,
            "level": 0,
            "proofId": "PR-1",
            "type": 1 if left else 2,
        }
        sibling = {"balances": dict(shown), "hash": there, "level": 0, "type": 2 if left else 1}
        return {"self": own, "pathList": [sibling, {"balances": sums, "hash": root[:32], "level": 1, "type": 3}]}


FORMATS: Final[tuple[Made, ...]] = (OkxV1(), Bitget(), Bybit(), CoinEx(), Mexc())


def sample(name: str) -> Any:  # noqa: ANN401  # a test takes a stranger's document apart
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def as_bytes(document: object) -> bytes:
    return json.dumps(document).encode()
