from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from tests.assess.inputs_factory import BITCOIN, BTC, WALLETS, statement, wallet
from tests.members.records import declared

from reservecheck.errors import BundleError
from reservecheck.members.wallets import HEADER, read_wallets, write_wallets
from reservecheck.model.declared import Wallet
from reservecheck.model.words import WalletKind

COLUMNS: Final = ",".join(HEADER)
FIRST: Final = "1,a,bitcoin:regtest,0014aa,bcrt1a,hot,customers,address,*,,,"


def member(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in (COLUMNS, *lines)).encode()


def refusal(*lines: str) -> str:
    with pytest.raises(BundleError) as refused:
        read_wallets(member(*lines))
    return str(refused.value)


@given(declared())
def test_any_declaration_comes_back_and_gives_the_same_bytes(wallets: tuple[Wallet, ...]) -> None:
    written = write_wallets(wallets)
    assert read_wallets(written) == wallets
    assert write_wallets(read_wallets(written)) == written


def test_the_columns_are_those_of_the_contract() -> None:
    assert (
        COLUMNS == "line,label,network,id,address,storage,owner,kind,instruments,custodian,shared_with,duplicate_of"
    )
    assert read_wallets(write_wallets(())) == ()


def test_one_row_a_line() -> None:
    lines = (
        *WALLETS[:1],
        wallet(
            2, "=b", BITCOIN, "0014aa", instruments=(BTC, "x/native"), shared_with=("hanul", "nabi"), duplicate_of=1
        ),
        statement(3, "vault"),
    )
    assert write_wallets(lines).decode().splitlines()[1:] == [
        "1,btc-hot,bitcoin:regtest,0014aa,0014aa,hot,customers,address,*,,,",
        "2,'=b,bitcoin:regtest,0014aa,0014aa,hot,customers,address,bitcoin:regtest/native x/native,,hanul nabi,1",
        "3,vault,,statement/vault,statement/vault,,customers,statement,*,Example Custody,,",
    ]
    assert read_wallets(write_wallets(lines)) == lines


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (FIRST.replace("hot", "warm"), "wallets.csv.gz: 'warm' is not a valid Storage"),
        (FIRST.replace("customers", "nobody"), "wallets.csv.gz: 'nobody' is not a valid Owner"),
        (FIRST.replace("customers", ""), "wallets.csv.gz: '' is not a valid Owner"),
        (FIRST.replace("address", "person"), "wallets.csv.gz: 'person' is not a valid WalletKind"),
        (f"0{FIRST}", "wallets.csv.gz: '01' is not an integer as this tool writes it"),
        (f"0{FIRST[1:]}", "wallets.csv.gz: '0' is not an integer as this tool writes it"),
        (f"-{FIRST}", "wallets.csv.gz: '-1' is not an integer as this tool writes it"),
        (f"{FIRST}x", "wallets.csv.gz: 'x' is not an integer as this tool writes it"),
        (f"{FIRST}0", "wallets.csv.gz: '0' is not an integer as this tool writes it"),
        (f"{FIRST},", "wallets.csv.gz:2: 13 fields instead of 12"),
        (f"2{FIRST[1:]}", "wallets.csv.gz: line 2 is out of order, or its duplicate_of is wrong"),
        (f"{FIRST}1", "wallets.csv.gz: line 1 is out of order, or its duplicate_of is wrong"),
    ],
)
def test_a_line_this_tool_does_not_write_is_refused(line: str, said: str) -> None:
    assert refusal(line) == said


@pytest.mark.parametrize(
    "second",
    [
        FIRST.replace(",a,", ",b,"),
        "3,b,bitcoin:regtest,0014bb,bcrt1b,hot,customers,address,*,,,",
        "2,b,bitcoin:regtest,0014aa,bcrt1a,hot,customers,address,*,,,",
        "2,b,bitcoin:regtest,0014bb,bcrt1b,hot,customers,address,*,,,1",
        "2,b,eip155:1,0014aa,bcrt1b,hot,customers,address,*,,,1",
        "2,b,bitcoin:regtest,0014aa,bcrt1a,hot,customers,address,*,,,2",
    ],
)
def test_lines_out_of_order_and_a_wrong_duplicate_of_are_refused(second: str) -> None:
    assert refusal(FIRST, second) == (
        f"wallets.csv.gz: line {second[0]} is out of order, or its duplicate_of is wrong"
    )


def test_a_third_line_of_one_holding_points_at_the_first_not_the_second() -> None:
    second = "2,b,bitcoin:regtest,0014aa,bcrt1a,hot,customers,address,*,,,1"
    third = "3,c,bitcoin:regtest,0014aa,bcrt1a,hot,customers,address,*,,,"
    assert [one.duplicate_of for one in read_wallets(member(FIRST, second, f"{third}1"))] == [None, 1, 1]
    assert refusal(FIRST, second, f"{third}2") == (
        "wallets.csv.gz: line 3 is out of order, or its duplicate_of is wrong"
    )


BEYOND: Final = "2,c/12,bitcoin:regtest,0014bb,bcrt1b,cold,customers,beyond-range,*,,,"


def test_what_is_beyond_the_ranges_comes_last_and_is_declared_nowhere_else() -> None:
    another = "3,c/13,bitcoin:regtest,0014cc,bcrt1c,cold,customers,beyond-range,*,,,"
    assert [one.kind for one in read_wallets(member(FIRST, BEYOND, another))][1:] == [WalletKind.BEYOND_RANGE] * 2
    said = "wallets.csv.gz: line {} is not beyond the ranges as those before it"
    assert refusal(FIRST, BEYOND, another.replace("beyond-range", "address")) == said.format(3)
    assert refusal(FIRST, f"{BEYOND.replace('0014bb', '0014aa')}1") == said.format(2)
    assert refusal(FIRST, BEYOND, f"{another.replace('0014cc', '0014bb')}2") == said.format(3)


def test_a_label_may_not_stand_twice() -> None:
    other = "2,a,bitcoin:regtest,0014bb,bcrt1b,hot,customers,address,*,,,"
    assert refusal(FIRST, other) == "wallets.csv.gz: a label stands twice"
    guarded = "2,'a,bitcoin:regtest,0014bb,bcrt1b,hot,customers,address,*,,,"
    assert refusal(FIRST, guarded) == "wallets.csv.gz: a label stands twice"


def test_a_label_that_begins_with_an_apostrophe_keeps_it() -> None:
    lines = (wallet(1, "'a", BITCOIN, "0014aa"), wallet(2, "a", BITCOIN, "0014bb"))
    assert b"1,''a," in write_wallets(lines)
    assert read_wallets(write_wallets(lines)) == lines


def test_other_columns_are_refused() -> None:
    with pytest.raises(BundleError) as refused:
        read_wallets(b"line,label\n1,a\n")
    assert str(refused.value) == f"wallets.csv.gz: its columns are not {COLUMNS}"


@pytest.mark.parametrize("narrowed", ["", " ", "bitcoin:regtest/native bitcoin:regtest/native"])
def test_a_narrowing_that_leaves_nothing_or_names_one_twice_is_refused(narrowed: str) -> None:
    assert refusal(FIRST.replace("*", narrowed)) == (
        "wallets.csv.gz: line 1 narrows to no instrument, or to one twice"
    )


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (FIRST.replace("*,", "*,Example Custody"), "address"),
        (BEYOND.replace("*,", "*,Example Custody"), "beyond-range"),
        (BEYOND.replace("*,,", "*,,hanul"), "beyond-range"),
        (BEYOND.replace("*", "bitcoin:regtest/native"), "beyond-range"),
        ("2,s,,statement/s,,,customers,statement,*,Example Custody,hanul,", "statement"),
        ("2,s,,statement/s,,,customers,statement,bitcoin:regtest/native,Example Custody,,", "statement"),
    ],
)
def test_a_line_that_says_what_its_kind_does_not_is_refused(line: str, kind: str) -> None:
    assert refusal(*([] if line[0] == "1" else [FIRST]), line) == (
        f"wallets.csv.gz: line {line[0]} says what no {kind} line does"
    )
