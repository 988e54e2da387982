"""An evidence set and a bundle as files: everything that decides, nothing private, opened again by anyone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from reservecheck.addresses.address_text import writer
from reservecheck.addresses.coins import COINS
from reservecheck.addresses.identity import codec_of
from reservecheck.chains.families import FAMILIES
from reservecheck.errors import AddressError, BundleError
from reservecheck.members import anchors as anchors_member
from reservecheck.members import bodies as bodies_member
from reservecheck.members import books as books_member
from reservecheck.members import confirmations as confirmations_member
from reservecheck.members import descriptors as descriptors_member
from reservecheck.members import engagement as cover_member
from reservecheck.members import observation as observation_member
from reservecheck.members import registers as registers_member
from reservecheck.members import rules as rules_member
from reservecheck.members import wallets as wallets_member
from reservecheck.members.engagement import Cover
from reservecheck.model.anchor import Anchor
from reservecheck.model.assessment import Assessment, Inputs
from reservecheck.model.books import Books
from reservecheck.model.declared import DeclaredDescriptor, Wallet
from reservecheck.model.evidence import Observation
from reservecheck.model.registry import Registry
from reservecheck.model.words import WalletKind
from reservecheck.moments import parse_moment
from reservecheck.observe import Job, observe
from reservecheck.packs.shipped import Pack
from reservecheck.report.json_v1 import json_bytes
from reservecheck.transport.log_codec import read_log, write_log
from reservecheck.transport.record import Log
from reservecheck.vault.sealed import Sealed

EVIDENCE: Final = "reservecheck/evidence/v1-draft"
BUNDLE: Final = "reservecheck/bundle/v1-draft"
EXCHANGES: Final = "exchanges.jsonl.gz"
ASSESSMENT: Final = "assessment.json"
_EVM: Final = "eip155:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What collect leaves: the cover, the job, and the log of every answer."""

    cover: Cover
    job: Job
    log: Log


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A sealed folder, read; its pins, cells and assessment are not believed but derived again."""

    sealed: Sealed
    gathered: Gathered
    books: Books | None  # None for an evidence set


def bundle_members(
    gathered: Gathered, inputs: Inputs, assessment: Assessment, packs: tuple[Pack, ...]
) -> dict[str, bytes]:
    """The members of a bundle, by name and content."""
    return {
        **evidence_members(gathered, inputs.observation),
        **books_member.write_books(inputs.books, inputs.registry),
        rules_member.NAME: rules_member.write_packs(packs),
        ASSESSMENT: json_bytes(assessment),
    }


def evidence_members(gathered: Gathered, observation: Observation) -> dict[str, bytes]:
    """The members of an evidence set: those of a bundle that need no ledger."""
    exchanges, bodies = write_log(gathered.log)
    return {
        cover_member.NAME: cover_member.write_cover(gathered.cover),
        cover_member.REGISTRY: cover_member.write_registry(gathered.job.registry),
        cover_member.SOURCES: cover_member.write_sources(gathered.job.sources),
        **anchors_member.write_anchors(gathered.job.anchors),
        wallets_member.NAME: wallets_member.write_wallets(gathered.job.wallets),
        **descriptors_member.write_descriptors(gathered.job.published),
        observation_member.PINS: observation_member.write_pins(observation),
        observation_member.CELLS: observation_member.write_cells(observation.cells),
        EXCHANGES: exchanges,
        **bodies_member.write_bodies(bodies),
    }


def open_sealed(sealed: Sealed, *, kind: str) -> Opened:
    """Read an evidence set or a bundle; raises BundleError when it is not of that kind, or malformed."""
    if sealed.kind != kind:
        raise BundleError(f"{sealed.path} is {sealed.kind[:80]!r}, not {kind}")
    registry = cover_member.read_registry(sealed.content(cover_member.REGISTRY))
    cover = cover_member.read_cover(sealed.content(cover_member.NAME))
    job = Job(
        engagement=cover.engagement,
        name=cover.name,
        registry=registry,
        wallets=wallets_member.read_wallets(sealed.content(wallets_member.NAME)),
        sources=cover_member.read_sources(sealed.content(cover_member.SOURCES)),
        published=_published(sealed),
        anchors=_anchors(sealed),
    )
    _about_one_thing(cover, job)
    _rows_are_there(job)
    _narrowings_are_there(job)
    stored = bodies_member.StoredBodies(sealed.names, sealed.content)
    log = read_log(sealed.content(EXCHANGES), stored.body)
    stored.all_used()
    books = None
    if kind == BUNDLE:
        _addresses_are_those_read(job.wallets)
        books = _books(sealed, registry)
    return Opened(sealed=sealed, gathered=Gathered(cover=cover, job=job, log=log), books=books)


def _published(sealed: Sealed) -> tuple[DeclaredDescriptor, ...]:
    if descriptors_member.NAME not in sealed.names:
        return ()
    return descriptors_member.read_descriptors(sealed.content(descriptors_member.NAME))


def _anchors(sealed: Sealed) -> tuple[Anchor, ...]:
    if anchors_member.NAME not in sealed.names:
        return ()
    return anchors_member.read_anchors(sealed.content(anchors_member.NAME))


def _about_one_thing(cover: Cover, job: Job) -> None:
    """Raises BundleError when the records contradict each other; a stranger wrote them."""
    engagement = cover.engagement
    if engagement.entity != cover.entity:
        raise BundleError(f"the entity is {cover.entity!r}, the engagement is about {engagement.entity!r}")
    if not any(pack.startswith("core/") for pack in engagement.packs):
        raise BundleError("the engagement names no core rules, which always run")
    _same_instant("the cut-off", engagement.cutoff, engagement.cutoff_epoch)
    names = [card.name for card in job.sources]
    for name in names:
        if names.count(name) > 1:
            raise BundleError(f"two sources are called {name!r}: whose answers were read is not known")


def _rows_are_there(job: Job) -> None:
    """Raises BundleError when the records name rows that are not there; a stranger wrote them."""
    registry = job.registry
    for wallet in job.wallets:
        if wallet.kind is not WalletKind.STATEMENT and wallet.network not in registry.networks:
            raise BundleError(f"wallet {wallet.line} is on a network the registry lacks")
    for instrument in registry.instruments.values():
        if instrument.network not in registry.networks or instrument.asset not in registry.assets:
            raise BundleError(f"the instrument {instrument.instrument} names a row the registry lacks")
    for asset in job.engagement.assets:
        if asset not in registry.assets:
            raise BundleError(f"the perimeter names {asset}, which the registry lacks")
    for network in registry.networks.values():
        if network.family not in FAMILIES:
            raise BundleError(f"{network.network} has no reader")


def _narrowings_are_there(job: Job) -> None:
    """Raises BundleError when a line is narrowed to what its network has not: nothing of it would be read."""
    rows = job.registry.instruments
    for wallet in job.wallets:
        for name in wallet.instruments or ():
            if name not in rows or rows[name].network != wallet.network:
                raise BundleError(f"wallet {wallet.line} narrows to {name[:80]!r}, which is none of its network's")


def _addresses_are_those_read(wallets: tuple[Wallet, ...]) -> None:
    """Raises BundleError when a line shows another address than the one its balance was read at."""
    networks = {wallet.network for wallet in wallets if wallet.kind is not WalletKind.STATEMENT}
    try:
        codecs = {network: codec_of(network) for network in networks}
        writers = {network: writer(network) for network in networks if network in COINS}
    except AddressError as error:
        raise BundleError(error.message) from error
    for wallet in wallets:
        shown = f"statement/{wallet.label}"
        try:
            if wallet.kind is not WalletKind.STATEMENT:
                if _as_written_here(wallet, writers):
                    continue
                shown = codecs[wallet.network](wallet.address)
        except AddressError as error:
            raise BundleError(f"the address of {wallet.label!r} is none of {wallet.network}") from error
        if shown != wallet.identity:
            raise BundleError(f"the wallet {wallet.label!r} shows another address than the one that was read")


def _as_written_here(wallet: Wallet, writers: Mapping[str, Callable[[bytes], str]]) -> bool:
    """The canonical spelling, which takes longer to read than to write; `raw(…)` for scripts without an address."""
    if wallet.network.startswith(_EVM):
        return wallet.address == wallet.identity
    try:
        script = bytes.fromhex(wallet.identity)
    except ValueError:
        return False
    return script.hex() == wallet.identity and wallet.address == writers[wallet.network](script)


def _same_instant(what: str, said: str, epoch: int | None) -> None:
    """Raises BundleError when words and seconds differ."""
    try:
        meant = parse_moment(said)
    except ValueError:
        meant = None
    if meant != epoch:
        raise BundleError(f"{what} is {said[:40]!r} in words, and another instant in seconds")


def _books(sealed: Sealed, registry: Registry) -> Books:
    names = {books_member.LIABILITIES, confirmations_member.NAME, *registers_member.HEADERS} & sealed.names
    books = books_member.read_books({name: sealed.content(name) for name in names}, registry)
    extract = books.liabilities.extract
    _same_instant("the extract", extract.as_of, extract.as_of_epoch)
    return books


def inputs_of(gathered: Gathered, books: Books, observation: Observation | None = None) -> Inputs:
    """What derive() takes, from a live run and from a bundle alike."""
    cover, job = gathered.cover, gathered.job
    return Inputs(
        entity=cover.entity,
        name=cover.name,
        provenance=cover.provenance,
        engagement=job.engagement,
        registry=job.registry,
        wallets=job.wallets,
        observation=observe(job, gathered.log) if observation is None else observation,
        books=books,
        input_files=cover.input_files,
        tool=cover.tool,
        anchors=job.anchors,
    )
