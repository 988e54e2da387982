"""What `liabilities commit` came to, in words and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reservecheck.commitment.commitment_file import write_commitments
from reservecheck.model.confirmations import MOST_ALLOWED, most_overstated
from reservecheck.money import format_amount, grouped
from reservecheck.report.plain import plain
from reservecheck.vault.canonical import canonical_json

if TYPE_CHECKING:
    from reservecheck.committing import Done

_EVM: Final = "eip155:"
SCHEMA: Final = "reservecheck/liabilities-committed/v1-draft"


def committed_as_text(done: Done) -> str:
    """Each tree's asset, height, total and root; what no tree counts; the draw announced."""
    published = done.published
    lines = [f"{published.entity} commits to what it owes, as {plain(published.snapshot)}"]
    for tree in published.trees:
        scope = tree.scope
        total = grouped(format_amount(tree.total, scope.decimals))
        lines.append(f"  {scope.asset:<8} height {scope.height:>2}  total {total}")
        lines.append(f"           root {tree.root.hex()}")
    for asset, amount in done.without_rows.items():
        lines.append(f"  {asset:<8} in no tree: {grouped(amount)} owed by totals, without customer rows")
    if draw := published.draw:
        lines.append(f"draw: {draw.size} a tree by {draw.method}, at height {draw.height} of {draw.network}")
    return "\n".join(lines)


def warnings(done: Done) -> Iterator[str]:
    """What whoever publishes this may rue: it cannot be taken back."""
    draw = done.published.draw
    if done.doubted:
        yield "look first: `liabilities check` finds something in these rows, and what is published stays"
    if draw and most_overstated(draw.size) > MOST_ALLOWED:
        yield f"{draw.size} draws of each tree are too few for grade L3, which takes 59"
    if draw and done.early:
        yield f"block {draw.height} of {draw.network} is likely made before the balances, and then draws nobody"
    if draw and draw.network.startswith(_EVM):
        yield f"whoever makes the block of {draw.network} can choose who is drawn: announce a block of Bitcoin"


def committed_as_json(done: Done) -> bytes:
    """What was published, and what no tree counts."""
    published = json.loads(write_commitments(done.published))
    return canonical_json({"commitment": published, "schema": SCHEMA, "without_rows": dict(done.without_rows)})
