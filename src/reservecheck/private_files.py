"""A bundle against files that never leave their owners: the snapshot folder, and the entity's wallets file.

Both ways round: what the files have and the bundle has not, and what the bundle has and the files have not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from reservecheck.books.confirmations import read_confirmations
from reservecheck.books.drawn_customers import can_be_counted
from reservecheck.books.register import Location
from reservecheck.bundle import Opened
from reservecheck.compare import first_difference
from reservecheck.declare.engagement import load_engagement
from reservecheck.declare.wallets import load_wallets
from reservecheck.members.books import LIABILITIES, write_books
from reservecheck.members.confirmations import NAME as CONFIRMATIONS
from reservecheck.members.descriptors import NAME as DESCRIPTORS
from reservecheck.members.engagement import NAME as COVER
from reservecheck.members.engagement import write_cover
from reservecheck.members.registers import HEADERS
from reservecheck.members.wallets import NAME as WALLETS
from reservecheck.members.wallets import write_wallets
from reservecheck.model.books import Books, Liabilities
from reservecheck.model.committed import Committed, CommittedTree, Rebuilt
from reservecheck.model.confirmations import CONFIRMATIONS_FILE, Confirmations
from reservecheck.model.declared import InputFile
from reservecheck.model.progress import Progress
from reservecheck.model.registry import Asset
from reservecheck.money import format_amount, grouped
from reservecheck.pipeline import ENGAGEMENT_FILE, Prepared, problems_in, read_snapshot
from reservecheck.rebuilt_trees import rebuilt_books
from reservecheck.registry.shipped import load_registry, with_accepted
from reservecheck.vault.canonical import sha256


def snapshot_differences(opened: Opened, books: Books, snapshot: Path, progress: Progress) -> list[str]:
    """How the folder is not the one the bundle of `books` was made from; raises InputError for a bad folder."""
    gathered = opened.gathered
    theirs = read_snapshot(Prepared(cover=gathered.cover, job=gathered.job), snapshot, progress)
    same_private = [one.name for one in theirs.liabilities.private_files] == [
        one.name for one in books.liabilities.private_files
    ]
    # digests are compared by name, so that what differs after them is what the files say
    owed = replace(theirs.liabilities, commitment=_as_rebuilt(theirs.liabilities, books.liabilities))
    owed = replace(owed, private_files=books.liabilities.private_files) if same_private else owed
    kept = _as_counted(theirs.confirmations, books.confirmations)
    alike = replace(theirs, files=books.files, liabilities=owed, confirmations=kept)
    derived = write_books(alike, gathered.job.registry)
    registers = {*HEADERS, CONFIRMATIONS} & opened.sealed.names
    return [
        *_policy(opened, snapshot),
        *_other_files(books.files, theirs.files, "the snapshot folder"),
        *(
            f"{name}: the snapshot folder has it, the bundle has not"
            for name in sorted(derived.keys() - opened.sealed.names)
        ),
        *(f"{name}: the bundle has it, the snapshot folder has not" for name in sorted(registers - derived.keys())),
        *_members(opened, derived),
        *_miscounted(None if theirs.confirmations is None else snapshot, books, gathered.job.registry.assets),
    ]


def _miscounted(snapshot: Path | None, ours: Books, assets: Mapping[str, Asset]) -> Iterator[str]:
    """Where the list has not the answers that the bundle counts, whoever was drawn."""
    if snapshot is None or ours.confirmations is None:
        return
    as_of = ours.liabilities.extract.as_of_epoch
    kept, _ = read_confirmations(Location(snapshot, CONFIRMATIONS_FILE), assets, as_of=as_of)
    for one in ours.confirmations.answers:
        if not can_be_counted(one, kept):
            yield f"{CONFIRMATIONS}: {one.asset}: the list has other answers than the bundle counts"


def commitment_differences(opened: Opened, snapshot: Path, secret: bytes, progress: Progress) -> list[str]:
    """Where the folder's rows give another tree than the bundle says they gave, or than it says was committed to.

    Raises InputError for a bad folder, and where it has no commitment or no customer rows.
    """
    gathered = opened.gathered
    books = read_snapshot(Prepared(cover=gathered.cover, job=gathered.job), snapshot, progress)
    with problems_in(snapshot):
        again = rebuilt_books(snapshot, books, gathered.job, secret, progress)
    done = again.liabilities.commitment
    stated = None if opened.books is None else opened.books.liabilities.commitment
    if done is None or stated is None:
        return [f"{LIABILITIES}: the folder has a commitment, the bundle has none"]
    gave = {tree.asset: tree.rebuilt for tree in done.trees}
    differs = opened.books is not None and opened.books.confirmations != again.confirmations
    counted = [f"{CONFIRMATIONS}: the list and the trees give other answers"] if differs else []
    return counted + [
        f"{LIABILITIES}: the tree of {tree.asset[:40]!r} has {_shown(said, tree)}, the rows and this secret give"
        f" {_shown(came, tree)}{_why(said, came)}"
        for tree in stated.trees
        if (came := gave.get(tree.asset)) != (said := _said(tree)) and (came or tree.rebuilt)
    ]


def wallets_differences(opened: Opened, wallets: Path) -> list[str]:
    """How the entity's declaration is not the one the bundle was made from; raises InputError for a bad file."""
    cover, job = opened.gathered.cover, opened.gathered.job
    declaration = load_wallets(wallets, with_accepted(load_registry(), job.engagement))
    words = [
        f"{COVER}: {what} is {shown[:80]!r}, the wallets file says {said[:80]!r}"
        for what, shown, said in (
            ("the entity", cover.entity, declaration.entity),
            ("the name", cover.name, declaration.name),
        )
        if shown != said
    ]
    if job.published != declaration.published:
        words.append(f"{DESCRIPTORS}: the descriptors published are not those the wallets file publishes")
    if cover.provenance != declaration.provenance:
        words.append(f"{COVER}: who declared the wallets, and when, is not what the wallets file says")
    theirs = len(cover.input_files) - len(opened.books.files if opened.books else ()) - int(cover.engagement.given)
    before = cover.input_files[: max(theirs, 0)]
    return [
        *_other_files(before, declaration.files, "the declaration"),
        *words,
        *_members(opened, {WALLETS: write_wallets(declaration.wallets)}),
    ]


def _as_rebuilt(theirs: Liabilities, ours: Liabilities) -> Committed | None:
    """The folder's commitment, and what the bundle says came of it: without the secret nothing else is known."""
    if theirs.commitment is None or ours.commitment is None:
        return theirs.commitment
    came = {tree.asset: tree.rebuilt for tree in ours.commitment.trees}
    trees = (replace(tree, rebuilt=came.get(tree.asset)) for tree in theirs.commitment.trees)
    return replace(theirs.commitment, trees=tuple(trees))


def _as_counted(theirs: Confirmations | None, ours: Confirmations | None) -> Confirmations | None:
    """The folder's list, and what the bundle says was counted: without the trees nothing else is known."""
    return theirs if theirs is None or ours is None else replace(theirs, answers=ours.answers)


def _said(tree: CommittedTree) -> Rebuilt:
    return tree.rebuilt or Rebuilt(root=tree.root, total=tree.total)


def _shown(rebuilt: Rebuilt | None, tree: CommittedTree) -> str:
    if rebuilt is None:
        return "no tree"
    total = grouped(format_amount(rebuilt.total, tree.decimals))
    return f"the root {rebuilt.root} and a total of {total}" if rebuilt.root else "no root in this height"


def _why(said: Rebuilt, came: Rebuilt | None) -> str:
    """What can be otherwise: under an equal total it need not be the rows."""
    if came is None or not came.root or not said.root:
        return ""
    others = ": other rows, other ids, or another secret than the entity's"
    return others if said.total == came.total else ": other rows"


def _policy(opened: Opened, snapshot: Path) -> list[str]:
    """The bundle was derived under the engagement that lies in the folder, and under no looser one."""
    cover, path = opened.gathered.cover, snapshot / ENGAGEMENT_FILE
    if not path.is_file():
        given = cover.engagement.given
        return [f"{ENGAGEMENT_FILE}: the bundle was derived under one, the folder has none"] if given else []
    found = []
    data = path.read_bytes()
    if InputFile(name=ENGAGEMENT_FILE, bytes=len(data), sha256=sha256(data)) not in cover.input_files:
        found.append(f"{ENGAGEMENT_FILE}: not the file the bundle was made from")
    theirs = write_cover(replace(cover, engagement=load_engagement(path, load_registry())))
    said = first_difference(COVER, write_cover(cover), theirs)
    return [*found, said] if said else found


def _other_files(before: Sequence[InputFile], now: Sequence[InputFile], where: str) -> list[str]:
    ours, theirs = {file.name: file for file in before}, {file.name: file for file in now}
    return [
        *(
            f"{name}: not the file the bundle was made from"
            for name in theirs
            if name in ours and theirs[name] != ours[name]
        ),
        *(f"{name}: {where} has it, the bundle was not made from it" for name in theirs if name not in ours),
        *(f"{name}: the bundle was made from it, {where} has not got it" for name in ours if name not in theirs),
    ]


def _members(opened: Opened, derived: Mapping[str, bytes]) -> list[str]:
    return [
        said
        for name in sorted(derived.keys() & opened.sealed.names)
        if (said := first_difference(name, opened.sealed.content(name), derived[name]))
    ]
