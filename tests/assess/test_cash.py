from __future__ import annotations

from fractions import Fraction

import pytest
from tests.assess.inputs_factory import books, cash, engagement, inputs, letter, liabilities, owed

from reservecheck.assess.cash import Account, accounts, cash_positions
from reservecheck.model.assessment import CashPosition
from reservecheck.model.books import Reconciling
from reservecheck.model.engagement import Accept
from reservecheck.model.words import Title


def jpy(**changes: object) -> CashPosition:
    (found,) = cash_positions(inputs(books=books(**changes)))
    return found


def test_broad_segregated_and_deciding_stand_side_by_side() -> None:
    found = jpy()
    assert (found.owed, found.broad.held, found.segregated.held, found.deciding.held) == (
        1_000_000,
        1_270_000,
        1_000_000,
        1_000_000,
    )
    assert found.broad.ratio == Fraction(127, 100)
    assert (found.asserted, found.confirmed, found.attainable) == (True, 1_000_000, 1_000_000)


def test_titles_nobody_accepted_decide_nothing() -> None:
    (found,) = cash_positions(inputs(engagement=engagement(accept=Accept(owner=True))))
    assert (found.deciding.held, found.segregated.held, found.attainable) == (0, 1_000_000, 1_000_000)


@pytest.mark.parametrize(("confirms", "counts"), [(900_000, 900_000), (1_100_000, 1_000_000), (-5, 0)])
def test_the_lower_of_book_and_letter_counts(confirms: int, counts: int) -> None:
    found = jpy(letters=(letter("cash", "bank-trust", "JPY", confirms),))
    assert (found.deciding.held, found.attainable, found.confirmed) == (counts, counts, counts)


@pytest.mark.parametrize(
    "letters",
    [
        None,
        (),
        (letter("cash", "bank-trust", "JPY", 1_000_000, channel="via-entity"),),
        (letter("cash", "bank-trust", "JPY", 1_000_000, received_on=""),),
        (letter("cash", "bank-trust", "KRW", 1_000_000),),
        (letter("custody", "bank-trust", "JPY", 1_000_000),),
    ],
)
def test_without_a_letter_received_directly_nothing_decides(letters: object) -> None:
    found = jpy(letters=letters)
    assert (found.deciding.held, found.confirmed, found.attainable) == (0, 0, 1_000_000)


def test_a_letter_about_the_companys_own_account_does_not_decide() -> None:
    found = jpy(letters=(letter("cash", "bank-company", "JPY", 270_000),))
    assert (found.deciding.held, found.confirmed) == (0, 270_000)


def test_an_absent_register_is_not_asserted_and_an_empty_one_is() -> None:
    assert not jpy(cash=None).asserted
    assert jpy(cash=()).asserted


def test_no_liability_in_a_currency_has_no_ratio() -> None:
    found = jpy(liabilities=liabilities([owed("BTC", 1)]))
    assert (found.owed, found.broad.ratio, found.segregated.ratio, found.deciding.ratio) == (0, None, None, None)


def test_every_currency_that_is_owed_or_held_has_its_own_position() -> None:
    lines = (owed("JPY", 5), owed("JPY", 6), owed("BTC", 1))
    found = cash_positions(
        inputs(books=books(liabilities=liabilities(lines), cash=(cash("won", 7, currency="KRW"),)))
    )
    assert [(row.currency, row.owed, row.broad.held) for row in found] == [("JPY", 11, 0), ("KRW", 0, 7)]


def test_lines_of_one_account_are_one_and_segregated_only_if_all_are() -> None:
    lines = (cash("bank", 5), cash("bank", 6, Title.COMPANY), cash("other", 7, Title.CUSTOMER))
    given = inputs(books=books(cash=lines, letters=(letter("cash", "bank", "JPY", 8),)))
    assert accounts("JPY", given) == (
        Account(label="bank", segregated=False, book=11, letter=8),
        Account(label="other", segregated=True, book=7, letter=None),
    )


def test_pledged_money_comes_off_what_decides() -> None:
    row = Reconciling(kind="pledge", asset="JPY", units=400_000, reference="a lender")
    found = jpy(encumbrances=(row,))
    assert (found.deciding.held, found.attainable, found.segregated.held) == (600_000, 600_000, 1_000_000)


def test_a_tolerance_is_carried() -> None:
    (found,) = cash_positions(inputs(engagement=engagement(tolerance={"JPY": "10"})))
    assert found.tolerance == 10
