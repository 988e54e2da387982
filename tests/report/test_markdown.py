from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.assessments import covered, nothing_owed, nothing_read, troubled

from reservecheck.report.document import Document, Figure, Section, Table
from reservecheck.report.markdown import markdown, render

GOLDENS = Path(__file__).parent / "goldens"


@pytest.mark.parametrize("name", ["covered", "troubled"])
def test_the_page_is_the_golden_one(name: str) -> None:
    assessment = {"covered": covered, "troubled": troubled}[name]()
    assert markdown(assessment) == (GOLDENS / f"{name}.md").read_text(encoding="utf-8")


def test_a_rehearsal_says_so_before_anything_else() -> None:
    assert markdown(covered()).startswith("> **REHEARSAL: ")
    assert markdown(nothing_owed()).startswith("# kaede at ")


def test_hostile_labels_are_neither_html_nor_markup_nor_links() -> None:
    shown = markdown(troubled())
    assert "<script>" not in shown
    assert "http://evil" not in shown
    assert "\x1b" not in shown


def test_without_an_engagement_the_page_says_so() -> None:
    assert "## No engagement was given" in markdown(nothing_read())


def page(*sections: Section) -> str:
    return render(Document(banner="", outcome="o", checks="c", title="h", subject="s", sections=sections))


def test_a_table_without_rows_says_none() -> None:
    assert page(Section(title="t", table=Table(head=("a",), rows=()))) == "# h\n\n**o** · c\n\ns\n\n## t\n\nnone\n"


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_a_label_never_leaves_its_cell_or_its_point(label: str) -> None:
    table = Table(head=("a", "b"), rows=((Figure(above=label), Figure(above="x", below=label)),))
    shown = page(Section(title="t", table=table, points=(label,)))
    lines = shown.splitlines()
    assert len(lines) == 13
    assert lines[10].replace("\\|", "").count("|") == 3
    assert "<" not in shown
