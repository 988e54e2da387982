from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from reservecheck.model.books import Books, CashLine, CustodianLine, Letter, Price, Reconciling
from reservecheck.model.words import Title

Read = Callable[[dict[str, str | bytes]], Books]
Refused = Callable[[dict[str, str | bytes]], str]
AT = "2018-09-14T17:00:00+09:00"
LATER = "2018-09-20T09:00:00+09:00"
DIGEST = "ab" * 32
CASH = "label,institution,currency,balance,title,as_of,document_sha256\n"
PRICES = "asset,price,source,as_of,method,supplied_by\n"
CUSTODIANS = "label,asset,balance,as_of\n"
LETTER_COLUMNS = (
    "id", "from", "subject", "label", "asset", "amount", "as_of", "requested_on", "received_on",
    "channel", "received_by", "restrictions", "file_sha256",
)  # fmt: skip
LETTERS = ",".join(LETTER_COLUMNS) + "\n"
RECONCILING = "kind,asset,amount,tx,side\n"
ENCUMBRANCES = "kind,asset,amount,counterparty,document_sha256,asserted_by\n"


def letter(**changes: str) -> str:
    row = {
        "id": "L-1", "from": "Example Bank", "subject": "cash", "label": "jpy-trust", "asset": "JPY",
        "amount": "1000", "as_of": AT, "requested_on": "2018-09-15", "received_on": "2018-09-20",
        "channel": "direct", "received_by": "A. Auditor", "restrictions": "", "file_sha256": DIGEST,
    }  # fmt: skip
    return LETTERS + ",".join((row | changes).values()) + "\n"


def test_registers_that_are_absent_are_not_asserted(read: Read) -> None:
    books = read({})
    registers = (books.cash, books.prices, books.custodians, books.letters, books.reconciling, books.encumbrances)
    assert registers == (None,) * 6


def test_cash_accounts_are_read(read: Read) -> None:
    rows = f"jpy-trust,Example Bank,JPY,1000,trust,{AT},{DIGEST}\nkrw-own,Bank,KRW,5,company,{AT},\n"
    assert read({"cash.csv": CASH + rows}).cash == (
        CashLine(
            label="jpy-trust", institution="Example Bank", currency="JPY", units=1000, title=Title.TRUST, as_of=AT,
            document_sha256=DIGEST,
        ),
        CashLine(label="krw-own", institution="Bank", currency="KRW", units=5, title=Title.COMPANY, as_of=AT),
    )  # fmt: skip
    assert read({"cash.csv": CASH}).cash == ()


def test_prices_are_exact_fractions(read: Read) -> None:
    prices = read({"prices.csv": f"{PRICES}BTC,717390.5,Example,{AT},last,practitioner\nJPY,1,par,{AT},,\n"}).prices
    assert prices is not None
    assert prices[0] == Price(
        asset="BTC", price=Fraction(1434781, 2), text="717390.5", source="Example", as_of=AT,
        as_of_epoch=1536912000, method="last", supplied_by="practitioner",
    )  # fmt: skip
    assert prices[1].price == 1


def test_custodian_statements_are_read(read: Read) -> None:
    rows = f"mona-custody,BTC,2.5,{AT}\nmona-custody,ETH,1,{AT}\n"
    assert read({"custodians.csv": CUSTODIANS + rows}).custodians == (
        CustodianLine(label="mona-custody", asset="BTC", units=250_000_000, as_of=AT),
        CustodianLine(label="mona-custody", asset="ETH", units=10**18, as_of=AT),
    )


def test_letters_are_read(read: Read) -> None:
    assert read({"letters.csv": letter(received_on=LATER)}).letters == (
        Letter(
            id="L-1", from_="Example Bank", subject="cash", label="jpy-trust", asset="JPY", units=1000, as_of=AT,
            requested_on="2018-09-15", received_on=LATER, channel="direct", received_by="A. Auditor",
            restrictions="", file_sha256=DIGEST,
        ),
    )  # fmt: skip


def test_items_in_flight_and_encumbrances_are_read(read: Read) -> None:
    books = read(
        {
            "reconciling.csv": RECONCILING + "withdrawal_broadcast,BTC,0.5,ab12,out\n",
            "encumbrances.csv": ENCUMBRANCES + f"pledge,BTC,1,Lender,{DIGEST},CFO\n",
        }
    )
    item = Reconciling(kind="withdrawal_broadcast", asset="BTC", units=50_000_000, reference="ab12", side="out")
    assert books.reconciling == (item,)
    pledge = Reconciling(
        kind="pledge", asset="BTC", units=10**8, reference="Lender", document_sha256=DIGEST, asserted_by="CFO"
    )
    assert books.encumbrances == (pledge,)


def test_none_encumbered_is_somebodys_word(read: Read) -> None:
    none = Reconciling(kind="none", asset="", units=0, reference="", asserted_by="CFO")
    assert read({"encumbrances.csv": ENCUMBRANCES + "none,,,,,CFO\n"}).encumbrances == (none,)


OFFSET = "not an instant with an offset\n  hint: write it as 2018-06-28T00:00:00+09:00"
REFUSED = {
    ("cash", f"{CASH}110-123-456789,Bank,JPY,1,trust,{AT},\n"): (
        "cash.csv:2: label has 8 digits or more and may be an account number\n"
        "  hint: use a label, never the account number"
    ),
    ("cash", f"{CASH}Main,Bank,JPY,1,trust,{AT},\n"): (
        "cash.csv:2: label is 'Main'\n  hint: a label is lower-case letters, digits and hyphens, at most 64"
    ),
    ("cash", f"{CASH}a, ,JPY,1,trust,{AT},\n"): "cash.csv:2: institution is empty",
    ("cash", f"{CASH}a,Bank,BTC,1,trust,{AT},\n"): (
        "cash.csv:2: BTC is of kind 'coin', not 'cash'\n  hint: this register is about cash"
    ),
    ("cash", f"{CASH}a,Bank,XXX,1,trust,{AT},\n"): (
        "cash.csv:2: the currency 'XXX' is unknown\n  hint: add it to the registry"
    ),
    ("cash", f"{CASH}a,Bank,jpy,1,trust,{AT},\n"): (
        "cash.csv:2: the currency 'jpy' is unknown\n  hint: did you mean 'JPY'?"
    ),
    ("cash", f"{CASH}a,Bank,JPY,-1,trust,{AT},\n"): (
        "cash.csv:2: balance is -1, below zero\n"
        "  hint: an overdraft is a liability: leave it out of the cash register and report it as one"
    ),
    ("cash", f"{CASH}a,Bank,JPY,0.5,trust,{AT},\n"): (
        "cash.csv:2: balance: '0.5' has 1 digits after the point, the asset has 0\n"
        "  hint: an amount is never rounded: write it as the ledger holds it, or correct the asset's decimals"
    ),
    ("cash", f"{CASH}a,Bank,JPY,1,mine,{AT},\n"): (
        "cash.csv:2: title is 'mine'\n  hint: write one of customer, trust, company"
    ),
    ("cash", f"{CASH}a,Bank,JPY,1,trust,2018-09-14,\n"): f"cash.csv:2: as_of is '2018-09-14', {OFFSET}",
    ("cash", f"{CASH}a,Bank,JPY,1,trust,{AT},AB\n"): (
        "cash.csv:2: document_sha256 is 'AB', not a SHA-256\n  hint: write 64 characters of 0-9 and a-f"
    ),
    ("cash", f"{CASH}a,Bank,JPY,1,trust,{AT},\na,Bank,KRW,1,trust,{AT},\n"): (
        "cash.csv:3: the label 'a' stands twice\n  hint: one row an account and currency, each with a label"
    ),
    (
        "prices",
        PRICES,
    ): "prices.csv: there is a header but no rows\n  hint: write rows below it: an empty list passes nothing",
    ("prices", f"{PRICES}BTC,0.00,Example,{AT},,\n"): (
        "prices.csv:2: the price is zero\n"
        "  hint: an asset without a price is left out; then valued figures are not computable"
    ),
    ("prices", f"{PRICES}BTC,-5,Example,{AT},,\n"): (
        "prices.csv:2: '-5' is not a price\n  hint: write digits and a point, such as 717390 or 0.0042"
    ),
    ("prices", f"{PRICES}BTC,5,,{AT},,\n"): "prices.csv:2: source is empty",
    ("prices", f"{PRICES}BTC,5,Example,2018-09-14T17:00:00,,\n"): (
        f"prices.csv:2: as_of is '2018-09-14T17:00:00', {OFFSET}"
    ),
    ("prices", f"{PRICES}BTC,5,Example,{AT},,\nBTC,5,Other,{AT},,\n"): (
        "prices.csv:3: BTC has two prices\n  hint: keep the one the engagement's policy names"
    ),
    ("prices", f"{PRICES}JPY,2,Example,{AT},,\n"): (
        "prices.csv:2: one JPY is 2 JPY\n  hint: write 1, or leave the row out"
    ),
    ("custodians", f"{CUSTODIANS}a,BTC,-1,{AT}\n"): (
        "custodians.csv:2: balance is -1, below zero\n  hint: a custodian holds nothing or something"
    ),
    ("custodians", f"{CUSTODIANS}a,KRW,1,{AT}\n"): (
        "custodians.csv:2: KRW is money, which no custodian's line counts\n  hint: list it in the cash register"
    ),
    ("custodians", f"{CUSTODIANS}a,BTC,1,{AT}\na,BTC,1,{AT}\n"): (
        "custodians.csv:3: 'a' has two rows for BTC\n  hint: one row a statement and asset"
    ),
    ("letters", letter(channel="post")): (
        "letters.csv:2: channel is 'post'\n  hint: write one of direct, via-entity"
    ),
    ("letters", letter(subject="gold")): ("letters.csv:2: subject is 'gold'\n  hint: write one of cash, custody"),
    ("letters", letter(asset="BTC")): (
        "letters.csv:2: BTC is of kind 'coin', not 'cash'\n  hint: this register is about cash"
    ),
    ("letters", letter(file_sha256="")): (
        "letters.csv:2: file_sha256 is '', not a SHA-256\n  hint: write 64 characters of 0-9 and a-f"
    ),
    ("letters", letter(received_on="2018-09-14")): (
        "letters.csv:2: received on 2018-09-14, before it was requested on 2018-09-15"
    ),
    ("letters", letter(requested_on="20180914")): f"letters.csv:2: requested_on is '20180914', {OFFSET}",
    ("letters", letter(received_on="soon")): f"letters.csv:2: received_on is 'soon', {OFFSET}",
    ("letters", letter() + letter().removeprefix(LETTERS)): (
        "letters.csv:3: the id 'L-1' stands twice\n  hint: one row a letter and amount, each with an id"
    ),
    ("letters", letter(amount="-1")): (
        "letters.csv:2: amount is -1, below zero\n  hint: what is confirmed is not below zero"
    ),
    ("reconciling", f"{RECONCILING}unconfirmed,BTC,-1,ab,in\n"): (
        "reconciling.csv:2: amount is -1, below zero\n"
        "  hint: write the size of the item; its kind and side say which way it goes"
    ),
    ("encumbrances", f"{ENCUMBRANCES}none,,,,,TBD\n"): (
        "encumbrances.csv:2: asserted_by is 'TBD', which stands where a name belongs\n"
        "  hint: write the name in its place"
    ),
    ("encumbrances", f"{ENCUMBRANCES}none,,,,,Full Name\n"): (
        "encumbrances.csv:2: asserted_by is 'Full Name', which stands where a name belongs\n"
        "  hint: write the name in its place"
    ),
    ("encumbrances", f"{ENCUMBRANCES}none at all,BTC,0,n/a,,\n"): (
        "encumbrances.csv:2: amount is zero, which encumbers nothing\n"
        "  hint: write what is encumbered, or one row `none`\n"
        "encumbrances.csv:2: kind is 'none at all'\n"
        "  hint: write one of loan, pledge, lien, rehypothecation, staking, other, none"
    ),
    ("encumbrances", f"{ENCUMBRANCES}pledge,XXX,0,Lender,,\n"): (
        "encumbrances.csv:2: the asset 'XXX' is unknown\n  hint: add it to the registry"
    ),
    ("encumbrances", f"{ENCUMBRANCES}none,,,,,\n"): "encumbrances.csv:2: asserted_by is empty",
    ("encumbrances", f"{ENCUMBRANCES}none,BTC,,,,CFO\n"): (
        "encumbrances.csv:2: `none` names an asset, an amount or a counterparty\n  hint: leave them empty"
    ),
    ("encumbrances", f"{ENCUMBRANCES}none,,,,,CFO\npledge,BTC,1,Lender,,\n"): (
        "encumbrances.csv:2: `none` stands beside other rows\n"
        "  hint: either there are encumbrances or there are none"
    ),
    ("house", 'customer\nu1\n""\nu1\n'): (
        "house.csv:3: customer is empty\n"
        "house.csv:4: this customer stands twice\n  hint: one row an account of the entity's own"
    ),
}


@pytest.mark.parametrize(("role", "content"), REFUSED)
def test_a_register_that_cannot_be_right_is_refused_with_its_line(
    refused: Refused, role: str, content: str
) -> None:
    assert refused({f"{role}.csv": content}) == REFUSED[role, content]
