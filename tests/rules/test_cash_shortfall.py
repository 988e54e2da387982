from __future__ import annotations

from tests.assess.inputs_factory import books, cash, engagement, inputs, letter, liabilities, owed
from tests.rules.asking import ask

from reservecheck.model.engagement import Accept, OutOfScope
from reservecheck.rules.cash_shortfall import RULE


def test_cash_shortfall_holds_where_letters_confirm_enough() -> None:
    assert ask(RULE, inputs()) == [
        (
            "holds",
            "critical",
            "JPY: the ratio of segregated, confirmed money is 100.00 %: 1,000,000 against 1,000,000 owed",
        )
    ]


def test_cash_shortfall_breaks_where_segregated_money_is_short_even_as_declared() -> None:
    assert ask(RULE, inputs(books=books(cash=(cash("bank-trust", 999_999),)))) == [
        (
            "breaks",
            "critical",
            (
                "JPY: 1,000,000 are owed, and only 999,999 stand in segregated accounts free of other claims"
                " (segregated as declared 999,999, all accounts 999,999)"
            ),
        )
    ]


def test_cash_shortfall_breaks_where_a_letter_says_less() -> None:
    said = ask(RULE, inputs(books=books(letters=(letter("cash", "bank-trust", "JPY", 999_999),))))
    assert said[0][0] == "breaks"


def test_cash_shortfall_is_not_assessable_without_a_register() -> None:
    assert ask(RULE, inputs(books=books(cash=None))) == [
        ("not-assessable", "critical", "JPY: 1,000,000 are owed, and no cash register was received")
    ]


def test_cash_shortfall_is_not_assessable_without_a_letter() -> None:
    assert ask(RULE, inputs(books=books(letters=()))) == [
        (
            "not-assessable",
            "critical",
            "JPY: 1,000,000 are owed; of 1,000,000 segregated as declared, letters received directly confirm 0",
        )
    ]


def test_cash_shortfall_is_not_assessable_under_titles_nobody_accepted() -> None:
    assert ask(RULE, inputs(engagement=engagement(accept=Accept(owner=True)))) == [
        (
            "not-assessable",
            "critical",
            (
                "JPY: 1,000,000 are owed; 1,000,000 are segregated as declared,"
                " and the engagement accepts no declared titles"
            ),
        )
    ]


def test_cash_shortfall_is_not_applicable_where_none_is_owed_or_it_is_out_of_scope() -> None:
    nothing = books(liabilities=liabilities([owed("BTC", 1)]))
    assert ask(RULE, inputs(books=nothing)) == [
        ("not-applicable", "critical", "JPY: none owed in the file received")
    ]
    setting = engagement(assets=("BTC",), out_of_scope=(OutOfScope(asset="JPY", reason="no cash"),))
    assert ask(RULE, inputs(engagement=setting)) == [("not-applicable", "critical", "JPY: not in the perimeter")]


def test_cash_shortfall_allows_the_engagements_tolerance() -> None:
    setting = engagement(tolerance={"JPY": "1"})
    given = inputs(
        engagement=setting,
        books=books(cash=(cash("bank-trust", 999_999),), letters=(letter("cash", "bank-trust", "JPY", 999_999),)),
    )
    assert ask(RULE, given)[0][0] == "holds"
