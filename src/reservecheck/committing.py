"""An exchange commits to what it owes: a tree an asset, a root and a total published, the rest kept private."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reservecheck.books.snapshot import SNAPSHOT
from reservecheck.commitment.building import SECRET, build_columns
from reservecheck.commitment.columns import Columns
from reservecheck.commitment.commitment_file import Draw, Published, write_commitments
from reservecheck.commitment.indexing import index_columns
from reservecheck.commitment.moment_named import Named, moment_named
from reservecheck.commitment.rebuilding import tallest_for
from reservecheck.commitment.scheme import Commitment, Scope, least_height
from reservecheck.errors import CommitmentError, InputError, OutputError, Problem
from reservecheck.model.books import Liabilities
from reservecheck.model.progress import Progress
from reservecheck.model.registry import Registry
from reservecheck.moments import parse_moment
from reservecheck.money import format_amount
from reservecheck.private_trees import PrivateWriter
from reservecheck.rebuilt_trees import read_secret
from reservecheck.rules import liability_extract
from reservecheck.snapshot_engagement import Engaged, engaged
from reservecheck.vault.closed_folder import ClosedFolder, refuse_place
from reservecheck.vault.sealed import refuse_existing

BLOCK_S: Final = 600
_TEN_MINUTES: Final = "sha256d"
"""Chains whose headers are Bitcoin's own make a block every ten minutes."""
_PUBLISHED: Final = ".json"
_SWAPPED: Final = "--private names a new folder, --out the file to publish, as commitment.json: were they swapped?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What whoever commits decides; None leaves it to the program."""

    id: str | None = None  # in every hash; the entity and the moment
    height: int | None = None  # of every tree; the least there is room in
    draw: Draw | None = None  # none is announced
    secret: Path | None = None  # a random one


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Where it goes: a new private folder, and the file that is published."""

    private: Path
    out: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was published, and what is owed by totals, without customer rows, by asset: no tree counts it."""

    published: Published
    without_rows: Mapping[str, str]
    doubted: int = 0  # kinds of things found in the rows that are not mere notes
    early: bool = False  # the block of the draw is likely there when the balances are taken


def commit(
    snapshot: Path, targets: Targets, wanted: Wanted, progress: Progress, shipped: Registry | None = None
) -> Done:
    """Build the trees of a snapshot folder, fill the private folder, and last write what is to be published.

    Raises InputError for a folder that cannot be read or has no customer rows, CommitmentError for a tree that
    cannot be built, OutputError for targets that exist or lie where they must not: then neither is left.
    """
    _refuse(targets)
    secret = secrets.token_bytes(SECRET) if wanted.secret is None else read_secret(wanted.secret, "--secret")
    given = engaged(snapshot, shipped)
    _refuse_draw(wanted.draw, given.registry)
    called = _called(given, wanted.id)
    books = given.customer_side(progress).books
    owed, files = books.liabilities, (*books.files, *books.liabilities.private_files)
    gross = _gross_of_rows(owed)
    if not gross:
        message = "there are no customer rows, and totals alone make no tree"
        raise InputError(Problem(path=str(snapshot / SNAPSHOT), message=message, hint="list the customers' file"))
    trees: dict[str, Commitment] = {}
    with ClosedFolder(targets.private) as folder:
        writer = PrivateWriter(folder, secret)
        for asset, columns in given.leaves(progress, files):
            scope = _scope(called, asset, given.registry.assets[asset].decimals, len(columns), wanted.height)
            trees[asset] = _built(columns, scope, secret, writer)
            del columns  # before the next asset's rows are read
            progress("trees", len(trees), len(gross))
        _refuse_other_rows(snapshot, gross, trees)
        ordered = tuple(trees[asset] for asset in sorted(trees))
        published = Published(entity=given.entity, snapshot=called, trees=ordered, draw=wanted.draw)
        writer.finish(published)
        _publish(targets.out, write_commitments(published))
    return Done(
        published=published,
        without_rows=_without_rows(owed, given.registry),
        doubted=_doubted(owed),
        early=_early(wanted.draw, given),
    )


def _refuse(targets: Targets) -> None:
    private, out = targets.private, targets.out
    if private.suffix.casefold() == _PUBLISHED:
        raise OutputError(f"--private names {private}, and takes a folder", hint=_SWAPPED)
    if out.suffix.casefold() != _PUBLISHED:
        raise OutputError(f"--out names {out}, and takes a file that ends in {_PUBLISHED}", hint=_SWAPPED)
    refuse_existing(out)
    refuse_place(private)
    if out.absolute().resolve().is_relative_to(private.absolute().resolve()):
        raise OutputError(
            f"{out} would lie in the private folder", hint="it is to be published: name another place"
        )


def _refuse_draw(draw: Draw | None, registry: Registry) -> None:
    """What is published cannot be taken back: a draw nobody can make, or by a block that is there, is none."""
    if draw is None:
        return
    network = registry.networks.get(draw.network)
    if network is None:
        known = ", ".join(sorted(name for name, row in registry.networks.items() if row.public))
        raise CommitmentError(f"a draw's network: {draw.network} is not known here", hint=f"there are {known}")
    there = next((row for row in reversed(network.checkpoints) if row.height >= draw.height), None)
    if there is not None:
        raise CommitmentError(
            f"a draw's height: block {there.height} of {draw.network} was there on {there.dated}",
            hint="announce a block that is not there yet",
        )


def _early(draw: Draw | None, given: Engaged) -> bool:
    """Whether a block of Bitcoin's is expected before the balances, ten minutes a block from a checkpoint."""
    network = given.registry.networks.get(draw.network) if draw else None
    if draw is None or network is None or not network.checkpoints or network.header != _TEN_MINUTES:
        return False
    newest, cutoff = network.checkpoints[-1], given.engagement.cutoff_epoch if given.engagement.given else 0
    since = max(given.extract.as_of_epoch or 0, cutoff) - parse_moment(f"{newest.dated}T00:00:00Z")
    return draw.height <= newest.height + since // BLOCK_S


def _called(given: Engaged, wanted: str | None) -> str:
    """The id of everything published; every customer reads from it as of when a balance is."""
    as_of = () if given.extract.as_of_epoch is None else (given.extract.as_of,)
    cutoff = (given.engagement.cutoff,) if given.engagement.given else ()
    moments = (*as_of, *cutoff)
    if wanted is None and not moments:
        raise InputError(
            Problem(
                path=str(given.folder / SNAPSHOT),
                message="there is no moment to name the commitment by",
                hint="write [extract] as_of, or give --id",
            )
        )
    called = f"{given.entity}/{moments[0]}" if wanted is None else wanted
    if moments and moment_named(called, moments) is Named.OTHER:
        raise CommitmentError(
            f"a commitment's snapshot: {called} names another moment than {moments[0]}",
            hint="leave --id out, or name that moment in it",
        )
    return called


def _doubted(owed: Liabilities) -> int:
    noted = {*liability_extract.NOTED, "negative"}
    return len({(row.kind, row.asset) for row in owed.findings if row.kind not in noted})


def _gross_of_rows(owed: Liabilities) -> Mapping[str, int]:
    gross: dict[str, int] = {}
    for line in owed.lines:
        if line.rows:
            gross[line.asset] = gross.get(line.asset, 0) + line.gross
    return gross


def _without_rows(owed: Liabilities, registry: Registry) -> Mapping[str, str]:
    units: Counter[str] = Counter()
    for line in owed.lines:
        units[line.asset] += 0 if line.rows else line.gross
    decimals = registry.assets
    return {asset: format_amount(units[asset], decimals[asset].decimals) for asset in sorted(units) if units[asset]}


def _scope(called: str, asset: str, decimals: int, customers: int, height: int | None) -> Scope:
    least = least_height(customers)
    if height is None:
        height = least
    tallest = tallest_for(customers)
    if not least <= height <= tallest:
        raise CommitmentError(
            f"{asset}: a tree of height {height} is not made for {customers} customers",
            hint=f"for {asset} give --height from {least} to {tallest}, nobody builds a taller one again;"
            " other trees may need more",
        )
    return Scope(snapshot=called, asset=asset, decimals=decimals, height=height)


def _built(columns: Columns, scope: Scope, secret: bytes, writer: PrivateWriter) -> Commitment:
    tree = build_columns(columns, scope, secret)
    writer.add(tree, index_columns(columns, tree, secret))
    return tree.commitment


def _refuse_other_rows(snapshot: Path, gross: Mapping[str, int], trees: Mapping[str, Commitment]) -> None:
    """The files are read twice; leaves that add up to something else are of other rows than those summed."""
    for asset in sorted(gross.keys() | trees.keys()):
        if asset not in trees or gross.get(asset) != trees[asset].total:
            message = f"the rows of {asset} changed while they were read"
            hint = "commit again when nobody writes to them"
            raise InputError(Problem(path=str(snapshot / SNAPSHOT), message=message, hint=hint))


def _publish(out: Path, data: bytes) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        opened = out.open("xb")
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror}") from error
    try:
        with opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
    except BaseException as error:
        with suppress(OSError):
            out.unlink()
        if isinstance(error, OSError):
            raise OutputError(f"{out} cannot be written: {error.strerror}") from error
        raise
