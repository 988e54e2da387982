"""Whose a holding is, which lines declare it twice, and which lines nobody can spend from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from reservecheck.model.assessment import Duplicate, Unspendable
from reservecheck.model.declared import Wallet
from reservecheck.model.registry import Registry
from reservecheck.model.words import Owner, WalletKind

BEYOND_RANGE: Final = "beyond the declared range"
BURNED: Final = "it is nobody's own"
OWN_CONTRACT: Final = "it is a token's own contract"
_UNSPENDABLE: Final = (BURNED, OWN_CONTRACT)
_LEAST_FAVOURABLE_LAST: Final = (Owner.CUSTOMERS, Owner.MIXED, Owner.HOUSE)


class Tag(NamedTuple):
    """What a line says of its coins: the declared owner, and why they can never count ("" if they can)."""

    owner: Owner
    flag: str

    @property
    def text(self) -> str:
        """One word for a column: `customers`, or `customers|it is nobody's own`."""
        return f"{self.owner}|{self.flag}" if self.flag else str(self.owner)

    @classmethod
    def from_text(cls, text: str) -> Tag:
        """The inverse of `text`."""
        owner, _, flag = text.partition("|")
        return cls(Owner(owner), flag)


def tags(wallets: Iterable[Wallet], registry: Registry) -> dict[int, Tag]:
    """Wallet.line → tag. Lines of one (network, identity) share the least favourable of their owners."""
    lines = tuple(wallets)
    owners: dict[tuple[str, str], Owner] = {}
    for wallet in lines:
        key = (wallet.network, wallet.identity)
        owners[key] = max(owners.get(key, wallet.owner), wallet.owner, key=_LEAST_FAVOURABLE_LAST.index)
    contracts = own_contracts(registry)
    return {
        wallet.line: Tag(owners[wallet.network, wallet.identity], _flag(wallet, registry, contracts))
        for wallet in lines
    }


def own_contracts(registry: Registry) -> frozenset[tuple[str, str]]:
    """(network, contract) of every registered token."""
    return frozenset((row.network, row.contract) for row in registry.instruments.values() if row.contract)


def duplicates(wallets: Iterable[Wallet]) -> tuple[Duplicate, ...]:
    """Holdings that more than one line declares, in declared order; lines narrowed apart are no duplicates."""
    groups: dict[tuple[str, str], list[Wallet]] = defaultdict(list)
    for wallet in wallets:
        groups[wallet.network, wallet.identity].append(wallet)
    return tuple(
        Duplicate(
            network=network,
            identity=identity,
            lines=tuple(wallet.line for wallet in group),
            labels=tuple(wallet.label for wallet in group),
            owners=tuple(str(wallet.owner) for wallet in group),
        )
        for (network, identity), group in groups.items()
        if _overlap(group)
    )


def unspendable(wallets: Iterable[Wallet], by_line: dict[int, Tag]) -> tuple[Unspendable, ...]:
    """The declared lines whose coins cannot be moved by their declarer, with the reason."""
    return tuple(
        Unspendable(
            label=wallet.label,
            network=wallet.network,
            identity=wallet.identity,
            reason=by_line[wallet.line].flag,
        )
        for wallet in wallets
        if by_line[wallet.line].flag in _UNSPENDABLE
    )


def _flag(wallet: Wallet, registry: Registry, contracts: frozenset[tuple[str, str]]) -> str:
    if wallet.kind is WalletKind.STATEMENT:
        return ""
    row = registry.networks.get(wallet.network)
    places = {wallet.network, row.family if row else wallet.network}
    if any((place, wallet.identity) in registry.burn for place in places):
        return BURNED
    if (wallet.network, wallet.identity) in contracts:
        return OWN_CONTRACT
    return BEYOND_RANGE if wallet.kind is WalletKind.BEYOND_RANGE else ""


def _overlap(group: Sequence[Wallet]) -> bool:
    seen: set[str] = set()
    everything = False
    for position, wallet in enumerate(group):
        if wallet.instruments is None:
            if position or everything:
                return True
            everything = True
            continue
        if everything or not seen.isdisjoint(wallet.instruments):
            return True
        seen.update(wallet.instruments)
    return False
