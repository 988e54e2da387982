"""The check of an inclusion proof in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from reservecheck.commitment.scheme import SCHEME
from reservecheck.money import grouped
from reservecheck.report.plain import plain

if TYPE_CHECKING:
    from reservecheck.inclusion.records import Inclusion

WIDTH = 100
MOST_DIFFERENCES = 20
_NO_TOTAL = "  none: its leaves do not lead to one total"


def as_text(answer: Inclusion) -> str:
    """Included or not and why, what is counted, what the root says, and what the format does not prevent."""
    lines = [f"{answer.title} ({answer.format})", _included(answer)]
    lines += [f"  {plain(said)}" for said in answer.differences[:MOST_DIFFERENCES]]
    if len(answer.differences) > MOST_DIFFERENCES:
        lines.append(f"  … and {len(answer.differences) - MOST_DIFFERENCES} more")
    lines += [f"note: {plain(said)}" for said in answer.remarks]
    lines += ["", f"line {plain(answer.leaf)}", f"root {plain(answer.root) or 'none'}", f"  {_root(answer)}"]
    said = "Counted for this customer:" if answer.included else "What the proof says of this customer, not shown:"
    lines += ["", said, *_amounts(answer.balances), "", "The total of the root, as the proof adds it up:"]
    lines += [
        *(_amounts(answer.totals) if answer.totals else [_NO_TOTAL]),
        "",
        "What this format does not prevent:",
    ]
    for one in answer.not_prevented:
        lines += textwrap.wrap(one.sentence, WIDTH, initial_indent="- ", subsequent_indent="  ")
    return "\n".join(lines)


def _included(answer: Inclusion) -> str:
    if answer.included:
        return "included: yes, this line is in the tree with this root"
    if answer.recomputes:
        return "included: NOT SHOWN. The hashes and sums follow, and yet:"
    return "included: NOT SHOWN. It does not recompute:"


def _root(answer: Inclusion) -> str:
    committed = answer.format == SCHEME
    if answer.root_compared:
        differs = ", which has another" if committed else ": it is another"
        given = f"compared with the {'commitment' if committed else 'root'} you gave"
        return f"{given}{differs}" if answer.root_differs else given
    if committed:
        return "the proof's own word: give the published commitment with --commitment"
    return "the proof's own word: compare it with the published root, or give that with --root"


def _amounts(amounts: Mapping[str, str]) -> Iterator[str]:
    """Amounts that are not zero, one a line; how many are zero."""
    for asset, amount in amounts.items():
        if amount != "0":
            yield f"  {plain(asset):<8} {plain(grouped(amount)):>28}"
    if nothing := [asset for asset, amount in amounts.items() if amount == "0"]:
        yield f"  nothing of {plain(', '.join(nothing))}"
