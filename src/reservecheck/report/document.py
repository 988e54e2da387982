"""The parts a report is made of, before anybody renders them; every text in it is unescaped."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What one table cell shows: the ratio or the word above, the amount below."""

    above: str
    below: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of figures under headings; the first column names the row."""

    head: tuple[str, ...]
    rows: tuple[tuple[Figure, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading, an optional table, and points."""

    title: str
    table: Table | None = None
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One report."""

    banner: str  # "" unless it is a rehearsal
    outcome: str  # one of the program's own words, alone
    checks: str
    title: str  # entity id and cut-off
    subject: str  # what the entity calls itself, its id, and the cut-off
    sections: tuple[Section, ...]
