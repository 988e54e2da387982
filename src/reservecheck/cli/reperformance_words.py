"""A reperformance in words and as JSON: blocks, then what is not equal, then how many are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reservecheck.reperform import DECIMALS
from reservecheck.report.plain import plain
from reservecheck.vault.canonical import Json, canonical_json

if TYPE_CHECKING:
    from reservecheck.reperform import Compared, Reperformance

MOST = 20


def as_text(done: Reperformance) -> str:
    """Every block, the first holdings that are not equal, and the counts last."""
    blocks = [one for one in done.compared if not one.instrument]
    tokens = [one for one in done.compared if one.label == DECIMALS]
    others = [one for one in done.compared if one.instrument]
    odd = [one for one in others if one.result != "equal"]
    lines = [_line(one) for one in blocks]
    lines += [_line(one) for one in odd[:MOST]]
    if len(odd) > MOST:
        lines.append(f"… and {len(odd) - MOST} more")
    lines += [
        f"{network}: not read again: no source of yours is of it, or no line of it was drawn"
        for network in done.not_asked
    ]
    counts = ", ".join(f"{done.counts.get(result, 0)} {result}" for result in type(done.compared[0].result))
    what = f"{len(others) - len(tokens)} of {done.holdings} holdings"
    what += f", the decimals of {len(tokens)} token{'s' if len(tokens) > 1 else ''}" if tokens else ""
    lines += ["", f"{what} and {len(blocks)} blocks were read again: {counts}"]
    return "\n".join(lines)


def as_json(done: Reperformance) -> bytes:
    """The same as one JSON object, every holding listed."""
    rows: list[Json] = [
        {
            "instrument": one.instrument or None,
            "label": one.label,
            "network": one.network,
            "now": one.now,
            "result": str(one.result),
            "then": one.then,
        }
        for one in done.compared
    ]
    return canonical_json(
        {
            "compared": rows,
            "equal": done.equal,
            "holdings": done.holdings,
            "not_asked": list(done.not_asked),
            "schema": "reservecheck/reperformance/v1-draft",
        }
    )


def _line(one: Compared) -> str:
    about = " ".join(filter(None, (one.network if not one.instrument else "", one.label, one.instrument)))
    if one.result == "equal":
        return plain(f"{about}: equal, {one.then}")
    return plain(f"{about}: {one.result}: the bundle says {one.then}, you were told {one.now or 'nothing'}")
