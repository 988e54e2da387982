"""Re-derives a bundle offline, in numbered steps, and ends with what the reader still trusts.

    1 members     every member is the one the manifest lists; none is missing, none is extra
    2 records     engagement, wallets, registry, sources, books and log are well-formed; every answer is there
    3 shipped     packs and registry rows are those this tool ships
    4 questions   the log asks for what was declared, and for nothing else
    5 answers     pins and cells are what the recorded answers say
    6 figures     the assessment is what derive() makes of them, byte for byte
    snapshot      with a snapshot folder: its files are those the bundle was made from, and give the same totals
    commitment    with the commitment's secret beside it: its rows give the roots the bundle says they gave
    wallets       with a wallets file: it declares what the bundle says it declares
    anchors       with anchors: each pin is the block the reader looked up himself

Nothing is fetched. A step whose ground was taken away by an earlier one is not run; the last four are numbered as
they come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from reservecheck.anchors import anchored, compared, drawing_block
from reservecheck.bundle import ASSESSMENT, BUNDLE, Opened, bundle_members, inputs_of, open_sealed
from reservecheck.compare import first_difference
from reservecheck.declare.engagement import strict_engagement
from reservecheck.errors import BundleError, MoneyError, ReservecheckError
from reservecheck.members import observation as observation_member
from reservecheck.members.engagement import NAME as COVER
from reservecheck.members.liability_totals import contradictions
from reservecheck.members.rules import NAME as RULES
from reservecheck.members.rules import read_packs
from reservecheck.model.anchor import Anchor
from reservecheck.model.assessment import Assessment
from reservecheck.model.books import Books
from reservecheck.model.evidence import Pin
from reservecheck.model.progress import Progress, silent
from reservecheck.named_sources import source_differences
from reservecheck.packs.shipped import known_packs, load_pack
from reservecheck.pipeline import ENGAGEMENT_FILE, derive, registry_differences
from reservecheck.private_files import commitment_differences, snapshot_differences, wallets_differences
from reservecheck.published_descriptors import published_differences
from reservecheck.recorded_questions import odd_questions
from reservecheck.vault.plain_name import name_problem
from reservecheck.vault.sealed import Sealed
from reservecheck.vault.uncollected import uncollected

_DECODED = frozenset({observation_member.PINS, observation_member.CELLS})
_BESIDE = frozenset({"snapshot", "commitment", "wallets", "anchors"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What the reader has beside the bundle; a step for each that is there. A secret goes with a snapshot."""

    snapshot: Path | None = None
    secret: bytes | None = field(default=None, repr=False)
    wallets: Path | None = None
    anchors: tuple[Anchor, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One numbered step: ok when nothing differs. Remarks are no differences."""

    number: int
    name: str
    differences: tuple[str, ...]
    remarks: tuple[str, ...] = ()


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

    @property
    def only_beside(self) -> tuple[str, ...]:
        """The steps that differ, where every figure re-derives and only what the reader has beside it differs."""
        differ = tuple(step.name for step in self.steps if step.differences)
        return differ if self.assessment is not None and _BESIDE.issuperset(differ) else ()


class _Steps:
    """The steps as they are done."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.done: list[Step] = []

    def do(self, name: str, look: Callable[[], list[str]], remark: Callable[[], list[str]] = list) -> bool:
        """Whether nothing differs."""
        number = len(self.done) + 1
        self._progress(name, number - 1, 0)
        self.done.append(Step(number=number, name=name, differences=tuple(look()), remarks=tuple(remark())))
        return not self.done[-1].differences

    def ended(self) -> Verification:
        """Nothing could be derived."""
        return Verification(steps=tuple(self.done), opened=None, assessment=None, anchored=frozenset())


def verify(path: Path, beside: Beside | None = None, progress: Progress = silent) -> Verification:
    """Run the steps; raises BundleError when the path is no bundle at all, InputError for a bad file beside it."""
    sealed = Sealed(path)
    if sealed.kind != BUNDLE:
        raise BundleError(f"{path} is {sealed.kind[:80]!r}, not {BUNDLE}")
    steps = _Steps(progress)
    if not steps.do("members", sealed.differences):
        return steps.ended()
    try:
        opened, assessment, derived = _derive(sealed)
    except BundleError as error:
        message = error.message
        steps.do("records", lambda: [message])
        return steps.ended()
    steps.do("records", lambda: _records(opened, derived))
    steps.do("shipped", lambda: _shipped(opened, derived))
    steps.do("questions", lambda: odd_questions(opened.gathered, assessment.position.inputs.observation))
    steps.do("answers", lambda: _differences(sealed, derived, _DECODED))
    steps.do("figures", lambda: _differences(sealed, derived, frozenset({ASSESSMENT})))
    anchors = _beside(steps, beside or Beside(), opened, assessment, progress)
    agreed = anchored(blocks_of(assessment), anchors)
    return Verification(steps=tuple(steps.done), opened=opened, assessment=assessment, anchored=agreed)


def blocks_of(assessment: Assessment) -> tuple[Pin, ...]:
    """The blocks that a bundle rests on: those that holdings were read at, and the one that drew customers."""
    return (*assessment.pins, *drawing_block(assessment.position.inputs.books))


def _beside(
    steps: _Steps, beside: Beside, opened: Opened, assessment: Assessment, progress: Progress
) -> tuple[Anchor, ...]:
    books, anchors = assessment.position.inputs.books, beside.anchors
    if beside.snapshot is not None:
        snapshot = beside.snapshot
        steps.do("snapshot", lambda: snapshot_differences(opened, books, snapshot, progress))
        if beside.secret is not None:
            secret = beside.secret
            steps.do("commitment", lambda: commitment_differences(opened, snapshot, secret, progress))
    if beside.wallets is not None:
        wallets = beside.wallets
        steps.do("wallets", lambda: wallets_differences(opened, wallets))
    if anchors is not None:
        differ, unmatched = compared(blocks_of(assessment), anchors)
        steps.do("anchors", lambda: differ, lambda: unmatched)
    return anchors or ()


@uncollected()
def _derive(sealed: Sealed) -> tuple[Opened, Assessment, Mapping[str, bytes]]:
    opened = open_sealed(sealed, kind=BUNDLE)
    if opened.books is None:  # pragma: no cover  # a bundle has books, or opening it raised
        raise BundleError("the bundle has no books")
    packs = [load_pack(pack) for pack in read_packs(sealed.content(RULES)) if pack in known_packs()]
    try:
        inputs = inputs_of(opened.gathered, opened.books)
        assessment = derive(inputs)
        return opened, assessment, bundle_members(opened.gathered, inputs, assessment, tuple(packs))
    except (MoneyError, LookupError, ValueError, ArithmeticError) as error:
        raise BundleError(f"the records contradict each other, nothing can be derived: {error!s:.200}") from error


def _records(opened: Opened, derived: Mapping[str, bytes]) -> list[str]:
    """Everything that is neither decoded nor derived is written the one way this tool writes it, and agrees."""
    sealed = opened.sealed
    elsewhere = _DECODED | {ASSESSMENT, RULES}
    found = [
        f"{name}: the manifest lists it, but nothing in the bundle needs it"
        for name in sorted(sealed.names - derived.keys())
    ]
    found += [
        f"{name}: a bundle of these records has it, this one has not"
        for name in sorted(derived.keys() - sealed.names)
    ]
    found = sorted(found) + _differences(sealed, derived, frozenset(derived.keys() & sealed.names) - elsewhere)
    books = [] if opened.books is None else _books(opened, opened.books)
    published = published_differences(opened.gathered.job)
    return [*found, *source_differences(opened.gathered), *_engagement(opened), *_names(opened), *published, *books]


def _names(opened: Opened) -> list[str]:
    """No name in a bundle is more than a name, and no input file stands twice."""
    cover = opened.gathered.cover
    names = [("name", cover.name), ("by", cover.provenance.by), ("role", cover.provenance.role)]
    names += [("practitioner", cover.engagement.practitioner)]
    names += [("custodian", wallet.custodian) for wallet in opened.gathered.job.wallets if wallet.custodian]
    if opened.books is not None:
        extract = opened.books.liabilities.extract
        names += [("extracted_by", extract.extracted_by), ("observed_by", extract.observed_by)]
        names += [("institution", line.institution) for line in opened.books.cash or ()]
    found = [f"{COVER}: {said[0]}" for key, text in names if (said := name_problem(key, text)) is not None]
    files = [file.name for file in cover.input_files]
    found += [f"{COVER}: the input file {name[:80]!r} stands twice" for name in files if files.count(name) > 1]
    return sorted(set(found))


def _engagement(opened: Opened) -> list[str]:
    """Where nobody wrote an engagement, the strict defaults apply and nothing else."""
    cover = opened.gathered.cover
    given = cover.engagement
    listed = any(file.name == ENGAGEMENT_FILE for file in cover.input_files)
    if given.given:
        return [] if listed else [f"{COVER}: an engagement was given, and {ENGAGEMENT_FILE} is no input file"]
    strict = strict_engagement(given.entity, given.cutoff, given.cutoff_epoch, "")
    loose = [item.name for item in fields(given) if getattr(given, item.name) != getattr(strict, item.name)]
    if loose:
        return [f"{COVER}: no engagement was given, and these are not the strict defaults: {', '.join(loose)}"]
    return [f"{COVER}: no engagement was given, and {ENGAGEMENT_FILE} is an input file"] if listed else []


def _books(opened: Opened, books: Books) -> list[str]:
    cover = opened.gathered.cover
    found = contradictions(books, opened.gathered.job.registry)
    if cover.input_files[-len(books.files) :] != books.files:
        found.append(f"{COVER}: its input files do not end with the files of liabilities.json")
    return found


def _shipped(opened: Opened, derived: Mapping[str, bytes]) -> list[str]:
    packs = read_packs(opened.sealed.content(RULES))
    found = []
    for pack, text in packs.items():
        if pack not in known_packs():
            found.append(f"the pack {pack[:80]} is not shipped with this tool")
        elif text != load_pack(pack).text:
            found.append(f"the pack {pack} is not the one shipped with this tool")
    if tuple(packs) != opened.gathered.job.engagement.packs:
        found.append("the packs are not those the engagement names")
    if not found:
        found = _differences(opened.sealed, derived, frozenset({RULES}))
    try:
        return found + registry_differences(opened.gathered)
    except ReservecheckError as error:
        return [*found, f"the engagement accepts what no registry can hold: {error.message}"]


def _differences(sealed: Sealed, derived: Mapping[str, bytes], names: frozenset[str]) -> list[str]:
    return [
        said
        for name in sorted(names & derived.keys() & sealed.names)
        if (said := first_difference(name, sealed.content(name), derived[name]))
    ]
