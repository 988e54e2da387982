"""Customers drawn from the trees committed to, and the list they are asked by.

The list is private: ids, balances and empty columns for answers. What is drawn is in `commitment.draw`; here leaves
become customers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from typing import Final

from reservecheck.books.confirmations import ANSWERED, COLUMNS
from reservecheck.commitment.columns import Columns
from reservecheck.commitment.draw import Drawn, Lot, draw
from reservecheck.commitment.leaf_owners import owners
from reservecheck.commitment.tree import Tree
from reservecheck.members.rows import guarded, write_rows
from reservecheck.model.confirmations import DrawnBy
from reservecheck.money import format_amount

_EMPTY: Final = ("",) * len(ANSWERED)


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


def draw_list(trees: Iterable[tuple[Tree, Columns]], secret: bytes, lot: Lot, by: DrawnBy) -> DrawnList:
    """Draw from every tree and find whose the leaves are; trees come with the rows they were made of.

    Raises CommitmentError where a leaf is of no row, and where nobody can be drawn though something is owed.
    """
    rows: list[tuple[str, ...]] = []
    assets: list[DrawnAsset] = []
    for tree, columns in trees:
        drawn = draw(tree, lot) if tree.commitment.total else ()
        rows += _rows(tree, drawn, owners(tree, columns, secret, (one.index for one in drawn)), by, len(rows))
        assets.append(
            DrawnAsset(asset=tree.scope.asset, draws=sum(one.hits for one in drawn), customers=len(drawn))
        )
    return DrawnList(data=write_rows(COLUMNS, rows), assets=tuple(assets))


def _rows(
    tree: Tree, drawn: Iterable[Drawn], customers: dict[int, str], by: DrawnBy, before: int
) -> Iterator[tuple[str, ...]]:
    for number, one in enumerate(drawn, before + 1):
        amount = format_amount(one.units, tree.scope.decimals)
        what = (str(number), tree.scope.asset, guarded(customers[one.index]), amount, str(one.hits))
        yield *what, *_EMPTY, *map(str, astuple(by))
