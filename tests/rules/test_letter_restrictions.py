from __future__ import annotations

import pytest
from tests.assess.inputs_factory import books, inputs, letter
from tests.rules.asking import ask

from reservecheck.rules.letter_restrictions import RULE


def said(**changes: str) -> tuple[str, str, str]:
    return ask(RULE, inputs(books=books(letters=(letter("cash", "bank-trust", "JPY", 1, **changes),))))[0]


@pytest.mark.parametrize("text", ["", "none", " None "])
def test_letter_restrictions_holds_where_none_is_stated(text: str) -> None:
    assert said(restrictions=text) == ("holds", "warning", "letter cash-bank-trust: states no restriction")


def test_letter_restrictions_is_not_assessable_where_money_is_pledged() -> None:
    assert said(restrictions="pledged to Example Lender") == (
        "not-assessable",
        "warning",
        (
            "letter cash-bank-trust: restricts JPY under bank-trust (pledged to Example Lender);"
            " how much of it is free is not known"
        ),
    )


@pytest.mark.parametrize("changes", [{"channel": "via-entity"}, {"received_on": ""}])
def test_letter_restrictions_looks_only_at_letters_received_directly(changes: dict[str, str]) -> None:
    assert said(restrictions="pledged", **changes)[0] == "not-applicable"
