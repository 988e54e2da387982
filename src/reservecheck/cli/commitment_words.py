"""What `liabilities commit`, `prove` and `rebuild` came to, in words and as JSON; no customer's id among them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from reservecheck.commitment.commitment_file import write_commitments
from reservecheck.money import format_amount, grouped
from reservecheck.report.plain import plain
from reservecheck.vault.canonical import Json, canonical_json

if TYPE_CHECKING:
    from reservecheck.committing import Done
    from reservecheck.model.committed import CommittedTree
    from reservecheck.proving import Proven
    from reservecheck.recommitting import Recommitted

MOST = 20
"""Lines of a kind that are shown."""


def committed_as_text(done: Done) -> str:
    """Each tree's asset, height, total and root; what no tree counts; the draw announced."""
    published = done.published
    lines = [f"{published.entity} commits to what it owes, as {plain(published.snapshot)}"]
    for tree in published.trees:
        scope = tree.scope
        lines.append(f"  {scope.asset:<8} height {scope.height:>2}  total {_amount(tree.total, scope.decimals)}")
        lines.append(f"           root {tree.root.hex()}")
    for asset, amount in done.without_rows.items():
        lines.append(f"  {asset:<8} in no tree: {grouped(amount)} owed by totals, without customer rows")
    if draw := published.draw:
        lines.append(f"draw: {draw.size} a tree by {draw.method}, at height {draw.height} of {draw.network}")
    return "\n".join(lines)


def committed_as_json(done: Done) -> bytes:
    """What was published, and what no tree counts."""
    published = json.loads(write_commitments(done.published))
    return _json("committed", commitment=published, without_rows=dict(done.without_rows))


def proven_as_text(done: Proven, out: Path, *, listed: bool) -> str:
    """Which files were written, and on which lines of a list stands somebody who has no leaf."""
    lines = [f"{asset:<8} {out / name}" for asset, name in done.files[:MOST]]
    if len(done.files) > MOST:
        lines.append(f"… and {len(done.files) - MOST} more; {out / 'manifest.csv'} says whose they are")
    if not listed:
        return "\n".join(lines or ["there is no leaf of this customer: another id, or nothing is owed"])
    lines += [f"line {place + 1}: there is no leaf of this customer" for place in done.unknown[:MOST]]
    if len(done.unknown) > MOST:
        lines.append(f"… and {len(done.unknown) - MOST} more")
    return "\n".join([*lines, f"proofs {len(done.files)}, customers without a leaf {len(done.unknown)}"])


def proven_as_json(done: Proven) -> bytes:
    """The same; places on the list are lines, from 1."""
    files = [{"asset": asset, "file": name} for asset, name in done.files]
    return _json("proven", files=files, without_a_leaf=[place + 1 for place in done.unknown])


def rebuilt_as_text(done: Recommitted) -> str:
    """Each tree: equal, or what differs and what that can mean."""
    stated = done.committed
    lines = [f"{stated.entity} committed to what it owes, as {plain(stated.snapshot)}"]
    for tree in stated.trees:
        verdict, why = _verdict(done, tree)
        lines.append(f"  {plain(tree.asset):<8} {verdict}{': ' if why else ''}{why}")
    lines += [f"  {asset:<8} differs: customer rows owe it, and there is no tree" for asset in done.without_tree]
    trees = len(stated.trees)
    same = sum(tree.is_rebuilt for tree in stated.trees)
    return "\n".join([*lines, f"{same} of {trees} trees came out of these rows and this secret"])


def rebuilt_as_json(done: Recommitted) -> bytes:
    """The same, with roots and totals as published and as built."""
    return _json(
        "rebuilt",
        equal=done.is_equal,
        trees=list(_trees(done)),
        without_a_tree=list(done.without_tree),
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
        known = done.decimals.get(tree.asset)
        if tree.asset in done.owed:
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


def _json(what: str, **fields: Json) -> bytes:
    return canonical_json({"schema": f"reservecheck/liabilities-{what}/v1-draft", **fields})
