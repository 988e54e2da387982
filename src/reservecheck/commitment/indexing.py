"""Finds where the leaves of a tree stand that was just built, so that proofs need neither rows nor amounts."""

from __future__ import annotations

from importlib.util import find_spec

from reservecheck.commitment import plain
from reservecheck.commitment.building import WORTH_COMPILING
from reservecheck.commitment.columns import Columns
from reservecheck.commitment.leaf_index import LeafIndex, bucket_bits, written
from reservecheck.commitment.scheme import HASH
from reservecheck.commitment.tree import Tree
from reservecheck.errors import CommitmentError


def index_columns(columns: Columns, tree: Tree, secret: bytes) -> LeafIndex:
    """The index of the tree that these columns and this secret gave; raises CommitmentError for another tree."""
    large = len(columns) > 0 and tree.scope.height >= WORTH_COMPILING
    make = _compiled if large and find_spec("numba") is not None else _plain
    return LeafIndex(height=tree.scope.height, memory=make(columns, tree, secret))


def _plain(columns: Columns, tree: Tree, secret: bytes) -> memoryview:
    places = []
    for salted, leaf in plain.salted_leaves(columns, tree.scope.context, secret):
        number = tree.find(leaf[:HASH])
        if number < 0:
            raise _other_tree()
        places.append((salted, number))
    return memoryview(written(places, tree.scope.height))


def _compiled(columns: Columns, tree: Tree, secret: bytes) -> memoryview:
    from reservecheck.kernels.leaf_places import leaf_places  # noqa: PLC0415  # optional

    memory = columns.ids, columns.starts, columns.low, columns.high, columns.parts
    context, bits = tree.scope.context, bucket_bits(tree.scope.height)
    words = leaf_places(memory, tree.leaves, context=context, secret=secret, bits=bits)
    if words is None:
        raise _other_tree()
    return words.data.cast("B")


def _other_tree() -> CommitmentError:
    return CommitmentError("the tree was not built from these rows and this secret")
