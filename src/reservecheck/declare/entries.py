"""The lines of a declaration as they are collected: numbered, labels unique, duplicates marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Final

from reservecheck.addresses.identity import codec_of
from reservecheck.errors import AddressError, Problem
from reservecheck.model.declared import Wallet
from reservecheck.model.registry import Registry
from reservecheck.model.words import WalletKind

NOT_SHIPPED: Final = "networks are those of the registry; an EVM chain beyond them must be named in engagement.toml"


Place = tuple[str, int]
"""Where a line was written: the file as messages show it, and its line (a row in Parquet)."""


class Entries:
    """Wallets in declared order, with their places; what is wrong goes to `problems`."""

    def __init__(self, registry: Registry, problems: list[Problem]) -> None:
        self.registry = registry
        self.problems = problems
        self.wallets: list[Wallet] = []
        self.places: list[Place] = []
        self.first: defaultdict[str, dict[str, int]] = defaultdict(dict)  # network → identity → line
        self._labels: set[str] = set()

    def codec(self, network: str) -> Callable[[str], str]:
        """How addresses of a network are read; raises AddressError for a network that is not known."""
        if network not in self.registry.networks:
            raise AddressError(f"{network!r} is not a known network", hint=NOT_SHIPPED)
        return codec_of(network)

    def label_is_new(self, label: str) -> bool:
        """Take a label, once."""
        if label in self._labels:
            return False
        self._labels.add(label)
        return True

    def add(self, wallet: Wallet, place: Place) -> None:
        """Append a line, give it its number, and mark it when the same holding was declared before."""
        line = len(self.wallets) + 1
        earlier = None
        if wallet.kind is WalletKind.ADDRESS:
            first = self.first[wallet.network].setdefault(wallet.identity, line)
            earlier = first if first != line else None
        self.wallets.append(wallet._replace(line=line, duplicate_of=earlier))
        self.places.append(place)
