from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assess.inputs_factory import books, cash, letter, price, registry
from tests.members.records import cash_lines, custodian_lines, letters, price_lines, reconciling_items

from reservecheck.errors import BundleError
from reservecheck.members import registers
from reservecheck.members.registers import HEADERS, read_register, write_registers
from reservecheck.members.scale import Scale
from reservecheck.model.books import Reconciling
from reservecheck.model.words import Title

SCALE: Final = Scale(registry())
EMPTY: Final = dict.fromkeys(("cash", "prices", "custodians", "letters", "reconciling", "encumbrances"))
REGISTERS: Final[Any] = (
    ("cash", registers.CASH, registers.read_cash, cash_lines),
    ("prices", registers.PRICES, registers.read_price, price_lines),
    ("custodians", registers.CUSTODIANS, registers.read_custodian, custodian_lines),
    ("letters", registers.LETTERS, registers.read_letter, letters),
    ("reconciling", registers.RECONCILING, registers.read_reconciling, reconciling_items),
    ("encumbrances", registers.ENCUMBRANCES, registers.read_reconciling, reconciling_items),
)


@pytest.mark.parametrize(("field", "member", "make", "lines"), REGISTERS, ids=[one[0] for one in REGISTERS])
@given(data=st.data())
def test_any_register_comes_back_and_gives_the_same_bytes(
    field: str,
    member: str,
    make: Any,  # noqa: ANN401  # one of six readers
    lines: st.SearchStrategy[Any],
    data: st.DataObject,
) -> None:
    before = tuple(data.draw(st.lists(lines, max_size=3)))
    written = write_registers(books(**{**EMPTY, field: before}), SCALE)
    assert set(written) == {member}
    after = read_register(written, member, make, SCALE)
    assert after == before
    assert write_registers(books(**{**EMPTY, field: after}), SCALE) == written


def test_an_absent_register_has_no_member_and_an_empty_one_has_its_header() -> None:
    assert write_registers(books(**EMPTY), SCALE) == {}
    assert read_register({}, registers.CASH, registers.read_cash, SCALE) is None
    written = write_registers(books(**{**EMPTY, "letters": ()}), SCALE)
    assert written == {"letters.csv": f"{','.join(HEADERS['letters.csv'])}\n".encode()}
    assert read_register(written, registers.LETTERS, registers.read_letter, SCALE) == ()


def test_every_field_has_its_column_and_amounts_are_whole_units() -> None:
    item = Reconciling(kind="in-flight", asset="BTC", units=-150_000_000, reference="tx", side="owed")
    written = write_registers(
        books(
            cash=(cash("=a", -5, Title.COMPANY),),
            prices=(price("BTC", "0.5", method="close"),),
            letters=(letter("cash", "bank-trust", "JPY", 7),),
            reconciling=(item,),
        ),
        SCALE,
    )
    assert {
        name: data.decode().splitlines()[1] for name, data in written.items() if len(data.splitlines()) > 1
    } == {
        "cash.csv": "'=a,Example Bank,JPY,'-5,company,2018-09-14T17:00:00+09:00,",
        "prices.csv": "BTC,0.5,reference,2018-09-14T17:00:00+09:00,close,",
        "custodians.csv": "vault,USDT,600,2018-09-14T17:00:00+09:00,",
        "letters.csv": "cash-bank-trust,Example Bank,cash,bank-trust,JPY,7,2018-09-14T17:00:00+09:00,2018-09-15,"
        f"2018-09-20,direct,Example Audit,none,{'cd' * 32}",
        "reconciling.csv": "in-flight,BTC,'-1.5,tx,owed,,",
    }


@pytest.mark.parametrize(
    "text",
    [
        *("1/3", "1/0", "1e5", "1e999999999", "-1", "0", "0.00", " 1", "1_0", "01", ".5", "1.", "nan", ""),
        *("9" * 20, "0." + "1" * 31, "٣"),
    ],
)
def test_a_price_is_a_plain_decimal_above_zero(text: str) -> None:
    member = f"{','.join(HEADERS['prices.csv'])}\nBTC,{text},x,2018-09-14T17:00:00+09:00,,\n".encode()
    with pytest.raises(BundleError) as refused:
        read_register({"prices.csv": member}, registers.PRICES, registers.read_price, SCALE)
    assert str(refused.value) == f"{text[:60]!r} is not a price as this tool writes it"


def test_a_price_without_an_instant_is_refused() -> None:
    member = f"{','.join(HEADERS['prices.csv'])}\nBTC,1,x,2018-09-14,,\n".encode()
    with pytest.raises(ValueError, match="'2018-09-14' is not an instant with an offset"):
        read_register({"prices.csv": member}, registers.PRICES, registers.read_price, SCALE)


def test_a_title_nobody_knows_is_refused() -> None:
    member = f"{','.join(HEADERS['cash.csv'])}\na,b,JPY,1,nominee,,\n".encode()
    with pytest.raises(ValueError, match="'nominee' is not a valid Title"):
        read_register({"cash.csv": member}, registers.CASH, registers.read_cash, SCALE)


@pytest.mark.parametrize(("field", "member", "make", "lines"), REGISTERS, ids=[one[0] for one in REGISTERS])
def test_other_columns_and_other_widths_are_refused(field: str, member: str, make: Any, lines: Any) -> None:  # noqa: ANN401  # as above
    del field, lines
    columns = ",".join(HEADERS[member])
    with pytest.raises(BundleError) as refused:
        read_register({member: b"label\n"}, member, make, SCALE)
    assert str(refused.value) == f"{member}: its columns are not {columns}"
    with pytest.raises(BundleError) as refused:
        read_register({member: f"{columns}\nx\n".encode()}, member, make, SCALE)
    assert str(refused.value) == f"{member}:2: 1 fields instead of {len(HEADERS[member])}"
