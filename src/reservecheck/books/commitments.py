"""The commitment an exchange published, as it lies in the snapshot folder: read and digested, not yet believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reservecheck.books.register import Location
from reservecheck.commitment.commitment_file import LONGEST, Draw, read_commitments
from reservecheck.commitment.scheme import SCHEME, Commitment
from reservecheck.errors import CommitmentError, InputError, Problem
from reservecheck.model.committed import Committed, CommittedTree, DrawStated
from reservecheck.model.declared import InputFile
from reservecheck.model.registry import Asset
from reservecheck.vault.canonical import sha256
from reservecheck.vault.regular_file import read_regular

_PUBLISHED: Final = "it has to be the file as it was published"


def read_commitment(at: Location, _assets: Mapping[str, Asset]) -> tuple[Committed, InputFile]:
    """What was published; raises InputError for what is no commitment.

    Whether its assets are known, and owed in these units, is for rules to say: what was published can be wrong,
    and was published all the same.
    """
    data = read_regular(at.path, at.shown, most=LONGEST, inside=at.folder)
    try:
        published = read_commitments(data)
    except CommitmentError as error:
        raise InputError(Problem(path=at.shown, message=error.message, hint=error.hint or _PUBLISHED)) from error
    stated = Committed(
        scheme=SCHEME,
        entity=published.entity,
        snapshot=published.snapshot,
        trees=tuple(map(_tree, published.trees)),
        draw=None if published.draw is None else _draw(published.draw),
    )
    return stated, InputFile(name=at.shown, bytes=len(data), sha256=sha256(data))


def _tree(one: Commitment) -> CommittedTree:
    scope = one.scope
    return CommittedTree(
        asset=scope.asset, decimals=scope.decimals, height=scope.height, root=one.root.hex(), total=one.total
    )


def _draw(one: Draw) -> DrawStated:
    return DrawStated(network=one.network, height=one.height, method=one.method, size=one.size)
