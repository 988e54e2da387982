from __future__ import annotations

import re

import pytest

from reservecheck.model.words import Answer
from reservecheck.rules.core import CORE
from reservecheck.rules.words import CATALOGUE, words

FORBIDDEN = re.compile(r"solven|verified on|audited|assurance|guarantee|attest|proof of reserve", re.IGNORECASE)


def test_every_core_rule_and_no_other_has_words() -> None:
    assert {rule for rule, _, _ in CATALOGUE} == {rule.id for rule in CORE}


@pytest.mark.parametrize("sentence", CATALOGUE.values())
def test_no_sentence_says_what_nobody_can_know(sentence: str) -> None:
    assert FORBIDDEN.search(sentence) is None


def test_a_hostile_label_is_text_and_never_a_template() -> None:
    said = words("unread_cell", Answer.NOT_ASSESSABLE, "line", "{subject.__class__}", {"reason": "{0}"})
    assert said == "{subject.__class__}: {0}"


@pytest.mark.parametrize(
    ("rule", "outcome", "values", "one", "many"),
    [
        (
            "nothing_owed",
            Answer.HOLDS,
            ("lines", "rows"),
            "in 1 line of totals over 1 row",
            "in 2 lines of totals over 2 rows",
        ),
        (
            "owed_but_nothing_declared",
            Answer.HOLDS,
            ("holdings",),
            "x: 1 holding was looked at",
            "x: 2 holdings were looked at",
        ),
        ("unread_cell", Answer.HOLDS, ("holdings",), "x: its one holding was read", "x: all 2 holdings were read"),
        (
            "unread_cell",
            Answer.NOT_ASSESSABLE,
            ("unread", "holdings"),
            "1 of 1 holding was not read",
            "2 of 2 holdings were not read",
        ),
        ("source_run_by_the_entity", Answer.HOLDS, ("holdings",), "x: 1 holding, none", "x: 2 holdings, none"),
        (
            "source_run_by_the_entity",
            Answer.NOT_ASSESSABLE,
            ("own", "holdings"),
            "1 of 1 holding rests on a source the entity runs, and is claimed",
            "2 of 2 holdings rest on a source the entity runs, and are claimed",
        ),
        ("sources_disagree", Answer.BREAKS, ("count",), "differ once (", "differ 2 times ("),
        ("duplicate_holding", Answer.HOLDS, ("declared",), "1 line, none", "2 lines, none"),
        ("liability_extract", Answer.BREAKS, ("count",), "x: 1 row (", "x: 2 rows ("),
        (
            "coin_beyond_the_range",
            Answer.HOLDS,
            ("scripts",),
            "1 holding beyond the declared ranges was looked at",
            "2 holdings beyond the declared ranges were looked at",
        ),
        (
            "coin_beyond_the_range",
            Answer.NOT_ASSESSABLE,
            ("unread", "scripts"),
            "1 of 1 holding beyond the declared ranges was not read",
            "2 of 2 holdings beyond the declared ranges were not read",
        ),
        ("encumbrances_not_asserted", Answer.HOLDS, ("rows",), "encumbrances: 1 row, ", "encumbrances: 2 rows, "),
    ],
)
def test_one_is_said_otherwise_than_many(
    rule: str, outcome: Answer, values: tuple[str, ...], one: str, many: str
) -> None:
    other = dict.fromkeys(("first", "where", "by", "reason"), "")
    for number, expected in (("1", one), ("2", many), ("0", many.replace("2", "0"))):
        assert expected in words(rule, outcome, "", "x", {**other, **dict.fromkeys(values, number)})


def test_no_sentence_counts_without_saying_how_one_is_said() -> None:
    counted = re.compile(r"\{\w+\} (rows|lines|holdings|times|sources were)")
    assert [sentence for sentence in CATALOGUE.values() if counted.search(sentence)] == []
