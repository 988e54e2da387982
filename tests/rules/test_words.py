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
