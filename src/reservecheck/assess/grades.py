"""How well it is known what customers are owed of one asset: what stands behind it, and nothing anybody claims."""

from __future__ import annotations

from collections.abc import Sequence

from reservecheck.assess.committed_moment import committed_moment
from reservecheck.assess.drawn import is_tested
from reservecheck.commitment.moment_named import Named
from reservecheck.model.assessment import Inputs
from reservecheck.model.books import OwedLine
from reservecheck.model.committed import CommittedTree
from reservecheck.model.words import Grade


def grade(asset: str, inputs: Inputs) -> Grade:
    """L0 where a total was received, L1 where rows were summed, L2 where they give the root committed to as well.

    L3 where, beyond that, customers drawn as was committed to all answered directly that it is right.

    An asset nobody is owed has the grade of the files it is missing from.
    """
    owed = inputs.books.liabilities
    lines = [line for line in owed.lines if line.asset == asset]
    if not lines:
        return owed.grade
    if any(not line.rows for line in lines):
        return Grade.TOTALS
    if not _came_out_again(asset, lines, inputs):
        return Grade.RESUMMED
    return Grade.TESTED if is_tested(asset, inputs) else Grade.COMMITTED


def committed_tree(asset: str, inputs: Inputs) -> CommittedTree | None:
    """What was committed to of an asset, if anything was."""
    stated = inputs.books.liabilities.commitment
    return None if stated is None else stated.tree(asset)


def _came_out_again(asset: str, lines: Sequence[OwedLine], inputs: Inputs) -> bool:
    """The rows that were summed give the root and total this entity committed to, in the registry's own units.

    A commitment that names another moment is one about other rows, whatever it has in common with these.
    """
    stated, tree = inputs.books.liabilities.commitment, committed_tree(asset, inputs)
    return (
        stated is not None
        and tree is not None
        and stated.entity == inputs.entity
        and committed_moment(stated, inputs) is not Named.OTHER
        and tree.decimals == inputs.registry.assets[asset].decimals
        and tree.total == sum(line.gross for line in lines)
        and tree.is_rebuilt
    )
