"""What an import says: which options go together, and the summary of what was done."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from reservecheck.errors import ReservecheckError
from reservecheck.importers.customers import RECORD, Imported
from reservecheck.importers.decoded_lines import ENCODINGS
from reservecheck.importers.notes import NOTES
from reservecheck.money import grouped
from reservecheck.vault.canonical import Json

_SEPARATORS: Final = (",", ";", "tab", "|")
_DECIMALS: Final = (".", ",")
_THOUSANDS: Final = (",", ".", "'", " ")
_ONE_OF: Final = (
    ("encoding", ENCODINGS),
    ("separator", _SEPARATORS),
    ("decimal", _DECIMALS),
    ("thousands", _THOUSANDS),
)


def options_of(given: Mapping[str, object]) -> dict[str, Json]:
    """The options of a command, by name, as a record keeps them; files by their name alone.

    Raises ReservecheckError for a word that is none, and for options that exclude each other.
    """
    for option, words in _ONE_OF:
        word = str(given[option])
        if word and word not in words:
            said = ", ".join(f'"{one}"' for one in words)
            raise ReservecheckError(f"--{option} is {word[:20]!r}", hint=f"write one of {said}")
    _check_together(given)
    kept: dict[str, Json] = {}
    for name, value in sorted(given.items()):
        flag = name.rstrip("_").replace("_", "-")
        if name in ("file", "out") or value in ("", None, [], False):
            continue
        if isinstance(value, Path):
            kept[flag] = value.name
        elif isinstance(value, list):
            kept[flag] = [str(one) for one in value]
        elif isinstance(value, bool | int):
            kept[flag] = value
        else:
            kept[flag] = str(value)
    return kept


def _check_together(given: Mapping[str, object]) -> None:
    if bool(given["asset_column"]) != bool(given["balance_column"]):
        hint = "both are for an export with one balance a row; neither where every asset has a column"
        raise ReservecheckError("give --asset-column and --balance-column together", hint=hint)
    if given["class_column"] and given["class_"]:
        raise ReservecheckError("give --class-column or --class, not both", hint="both say the class of a row")
    if given["thousands"] == given["decimal"]:
        raise ReservecheckError("--thousands and --decimal are the same", hint="one mark has one meaning")
    workbook = str(given["file"]).lower().endswith(".xlsx")
    if workbook and (given["encoding"] or given["separator"]):
        raise ReservecheckError("a workbook has no --encoding and no --separator", hint="leave them out")
    if not workbook and given["sheet"] is not None:
        raise ReservecheckError("only a workbook has sheets", hint="leave --sheet out, or give an .xlsx")
    special = [
        given[name] for name in ("id_column", "asset_column", "balance_column", "class_column") if given[name]
    ]
    if len(set(special)) < len(special):
        raise ReservecheckError(
            "one column is given two meanings", hint="an id, an asset, a balance, a class: each its own"
        )


def summary(done: Imported, target: Path) -> str:
    """What was read, written and left out, for the person who asked."""
    rows = [("asset", "rows", "total", "from")]
    for line in done.lines:
        names = [
            one.name if str(one.multiplier) == "1" else f"{one.name} × {one.multiplier}"
            for one in line.tickers
            if one.name != line.asset or str(one.multiplier) != "1"
        ]
        rows.append((line.asset, f"{line.rows:,}", grouped(line.total), ", ".join(names)))
    widths = [max(len(row[place]) for row in rows) for place in range(3)]
    table = [
        f"  {asset:<{widths[0]}}  {count:>{widths[1]}}  {total:>{widths[2]}}  {names}".rstrip()
        for asset, count, total, names in rows
    ]
    left_out = [f"  --skip {pattern}: {count:,} columns left out" for pattern, count in done.skipped.items()]
    notes = [f"  {done.said[word]:,} {sentence}" for word, sentence in NOTES.items() if done.said.get(word)]
    return "\n".join(
        [
            f"read {done.source.name}: {done.rows_read:,} rows, SHA-256 {done.source.sha256}",
            f"wrote {target}: {done.rows_written:,} rows, SHA-256 {done.output.sha256}",
            f"wrote {target}{RECORD}: how, to do it again",
            *table,
            *left_out,
            *notes,
            "a mechanical conversion: every total is that of the source; nothing was checked, which is next:",
            "  reservecheck liabilities check SNAPSHOT",
        ]
    )
