"""From declared wallets to what is asked, and from recorded answers to cells: each declared pair exactly once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from reservecheck.chains.anchored import admissible, anchored, checkpoints, is_scaled, with_bare
from reservecheck.chains.families import FAMILIES
from reservecheck.chains.panel import Panel, panel
from reservecheck.chains.quorum import JointReading, together
from reservecheck.chains.reader import Pair, Plan
from reservecheck.model.anchor import Anchor
from reservecheck.model.declared import DeclaredDescriptor, Wallet
from reservecheck.model.engagement import Engagement
from reservecheck.model.evidence import Cell, Disagreement, Observation, SourceSeen
from reservecheck.model.registry import Registry
from reservecheck.model.words import CellStatus, Control, Evidence, WalletKind
from reservecheck.transport.record import Log, Recorded, SourceCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be read, and from whom. It needs no ledger."""

    engagement: Engagement
    name: str  # the entity's, as printed
    registry: Registry
    wallets: tuple[Wallet, ...]
    sources: tuple[SourceCard, ...]
    anchors: tuple[Anchor, ...] = ()  # the practitioner's
    published: tuple[DeclaredDescriptor, ...] = ()  # the entity's

    def sources_of(self, network: str) -> tuple[SourceCard, ...]:
        """The sources named for a network."""
        return tuple(card for card in self.sources if card.network == network)

    def panel(self, network: str) -> Panel:
        """The sources of a network, and how many of them have to agree."""
        given = self.engagement
        return panel(self.sources_of(network), given.sources.get(network), given.entity, self.name)


def plans(job: Job) -> tuple[Plan, ...]:
    """One plan a network, by network name; raises KeyError for a network the registry lacks."""
    return _plans(job, list(declared_pairs(job)))


def too_few_sources(job: Job) -> list[str]:
    """A sentence for each network with fewer sources of distinct operators than the engagement asks for."""
    found = []
    declared = {wallet.network for wallet in job.wallets if wallet.kind is not WalletKind.STATEMENT}
    for network, quorum in sorted(job.engagement.sources.items()):
        there = job.panel(network)
        voices = there.voices(there.cards)
        if quorum.n > 1 and network in declared and voices < quorum.n:
            found.append(
                f"{network}: the engagement asks for {quorum.n} sources of distinct operators, none run by the "
                f"entity, and {voices} {'is' if voices == 1 else 'are'} named"
            )
    return found


def declared_pairs(job: Job) -> Iterator[tuple[Wallet, Pair]]:
    """Each holding once, on the first line that declares it.

    A holding is (network, identity, instrument): every registered instrument of an asset in the perimeter on
    the wallet's network, unless the wallet narrows it.
    """
    by_network = _instruments(job)
    repeated = {(wallet.network, wallet.identity) for wallet in job.wallets if wallet.duplicate_of is not None}
    seen: set[tuple[str, str, str]] = set()
    for wallet in job.wallets:
        if wallet.kind is WalletKind.STATEMENT:
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


def declared_contracts(job: Job) -> dict[str, dict[str, frozenset[str]]]:
    """The same holdings by network and identity, as contracts, "" for the native coin."""
    by_network = _instruments(job)
    every = {network: frozenset(contract for _, contract in rows) for network, rows in by_network.items()}
    found: dict[str, dict[str, frozenset[str]]] = {}
    for wallet in job.wallets:
        if wallet.kind is WalletKind.STATEMENT:
            continue
        contracts, narrowed = every.get(wallet.network, frozenset()), wallet.instruments
        if narrowed is not None:
            rows = by_network.get(wallet.network, ())
            contracts = frozenset(contract for name, contract in rows if name in narrowed)
        there = found.setdefault(wallet.network, {})
        there[wallet.identity] = there.get(wallet.identity, contracts) | contracts
    return found


def observe(job: Job, log: Log) -> Observation:
    """Decode the log, each source by itself, and put together what they say.

    Pure: `run` and `verify` both get their figures here.
    """
    declared = list(declared_pairs(job))
    read: dict[str, JointReading] = {}
    pin_ids: dict[str, str] = {}
    for plan in _plans(job, declared):
        network = plan.network.network
        together_read = _read(plan, log.of(network), job.panel(network))
        pin = together_read.pin and anchored(
            together_read.pin, job.panel(network), (*job.anchors, *checkpoints(plan.network))
        )
        read[network] = replace(together_read, pin=pin)
        pin_ids[network] = plan.pin_id
    return Observation(
        pins=tuple(reading.pin for reading in read.values() if reading.pin is not None),
        cells=tuple(_cells(job, declared, read, pin_ids)),
        decimals=tuple(answer for reading in read.values() for answer in reading.decimals),
        sources=tuple(_seen(job, read)),
        disagreements=tuple(_disagreements(declared, read)),
    )


def _read(plan: Plan, exchanges: Iterable[Recorded], sources: Panel) -> JointReading:
    by_source: dict[str, list[Recorded]] = {name: [] for name in sources.cards}
    for item in exchanges:
        if item.question.source in by_source:
            by_source[item.question.source].append(item)
    decode = FAMILIES[plan.network.family]().decode
    answered = {
        name: with_bare(admissible(decode(plan, items), sources, name), sources.cards[name])
        for name, items in by_source.items()
    }
    return together(answered or {"": decode(plan, ())}, sources)


def _seen(job: Job, read: Mapping[str, JointReading]) -> Iterator[SourceSeen]:
    for network, reading in read.items():
        for card in job.panel(network).cards.values():
            unread, why_unread = reading.unread.get(card.name, (0, ""))
            unproven, why_unproven = reading.unproven.get(card.name, (0, ""))
            yield SourceSeen(
                network=network,
                source=card.name,
                operator=card.operator,
                run_by=card.run_by,
                left_out=reading.left_out.get(card.name, ""),
                unread=unread,
                why_unread=why_unread,
                unproven=unproven,
                why_unproven=why_unproven,
            )


def _disagreements(
    declared: Iterable[tuple[Wallet, Pair]], read: Mapping[str, JointReading]
) -> Iterator[Disagreement]:
    apart = {network: reading.contradictions for network, reading in read.items() if reading.contradictions}
    labels: dict[tuple[str, str, str], str] = {}
    if apart:
        labels = {(line.network, pair.identity, pair.instrument): line.label for line, pair in declared}
    for network, contradictions in apart.items():
        for subject, said, settled in contradictions:
            about, instrument = (subject, "") if isinstance(subject, str) else subject
            label = labels.get((network, about, instrument), about)
            yield Disagreement(network=network, subject=label, instrument=instrument, said=said, settled=settled)


def _plans(job: Job, declared: Iterable[tuple[Wallet, Pair]]) -> tuple[Plan, ...]:
    pairs: dict[str, list[Pair]] = {}
    for wallet, pair in declared:
        pairs.setdefault(wallet.network, []).append(pair)
    frozen_by = {name: row.frozen_by for name, row in job.registry.instruments.items() if row.frozen_by}
    return tuple(
        Plan(
            network=job.registry.networks[network],
            cutoff_epoch=job.engagement.cutoff_epoch,
            pairs=tuple(pairs[network]),
            frozen_by={
                name: call for name, call in frozen_by.items() if job.registry.instruments[name].network == network
            },
        )
        for network in sorted(pairs)
    )


def _cells(
    job: Job,
    declared: Iterable[tuple[Wallet, Pair]],
    read: Mapping[str, JointReading],
    pin_ids: Mapping[str, str],
) -> Iterator[Cell]:
    """One a declared pair; an unread one is of the class that a single source could have given it."""
    single = {network: Evidence.OBSERVED if job.panel(network).has_voice else Evidence.CLAIMED for network in read}
    was_read, unread, undemonstrated = CellStatus.READ, CellStatus.UNREAD, Control.UNDEMONSTRATED
    known = {network for network, joint in read.items() if joint.pin is not None and joint.pin.anchors}
    for wallet, pair in declared:
        network = wallet.network
        reading, key = read[network], (pair.identity, pair.instrument)
        units, reason, exchanges, proof, locked, locked_why, _ = reading.readings[key]
        proven = proof and network in known and is_scaled(job.registry.instruments[pair.instrument])
        yield Cell(
            pin_ids[network],
            wallet.line,
            wallet.label,
            pair.instrument,
            units,
            unread if units is None else was_read,
            reason,
            Evidence.PROVEN if proven else reading.alone or reading.evidence.get(key, single[network]),
            undemonstrated,
            exchanges,
            proof,
            locked,
            locked_why,
        )


def _instruments(job: Job) -> dict[str, list[tuple[str, str]]]:
    """(instrument, contract) of each network, in the order of their ids."""
    perimeter = set(job.engagement.assets)
    found: dict[str, list[tuple[str, str]]] = {}
    for name, instrument in sorted(job.registry.instruments.items()):
        if instrument.asset in perimeter or not job.engagement.given:
            found.setdefault(instrument.network, []).append((name, instrument.contract))
    return found
