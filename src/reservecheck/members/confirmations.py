"""`confirmations.json`: who drew, and how many of those drawn answered what; there only where a list was received.

No customer and no balance is in it. The list itself is named by its digest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Final

from reservecheck.commitment.commitment_file import MOST_DRAWS
from reservecheck.errors import BundleError
from reservecheck.members.codec import from_json, to_json
from reservecheck.members.scale import Scale
from reservecheck.model.books import Books
from reservecheck.model.committed import CommittedTree
from reservecheck.model.confirmations import CONFIRMATIONS_FILE, Answers, Confirmations, DrawnBy, ReadFrom
from reservecheck.moments import parse_moment, utc_text
from reservecheck.vault.canonical import canonical_json, parse_json

NAME: Final = "confirmations.json"
_HEX: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NETWORK: Final = re.compile(r"[a-z0-9-]+:[a-z0-9-]+", re.ASCII)
_SUMS: Final = ("owed_more", "owed_less")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """As in Answers; amounts in whole units."""

    asset: str
    draws: int
    agreed: int
    via_entity: int
    differing: int
    no_reply: int
    left_out: int
    added: int
    owed_more: str | None
    owed_less: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Confirmations:
    drawn_by: DrawnBy
    list_sha256: str
    listed: tuple[str, ...]
    answers: tuple[_Answers, ...]
    otherwise: Mapping[str, int]


def write_confirmations(kept: Confirmations | None, scale: Scale) -> dict[str, bytes]:
    """The member by its name, or none."""
    if kept is None:
        return {}
    answers = tuple(_written(one, scale) for one in kept.answers)
    record = _Confirmations(
        drawn_by=kept.drawn_by,
        list_sha256=kept.list_sha256,
        listed=kept.listed,
        answers=answers,
        otherwise=kept.otherwise,
    )
    return {NAME: canonical_json(to_json(record))}


def read_confirmations(members: Mapping[str, bytes], scale: Scale) -> Confirmations | None:
    """What was written, None where the member is absent.

    Raises BundleError for what `write_confirmations` does not write, KeyError for an asset nobody knows.
    """
    if NAME not in members:
        return None
    found = from_json(_Confirmations, parse_json(members[NAME], name=NAME), where=NAME)
    by, assets = found.drawn_by, tuple(one.asset for one in found.answers)
    if any(_HEX.fullmatch(text) is None for text in (by.commitment, by.block, found.list_sha256)):
        raise BundleError(f"{NAME}: a digest is not 64 digits of lower-case hex")
    if by.height < 0 or _NETWORK.fullmatch(by.network) is None or _retold(by.time) != by.time:
        raise BundleError(f"{NAME}: the block is none")
    if bool(by.time) == (by.read_from is ReadFrom.TYPED):
        raise BundleError(f"{NAME}: a block's time goes with a source, and with no hash that was typed")
    if any(one >= other for names in (found.listed, assets) for one, other in pairwise(names)):
        raise BundleError(f"{NAME}: its assets do not stand in order, each once")
    for asset in found.listed:
        scale.text(asset, 0)
    if not found.otherwise.keys() <= set(found.listed) or any(count < 1 for count in found.otherwise.values()):
        raise BundleError(f"{NAME}: rows that differ are of assets that are not listed, or are none")
    return Confirmations(
        drawn_by=by,
        list_sha256=found.list_sha256,
        listed=found.listed,
        answers=tuple(_read(one, scale) for one in found.answers),
        otherwise=found.otherwise,
    )


def confirmations_contradicted(books: Books) -> Iterator[str]:
    """Where counts contradict each other, the commitment, or the list of files; a sentence each."""
    kept, stated = books.confirmations, books.liabilities.commitment
    lists = [file.sha256 for file in books.files if file.name.rpartition("/")[2] == CONFIRMATIONS_FILE]
    if lists != ([] if kept is None else [kept.list_sha256]):
        yield f"the files list {CONFIRMATIONS_FILE} {len(lists)} times, and the answers are not those of one list"
    if kept is None:
        return
    drawn = stated is not None and stated.draw is not None
    trees = stated.trees if stated is not None and drawn else ()
    built = [tree for tree in trees if tree.is_rebuilt]
    if [one.asset for one in kept.answers] != [tree.asset for tree in built]:
        yield "answers were counted of other trees than those that came out again to be drawn from"
        return
    for tree, one in zip(built, kept.answers, strict=True):
        if stated is not None and stated.draw is not None and one.draws != stated.draw.size:
            yield f"{tree.asset}: {one.draws} draws, and {stated.draw.size} were committed to"
        yield from _miscounted(tree, one, listed=tree.asset in kept.listed)
        if not one.differing <= kept.otherwise.get(tree.asset, 0) <= one.differing + one.added:
            yield f"{tree.asset}: {one.differing} of those drawn differ, and not so many rows of the list"


def _miscounted(tree: CommittedTree, one: Answers, *, listed: bool) -> Iterator[str]:
    there = one.agreed + one.via_entity + one.differing + one.no_reply
    most = min(one.draws, 1 << tree.height) if tree.rebuilt and tree.rebuilt.total else 0
    if not min(1, most) <= there + one.left_out <= most:
        yield f"{tree.asset}: {there + one.left_out} leaves drawn, and {most} can be at most"
    if listed != bool(there + one.added):
        yield f"{tree.asset}: {there + one.added} rows of the list, and it is {'' if listed else 'not '}listed"
    sums = (one.owed_more, one.owed_less)
    alone = sum(units is None for units in sums)
    if alone > one.differing or (not one.differing and any(sums)):
        yield f"{tree.asset}: {one.differing} answers differ, and the differences are not theirs"


def _written(one: Answers, scale: Scale) -> _Answers:
    sums = {name: getattr(one, name) for name in _SUMS}
    texts = {name: None if units is None else scale.text(one.asset, units) for name, units in sums.items()}
    return _Answers(**{**asdict(one), **texts})


def _read(one: _Answers, scale: Scale) -> Answers:
    counts = (one.agreed, one.via_entity, one.differing, one.no_reply, one.left_out, one.added)
    if min(counts) < 0 or not 1 <= one.draws <= MOST_DRAWS:
        raise BundleError(f"{NAME}: a count of {one.asset[:40]!r} is below zero, or there are too many draws")
    texts = {name: getattr(one, name) for name in _SUMS}
    sums = {name: None if text is None else scale.units(one.asset, text) for name, text in texts.items()}
    if any(units is not None and units < 0 for units in sums.values()):
        raise BundleError(f"{NAME}: a sum of {one.asset[:40]!r} is below zero")
    return Answers(**{**asdict(one), **sums})


def _retold(time: str) -> str:
    """The instant as this tool writes it; what is none comes out as another text."""
    try:
        return utc_text(parse_moment(time)) if time else ""
    except (ValueError, OverflowError):
        return " "
