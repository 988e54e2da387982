"""Who is who among operators: what makes another one, and what does not."""

from __future__ import annotations

import pytest

from reservecheck.model.operators import begins_with, entity_keys, operator_key, voices


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rehearsal", " re-hearsal."),
        ("Café 24", "CAFE\u0301 24"),
        ("Straße", "STRASSE"),
        ("Node 24", "Node ２４"),
        ("Node 24", "Node \u0662\u0664"),
        ("Node 24", "Node \u0968\u096a"),
        ("Node 4", "Node \u2463"),
        ("...", "-"),
    ],
)
def test_case_blanks_accents_signs_and_other_digits_make_no_other_operator(one: str, other: str) -> None:
    assert operator_key(one) == operator_key(other)
    assert voices((one, other), ()) == 1


def test_another_digit_is_another_operator() -> None:
    assert voices(("Node 1", "Node \u0662", "Node"), ()) == 3


def test_names_all_in_another_script_are_told_apart_although_they_look_the_same() -> None:
    assert voices(("OCEAN", "\u041e\u0421\u0415\u0410\u041d"), ()) == 2


@pytest.mark.parametrize(
    "operator", ["hanul", "Hanul Exchange", "HANUL-EXCHANGE (Seoul)", "hanul (fictional)", "Friend", "friend (a)"]
)
def test_the_entity_bears_its_id_its_name_and_those_who_run_its_sources(operator: str) -> None:
    keys = entity_keys([("Friend", "entity"), ("Somebody", "practitioner")], "hanul", "Hanul Exchange (fictional)")
    assert voices([operator, "Somebody", "Hanul Exchange Audit"], keys) == 2


def test_a_name_in_brackets_alone_is_itself() -> None:
    assert voices(["(a)", "(b)"], entity_keys((), "(a)")) == 1


@pytest.mark.parametrize(
    ("operator", "entity", "does"),
    [
        ("Acme Ltd Exchange", "acme-ltd", True),
        ("acme-ltd", "acme-ltd", True),
        ("ACME (Ltd)", "acme-ltd", True),
        ("Acme", "acme-ltd", False),
        ("The Acme Ltd", "acme-ltd", False),
        ("Acmeltdson", "acme-ltd", False),
    ],
)
def test_a_name_begins_with_an_id_word_by_word(operator: str, entity: str, *, does: bool) -> None:
    assert begins_with(operator, entity) is does
