"""From declared wallets to what is asked, and from recorded answers to cells: each declared pair exactly once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reservecheck.chains.families import FAMILIES
from reservecheck.chains.reader import NetworkReading, Pair, Plan
from reservecheck.model.declared import Wallet
from reservecheck.model.engagement import Engagement
from reservecheck.model.evidence import Cell, Observation
from reservecheck.model.registry import Instrument, Registry
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
    pairs: dict[str, dict[Pair, None]] = {}
    for wallet, instrument in declared_pairs(job):
        pair = Pair(wallet.identity, instrument.instrument, instrument.contract)
        pairs.setdefault(wallet.network, {})[pair] = None
    return tuple(
        Plan(
            network=job.registry.networks[network],
            cutoff_epoch=job.engagement.cutoff_epoch,
            pairs=tuple(pairs[network]),
        )
        for network in sorted(pairs)
    )


def declared_pairs(job: Job) -> Iterator[tuple[Wallet, Instrument]]:
    """Each holding once, on the first line that declares it.

    A holding is (network, identity, instrument): every registered instrument of an asset in the perimeter on
    the wallet's network, unless the wallet narrows it.
    """
    by_network = _instruments(job)
    seen: set[tuple[str, str, str]] = set()
    for wallet in job.wallets:
        if wallet.kind is not WalletKind.ADDRESS:
            continue
        for instrument in by_network.get(wallet.network, ()):
            name = instrument.instrument
            narrowed_away = wallet.instruments is not None and name not in wallet.instruments
            key = (wallet.network, wallet.identity, name)
            if not narrowed_away and key not in seen:
                seen.add(key)
                yield wallet, instrument


def observe(job: Job, log: Log) -> Observation:
    """Decode the log. Pure: `run` and `verify` both get their figures here."""
    read: dict[str, NetworkReading] = {}
    for plan in plans(job):
        decode = FAMILIES[plan.network.family]().decode
        read[plan.network.network] = decode(plan, log.of(plan.network.network))
    return Observation(
        pins=tuple(reading.pin for reading in read.values() if reading.pin is not None),
        cells=tuple(_cells(job, read)),
        decimals=tuple(answer for reading in read.values() for answer in reading.decimals),
    )


def _cells(job: Job, read: Mapping[str, NetworkReading]) -> Iterator[Cell]:
    evidence = {network: _evidence(job.source(network)) for network in read}
    pins = {plan.network.network: plan.pin_id for plan in plans(job)}  # where it was to be read, found or not
    for wallet, instrument in declared_pairs(job):
        network = wallet.network
        reading = read[network].readings[wallet.identity, instrument.instrument]
        yield Cell(
            pins[network],
            wallet.line,
            wallet.label,
            instrument.instrument,
            reading.units,
            CellStatus.UNREAD if reading.units is None else CellStatus.READ,
            reading.reason,
            evidence[network],
            Control.UNDEMONSTRATED,
            reading.exchanges,
        )


def _evidence(source: SourceCard | None) -> Evidence:
    """An answer of the entity's own node is the entity's own statement."""
    return Evidence.CLAIMED if source is None or source.run_by == "entity" else Evidence.OBSERVED


def _instruments(job: Job) -> dict[str, list[Instrument]]:
    perimeter = set(job.engagement.assets)
    found: dict[str, list[Instrument]] = {}
    for _, instrument in sorted(job.registry.instruments.items()):
        if instrument.asset in perimeter or not job.engagement.given:
            found.setdefault(instrument.network, []).append(instrument)
    return found
