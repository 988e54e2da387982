from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.books.conftest import HEAD, Read

from reservecheck.model.books import RowFinding

ROWS = "customer,asset,balance,class\nu1,BTC,2,spot\nu2,BTC,-0.5,spot\nu1,BTC,3,earn\nu1,KRW,700,spot\n"
LISTED = HEAD + '[files]\ncustomers = ["customers.csv"]\nledger = "ledger.csv"\n'
CLASSES = '[classes]\nspot = "listed"\nearn = "listed"\n'
Refused = Callable[[dict[str, str | bytes]], str]


def findings(read: Read, ledger: str, *, snapshot: str = LISTED + CLASSES) -> tuple[RowFinding, ...]:
    books = read({"snapshot.toml": snapshot, "customers.csv": ROWS, "ledger.csv": ledger})
    assert [file.name for file in books.files] == ["snapshot.toml", "customers.csv", "ledger.csv"]
    return tuple(one for one in books.liabilities.findings if one.kind == "mismatch-ledger")


@pytest.mark.parametrize(
    "ledger",
    [
        "asset,total\nBTC,4.5\nKRW,700\n",
        "asset,total\nKRW,700\nETH,0\nBTC,4.50000000\n",
        "asset,class,total\nBTC,spot,1.5\nBTC,earn,3\nKRW,spot,700\n",
    ],
)
def test_closing_balances_that_are_what_rows_add_up_to_are_no_finding(read: Read, ledger: str) -> None:
    assert findings(read, ledger) == ()


def test_without_classes_in_the_ledger_it_is_compared_with_all_of_an_asset(read: Read) -> None:
    assert findings(read, "asset,total\nBTC,5\nKRW,700\n", snapshot=LISTED) == (
        RowFinding(
            kind="mismatch-ledger",
            asset="BTC",
            count=1,
            units=50_000_000,
            where=("ledger.csv:2 says 5 BTC, the rows add up to 4.5",),
        ),
    )


def test_what_only_one_of_the_two_has_differs_by_all_of_it(read: Read) -> None:
    found = findings(read, "asset,total\nBTC,4.5\nETH,-1\n")
    assert [(one.asset, one.units, one.where) for one in found] == [
        ("ETH", 10**18, ("ledger.csv:3 says -1 ETH, the rows add up to 0",)),
        ("KRW", 700, ("ledger.csv has no line for KRW, the rows add up to 700",)),
    ]


def test_classes_that_differ_are_one_finding_of_their_asset(read: Read) -> None:
    found = findings(read, "asset,class,total\nBTC,spot,3\nBTC,earn,1.5\nKRW,spot,700\n")
    assert found == (
        RowFinding(
            kind="mismatch-ledger",
            asset="BTC",
            count=2,
            units=300_000_000,
            where=(
                "ledger.csv:3 says 1.5 BTC in class 'earn', the rows add up to 3",
                "ledger.csv:2 says 3 BTC in class 'spot', the rows add up to 1.5",
            ),
        ),
    )


@pytest.mark.parametrize(
    ("ledger", "message"),
    [
        (
            "asset,class,total\nBTC,u1@example.com,1\n",
            (
                "ledger.csv:2: the class is none that [classes] lists\n"
                "  hint: write one of those, or leave the column out"
            ),
        ),
        (
            "asset,total\nBTC,1\nBTC,2\n",
            "ledger.csv:3: BTC has two closing balances\n  hint: one row an asset, or an asset and class",
        ),
        ("asset,total\nXXX,1\n", "ledger.csv:2: the asset 'XXX' is unknown\n  hint: add it to the registry"),
        (
            "asset,total\n",
            "ledger.csv: there is a header but no rows\n  hint: write rows below it: an empty list passes nothing",
        ),
        (
            "asset,total\nKRW,0.5\n",
            (
                "ledger.csv:2: total: '0.5' has 1 digits after the point, the asset has 0\n"
                "  hint: an amount is never rounded: write it as the ledger holds it,"
                " or correct the asset's decimals"
            ),
        ),
    ],
)
def test_a_ledger_that_cannot_be_read_is_refused(refused: Refused, ledger: str, message: str) -> None:
    files: dict[str, str | bytes] = {"snapshot.toml": LISTED + CLASSES, "customers.csv": ROWS, "ledger.csv": ledger}
    assert refused(files) == message


def test_an_earlier_rounds_totals_have_a_fixed_name_and_are_only_digested(read: Read, refused: Refused) -> None:
    listed = HEAD + '[files]\ncustomers = ["customers.csv"]\nprevious = "previous.csv"\n'
    books = read({"snapshot.toml": listed, "customers.csv": ROWS, "previous.csv": "not even CSV"})
    assert [file.name for file in books.files][-1] == "previous.csv"
    assert refused({"snapshot.toml": listed.replace("previous.csv", "before.csv"), "customers.csv": ROWS}) == (
        "snapshot.toml:5: previous is 'before.csv'\n"
        '  hint: the practitioner\'s previous have a fixed name: write previous = "previous.csv"'
    )
