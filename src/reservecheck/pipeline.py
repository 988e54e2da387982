"""The story on one page: collect touches the world, derive is pure, and a run is the one after the other.

wallets + engagement ─ prepare ─▶ Job ─ collect ─▶ Log ─ observe ─▶ pins, cells ─┐
snapshot ─ read_snapshot ─▶ totals, cash, prices, letters ───────────────────────┴─ derive ─▶ Assessment
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from reservecheck import __version__
from reservecheck.assess.positions import position
from reservecheck.books.folder import read_books
from reservecheck.books.snapshot import SNAPSHOT, snapshot_header
from reservecheck.bundle import EVIDENCE, Gathered, inputs_of, open_sealed
from reservecheck.chains.families import FAMILIES
from reservecheck.chains.reader import Plan
from reservecheck.declare.engagement import read_engagement, strict_engagement
from reservecheck.declare.wallets import load_wallets
from reservecheck.errors import BundleError, InputError, PinError, Problem, ReplayError, SourceError
from reservecheck.members.engagement import Cover, write_cover, write_sources
from reservecheck.members.wallets import write_wallets
from reservecheck.model.anchor import Anchor
from reservecheck.model.assessment import Assessment, Inputs
from reservecheck.model.books import Books
from reservecheck.model.declared import InputFile, Wallet
from reservecheck.model.engagement import Engagement
from reservecheck.model.progress import Progress
from reservecheck.model.registry import Registry
from reservecheck.model.words import WalletKind
from reservecheck.observe import Job, plans, too_few_sources
from reservecheck.packs.shipped import Pack, load_pack
from reservecheck.pins_first import PinsFirst
from reservecheck.registry.shipped import load_registry, with_accepted
from reservecheck.rules.judge import judge
from reservecheck.side_by_side import side_by_side
from reservecheck.transport.record import SourceCard, Transport
from reservecheck.vault.canonical import sha256
from reservecheck.vault.sealed import Sealed

TOOL: Final = f"reservecheck {__version__}"
ENGAGEMENT_FILE: Final = "engagement.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What the files say is to be read; needs no ledger and no network."""

    cover: Cover
    job: Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A finished run: what a bundle is made of."""

    gathered: Gathered
    inputs: Inputs
    assessment: Assessment
    packs: tuple[Pack, ...]


def prepare(
    wallets: Path, snapshot: Path, sources: tuple[SourceCard, ...], anchors: tuple[Anchor, ...] = ()
) -> Prepared:
    """Read the entity's wallets file and the practitioner's engagement; `anchors` are the practitioner's.

    Raises InputError for files that cannot be used, SourceError when a declared network has no reader.
    """
    engagement, files = _engagement(snapshot, load_registry())
    registry = with_accepted(load_registry(), engagement)
    declaration = load_wallets(wallets, registry)
    if declaration.entity != engagement.entity:
        raise InputError(
            Problem(
                path=str(snapshot / ENGAGEMENT_FILE) if engagement.given else str(snapshot),
                message=f"this is about {engagement.entity!r}, the wallets file about {declaration.entity!r}",
                hint="give the wallets file of the same entity",
            )
        )
    job = Job(
        engagement=engagement,
        name=declaration.name,
        registry=_used(registry, declaration.wallets),
        wallets=declaration.wallets,
        sources=_needed(sources, declaration.wallets),
        published=declaration.published,
        anchors=anchors,
    )
    cover = Cover(
        entity=declaration.entity,
        name=declaration.name,
        provenance=declaration.provenance,
        engagement=engagement,
        input_files=(*declaration.files, *files),
        tool=TOOL,
    )
    return Prepared(cover=cover, job=job)


def collect(prepared: Prepared, transport: Transport, progress: Progress) -> None:
    """Pin every network, then read every cell; what was learned is in the transport's record and nowhere else.

    Raises PinError (not final: nothing was read) and SourceError (too few sources, or the wrong chain), unless
    enough other sources of the network can be read. A dead source raises nothing.
    """
    job = prepared.job
    todo = _with_sources(job)
    gate = PinsFirst(
        transport, [source for _, source in todo], lambda network, pinned: job.panel(network).enough(pinned)
    )

    def read(plan: Plan, source: SourceCard) -> None:
        try:
            FAMILIES[plan.network.family]().fetch(plan, source, gate, progress)
        except (PinError, SourceError) as error:
            there = job.panel(source.network)
            if not gate.is_consequence(error) and (there.is_voice(source.name) or not there.has_voice):
                gate.failed(source, error)
        except BaseException:
            gate.abandon()
            raise
        finally:
            gate.ended(source)

    errors = side_by_side([partial(read, plan, source) for plan, source in todo])
    if errors:
        raise errors[0]
    if causes := gate.causes():
        raise min(causes, key=lambda error: isinstance(error, PinError))


def replay(prepared: Prepared, evidence: Path) -> Gathered:
    """Sealed evidence for the job that the files describe now.

    Raises BundleError when it was altered, ReplayError when it was collected for another question.
    """
    sealed = Sealed(evidence, called="an evidence set")
    differences = sealed.differences()
    if differences:
        raise BundleError(f"{evidence} was altered: {differences[0]}")
    then = open_sealed(sealed, kind=EVIDENCE).gathered
    now = replace(prepared.job, sources=then.job.sources)
    asked, given = then.job.engagement, now.engagement
    for same, what in (
        (then.cover.entity == prepared.cover.entity, "another entity"),
        (asked.cutoff_epoch == given.cutoff_epoch, f"another cut-off ({asked.cutoff}, not {given.cutoff})"),
        (then.job.wallets == now.wallets, "another wallets file"),
        (plans(then.job) == plans(now), "another perimeter or other accepted instruments"),
    ):
        if not same:
            raise ReplayError(f"{evidence} was collected for {what}", hint="collect again, or give its own files")
    if few := too_few_sources(now):
        raise ReplayError(f"{evidence}: {'; '.join(few)}", hint="collect again from more sources, or ask for fewer")
    return Gathered(cover=prepared.cover, job=now, log=then.log)


def job_digest(prepared: Prepared) -> str:
    """Names the question, so that an interrupted run resumes only where it asked the same one."""
    job = prepared.job
    return sha256(write_cover(prepared.cover) + write_sources(job.sources) + write_wallets(job.wallets))


def read_snapshot(prepared: Prepared, snapshot: Path, progress: Progress) -> Books:
    """The entity's extract and the practitioner's registers; raises InputError for what cannot be used."""
    engagement, registry = prepared.job.engagement, prepared.job.registry
    with problems_in(snapshot):
        books = read_books(
            snapshot,
            registry,
            entity=engagement.entity,
            currency=engagement.currency,
            out_of_scope=frozenset(item.asset for item in engagement.out_of_scope),
            progress=progress,
        )
    if problems := undeclared_statements(snapshot, books, prepared.job.wallets):
        raise InputError(*problems)
    return books


def undeclared_statements(snapshot: Path, books: Books, wallets: Sequence[Wallet]) -> list[Problem]:
    """Lines of the custodians' register that no wallets file declares."""
    declared = {wallet.label for wallet in wallets if wallet.kind is WalletKind.STATEMENT}
    return [
        Problem(
            path=str(snapshot),
            message=f"the custodians register has a line for {line.label!r}, which is not a declared statement",
            hint="declare it in the wallets file as a [[statement]], or drop the line",
        )
        for line in books.custodians or ()
        if line.label not in declared
    ]


@contextmanager
def problems_in(folder: Path) -> Iterator[None]:
    """Problems of a folder's files, named within the folder, are named from where the person stands."""
    if folder.is_file():
        inside = f"the folder of {SNAPSHOT}; a wallets file is no snapshot"
        hint = f"name {folder.parent if folder.name == SNAPSHOT else inside}"
        raise InputError(Problem(path=str(folder), message="is a file, and a snapshot is a folder", hint=hint))
    try:
        yield
    except InputError as error:
        raise InputError(*(replace(one, path=str(folder / one.path)) for one in error.problems)) from error


def conclude(gathered: Gathered, books: Books) -> Run:
    """Observe the log, join it with the books, judge."""
    cover = replace(gathered.cover, input_files=(*gathered.cover.input_files, *books.files))
    complete = replace(gathered, cover=cover)
    inputs = inputs_of(complete, books)
    packs = tuple(load_pack(pack) for pack in inputs.engagement.packs)
    return Run(gathered=complete, inputs=inputs, assessment=derive(inputs), packs=packs)


def derive(inputs: Inputs) -> Assessment:
    """Pure: the same inputs give the same assessment, today and in three years."""
    return judge(position(inputs))


def registry_differences(gathered: Gathered) -> list[str]:
    """How a bundle's registry rows differ from those this tool ships, a sentence each.

    Raises SourceError or InputError when its wallets or its engagement name what this tool cannot place.
    """
    job = gathered.job
    ours = _used(with_accepted(load_registry(), job.engagement), job.wallets)
    found = []
    for kind in ("networks", "assets", "instruments"):
        theirs, shipped = getattr(job.registry, kind), getattr(ours, kind)
        for row in theirs:
            if row not in shipped:
                found.append(f"{kind}: {row} is neither shipped nor accepted by the engagement")
            elif theirs[row] != shipped[row]:
                found.append(f"{kind}: {row} is not as shipped")
        found += [f"{kind}: {row} is shipped, the bundle lacks it" for row in shipped if row not in theirs]
    if job.registry.burn != ours.burn:
        found.append("burn: the addresses nobody can spend from are not those shipped")
    return found


def _engagement(snapshot: Path, registry: Registry) -> tuple[Engagement, tuple[InputFile, ...]]:
    path = snapshot / ENGAGEMENT_FILE
    if path.exists() or path.is_symlink():
        engagement, file = read_engagement(path, registry)
        return engagement, (replace(file, name=ENGAGEMENT_FILE),)
    with problems_in(snapshot):
        entity, extract = snapshot_header(snapshot)
    if extract.as_of_epoch is None:
        raise InputError(
            Problem(
                path=str(snapshot),
                message=f"there is no {ENGAGEMENT_FILE}, and the extract does not say as of when it is",
                hint=f"write {ENGAGEMENT_FILE} with a cutoff, or [extract] as_of in snapshot.toml",
            )
        )
    return strict_engagement(entity, extract.as_of, extract.as_of_epoch, ""), ()


def _with_sources(job: Job) -> list[tuple[Plan, SourceCard]]:
    found = [(plan, source) for plan in plans(job) for source in job.sources_of(plan.network.network)]
    there = {source.network for _, source in found}
    missing = [plan.network.network for plan in plans(job) if plan.network.network not in there]
    if missing:
        raise SourceError(
            f"no source is named for {', '.join(missing)}",
            hint="name one in the providers file: nothing is read without a named source",
        )
    if few := too_few_sources(job):
        raise SourceError("; ".join(few), hint="name more sources in the providers file, or ask for fewer")
    return found


def _used(registry: Registry, wallets: tuple[Wallet, ...]) -> Registry:
    networks = {wallet.network for wallet in wallets if wallet.kind is not WalletKind.STATEMENT}
    for network in sorted(networks):
        if network not in registry.networks:
            raise SourceError(f"{network[:80]!r} is not a network this tool knows")
        if registry.networks[network].family not in FAMILIES:
            raise SourceError(
                f"{network} has no reader in this version",
                hint="declare what is held there as a [[statement]]; it is then shown as claimed",
            )
    return replace(
        registry,
        networks={name: row for name, row in registry.networks.items() if name in networks},
        instruments={name: row for name, row in registry.instruments.items() if row.network in networks},
    )


def _needed(sources: tuple[SourceCard, ...], wallets: tuple[Wallet, ...]) -> tuple[SourceCard, ...]:
    networks = {wallet.network for wallet in wallets if wallet.kind is not WalletKind.STATEMENT}
    return tuple(card for card in sources if card.network in networks)
