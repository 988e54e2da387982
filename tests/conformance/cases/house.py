"""Coins and money of the house, shown as customers'."""

from __future__ import annotations

from typing import Final

from tests.conformance.bench import Bench
from tests.conformance.case import Case

T: Final = "2018-06-28T00:00:00+09:00"


def mixed(bench: Bench) -> None:
    text = bench.wallets.read_text(encoding="utf-8")
    head, cold = text.split('label = "btc-cold-2"')
    bench.wallets.write_text(f'{head}label = "btc-cold-2"{cold.replace("customers", "mixed", 1)}', encoding="utf-8")
    bench.recollect()


def pledged(bench: Bench) -> None:
    bench.write(
        "encumbrances.csv", f"kind,asset,amount,counterparty,document_sha256\nloan,BTC,15,Lender,{'7' * 64}\n"
    )


def encumbrances_not_stated(bench: Bench) -> None:
    (bench.snapshot / "encumbrances.csv").unlink()
    bench.edit("snapshot.toml", 'encumbrances = "encumbrances.csv"\n', "")


def all_owners(bench: Bench) -> None:
    bench.owe("C9,BTC,20,spot")
    bench.edit("engagement.toml", "[deciding]", '[deciding]\nowner = "all"')
    bench.recollect()


def operating_account(bench: Bench) -> None:
    bench.edit(
        "cash.csv",
        "company,Example Bank A,KRW,27000000000,company",
        "company,Example Bank A,KRW,27000000000,customer",
    )
    bench.edit(
        "cash.csv",
        "customers-b,Example Bank B,KRW,40000000000,customer",
        "customers-b,Example Bank B,KRW,13000000000,customer",
    )


def payroll(bench: Bench) -> None:
    bench.edit(
        "cash.csv",
        "customers-b,Example Bank B,KRW,40000000000,customer",
        "customers-b,Example Bank B,KRW,40000000000,company",
    )


def no_titles_accepted(bench: Bench) -> None:
    bench.edit("engagement.toml", 'cash_titles = "as declared"\n', "")


def cash_typed(bench: Bench) -> None:
    bench.rows("letters.csv", lambda row: None if row.startswith("bank-b-1") else row)


def cash_copy(bench: Bench) -> None:
    bench.edit("letters.csv", "2018-07-11,direct", "2018-07-11,via-entity")


def cash_more_than_the_letter(bench: Bench) -> None:
    bench.edit("letters.csv", "customers-b,KRW,40000000000", "customers-b,KRW,39999999999")


def cash_next_week(bench: Bench) -> None:
    bench.edit("cash.csv", f"40000000000,customer,{T}", "40000000000,customer,2018-07-05T00:00:00+09:00")


def no_cash_register(bench: Bench) -> None:
    (bench.snapshot / "cash.csv").unlink()
    bench.edit("snapshot.toml", 'cash = "cash.csv"\n', "")
    bench.rows("letters.csv", lambda _: None)


def house_account(bench: Bench) -> None:
    bench.write("house.csv", "customer\nH1\n")
    bench.edit("snapshot.toml", 'cash = "cash.csv"', 'cash = "cash.csv"\nhouse = "house.csv"')
    bench.owe("H1,BTC,10,spot")


CASH: Final = "cash_shortfall KRW"
CASES: Final = (
    Case(
        id="house-coins-retagged",
        kind="lie",
        says="A wallet in which house and customers mix counts as customers'.",
        make=mixed,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall BTC",),
        figures={"BTC.deciding.held": "700", "BTC.broad.held": "1020", "BTC.segregated.ratio": "70.00"},
    ),
    Case(
        id="all-owners-decide",
        kind="lie",
        says="The engagement lets house coins close the gap, in a line nobody sees.",
        make=all_owners,
        code=0,
        outcome="covered",
        figures={"BTC.deciding.held": "1020", "BTC.owed": "1020", "BTC.segregated.ratio": "98.03"},
        words=("house and mixed wallets count too (default",),
    ),
    Case(
        id="pledged-coins",
        kind="lie",
        says="15 BTC are pledged to a lender and still cover customers.",
        make=pledged,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall BTC",),
        figures={"BTC.deciding.held": "985", "BTC.deciding.ratio": "98.50"},
        words=("encumbered: 15",),
    ),
    Case(
        id="encumbrances-not-asserted",
        kind="lie",
        says="That no pledge is listed means that there is none.",
        make=encumbrances_not_stated,
        code=0,
        outcome="covered",
        notes=("encumbrances_not_asserted encumbrances",),
        words=("loans, pledges and other encumbrances: not asserted",),
    ),
    Case(
        id="operating-account-as-segregated",
        kind="lie",
        says="The operating account is customers' by its own line; the bank's letter says nothing of titles.",
        make=operating_account,
        code=1,
        outcome="incomplete",
        breaks=("letters_disagree letter bank-b-1",),
        figures={"KRW.segregated.held": "100000000000", "KRW.deciding.held": "100000000000"},
        words=("accept.cash_titles",),
    ),
    Case(
        id="payroll-makes-up-the-127-per-cent",
        kind="lie",
        says="With the company's own accounts there are 127.00 % of the cash.",
        make=payroll,
        code=1,
        outcome="shortfall",
        breaks=(CASH,),
        figures={"KRW.broad.ratio": "127.00", "KRW.segregated.ratio": "60.00", "KRW.deciding.ratio": "60.00"},
    ),
    Case(
        id="cash-titles-not-accepted",
        kind="lie",
        says="The accounts are customers', because the entity says so and the engagement is silent.",
        make=no_titles_accepted,
        code=1,
        outcome="incomplete",
        unknown=(CASH,),
        figures={"KRW.deciding.held": "0"},
    ),
    Case(
        id="bank-line-without-a-letter",
        kind="lie",
        says="A typed bank balance is money.",
        make=cash_typed,
        code=1,
        outcome="incomplete",
        unknown=(CASH,),
        figures={"KRW.deciding.held": "60000000000"},
    ),
    Case(
        id="bank-letter-via-the-entity",
        kind="lie",
        says="The bank's letter came through the entity, unopened.",
        make=cash_copy,
        code=1,
        outcome="incomplete",
        unknown=(CASH,),
        notes=("letters_disagree letter bank-b-1",),
        figures={"KRW.deciding.held": "60000000000"},
    ),
    Case(
        id="bank-letter-of-one-won-less",
        kind="lie",
        says="The bank confirms one won less than the books say.",
        make=cash_more_than_the_letter,
        code=1,
        outcome="shortfall",
        breaks=(CASH, "letters_disagree letter bank-b-1"),
        figures={"KRW.deciding.held": "99999999999", "KRW.deciding.ratio": "99.99"},
    ),
    Case(
        id="bank-balance-of-next-week",
        kind="lie",
        says="The balance of a week later was there before.",
        make=cash_next_week,
        code=1,
        outcome="incomplete",
        breaks=("statement_date cash customers-b KRW",),
    ),
    Case(
        id="no-cash-register",
        kind="lie",
        says="Cash is owed, and no account needs to be named.",
        make=no_cash_register,
        code=1,
        outcome="incomplete",
        unknown=(CASH,),
        words=("no cash register was received",),
    ),
    Case(
        id="house-account-left-out",
        kind="lie",
        says="10 BTC on a house account are owed to nobody.",
        make=house_account,
        code=1,
        outcome="shortfall",
        breaks=("asset_shortfall BTC",),
        notes=("liability_extract house-account BTC",),
        figures={"BTC.owed": "1010", "BTC.owed_detail.house": "10"},
    ),
)
