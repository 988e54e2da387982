"""What a draw says of itself: what drew, how many, and what that rests on; as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.cli.draw_running import Done
from reservecheck.drawing import DrawnAsset
from reservecheck.model.confirmations import DrawnBy, ReadFrom
from reservecheck.vault.canonical import Json, canonical_json


def as_text(done: Done) -> str:
    """One thing a line; the last ones say what nobody can see from here."""
    by = done.by
    made = f" of {by.time}" if by.time else ""
    lines = [
        f"commitment  {by.commitment}",
        f"block       {by.network} {by.height}{made}",
        f"hash        {by.block}",
        f"from        {_whence(done)}",
        *(f"{one.asset:<11} {_counts(done, one)}" for one in done.drawn.assets),
        "",
        *_rests_on(by),
    ]
    return "\n".join(lines)


def as_json(done: Done) -> bytes:
    """The same as one JSON object; no customer and no balance."""
    by = done.by
    assets: list[Json] = [
        {"asset": one.asset, "draws": one.draws, "customers": one.customers} for one in done.drawn.assets
    ]
    return canonical_json(
        {
            "schema": "reservecheck/draw/v1-draft",
            "commitment": by.commitment,
            "network": by.network,
            "height": by.height,
            "hash": by.block,
            "time": by.time or None,
            "read_from": str(by.read_from),
            "method": done.given.draw.method,
            "assets": assets,
        }
    )


def _whence(done: Done) -> str:
    if done.read is None:
        return "typed: read it from a source of your own, or look it up and give it to run with --anchors"
    names = ", ".join(done.read.sources)
    if done.by.read_from is ReadFrom.OWN:
        return f"{names}, your own source among them"
    return f"{names}, none of them your own: look the hash up and give it to run with --anchors"


def _counts(done: Done, one: DrawnAsset) -> str:
    if not one.customers:
        return "nothing is owed: nobody can be drawn"
    customers = "1 customer" if one.customers == 1 else f"{one.customers} customers"
    return f"{one.draws} draws by {done.given.draw.method}: {customers}"


def _rests_on(by: DrawnBy) -> Iterator[str]:
    made = f"{by.time}, when that block was made" if by.time else "that block was made"
    yield f"This is worth nothing unless the commitment was public before {made}. Nothing here shows that it was:"
    yield "compare its digest, above, with one that somebody else published or time-stamped before then."
