"""What an import says in the end: what was read, written and left out."""

from __future__ import annotations

from pathlib import Path

from reservecheck.importers.customers import Imported
from reservecheck.importers.notes import NOTES
from reservecheck.model.declared import IMPORT_RECORD
from reservecheck.money import grouped


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
            f"wrote {target}{IMPORT_RECORD}: how, to do it again",
            *table,
            *left_out,
            *notes,
            "a mechanical conversion: every total is that of the source; nothing was checked, which is next:",
            "  reservecheck liabilities check SNAPSHOT",
        ]
    )
