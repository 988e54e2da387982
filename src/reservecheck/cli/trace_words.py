"""A trace in words and as JSON."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from reservecheck.members.codec import to_json
from reservecheck.model.words import Bound
from reservecheck.moments import utc_text
from reservecheck.money import exact, percent_down
from reservecheck.report.figures import grouped
from reservecheck.report.plain import plain
from reservecheck.vault.canonical import canonical_json

if TYPE_CHECKING:
    from reservecheck.trace import Trace

MOST_LINES = 12


def as_text(traced: Trace, *, everything: bool) -> str:
    """Ratio, lines, blocks, answers; without `everything` only as many as a screen holds."""
    most = len(traced.lines) + len(traced.exchanges) if everything else MOST_LINES
    lines = _figure(traced)
    lines += ["", f"{len(traced.lines)} cells"] if traced.lines else []
    for line in traced.lines[:most]:
        reason = f"  ({plain(line.reason)})" if line.reason else ""
        numbers = ",".join(map(str, line.exchanges))
        lines.append(
            f"  {plain(line.label):<24} {_grouped(line.amount):>26}  {line.evidence}, {line.control}{reason}"
        )
        lines.append(f"      {plain(line.address)}  {line.instrument}  answer {numbers}")
    lines += [f"  … and {len(traced.lines) - most} more: --all"] if len(traced.lines) > most else []
    lines += ["", "statements"] if traced.statements else []
    lines += [f"  {plain(said)}" for said in traced.statements]
    lines += ["", "blocks"] if traced.pins else []
    lines += [
        f"  {pin.network} block {pin.height} of {utc_text(pin.time)}  {plain(pin.hash)}" for pin in traced.pins
    ]
    lines += ["", f"{len(traced.exchanges)} recorded answers"] if traced.exchanges else []
    for item in traced.exchanges[-most:]:
        digest = item.answer_sha256 or "no answer"
        lines.append(f"  {item.n:>5} {item.source} {item.decoder} {item.purpose}, {item.outcome} {item.at}")
        lines.append(f"        answer sha256 {digest}")
    return "\n".join(lines)


def _grouped(amount: str) -> str:
    """Thousands apart, as in the report; what is no amount stays as it is."""
    whole, point, fraction = amount.partition(".")
    return f"{int(whole):,}{point}{fraction}" if whole.removeprefix("-").isdigit() else amount


def as_json(traced: Trace) -> bytes:
    """The same as one JSON object."""
    return canonical_json(
        {
            "exchanges": to_json(traced.exchanges),
            "figure": _figure(traced),
            "lines": to_json(traced.lines),
            "pins": to_json(traced.pins),
            "schema": "reservecheck/trace/v1-draft",
            "statements": list(traced.statements),
        }
    )


def _figure(traced: Trace) -> list[str]:
    if traced.asset is not None:
        asset = traced.asset
        views = [("deciding", asset.deciding.held, asset.deciding.ratio)]
        views += [
            (name, held.held, held.ratio)
            for name, held in (("segregated", asset.segregated), ("broad", asset.broad))
        ]
        bound = "" if asset.deciding.bound is Bound.EXACT else f"  (deciding is {asset.deciding.bound})"
        head = f"{asset.asset}: owed {grouped(asset.owed, asset.decimals)} (grade {asset.grade}){bound}"
        excluded = [
            f"  left out of deciding: {grouped(item.amount, asset.decimals)}, {item.reason}"
            for item in asset.excluded
        ]
        unknown = asset.why if asset.owed else ""
        return [head, *(_view(*view, asset.decimals, unknown) for view in views), *excluded]
    cash = traced.cash
    if cash is None:  # pragma: no cover  # a trace has one of the two
        return []
    held = (("deciding", cash.deciding), ("segregated", cash.segregated), ("broad", cash.broad))
    head = f"{cash.currency}: owed {grouped(cash.owed, cash.decimals)} (grade {cash.grade})"
    return [head, *(_view(name, one.held, one.ratio, cash.decimals, "") for name, one in held)]


def _view(name: str, held: int, ratio: Fraction | None, decimals: int, unknown: str) -> str:
    amount = grouped(held, decimals)
    if unknown:
        return f"  {name:<10} {amount} read: the ratio is not known, {unknown}"
    if ratio is None:
        return f"  {name:<10} {amount}: no ratio, none owed in the file received"
    return f"  {name:<10} {amount}: the ratio is {percent_down(ratio)} % ({exact(ratio)})"
