"""What `liabilities rebuild` came to, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reservecheck.money import format_amount, grouped
from reservecheck.report.plain import plain
from reservecheck.vault.canonical import Json, canonical_json

if TYPE_CHECKING:
    from reservecheck.model.committed import CommittedTree
    from reservecheck.recommitting import Recommitted

SCHEMA: Final = "reservecheck/liabilities-rebuilt/v1-draft"


def rebuilt_as_text(done: Recommitted) -> str:
    """Each tree: equal, or what differs and what that can mean."""
    stated = done.committed
    lines = [f"{stated.entity} committed to what it owes, as {plain(stated.snapshot)}"]
    for tree in stated.trees:
        verdict, why = _verdict(done, tree)
        lines.append(f"  {plain(tree.asset):<8} {verdict}{': ' if why else ''}{why}")
    lines += [f"  {asset:<8} differs: customer rows owe it, and there is no tree" for asset in done.without_tree]
    return "\n".join([*lines, _summed_up(done)])


def _summed_up(done: Recommitted) -> str:
    """How many trees came out, and of which assets one did not or is not there."""
    trees = done.committed.trees
    other = [plain(tree.asset) for tree in trees if not tree.is_rebuilt]
    said = f"{len(trees) - len(other)} of {len(trees)} trees came out of these rows and this secret"
    said += f", and not {'that' if len(other) == 1 else 'those'} of {', '.join(other)}" if other else ""
    if done.without_tree:
        said += f"; there is no tree of {', '.join(done.without_tree)}, which customer rows owe"
    return said if done.is_equal else f"differs: {said}"


def rebuilt_as_json(done: Recommitted) -> bytes:
    """The same, with roots and totals as published and as built."""
    return canonical_json(
        {
            "equal": done.is_equal,
            "schema": SCHEMA,
            "trees": list(_trees(done)),
            "without_a_tree": list(done.without_tree),
        }
    )


def _trees(done: Recommitted) -> Iterator[dict[str, Json]]:
    for tree in done.committed.trees:
        verdict, why = _verdict(done, tree)
        came = tree.rebuilt
        built = None if came is None else {"root": came.root, "total": str(came.total)}
        stated = {"root": tree.root, "total": str(tree.total)}
        yield {"asset": tree.asset, "built": built, "published": stated, "verdict": verdict, "why": why}


def _verdict(done: Recommitted, tree: CommittedTree) -> tuple[str, str]:
    built = tree.rebuilt
    if built is None:
        if tree.asset in done.owed:
            known = done.decimals[tree.asset]
            return "differs", f"it counts in {tree.decimals} decimals, the asset has {known}"
        return "differs", "no customer row owes it"
    if tree.is_rebuilt:
        return "equal", ""
    said, gave = (_amount(units, tree.decimals) for units in (tree.total, built.total))
    if not built.root:
        return "differs", f"the customers do not fit into a tree of height {tree.height}; the rows owe {gave}"
    if tree.total != built.total:
        return "differs", f"the total published is {said}, the rows owe {gave}"
    return "differs", f"the root, under an equal total of {said}: other rows, other ids or another secret"


def _amount(units: int, decimals: int) -> str:
    return grouped(format_amount(units, decimals))
