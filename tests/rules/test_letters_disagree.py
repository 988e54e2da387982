from __future__ import annotations

from tests.assess.inputs_factory import books, inputs, letter
from tests.rules.asking import ask

from reservecheck.rules.letters_disagree import RULE


def said(*letters: object) -> list[tuple[str, str, str]]:
    return ask(RULE, inputs(books=books(letters=letters)))


def test_letters_disagree_holds_where_a_letter_says_what_the_books_say() -> None:
    assert said(letter("custody", "vault", "USDT", 600 * 10**18)) == [
        (
            "holds",
            "critical",
            "letter custody-vault: Example Custody confirms 600 USDT under vault, received directly on 2018-09-20",
        )
    ]


def test_letters_disagree_breaks_on_one_unit() -> None:
    assert said(letter("cash", "bank-trust", "JPY", 999_999)) == [
        (
            "breaks",
            "critical",
            (
                "letter cash-bank-trust: Example Bank confirms 999,999 JPY under bank-trust, the books say"
                " 1,000,000; the lower figure counts"
            ),
        )
    ]


def test_letters_disagree_breaks_on_what_the_books_do_not_know() -> None:
    assert said(letter("cash", "bank-hidden", "JPY", 5)) == [
        (
            "breaks",
            "critical",
            (
                "letter cash-bank-hidden: Example Bank confirms 5 JPY under bank-hidden,"
                " of which the books say nothing"
            ),
        )
    ]


def test_letters_disagree_is_not_assessable_while_a_bank_is_silent() -> None:
    assert said(letter("cash", "bank-trust", "JPY", 0, received_on="")) == [
        (
            "not-assessable",
            "critical",
            "letter cash-bank-trust: asked of Example Bank about bank-trust, not received",
        )
    ]


def test_letters_disagree_only_notes_a_copy_from_the_entity() -> None:
    assert said(letter("cash", "bank-trust", "JPY", 7, channel="via-entity")) == [
        (
            "not-assessable",
            "note",
            "letter cash-bank-trust: a copy supplied by the entity, 7 JPY under bank-trust; it confirms nothing",
        )
    ]


def test_letters_disagree_has_nothing_to_look_at_without_registers() -> None:
    given = inputs(books=books(letters=None, cash=None, custodians=None))
    assert ask(RULE, given)[0][0] == "not-applicable"
    only_letter = inputs(books=books(cash=None, custodians=None, letters=(letter("cash", "a", "JPY", 1),)))
    assert ask(RULE, only_letter)[0][0] == "breaks"
