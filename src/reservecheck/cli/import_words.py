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
    left_out = [
        f"  --skip {pattern}: {_counted(count, 'column')} left out" for pattern, count in done.skipped.items()
    ]
    notes = [
        f"  {(one if done.said[word] == 1 else several).format(f'{done.said[word]:,}')}"
        for word, (one, several) in NOTES.items()
        if done.said.get(word)
    ]
    return "\n".join(
        [
            f"read {done.source.name}: {_counted(done.rows_read, 'row')}, SHA-256 {done.source.sha256}",
            f"wrote {target}: {_counted(done.rows_written, 'row')}, SHA-256 {done.output.sha256}",
            f"wrote {target}{IMPORT_RECORD}: how, to do it again",
            *table,
            *left_out,
            *notes,
            "a mechanical conversion: every total is that of the source; nothing was checked, which is next:",
            "  reservecheck liabilities check SNAPSHOT",
        ]
    )


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
