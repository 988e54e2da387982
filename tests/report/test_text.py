from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.assessments import covered, nothing_owed, nothing_read, troubled

from reservecheck.report.document import Document, Figure, Section, Table
from reservecheck.report.markdown import markdown
from reservecheck.report.text import WIDTH, render, text

GOLDENS = Path(__file__).parent / "goldens"
ALL = (covered, troubled, nothing_read, nothing_owed)
FORBIDDEN = re.compile(r"solven|verified on|audited|assurance|guarantee|% more", re.IGNORECASE)


@pytest.mark.parametrize("name", ["covered", "troubled"])
def test_the_screen_is_the_golden_one(name: str) -> None:
    assessment = {"covered": covered, "troubled": troubled}[name]()
    assert text(assessment) == (GOLDENS / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("make", ALL)
def test_no_line_is_wider_than_the_screen_and_no_word_is_a_verdict(make: object) -> None:
    assert callable(make)
    shown = text(make())
    assert max(len(line) for line in shown.splitlines()) <= WIDTH
    assert FORBIDDEN.search(shown) is None
    assert shown.endswith("\n")


def test_a_rehearsal_says_so_before_anything_else() -> None:
    assert text(covered()).startswith("REHEARSAL: ")
    assert "REHEARSAL" not in text(troubled())


def test_the_first_line_is_the_outcome_and_the_second_says_whose() -> None:
    assert text(covered()).splitlines()[2:4] == [
        "covered · checks: 41 held, 0 broke, 0 not assessable",
        "Kaede (fictional) [kaede] at 2018-09-14T17:00:00+09:00",
    ]


def test_a_name_can_pose_as_no_outcome_however_long_it_is() -> None:
    position = troubled().position
    name = "x" * 99 + " covered · checks: 45 held, 0 broke, 0 not assessable"
    posing = replace(troubled(), position=replace(position, inputs=replace(position.inputs, name=name)))
    lines = text(posing).splitlines()
    assert lines[0].startswith("shortfall · checks: ")
    assert not any(line.startswith("covered") for line in lines)
    assert not any(line.startswith(("# covered", "**covered")) for line in markdown(posing).splitlines())


def test_looser_settings_stand_above_every_figure() -> None:
    shown = text(covered())
    assert 'deciding.control = "undemonstrated"' in shown
    assert shown.index("deciding.control") < shown.index("Coins: ")


def test_a_run_without_an_engagement_says_so() -> None:
    assert "No engagement was given\n" in text(nothing_read())
    assert "Settings looser" not in text(nothing_read())


def test_unknown_is_not_printed_as_zero() -> None:
    (line,) = (line for line in text(nothing_read()).splitlines() if line.startswith("  BTC "))
    assert line.split("   ")[-3:] == ["not known", " not known", "not known"]


def document(*sections: Section, subject: str = "s", checks: str = "c") -> Document:
    return Document(banner="", outcome="o", checks=checks, title="t", subject=subject, sections=sections)


def test_amounts_too_long_for_one_line_are_stacked_and_never_cut() -> None:
    amount = "1" * 60
    row = (Figure(above="BTC"), Figure(above=amount), Figure(above="100.00 %", below=amount))
    shown = render(document(Section(title="t", table=Table(head=("asset", "owed", "deciding"), rows=(row,)))))
    assert shown.splitlines()[5:] == ["  BTC", f"    owed      {amount}", f"    deciding      100.00 %  {amount}"]


def test_a_table_without_rows_says_none() -> None:
    assert render(document(Section(title="t", table=Table(head=("a",), rows=())))) == "o · c\ns\n\nt\n─\n  none\n"


def test_a_table_without_notes_ends_with_its_last_row() -> None:
    table = Table(head=("a", "b"), rows=((Figure(above="x"), Figure(above="y")),))
    assert render(document(Section(title="t", table=table))) == "o · c\ns\n\nt\n─\n  a   b\n  x   y\n"


def test_a_long_name_goes_on_indented() -> None:
    shown = render(document(subject="s" * 60 + " " + "s" * 60))
    assert shown == "o · c\n" + "s" * 60 + "\n  " + "s" * 60 + "\n"


@given(st.text())
def test_nothing_a_stranger_wrote_reaches_the_terminal_raw(label: str) -> None:
    table = Table(head=("asset",), rows=((Figure(above=label),),))
    shown = render(document(Section(title="t", table=table, points=(label,)), subject=label))
    assert {unicodedata.category(character) for character in shown.replace("\n", "")} & {"Cc", "Cf", "Cs"} == set()
