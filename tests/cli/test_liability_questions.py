"""What an auditor asks of a customer file, each question once through `liabilities check`, in its own words."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

import pytest
from tests.cli.command_line import Ask, Said
from tests.cli.test_liabilities import EVIDENCE, HANUL, ROOT, findings, small

NFC: Final = "caf\u00e9"
NFD: Final = "cafe\u0301"


@pytest.fixture
def rehearsal(tmp_path: Path) -> Path:
    """The shipped rehearsal, to be changed."""
    return Path(shutil.copytree(HANUL, tmp_path / "hanul"))


def part(said: Said, severity: str) -> str:
    """What is listed under a severity."""
    return said.out.partition(f"\n{severity}: ")[2].partition("\n\n")[0]


def test_a_digit_too_many_is_never_rounded(ask: Ask, tmp_path: Path) -> None:
    said = ask(
        "liabilities", "check", str(small(tmp_path / "s", "u1,BTC,1.000000001\nu2,KRW,0.5\nu3,BTC,1.12345678\n"))
    )
    assert said.code == 2
    assert said.err.replace(str(tmp_path), "") == (
        "error: /s/customers.csv:2: the balance has 9 digits after the point, the asset has 8\n"
        "  hint: an amount is never rounded: write it as the ledger holds it\n"
        "/s/customers.csv:3: the balance has 1 digits after the point, the asset has 0\n"
        "  hint: an amount is never rounded: write it as the ledger holds it\n"
        "/s/customers.csv: 2 rows cannot be read, so what is owed is unknown\n"
    )


@pytest.mark.parametrize("other", [NFD, NFC.upper(), f" {NFC}", f"{NFC}\u00a0", "ｃａｆé"])
def test_ids_that_look_the_same_are_two_customers_and_a_finding(ask: Ask, tmp_path: Path, other: str) -> None:
    said = ask("liabilities", "check", str(small(tmp_path / "s", f"{NFC},BTC,1\n{other},BTC,2\nx,BTC,4\n")))
    assert said.code == 1
    assert part(said, "critical") == (
        "1\n- 2 customers' ids look like another one\n    customers.csv:2\n    customers.csv:3"
    )
    assert "\nBTC              3      7         0    7      0\n" in said.out
    assert "caf" not in said.out + said.err


def test_gross_and_net_stand_by_asset_and_class(ask: Ask, tmp_path: Path) -> None:
    rows = "u1,BTC,1,spot\nu1,BTC,-3,margin\nu2,BTC,2,spot\nu2,ETH,5,margin\n"
    folder = small(tmp_path / "s", "", '[classes]\nspot = "listed"\nmargin = "listed"\n')
    (folder / "customers.csv").write_text(f"customer,asset,balance,class\n{rows}")
    said = ask("liabilities", "check", str(folder))
    assert said.code == 0
    assert said.out.partition("\n\n")[2].partition("\n\n")[0] == (
        "asset  class   rows  gross  negative  net  house\n"
        "BTC    margin     1      0         3   -3      0\n"
        "BTC    spot       2      3         0    3      0\n"
        "ETH    margin     1      5         0    5      0"
    )


def test_a_class_that_is_missing_or_contradicts_who_asserted_none_is_found(ask: Ask, tmp_path: Path) -> None:
    classes = (
        '[classes]\nspot = "listed"\nearn = "listed"\nmargin = "total"\n'
        'futures = { none_asserted_by = "Jane Doe, CFO" }\nloans = { none_asserted_by = "Jane Doe, CFO" }\n'
    )
    folder = small(tmp_path / "s", "", classes)
    (folder / "customers.csv").write_text(
        "customer,asset,balance,class\nu1,BTC,1,spot\nu2,BTC,1,futures\nu3,BTC,1,C12345678\n"
    )
    said = ask("liabilities", "check", str(folder))
    assert said.code == 1
    assert part(said, "critical") == (
        "4\n"
        "- a class of the checklist is not there\n    snapshot.toml:7 class 'earn'\n"
        "- a class of the checklist is not there\n    snapshot.toml:8 class 'margin'\n"
        "- a class is there that somebody asserted not to be\n"
        "    customers.csv:3 class 'futures': none, asserted by Jane Doe, CFO\n"
        "- 1 row of classes the checklist does not have\n"
        "    1 name that [classes] does not list\n    customers.csv:4"
    )
    assert "C12345678" not in said.out
    assert (
        "Product classes:\n- earn: listed\n- futures: none, asserted by Jane Doe, CFO\n"
        "- loans: none, asserted by Jane Doe, CFO\n- margin: total\n- spot: listed\n"
    ) in said.out


def test_balances_cut_off_by_the_export_are_told_with_the_most_they_hide(ask: Ask, tmp_path: Path) -> None:
    """Ten customers, whole bitcoins only: each may be owed 0.99999999 more."""
    rows = "".join(f"u{number},BTC,{number + 1}\n" for number in range(10))
    folder = str(small(tmp_path / "s", rows))
    said = ask("liabilities", "check", folder)
    assert said.code == 1
    assert part(said, "warning") == (
        "1\n- BTC: every balance of 10 rows is a multiple of 1: cut off there, they fall short by up to 9.9999999"
    )
    answer = json.loads(ask("liabilities", "check", folder, "--format", "json").out)
    assert answer["coarse"] == {"BTC": {"rows": 10, "step": "1", "worst": "9.9999999"}}


def test_one_whole_balance_hides_no_others_that_were_cut_off(ask: Ask, tmp_path: Path) -> None:
    rows = "".join(f"u{number},BTC,{number + 1}\n" for number in range(19))
    said = ask("liabilities", "check", str(small(tmp_path / "s", f"{rows}u20,BTC,0.12345678\n")))
    assert said.code == 1
    assert part(said, "warning") == (
        "1\n- BTC: 19 of 20 balances are multiples of 1: cut off there, they fall short by up to 18.99999981"
    )


def test_withdrawals_under_way_are_asked_for_where_nobody_speaks_of_them(ask: Ask, tmp_path: Path) -> None:
    silent = ask("liabilities", "check", str(small(tmp_path / "a", "u1,BTC,1\n")))
    assert (
        "- withdrawals under way: there is no register of reconciling items, so none are asserted\n" in silent.out
    )
    classes = '[classes]\nspot = "listed"\npending-withdrawals = { none_asserted_by = "Jane Doe" }\n'
    said = ask("liabilities", "check", str(small(tmp_path / "b", "u1,BTC,1\n", classes)))
    assert "withdrawals under way: there is no register" not in said.out


def test_a_ledger_that_is_short_in_one_asset_and_lacks_another_is_found(ask: Ask, tmp_path: Path) -> None:
    folder = small(tmp_path / "s", "u1,BTC,1\nu1,ETH,2\n", ledger="asset,total\nBTC,0.5\nXRP,7\n")
    said = ask("liabilities", "check", str(folder), "--format", "json")
    assert said.code == 1
    assert [one for one in findings(said) if one[0] == "critical"] == [
        ("critical", "mismatch-ledger", "BTC"),
        ("critical", "mismatch-ledger", "ETH"),
        ("critical", "mismatch-ledger", "XRP"),
    ]


def test_a_run_refuses_what_the_check_refuses_and_writes_nothing(ask: Ask, rehearsal: Path) -> None:
    with (rehearsal / "customers.csv").open("ab") as file:
        file.write("u999,BTC,1,spot\n김,BTC,1,spot\n".encode("cp949") + b"u998,BTC,1e5,spot\n")
    bundle = rehearsal.parent / "bundle"
    ran = ask(
        "run",
        str(ROOT / "wallets/hanul.toml"),
        str(rehearsal),
        "--evidence",
        str(EVIDENCE),
        "--bundle",
        str(bundle),
    )
    checked = ask("liabilities", "check", str(rehearsal))
    assert (ran.code, ran.out, checked.code) == (2, "", 2)
    assert ran.err == checked.err
    assert ran.err.replace(f"{rehearsal}/", "") == (
        "error: customers.csv:173: the byte 0xb1 is not UTF-8\n"
        "  hint: save the file as UTF-8, or convert it: `reservecheck import customers` with --encoding cp949\n"
        "customers.csv:174: the balance is not an amount\n  hint: write digits and a point, such as 1234.5\n"
        "customers.csv: 2 rows cannot be read, so what is owed is unknown\n"
    )
    assert not bundle.exists()
