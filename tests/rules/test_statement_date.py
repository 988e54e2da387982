from __future__ import annotations

import pytest
from tests.assess.inputs_factory import books, cash, custodian, inputs, letter
from tests.rules.asking import ask

from reservecheck.rules.statement_date import RULE


def said(as_of: str) -> tuple[str, str, str]:
    register = books(cash=(cash("bank", 1, as_of=as_of),), custodians=None, letters=None)
    return ask(RULE, inputs(books=register))[0]


@pytest.mark.parametrize("as_of", ["2018-09-14T17:00:00+09:00", "2018-09-13T08:00:00Z", "2018-09-15", "2018-09-13"])
def test_statement_date_holds_within_a_day(as_of: str) -> None:
    assert said(as_of) == ("holds", "warning", f"cash bank JPY: as of {as_of}")


@pytest.mark.parametrize("as_of", ["2018-09-13T07:59:59Z", "2018-08-05", "2018-09-16"])
def test_statement_date_breaks_beyond_a_day(as_of: str) -> None:
    assert said(as_of) == (
        "breaks",
        "warning",
        f"cash bank JPY: as of {as_of}, more than a day from the cut-off 2018-09-14T17:00:00+09:00",
    )


@pytest.mark.parametrize(("as_of", "shown"), [("last week", "last week"), ("", "not stated")])
def test_statement_date_is_not_assessable_where_it_is_no_date(as_of: str, shown: str) -> None:
    assert said(as_of) == (
        "not-assessable",
        "warning",
        f"cash bank JPY: as of {shown}, which cannot be compared with the cut-off 2018-09-14T17:00:00+09:00",
    )


def test_statement_date_looks_at_accounts_statements_and_letters_received() -> None:
    register = books(
        cash=None,
        custodians=(custodian("vault", "USDT", 1, as_of="2018-08-05"),),
        letters=(
            letter("custody", "vault", "USDT", 1, as_of="2018-08-05"),
            letter("custody", "vault", "BTC", 1, as_of="", received_on="", id="late"),
        ),
    )
    assert [message.partition(":")[0] for _, _, message in ask(RULE, inputs(books=register))] == [
        "statement vault USDT",
        "letter custody-vault",
    ]


def test_statement_date_has_nothing_to_look_at_without_registers() -> None:
    assert ask(RULE, inputs(books=books(cash=None, custodians=None, letters=None)))[0][0] == "not-applicable"
