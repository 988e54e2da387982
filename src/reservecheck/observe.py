"""From declared wallets to what is asked, and from recorded answers to cells: each declared pair exactly once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reservecheck.chains.families import FAMILIES
from reservecheck.chains.reader import NetworkReading, Pair, Plan
from reservecheck.model.declared import Wallet
from reservecheck.model.engagement import Engagement
from reservecheck.model.evidence import Cell, Observation
from reservecheck.model.registry import Registry
from reservecheck.model.words import CellStatus, Control, Evidence, WalletKind
from reservecheck.transport.record import Log, SourceCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be read, and from whom. It needs no ledger."""

    engagement: Engagement
    registry: Registry
    wallets: tuple[Wallet, ...]
    sources: tuple[SourceCard, ...]

    def source(self, network: str) -> SourceCard | None:
        """The source of a network; one is enough, and no more than one is taken."""
        return next((card for card in self.sources if card.network == network), None)


def plans(job: Job) -> tuple[Plan, ...]:
    """One plan a network, by network name; raises KeyError for a network the registry lacks."""
    return _plans(job, list(declared_pairs(job)))


def declared_pairs(job: Job) -> Iterator[tuple[Wallet, Pair]]:
    """Each holding once, on the first line that declares it.

    A holding is (network, identity, instrument): every registered instrument of an asset in the perimeter on
    the wallet's network, unless the wallet narrows it.
    """
    by_network = _instruments(job)
    repeated = {(wallet.network, wallet.identity) for wallet in job.wallets if wallet.duplicate_of is not None}
    seen: set[tuple[str, str, str]] = set()
    for wallet in job.wallets:
        if wallet.kind is not WalletKind.ADDRESS:
            continue
        network, identity, narrowed = wallet.network, wallet.identity, wallet.instruments
        watched = (network, identity) in repeated
        for name, contract in by_network.get(network, ()):
            if narrowed is not None and name not in narrowed:
                continue
            if watched:
                if (network, identity, name) in seen:
                    continue
                seen.add((network, identity, name))
            yield wallet, Pair(identity, name, contract)


def observe(job: Job, log: Log) -> Observation:
    """Decode the log. Pure: `run` and `verify` both get their figures here."""
    declared = list(declared_pairs(job))
    read: dict[str, NetworkReading] = {}
    pin_ids: dict[str, str] = {}
    for plan in _plans(job, declared):
        network = plan.network.network
        read[network] = FAMILIES[plan.network.family]().decode(plan, log.of(network))
        pin_ids[network] = plan.pin_id
    return Observation(
        pins=tuple(reading.pin for reading in read.values() if reading.pin is not None),
        cells=tuple(_cells(job, declared, read, pin_ids)),
        decimals=tuple(answer for reading in read.values() for answer in reading.decimals),
    )


def _plans(job: Job, declared: Iterable[tuple[Wallet, Pair]]) -> tuple[Plan, ...]:
    pairs: dict[str, list[Pair]] = {}
    for wallet, pair in declared:
        pairs.setdefault(wallet.network, []).append(pair)
    return tuple(
        Plan(
            network=job.registry.networks[network],
            cutoff_epoch=job.engagement.cutoff_epoch,
            pairs=tuple(pairs[network]),
        )
        for network in sorted(pairs)
    )


def _cells(
    job: Job,
    declared: Iterable[tuple[Wallet, Pair]],
    read: Mapping[str, NetworkReading],
    pin_ids: Mapping[str, str],
) -> Iterator[Cell]:
    evidence = {network: _evidence(job.source(network)) for network in read}
    for wallet, pair in declared:
        network = wallet.network
        units, reason, exchanges = read[network].readings[pair.identity, pair.instrument]
        yield Cell(
            pin_ids[network],
            wallet.line,
            wallet.label,
            pair.instrument,
            units,
            CellStatus.UNREAD if units is None else CellStatus.READ,
            reason,
            evidence[network],
            Control.UNDEMONSTRATED,
            exchanges,
        )


def _evidence(source: SourceCard | None) -> Evidence:
    """An answer of the entity's own node is the entity's own statement."""
    return Evidence.CLAIMED if source is None or source.run_by == "entity" else Evidence.OBSERVED


def _instruments(job: Job) -> dict[str, list[tuple[str, str]]]:
    """(instrument, contract) of each network, in the order of their ids."""
    perimeter = set(job.engagement.assets)
    found: dict[str, list[tuple[str, str]]] = {}
    for name, instrument in sorted(job.registry.instruments.items()):
        if instrument.asset in perimeter or not job.engagement.given:
            found.setdefault(instrument.network, []).append((name, instrument.contract))
    return found
