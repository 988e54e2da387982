"""The look at the customers' side as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reservecheck.model.books import OwedLine
from reservecheck.model.liability_check import Doubt, LiabilityCheck
from reservecheck.model.words import Severity
from reservecheck.money import format_amount, grouped
from reservecheck.report.liability_words import NOT_COMPARED, sentence
from reservecheck.report.plain import plain
from reservecheck.vault.canonical import Json, canonical_json

SCHEMA: Final = "reservecheck/liabilities-check/v1-draft"
_HEADER: Final = ("asset", "class", "rows", "gross", "negative", "net", "house")
_TEXT_COLUMNS: Final = 2
_MOST_PLACES: Final = 5


def as_text(check: LiabilityCheck) -> str:
    """Totals, what was found by severity with its places, and what could not be compared."""
    owed = check.liabilities
    lines = ["REHEARSAL: fictional names and amounts", ""] if check.rehearsal else []
    lines.append(f"{check.entity}: what customers are owed, as of {owed.extract.as_of}")
    lines += [f"cut-off {check.cutoff or 'not stated'}; grade {owed.grade}; {_rows(owed.lines)} rows", ""]
    lines += _table([_HEADER, *(_cells(line, check.decimals[line.asset]) for line in owed.lines)])
    lines += _classes(check)
    lines += _in_flight(check)
    for severity in Severity:
        found = [doubt for doubt in check.doubts if doubt.severity is severity]
        lines += ["", f"{severity}: {len(found) or 'none'}"]
        for doubt in found:
            lines += [f"- {plain(sentence(doubt))}", *_places(doubt)]
    if check.not_compared:
        lines += ["", "Not compared:", *(f"- {NOT_COMPARED[name]}" for name in check.not_compared)]
    return "\n".join(lines)


def as_json(check: LiabilityCheck) -> bytes:
    """The same as one JSON object, with the digests of the files."""
    return canonical_json(
        {
            "as_of": check.liabilities.extract.as_of,
            "classes": dict(check.liabilities.classes),
            "coarse": {
                asset: {
                    "rows": one.rows,
                    "step": format_amount(one.step, check.decimals[asset]),
                    "worst": format_amount(one.worst, check.decimals[asset]),
                }
                for asset, one in check.coarse.items()
            },
            "cutoff": check.cutoff or None,
            "entity": check.entity,
            "files": [{"bytes": file.bytes, "name": file.name, "sha256": file.sha256} for file in check.files],
            "findings": [_doubt_json(doubt) for doubt in check.doubts],
            "grade": check.liabilities.grade.value,
            "in_flight": [
                {
                    "amount": format_amount(item.units, check.decimals[item.asset]),
                    "asset": item.asset,
                    "kind": item.kind,
                    "side": item.side,
                }
                for item in check.in_flight
            ],
            "not_compared": list(check.not_compared),
            "nothing_found": check.nothing_found,
            "owed": [_line_json(line, check.decimals[line.asset]) for line in check.liabilities.lines],
            "rehearsal": check.rehearsal,
            "schema": SCHEMA,
        }
    )


def _doubt_json(doubt: Doubt) -> Json:
    return {
        "asset": doubt.asset,
        "kind": doubt.kind,
        "message": sentence(doubt),
        "severity": doubt.severity.value,
        "values": dict(doubt.values),
        "where": list(doubt.where),
    }


def _line_json(line: OwedLine, decimals: int) -> Json:
    names = ("gross", "negative", "net", "house")
    amounts = {name: format_amount(getattr(line, name), decimals) for name in names}
    return {"asset": line.asset, "class": line.class_, "rows": line.rows, **amounts}


def _rows(lines: Sequence[OwedLine]) -> str:
    return f"{sum(line.rows for line in lines):,}"


def _cells(line: OwedLine, decimals: int) -> tuple[str, ...]:
    amounts = (line.gross, line.negative, line.net, line.house)
    return (
        line.asset,
        line.class_,
        f"{line.rows:,}",
        *(grouped(format_amount(units, decimals)) for units in amounts),
    )


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.ljust(width) if place < _TEXT_COLUMNS else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _classes(check: LiabilityCheck) -> Iterator[str]:
    if check.liabilities.classes:
        yield ""
        yield "Product classes:"
        for name, said in sorted(check.liabilities.classes.items()):
            yield f"- {name}: {plain(said)}"


def _in_flight(check: LiabilityCheck) -> Iterator[str]:
    if check.in_flight:
        yield ""
        yield "Under way, as the register says: owed until mined, and above only if the entity put it there."
        for item in check.in_flight:
            amount = grouped(format_amount(item.units, check.decimals[item.asset]))
            yield f"- {plain(item.kind)} ({plain(item.side)}): {amount} {item.asset}"


def _places(doubt: Doubt) -> Iterator[str]:
    for place in doubt.where[:_MOST_PLACES]:
        yield f"    {plain(place)}"
    if len(doubt.where) > _MOST_PLACES:
        yield f"    … {len(doubt.where) - _MOST_PLACES} more places in JSON"
