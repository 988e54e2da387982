from __future__ import annotations

import pytest
from tests.assess.inputs_factory import WALLETS, books, custodian, inputs, letter, statement

from reservecheck.assess.statements import ABOVE_THE_LETTER, statements
from reservecheck.model.words import Control, Evidence, Owner

UNIT = 10**18


def vault(units: int, *letters: object) -> list[tuple[Control, str, int]]:
    found = statements(inputs(books=books(custodians=(custodian("vault", "USDT", units),), letters=letters)))
    assert {(row.asset, row.instrument, row.evidence) for row in found.parcels} <= {
        ("USDT", "statement/vault", Evidence.CLAIMED)
    }
    return [(row.control, row.flag, row.units) for row in found.parcels]


def test_a_statement_alone_is_claimed() -> None:
    assert vault(600) == [(Control.UNDEMONSTRATED, "", 600)]


def test_a_letter_received_directly_confirms_it() -> None:
    assert vault(600, letter("custody", "vault", "USDT", 600)) == [(Control.CONFIRMED, "", 600)]


def test_the_lower_of_letter_and_statement_is_confirmed() -> None:
    assert vault(600, letter("custody", "vault", "USDT", 700)) == [(Control.CONFIRMED, "", 600)]
    assert vault(600, letter("custody", "vault", "USDT", 500)) == [
        (Control.CONFIRMED, "", 500),
        (Control.UNDEMONSTRATED, ABOVE_THE_LETTER, 100),
    ]


def test_of_two_letters_the_lower_one_confirms() -> None:
    both = (letter("custody", "vault", "USDT", 600), letter("custody", "vault", "USDT", 400, id="2"))
    assert vault(600, *both)[0] == (Control.CONFIRMED, "", 400)


@pytest.mark.parametrize(
    "changed",
    [{"channel": "via-entity"}, {"received_on": ""}, {"label": "other"}, {"subject": "cash"}, {"name": "BTC"}],
)
def test_other_letters_confirm_nothing(changed: dict[str, str]) -> None:
    parts = {"subject": "custody", "label": "vault", "name": "USDT", **changed}
    more = {key: parts.pop(key) for key in ("channel", "received_on") if key in parts}
    said = letter(parts["subject"], parts["label"], parts["name"], 600, **more)
    assert vault(600, said) == [(Control.UNDEMONSTRATED, "", 600)]


def test_a_letter_below_zero_confirms_nothing() -> None:
    assert vault(600, letter("custody", "vault", "USDT", -1))[0] == (Control.CONFIRMED, "", 0)


@pytest.mark.parametrize("register", [None, ()])
def test_a_declared_account_without_a_figure_is_unread(register: tuple[()] | None) -> None:
    found = statements(inputs(books=books(custodians=register, letters=None)))
    assert found.parcels == ()
    assert [(asset, cell.label, cell.reason) for asset, cell in found.unread] == [
        ("", "vault", "no custodian's figure was received")
    ]


def test_a_letter_names_the_asset_of_an_account_without_a_figure() -> None:
    found = statements(inputs(books=books(custodians=())))
    assert [asset for asset, _ in found.unread] == ["USDT"]


def test_rows_nobody_declared_are_no_parcels() -> None:
    found = statements(inputs(books=books(custodians=(custodian("elsewhere", "BTC", 1),)), wallets=WALLETS[:3]))
    assert found == ((), ())


def test_the_declared_owner_goes_with_the_parcel() -> None:
    found = statements(inputs(wallets=(statement(1, "vault", owner=Owner.HOUSE),)))
    assert [row.owner for row in found.parcels] == [Owner.HOUSE]
    assert found.parcels[0].units == UNIT * 600
