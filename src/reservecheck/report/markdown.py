"""An assessment as markdown, for pull requests and documents; labels can be neither markup, HTML nor links."""

from __future__ import annotations

from collections.abc import Iterator

from reservecheck.model.assessment import Assessment
from reservecheck.report.document import Document, Figure, Section, Table
from reservecheck.report.plain import for_markdown
from reservecheck.report.sections import document


def markdown(assessment: Assessment) -> str:
    """The whole report, ending in one newline."""
    return render(document(assessment))


def render(report: Document) -> str:
    """A document as markdown."""
    lines: list[str] = []
    if report.banner:
        lines += [f"> **{for_markdown(report.banner)}**", ""]
    first = f"**{for_markdown(report.outcome)}** · {for_markdown(report.checks)}"
    lines += [f"# {for_markdown(report.title)}", "", first, "", for_markdown(report.subject)]
    for section in report.sections:
        lines += ["", *_section(section)]
    return "\n".join(lines) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f"## {for_markdown(section.title)}"
    yield ""
    if section.table is not None:
        yield from _table(section.table)
        if section.points:
            yield ""
    for point in section.points:
        yield f"- {for_markdown(point)}"


def _table(table: Table) -> Iterator[str]:
    if not table.rows:
        yield "none"
        return
    yield _row([for_markdown(head) for head in table.head])
    yield _row(["---", *["---:"] * (len(table.head) - 1)])
    for row in table.rows:
        yield _row([_cell(cell) for cell in row])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Figure) -> str:
    above = for_markdown(cell.above)
    return f"{above} ({for_markdown(cell.below)})" if cell.below else above
