"""Re-derives a bundle offline, in numbered steps, and ends with what the reader still trusts.

    1 members     every member is the one the manifest lists; none is missing, none is extra
    2 records     engagement, wallets, registry, sources, books and log are well-formed; every answer is there
    3 shipped     packs and registry rows are those this tool ships
    4 questions   the log asks for what was declared, and for nothing else
    5 answers     pins and cells are what the recorded answers say
    6 figures     the assessment is what derive() makes of them, byte for byte
    7 snapshot    with a snapshot folder: its engagement is the bundle's, its private files give the same totals
    8 anchors     with anchors: each pin is the block the reader looked up himself

Nothing is fetched. A step whose ground was taken away by an earlier one is not run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reservecheck.anchors import Anchor, contradiction
from reservecheck.bundle import ASSESSMENT, BUNDLE, Opened, bundle_members, inputs_of, open_sealed
from reservecheck.chains.families import FAMILIES
from reservecheck.compare import first_difference
from reservecheck.declare.engagement import load_engagement
from reservecheck.errors import BundleError, MoneyError, ReservecheckError
from reservecheck.members import observation as observation_member
from reservecheck.members.books import write_books
from reservecheck.members.engagement import NAME as COVER
from reservecheck.members.engagement import write_cover
from reservecheck.members.rules import NAME as RULES
from reservecheck.members.rules import read_packs
from reservecheck.model.assessment import Assessment
from reservecheck.model.progress import Progress, silent
from reservecheck.model.words import WalletKind
from reservecheck.packs.shipped import known_packs, load_pack
from reservecheck.pipeline import ENGAGEMENT_FILE, Prepared, derive, read_snapshot, registry_differences
from reservecheck.registry.shipped import load_registry
from reservecheck.vault.sealed import Sealed

_DECODED = frozenset({observation_member.PINS, observation_member.CELLS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One numbered step: ok when nothing differs."""

    number: int
    name: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was done and found. `assessment` is the one derived here, None when it could not be."""

    steps: tuple[Step, ...]
    opened: Opened | None
    assessment: Assessment | None
    anchored: frozenset[str]  # ids of the pins an anchor agrees with

    @property
    def ok(self) -> bool:
        """The figures were derived, and no step found a difference."""
        return self.assessment is not None and not any(step.differences for step in self.steps)


def verify(
    path: Path,
    *,
    snapshot: Path | None = None,
    anchors: tuple[Anchor, ...] | None = None,
    progress: Progress = silent,
) -> Verification:
    """Run the steps; raises BundleError when the path is not a bundle at all, InputError for a bad snapshot."""
    sealed = Sealed(path)
    if sealed.kind != BUNDLE:
        raise BundleError(f"{path} is {sealed.kind[:80]!r}, not {BUNDLE}")
    steps: list[Step] = []

    def step(name: str, look: Callable[[], list[str]]) -> bool:
        progress(name, len(steps), 0)
        steps.append(Step(number=len(steps) + 1, name=name, differences=tuple(look())))
        return not steps[-1].differences

    if not step("members", sealed.differences):
        return Verification(steps=tuple(steps), opened=None, assessment=None, anchored=frozenset())
    try:
        opened, assessment, derived = _derive(sealed)
    except BundleError as error:
        message = error.message
        step("records", lambda: [message])
        return Verification(steps=tuple(steps), opened=None, assessment=None, anchored=frozenset())
    step("records", lambda: _records(sealed, derived))
    step("shipped", lambda: _shipped(opened))
    step("questions", lambda: _questions(opened))
    step("answers", lambda: _differences(sealed, derived, _DECODED))
    step("figures", lambda: _differences(sealed, derived, frozenset({ASSESSMENT})))
    if snapshot is not None:
        step("snapshot", lambda: _snapshot(opened, snapshot, progress))
    if anchors is not None:
        step("anchors", lambda: [said for pin in assessment.pins if (said := contradiction(pin, anchors))])
    agreed = frozenset(pin.id for pin in assessment.pins if contradiction(pin, anchors or ()) == "")
    return Verification(steps=tuple(steps), opened=opened, assessment=assessment, anchored=agreed)


def _derive(sealed: Sealed) -> tuple[Opened, Assessment, Mapping[str, bytes]]:
    opened = open_sealed(sealed, kind=BUNDLE)
    if opened.books is None:  # pragma: no cover  # a bundle has books, or opening it raised
        raise BundleError("the bundle has no books")
    packs = [load_pack(pack) for pack in read_packs(sealed.content(RULES)) if pack in known_packs()]
    inputs = inputs_of(opened.gathered, opened.books)
    try:
        assessment = derive(inputs)
        return opened, assessment, bundle_members(opened.gathered, inputs, assessment, tuple(packs))
    except (MoneyError, LookupError, ValueError, ArithmeticError) as error:
        raise BundleError(f"the records contradict each other, nothing can be derived: {error}") from error


def _records(sealed: Sealed, derived: Mapping[str, bytes]) -> list[str]:
    """Everything that is neither decoded nor derived is written the one way this tool writes it."""
    elsewhere = _DECODED | {ASSESSMENT, RULES}
    found = [
        f"{name}: the manifest lists it, but nothing in the bundle needs it"
        for name in sorted(sealed.names - derived.keys())
    ]
    found += [
        f"{name}: a bundle of these records has it, this one has not"
        for name in sorted(derived.keys() - sealed.names)
    ]
    return sorted(found) + _differences(sealed, derived, frozenset(derived.keys() & sealed.names) - elsewhere)


def _shipped(opened: Opened) -> list[str]:
    packs = read_packs(opened.sealed.content(RULES))
    found = []
    for pack, text in packs.items():
        if pack not in known_packs():
            found.append(f"the pack {pack} is not shipped with this tool")
        elif text != load_pack(pack).text:
            found.append(f"the pack {pack} is not the one shipped with this tool")
    if tuple(packs) != opened.gathered.job.engagement.packs:
        found.append("the packs are not those the engagement names")
    try:
        return found + registry_differences(opened.gathered)
    except ReservecheckError as error:
        return [*found, f"the engagement accepts what no registry can hold: {error.message}"]


def _questions(opened: Opened) -> list[str]:
    gathered = opened.gathered
    declared: dict[str, set[str]] = {}
    for wallet in gathered.job.wallets:
        if wallet.kind is WalletKind.ADDRESS:
            declared.setdefault(wallet.network, set()).add(wallet.identity)
    sources = {(card.network, card.name) for card in gathered.job.sources}
    found: dict[str, None] = {}
    for item in gathered.log.exchanges:
        question = item.question
        if question.network not in declared or (question.network, question.source) not in sources:
            found[f"exchange {item.n} asks {question.source} about {question.network}, which nobody declared"] = (
                None
            )
    for network, identities in sorted(declared.items()):
        family = gathered.job.registry.networks[network].family
        asked = FAMILIES[family]().asked(gathered.log.of(network))
        for identity in sorted(asked - identities):
            found[f"the log asks for {identity} on {network}, which the declaration does not name"] = None
    return list(found)


def _differences(sealed: Sealed, derived: Mapping[str, bytes], names: frozenset[str]) -> list[str]:
    return [
        said
        for name in sorted(names & derived.keys() & sealed.names)
        if (said := first_difference(name, sealed.content(name), derived[name]))
    ]


def _snapshot(opened: Opened, snapshot: Path, progress: Progress) -> list[str]:
    prepared = Prepared(cover=opened.gathered.cover, job=opened.gathered.job)
    books = read_snapshot(prepared, snapshot, progress)
    derived = write_books(books, opened.gathered.job.registry)
    names = opened.sealed.names
    odd = sorted(derived.keys() - names)
    return [
        *_policy(opened, snapshot),
        *(f"{name}: the snapshot folder has it, the bundle has not" for name in odd),
        *_differences(opened.sealed, derived, frozenset(derived)),
    ]


def _policy(opened: Opened, snapshot: Path) -> list[str]:
    """The bundle was derived under the engagement that lies in the folder, and under no looser one."""
    cover, path = opened.gathered.cover, snapshot / ENGAGEMENT_FILE
    if not path.is_file():
        given = cover.engagement.given
        return [f"{ENGAGEMENT_FILE}: the bundle was derived under one, the folder has none"] if given else []
    theirs = write_cover(replace(cover, engagement=load_engagement(path, load_registry())))
    said = first_difference(COVER, write_cover(cover), theirs)
    return [said] if said else []
