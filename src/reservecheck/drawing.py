"""Customers drawn from the trees committed to, and the list they are asked by.

The trees are built again from the customer rows, with the entity's secret: whoever draws has seen that they are
those committed to. Or they are those that the entity keeps. The list is private: ids, balances and empty columns
for answers. What is drawn is in `commitment.draw`; here leaves become customers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final

from reservecheck.books.confirmations import ANSWERED, COLUMNS
from reservecheck.books.located import located
from reservecheck.books.owed import check_entity
from reservecheck.books.register import Location
from reservecheck.books.snapshot import SNAPSHOT, read_snapshot
from reservecheck.chains.reader import Block
from reservecheck.commitment.building import build_columns
from reservecheck.commitment.columns import Columns
from reservecheck.commitment.commitment_file import LONGEST, Draw, Published, read_commitments
from reservecheck.commitment.draw import Drawn, Lot, draw
from reservecheck.commitment.leaf_owners import owners
from reservecheck.commitment.rebuilding import refuse_height
from reservecheck.commitment.scheme import Commitment
from reservecheck.commitment.tree import Tree
from reservecheck.errors import CommitmentError, InputError, PinError, Problem
from reservecheck.members.rows import guarded, write_rows
from reservecheck.model.committed import COMMITMENT_FILE
from reservecheck.model.confirmations import DrawnBy, ReadFrom
from reservecheck.model.engagement import Engagement
from reservecheck.model.progress import Progress
from reservecheck.moments import utc_text
from reservecheck.money import format_amount
from reservecheck.pipeline import ENGAGEMENT_FILE, problems_in
from reservecheck.private_trees import PrivateTrees
from reservecheck.snapshot_engagement import Engaged, engaged
from reservecheck.vault.canonical import sha256
from reservecheck.vault.regular_file import read_regular

_HINT: Final = "ask the entity for the commitment, the rows and the secret that belong together"
_UNANNOUNCED: Final = "this commitment announces no draw: that is done with commit --draw, before it is published"
_EMPTY: Final = ("",) * len(ANSWERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawable:
    """A snapshot folder with a commitment that names a draw; `digest` is that of the file as it was published."""

    engaged: Engaged
    published: Published
    draw: Draw
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnAsset:
    """What was drawn from one tree: how often, and how many customers that is; none where nothing is owed."""

    asset: str
    draws: int
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnList:
    """The list as a file, and what may be said of it."""

    data: bytes
    assets: tuple[DrawnAsset, ...]

    @property
    def customers(self) -> int:
        """Rows of the list."""
        return sum(one.customers for one in self.assets)


def read_drawable(folder: Path) -> Drawable:
    """What is to be drawn from.

    Raises InputError without an engagement, which says when the cut-off was, and without a commitment of its entity
    that names a draw.
    """
    given = engaged(folder)
    engagement = given.engagement
    if not engagement.given:
        hint = "write one with a cutoff: whoever is drawn is drawn after it"
        raise InputError(Problem(path=str(folder / ENGAGEMENT_FILE), message="there is no engagement", hint=hint))
    with problems_in(folder):
        snapshot = read_snapshot(folder)
        check_entity(snapshot, engagement.entity)
        places = located(folder, snapshot).get("commitment")
        if places is None:
            hint = f'write commitment = "{COMMITMENT_FILE}" in {SNAPSHOT} under [files]'
            raise InputError(Problem(path=SNAPSHOT, message="no commitment is listed", hint=hint))
        published, digest = _published(places[0])
        said = _undrawable(published, engagement)
        if said or published.draw is None:
            hint = _UNANNOUNCED if published.entity == engagement.entity else _HINT
            raise InputError(Problem(path=COMMITMENT_FILE, message=said, hint=hint))
    return Drawable(engaged=given, published=published, draw=published.draw, digest=digest)


def built_trees(given: Drawable, secret: bytes, progress: Progress) -> Iterator[tuple[Tree, Columns]]:
    """Every tree committed to, built again, with the rows it is made of, one after the other.

    Raises InputError for rows that cannot be read, CommitmentError where they give another tree or none.
    """
    decimals = {name: row.decimals for name, row in given.engaged.registry.assets.items()}
    for stated, columns in _committed(given, progress):
        yield _rebuilt(stated, columns, secret, decimals[stated.scope.asset]), columns


def kept_trees(given: Drawable, private: PrivateTrees, progress: Progress) -> Iterator[tuple[Tree, Columns]]:
    """Every tree committed to, as a private folder has it, with the rows of the snapshot.

    Raises InputError for a folder of another commitment and for rows that cannot be read.
    """
    if private.published != given.published:
        message = "its trees are not those of the commitment in the snapshot folder"
        raise InputError(Problem(path=str(private.folder), message=message, hint=_HINT))
    for stated, columns in _committed(given, progress):
        yield private.tree(stated.scope.asset), columns


def require_later(given: Drawable, read: Block) -> None:
    """Raises PinError unless the block is later than the cut-off for certain."""
    if read.certain <= given.engaged.engagement.cutoff_epoch:
        raise PinError(
            f"{given.draw.network}: block {read.height} of {utc_text(read.time)} is not later than the cut-off "
            f"{given.engaged.engagement.cutoff} for certain",
            hint="a draw is by a block that nobody could know when the balances were taken",
        )


def drawn_by(given: Drawable, block: Block | str, read_from: ReadFrom) -> DrawnBy:
    """What every row of the list says of its draw, by a block that was read or by a hash that was typed."""
    return DrawnBy(
        commitment=given.digest,
        network=given.draw.network,
        height=given.draw.height,
        block=block if isinstance(block, str) else block.hash,
        time="" if isinstance(block, str) else utc_text(block.time),
        read_from=read_from,
    )


def lot_of(given: Drawable, by: DrawnBy) -> Lot:
    """What decides who is drawn."""
    return Lot(
        commitment=bytes.fromhex(by.commitment),
        block=bytes.fromhex(by.block),
        method=given.draw.method,
        size=given.draw.size,
    )


def draw_list(trees: Iterable[tuple[Tree, Columns]], secret: bytes, lot: Lot, by: DrawnBy) -> DrawnList:
    """Draw from every tree and find whose the leaves are; trees come with the rows they were made of.

    Raises CommitmentError where a leaf is of no row, and where nobody can be drawn.
    """
    rows: list[tuple[str, ...]] = []
    assets: list[DrawnAsset] = []
    for tree, columns in trees:
        drawn = draw(tree, lot) if tree.commitment.total else ()
        rows += _rows(tree, drawn, owners(tree, columns, secret, (one.index for one in drawn)), by, len(rows))
        assets.append(
            DrawnAsset(asset=tree.scope.asset, draws=sum(one.hits for one in drawn), customers=len(drawn))
        )
    if not rows:
        raise CommitmentError("nothing is owed in any tree: nobody can be drawn")
    return DrawnList(data=write_rows(COLUMNS, rows), assets=tuple(assets))


def _rows(
    tree: Tree, drawn: Iterable[Drawn], customers: dict[int, str], by: DrawnBy, before: int
) -> Iterator[tuple[str, ...]]:
    for number, one in enumerate(drawn, before + 1):
        amount = format_amount(one.units, tree.scope.decimals)
        what = (str(number), tree.scope.asset, guarded(customers[one.index]), amount, str(one.hits))
        yield *what, *_EMPTY, *map(str, astuple(by))


def _committed(given: Drawable, progress: Progress) -> Iterator[tuple[Commitment, Columns]]:
    missing = {tree.scope.asset: tree for tree in given.published.trees}
    for asset, columns in given.engaged.leaves(progress):
        stated = missing.pop(asset, None)
        if stated is not None:
            yield stated, columns
    if missing:
        raise CommitmentError(f"{min(missing)} is committed to, and there is no customer row of it", hint=_HINT)


def _published(at: Location) -> tuple[Published, str]:
    data = read_regular(at.path, at.shown, most=LONGEST, inside=at.folder)
    try:
        return read_commitments(data), sha256(data)
    except CommitmentError as error:
        raise InputError(Problem(path=at.shown, message=error.message, hint=error.hint)) from error


def _undrawable(published: Published, engagement: Engagement) -> str:
    """Why nobody can be drawn, "" where somebody can."""
    if published.entity != engagement.entity:
        return f"it is of {published.entity[:80]!r}, the engagement about {engagement.entity!r}"
    return "" if published.draw is not None else "it names no block, so nobody can be drawn by one"


def _rebuilt(stated: Commitment, columns: Columns, secret: bytes, decimals: int) -> Tree:
    asset = stated.scope.asset
    if stated.scope.decimals != decimals:
        raise CommitmentError(f"{asset} is committed to with {stated.scope.decimals} decimals, it has {decimals}")
    refuse_height(stated.scope, len(columns))
    tree = build_columns(columns, stated.scope, secret)
    if tree.commitment != stated:
        raise CommitmentError(f"{asset}: rows and secret give another tree than the one committed to", hint=_HINT)
    return tree
