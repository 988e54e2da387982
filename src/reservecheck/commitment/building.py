"""Builds a tree from what customers are owed, in compiled loops where numba is installed: the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from typing import Final

from reservecheck.commitment import plain
from reservecheck.commitment.columns import Columns, Row, each, of_rows, total
from reservecheck.commitment.scheme import LIMIT, PADDING, Scope, least_height
from reservecheck.commitment.tree import FIRST_KEPT, Tree
from reservecheck.errors import CommitmentError

SECRET: Final = 32
TALLEST: Final = 30
"""A taller tree has more leaves than a machine's memory; the scheme itself goes to 40."""
WORTH_COMPILING: Final = 12
"""A lower tree is built before the compiled loops are loaded."""


def build(rows: Iterable[Row], scope: Scope, secret: bytes) -> Tree:
    """The tree over what rows say is owed, in any order, with zero leaves up to 2^height.

    The secret is 32 random bytes: whoever has it and the rows can build the tree again; nobody else can tell an
    amount from a leaf's hash. Raises CommitmentError on an id that is empty or not in NFC, an amount or a total of
    2^128 or more, a customer and part that stand twice, more rows than leaves, or a secret of another length.
    """
    return build_columns(of_rows(rows), scope, secret)


def build_columns(columns: Columns, scope: Scope, secret: bytes) -> Tree:
    """As `build`, from flat columns: without an object a row, for millions of them."""
    _refuse(columns, scope, secret)
    large = len(columns) > 0 and scope.height >= WORTH_COMPILING
    make = _compiled if large and find_spec("numba") is not None else _plain
    tree, repeated = make(columns, scope, secret)
    if repeated:
        _refuse_repeated(columns)
    return tree


def _plain(columns: Columns, scope: Scope, secret: bytes) -> tuple[Tree, bool]:
    leaves, repeated = plain.ordered_leaves(columns, scope.context, secret, scope.height)
    upper = b""
    if scope.height >= FIRST_KEPT:
        upper = plain.upper_levels(leaves, scope.context, scope.height, FIRST_KEPT)
    return Tree(scope=scope, leaves=memoryview(leaves), upper=memoryview(upper)), repeated


def _compiled(columns: Columns, scope: Scope, secret: bytes) -> tuple[Tree, bool]:
    from reservecheck.kernels import summation_tree as loops  # noqa: PLC0415  # optional

    memory = columns.ids, columns.starts, columns.low, columns.high, columns.parts
    context, height = scope.context, scope.height
    leaves, repeated = loops.ordered_leaves(memory, padding=PADDING, context=context, secret=secret, height=height)
    upper = loops.upper_levels(leaves, context=context, height=height, first=FIRST_KEPT)
    return Tree(scope=scope, leaves=leaves.data, upper=upper.data), repeated


def _refuse(columns: Columns, scope: Scope, secret: bytes) -> None:
    if len(secret) != SECRET:
        raise CommitmentError(f"a master secret has {SECRET} bytes, this one {len(secret)}")
    if scope.height > TALLEST:
        raise CommitmentError(f"a tree of height {scope.height} is not built here: {TALLEST} is the tallest")
    if len(columns) > 1 << scope.height:
        raise CommitmentError(
            f"{len(columns)} rows do not fit into a tree of height {scope.height}",
            hint=f"publish the height {least_height(len(columns))} or more",
        )
    if total(columns) >= LIMIT:
        raise CommitmentError("the amounts add up to 2^128 or more")


def _refuse_repeated(columns: Columns) -> None:
    """Raises when a customer's part stands twice; salts that only begin alike are let be."""
    seen: dict[tuple[bytes, int], int] = {}
    for number, (customer, _, part) in enumerate(each(columns)):
        first = seen.setdefault((customer, part), number)
        if first != number:
            raise CommitmentError(
                f"row {number}: this customer's part {part} stands already in row {first}",
                hint="add up what one customer is owed, or number the parts of a balance",
            )
