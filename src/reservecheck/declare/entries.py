"""The lines of a declaration as they are collected: numbered, labels unique, duplicates marked."""

from __future__ import annotations

import difflib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Final, NamedTuple

from reservecheck.addresses.identity import codec_of
from reservecheck.declare.effort import Effort
from reservecheck.errors import AddressError, Problem
from reservecheck.model.declared import Wallet
from reservecheck.model.registry import Registry
from reservecheck.model.words import Owner, Storage, WalletKind

NOT_SHIPPED: Final = "networks are those of the registry; an EVM chain beyond them must be named in engagement.toml"


_BARE_NAMES: Final = {
    "btc": "bitcoin:mainnet",
    "mainnet": "bitcoin:mainnet",
    "eth": "eip155:1",
    "ethereum": "eip155:1",
    "ethereum:mainnet": "eip155:1",
    "evm": "eip155:1",
    "ltc": "litecoin:mainnet",
    "doge": "dogecoin:mainnet",
    "bch": "bitcoincash:mainnet",
    "bitcoin-cash": "bitcoincash:mainnet",
    "mona": "monacoin:mainnet",
}


def _meant(network: str, known: Iterable[str]) -> str:
    """A known network that is close to the name written, "" if none is."""
    name, networks = network.strip().lower(), list(known)
    if (bare := _BARE_NAMES.get(name, f"{name}:mainnet")) in networks:
        return bare
    # one digit of a chain id makes another chain
    named = [other for other in networks if not other.startswith("eip155:")]
    return next(iter(difflib.get_close_matches(name, named, n=1, cutoff=0.8)), "")


class Places:
    """Where lines were written: the file as messages show it, and the line there (a row in Parquet)."""

    def __init__(self) -> None:
        self._begins = [1]
        self._blocks: list[tuple[str, Sequence[int]]] = []

    def append(self, shown: str, lines: Sequence[int]) -> None:
        """The next len(lines) lines of the declaration stand there."""
        self._blocks.append((shown, lines))
        self._begins.append(self._begins[-1] + len(lines))

    def of(self, line: int) -> tuple[str, int]:
        """The place of a line of the declaration."""
        block = bisect_right(self._begins, line) - 1
        shown, lines = self._blocks[block]
        return shown, lines[line - self._begins[block]]


class Alike(NamedTuple):
    """What lines that are appended together have in common."""

    network: str
    storage: Storage
    owner: Owner
    kind: WalletKind = WalletKind.ADDRESS


class Entries:
    """Wallets in declared order, with their places; what is wrong goes to `problems`."""

    def __init__(self, registry: Registry, problems: list[Problem]) -> None:
        self.registry = registry
        self.problems = problems
        self.wallets: list[Wallet] = []
        self.places = Places()
        self.effort = Effort()
        self.first: defaultdict[str, dict[str, int]] = defaultdict(dict)  # network → identity → line
        self._labels: set[str] = set()

    def codec(self, network: str) -> Callable[[str], str]:
        """How addresses of a network are read; raises AddressError for a network that is not known."""
        if network not in self.registry.networks:
            hint = f"did you mean {near}?" if (near := _meant(network, self.registry.networks)) else NOT_SHIPPED
            raise AddressError(f"{network!r} is not a known network", hint=hint)
        return codec_of(network)

    def label_is_new(self, label: str) -> bool:
        """Take a label, once."""
        if label in self._labels:
            return False
        self._labels.add(label)
        return True

    def add_columns(
        self, labels: Iterable[str], identities: Sequence[str], addresses: Iterable[str], alike: Alike
    ) -> None:
        """Append lines that differ in these columns alone, numbered and marked; their places are the caller's."""
        begin, known = len(self.wallets) + 1, self.first[alike.network]
        lines = range(begin, begin + len(identities))
        first = [*map(known.setdefault, identities, lines)]
        rows = zip(
            lines,
            labels,
            repeat(alike.network),
            identities,
            addresses,
            repeat(alike.storage),
            repeat(alike.owner),
            repeat(alike.kind),
            repeat(None),
            repeat(""),
            repeat(()),
            (None if earlier == line else earlier for earlier, line in zip(first, lines, strict=True)),
            strict=False,
        )
        self.wallets.extend(map(Wallet._make, rows))

    def add(self, wallet: Wallet, shown: str, at: int) -> None:
        """Append a line that was written there, numbered, and marked when its holding was declared before."""
        line = len(self.wallets) + 1
        earlier = None
        if wallet.kind is not WalletKind.STATEMENT:
            first = self.first[wallet.network].setdefault(wallet.identity, line)
            earlier = first if first != line else None
        self.wallets.append(wallet._replace(line=line, duplicate_of=earlier))
        self.places.append(shown, (at,))
