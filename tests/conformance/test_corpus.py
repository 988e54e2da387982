"""The corpus itself: enough cases, each named once, with something to fail on, and the page that lists them."""

from __future__ import annotations

import pytest
from tests.conformance.case import Case
from tests.conformance.corpus import CASES, CHAPTERS
from tools.write_lies_page import PAGE, page

from reservecheck.rules.core import CORE

every_case = pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])


def test_there_are_at_least_seventy_lies_and_a_dozen_truths() -> None:
    kinds = [case.kind for case in CASES]
    assert kinds.count("lie") >= 70
    assert kinds.count("truth") >= 12


def test_every_chapter_has_cases_and_every_case_has_a_name_of_its_own() -> None:
    assert all(CHAPTERS.values())
    names = [case.id for case in CASES]
    assert len(set(names)) == len(names)
    assert len({case.says for case in CASES}) == len(CASES)


@every_case
def test_a_case_says_why_it_ends_as_it_does(case: Case) -> None:
    assert case.says.endswith(".")
    assert case.outcome or case.steps or case.words
    assert bool(case.steps) <= (case.code == 1)
    if case.code == 2:
        assert case.words
    if case.outcome == "covered":
        assert (case.code, case.breaks, case.unknown) == (0, (), ())
    elif case.outcome:
        assert case.code == 1
        assert case.breaks or case.unknown


@every_case
def test_a_case_names_rules_there_are(case: Case) -> None:
    known = {rule.id for rule in CORE}
    named = {name.partition(" ")[0] for name in (*case.breaks, *case.unknown, *case.notes)}
    assert named <= known


def test_a_lie_that_ends_with_yes_is_printed_beside_the_answer() -> None:
    for case in CASES:
        if case.kind == "lie" and case.code == 0:
            assert case.words, case.id


def test_every_rule_is_lied_to() -> None:
    lied_to = {name.partition(" ")[0] for case in CASES for name in (*case.breaks, *case.unknown, *case.notes)}
    assert {rule.id for rule in CORE} - lied_to == set()


def test_the_page_lists_every_case_in_its_own_words() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == page(), "run: python -m tools.write_lies_page"
    for case in CASES:
        assert f"| `{case.id}` |" in text
