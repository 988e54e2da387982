"""An assessment for the screen: 100 columns, no colour needed, and nothing a stranger wrote arrives raw."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from reservecheck.model.assessment import Assessment
from reservecheck.report.document import Document, Figure, Section, Table
from reservecheck.report.plain import plain
from reservecheck.report.sections import document

WIDTH: Final = 100
_INDENT: Final = "  "
_GAP: Final = 3


def text(assessment: Assessment) -> str:
    """The whole report, ending in one newline."""
    return render(document(assessment))


def render(report: Document) -> str:
    """A document as text."""
    lines: list[str] = []
    if report.banner:
        lines += [report.banner, ""]
    lines += _wrapped(f"{report.outcome} · {report.checks}", "")
    lines += textwrap.wrap(plain(report.subject), WIDTH, subsequent_indent=_INDENT)
    for section in report.sections:
        lines += ["", *_section(section)]
    return "\n".join(lines) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield section.title
    yield "─" * len(section.title)
    if section.table is not None:
        yield from _table(section.table)
        if section.points:
            yield ""
    for point in section.points:
        yield from _wrapped(point, "- ")


def _wrapped(line: str, mark: str) -> list[str]:
    indent = _INDENT if mark else ""
    return textwrap.wrap(
        plain(line), WIDTH, initial_indent=indent + mark, subsequent_indent=indent + " " * len(mark)
    )


def _table(table: Table) -> Iterator[str]:
    if not table.rows:
        yield f"{_INDENT}none"
        return
    rows = [[(plain(cell.above), plain(cell.below)) for cell in row] for row in table.rows]
    widths = [
        max(len(head), *(len(part) for row in rows for part in row[column]))
        for column, head in enumerate(table.head)
    ]
    if len(_INDENT) + sum(widths) + _GAP * (len(widths) - 1) > WIDTH:
        yield from _stacked(table)
        return
    yield _line(list(table.head), widths)
    for row in rows:
        yield _line([above for above, _ in row], widths)
        if any(below for _, below in row):
            yield _line([below for _, below in row], widths)


def _line(parts: list[str], widths: list[int]) -> str:
    first, *others = zip(parts, widths, strict=True)
    columns = [first[0].ljust(first[1]), *(part.rjust(width) for part, width in others)]
    return (_INDENT + (" " * _GAP).join(columns)).rstrip()


def _stacked(table: Table) -> Iterator[str]:
    """One figure a line, for amounts too long to stand side by side; none is ever cut."""
    widest = max(len(head) for head in table.head)
    for row in table.rows:
        yield f"{_INDENT}{plain(row[0].above)}"
        for head, cell in zip(table.head[1:], row[1:], strict=True):
            yield f"{_INDENT * 2}{head.ljust(widest)}  {plain(_one_line(cell))}"


def _one_line(cell: Figure) -> str:
    return f"{cell.above.rjust(12)}  {cell.below}" if cell.below else cell.above
