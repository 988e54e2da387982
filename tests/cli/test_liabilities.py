"""`reservecheck liabilities check`: words, JSON, exit codes, and what it is compared with."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from pathlib import Path
from typing import Any, Final

import pytest
from tests.cli.command_line import Ask, Said

from reservecheck.commitment.commitment_file import Published, write_commitments
from reservecheck.commitment.scheme import Commitment, Scope
from reservecheck.report.liability_words import NOT_COMPARED, SENTENCES

ROOT: Final = Path(__file__).resolve().parents[2]
HANUL: Final = ROOT / "snapshots/hanul/2018-06-28"
EVIDENCE: Final = ROOT / "evidence/hanul/2018-06-28"
HEAD: Final = 'format = "reservecheck/snapshot/v1"\nentity = "kaede"\n[files]\n'
FOUND: Final = "something was found; rows were counted as they stand\n"


@pytest.fixture
def hanul(tmp_path: Path) -> Path:
    """The shipped rehearsal, to be changed."""
    return Path(shutil.copytree(HANUL, tmp_path / "hanul"))


def edited(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def written(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}{'.toml' if name in ('snapshot', 'engagement') else '.csv'}").write_text(
            text, encoding="utf-8"
        )
    return folder


def small(folder: Path, rows: str, more: str = "", **files: str) -> Path:
    """A snapshot without engagement."""
    listed = "".join(f'{role} = "{role}.csv"\n' for role in files)
    snapshot = f'{HEAD}customers = ["customers.csv"]\n{listed}{more}'
    return written(folder, snapshot=snapshot, customers=f"customer,asset,balance\n{rows}", **files)


def findings(said: Said) -> list[tuple[str, str, str]]:
    answer: dict[str, Any] = json.loads(said.out)
    return [(one["severity"], one["kind"], one["asset"]) for one in answer["findings"]]


def test_a_file_in_place_of_the_folder_is_named(ask: Ask, tmp_path: Path) -> None:
    wallets = tmp_path / "wallets.toml"
    wallets.touch()
    said = ask("liabilities", "check", str(wallets))
    hint = "name the folder of snapshot.toml; a wallets file is no snapshot"
    assert (said.code, said.err) == (
        2, f"error: {wallets}: is a file, and a snapshot is a folder\n  hint: {hint}\n",
    )  # fmt: skip
    said = ask("run", str(wallets), str(HANUL / "snapshot.toml"), "--evidence", str(EVIDENCE))
    assert said.code == 2
    assert f"snapshot.toml: is a file, and a snapshot is a folder\n  hint: name {HANUL}\n" in said.err


def test_a_rehearsal_that_fits_together_is_exit_0(ask: Ask) -> None:
    said = ask("liabilities", "check", str(HANUL), "--evidence", str(EVIDENCE))
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(
        "REHEARSAL: fictional names and amounts\n\nhanul: what customers are owed, as of 2018-06-28"
    )
    assert "\nUSDT   spot     30       10,000,000         0       10,000,000      0\n" in said.out
    assert "\ncritical: none\n\nwarning: none\n\nnote: none\n\nNot compared:\n" in said.out


def test_620_000_btc_credited_by_mistake_shout_in_the_first_run(ask: Ask, hanul: Path) -> None:
    """Every sum and count of the entity's own agrees, for it is the ledger that is wrong."""
    with (hanul / "customers.csv").open("a", encoding="utf-8") as file:
        file.write("C999999999,BTC,620000,spot\n")
    edited(hanul / "snapshot.toml", 'rows = 170\ntotals = { BTC = "1000"', 'rows = 171\ntotals = { BTC = "621000"')
    said = ask("liabilities", "check", str(hanul), "--evidence", str(EVIDENCE))
    assert (said.code, said.err) == (1, FOUND)
    assert said.out.partition("\ncritical: ")[2].partition("\nnote:")[0] == (
        "2\n"
        "- BTC: 621,000 are owed, and 1,020 are held in all: 0.16 %\n"
        "- BTC: one row alone is more than all 1,020 that are held: 99.84 % of what is owed\n"
        "    customers.csv:172\n"
        "\nwarning: 1\n"
        "- BTC: one row of 41 is 99.84 % of what is owed\n"
        "    customers.csv:172\n"
    )
    assert "C999999999" not in said.out
    without = ask("liabilities", "check", str(hanul))
    assert without.code == 1
    assert "- BTC: one row of 41 is 99.84 % of what is owed\n" in without.out
    assert f"\n- {NOT_COMPARED['held']}" in without.out


def test_more_than_there_will_ever_be_is_found_with_nothing_to_compare(ask: Ask, tmp_path: Path) -> None:
    said = ask("liabilities", "check", str(small(tmp_path / "s", "u1,BTC,21000000.1\n")))
    assert said.code == 1
    assert "- BTC: 21,000,000.1 are owed, and the protocol never lets more than 21,000,000 exist\n" in said.out


def test_without_an_engagement_and_registers_every_comparison_not_made_is_named(ask: Ask, tmp_path: Path) -> None:
    said = ask("liabilities", "check", str(small(tmp_path / "s", "u1,BTC,1\n")))
    assert (said.code, said.err) == (0, "")
    names = ["cutoff", "rows", "totals", "ledger", "pending", "previous", "held"]
    assert said.out.endswith("\nNot compared:\n" + "".join(f"- {NOT_COMPARED[name]}\n" for name in names))
    assert "\nnote: 1\n- product classes are not stated: earn, margin or others may be missing\n" in said.out


@pytest.mark.parametrize("form", ["folder", "list", "register"])
def test_totals_are_compared_with_last_time_however_they_are_given(ask: Ask, tmp_path: Path, form: str) -> None:
    rows = "u1,BTC,10\nu2,ETH,3\n"
    if form == "register":
        now = small(tmp_path / "now", rows, previous="asset,owed\nBTC,5\nKRW,7\n")
        said = ask("liabilities", "check", str(now), "--format", "json")
    else:
        now = small(tmp_path / "now", rows)
        before = small(tmp_path / "before", "u1,BTC,5\nu1,KRW,7\n")
        if form == "list":
            (tmp_path / "before.csv").write_text("asset,owed,class\nBTC,2,spot\nBTC,3,earn\nKRW,7,spot\n")
            before = tmp_path / "before.csv"
        said = ask("liabilities", "check", str(now), "--previous", str(before), "--format", "json")
    assert said.code == 1
    assert findings(said) == [
        ("critical", "jump", "BTC"),
        ("warning", "jump", "KRW"),
        ("note", "classes-not-stated", ""),
        ("note", "newly-owed", "ETH"),
    ]
    assert "previous" not in json.loads(said.out)["not_compared"]


def test_a_commitment_is_left_to_a_run_and_that_is_said(ask: Ask, hanul: Path) -> None:
    assert NOT_COMPARED["commitment"] not in ask("liabilities", "check", str(hanul)).out
    edited(hanul / "snapshot.toml", "[files]\n", '[files]\ncommitment = "commitment.json"\n')
    tree = Commitment(scope=Scope(snapshot="x", asset="BTC", decimals=8, height=0), root=bytes(32), total=1)
    stated = Published(entity="hanul", snapshot="x", trees=(tree,), draw=None)
    (hanul / "commitment.json").write_bytes(write_commitments(stated))
    said = ask("liabilities", "check", str(hanul))
    assert said.code == 0
    assert f"- {NOT_COMPARED['commitment']}\n" in said.out


def test_last_time_of_another_entity_is_refused(ask: Ask, tmp_path: Path) -> None:
    said = ask("liabilities", "check", str(small(tmp_path / "s", "u1,BTC,1\n")), "--previous", str(HANUL))
    assert said.code == 2
    assert said.err.startswith(
        f"error: {HANUL}/snapshot.toml:3: the snapshot is of 'hanul', the engagement of 'kaede'"
    )


def test_what_is_held_may_be_a_list(ask: Ask, tmp_path: Path) -> None:
    snapshot = small(tmp_path / "s", "u1,BTC,5\nu1,ETH,1\nu1,KRW,3\n", "[classes]\nspot = 'listed'\n")
    held = tmp_path / "held.csv"
    held.write_text("asset,held\nBTC,4\nKRW,3\n")
    said = ask("liabilities", "check", str(snapshot), "--held", str(held), "--format", "json")
    assert said.code == 1
    assert findings(said) == [
        ("critical", "owed-above-held", "BTC"),
        ("critical", "owed-above-held", "ETH"),
        ("critical", "row-above-held", "BTC"),
    ]
    held.write_text("asset,held\nBTC,4\nBTC,3\nKRW,-1\n")
    said = ask("liabilities", "check", str(snapshot), "--held", str(held))
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"error: {held}:3: BTC stands twice\n  hint: one row an asset\n"
        f"{held}:4: held is -1, below zero\n  hint: write what is held\n"
    )


def test_what_is_held_is_said_once(ask: Ask) -> None:
    said = ask("liabilities", "check", str(HANUL), "--evidence", str(EVIDENCE), "--held", "x.csv")
    assert (said.code, said.err) == (
        2,
        "error: give --evidence or --held, not both\n  hint: both say what is held\n",
    )


def test_evidence_of_something_else_or_that_was_altered_is_refused(ask: Ask, tmp_path: Path) -> None:
    nabi = ROOT / "evidence/nabi/2018-06-28"
    said = ask("liabilities", "check", str(HANUL), "--evidence", str(nabi))
    assert (said.code, said.err) == (2, f"error: {nabi} is of 'nabi', the snapshot of 'hanul'\n")
    kaede = ROOT / "evidence/kaede/2018-09-14-after"
    said = ask("liabilities", "check", str(ROOT / "snapshots/kaede/2018-09-14-before"), "--evidence", str(kaede))
    assert said.code == 2
    assert said.err.endswith("was collected for another cut-off (2018-09-14T19:00:00+09:00)\n")
    altered = Path(shutil.copytree(EVIDENCE, tmp_path / "altered"))
    (altered / "cells.csv.gz").write_bytes(gzip.compress(b"x"))
    said = ask("liabilities", "check", str(HANUL), "--evidence", str(altered))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"error: {altered} was altered: ")


def test_cash_is_compared_with_the_cash_register_and_with_nothing_where_there_is_none(
    ask: Ask, hanul: Path
) -> None:
    (hanul / "cash.csv").unlink()
    edited(hanul / "snapshot.toml", 'cash = "cash.csv"\n', "")
    said = ask("liabilities", "check", str(hanul), "--evidence", str(EVIDENCE))
    assert said.code == 0
    assert f"\n- {NOT_COMPARED['cash']}\n" in said.out


def test_the_date_of_the_extract_is_compared_with_the_cut_off(ask: Ask, hanul: Path) -> None:
    edited(hanul / "snapshot.toml", "as_of = 2018-06-28T00:00:00+09:00", "as_of = 2018-06-28T00:00:00Z")
    said = ask("liabilities", "check", str(hanul))
    assert said.code == 1
    late = "- the extract is as of 2018-06-28T00:00:00+00:00, 32400 s after the cut-off 2018-06-28T00:00:00+09:00\n"
    assert f"\ncritical: 1\n{late}" in said.out
    edited(hanul / "snapshot.toml", "as_of = 2018-06-28T00:00:00Z\n", "")
    said = ask("liabilities", "check", str(hanul))
    assert "\n- the snapshot does not state as of when the extract is; the cut-off is 2018-06-28T00:" in said.out


def test_what_is_owed_outside_the_perimeter_is_found(ask: Ask, hanul: Path) -> None:
    edited(hanul / "engagement.toml", 'assets = ["BTC", "ETH", "USDT", "KRW"]', 'assets = ["BTC", "ETH", "KRW"]')
    said = ask("liabilities", "check", str(hanul))
    assert said.code == 1
    assert "\n- USDT: 10,000,000 are owed, and the engagement neither includes the asset nor " in said.out


def test_questionable_rows_are_found_by_file_and_row_as_a_run_finds_them(ask: Ask, tmp_path: Path) -> None:
    rows = "u1,BTC,1\nu1,BTC,2\nU1,BTC,-0.5\nu3,BTC,0\nhot,BTC,4\n"
    more = '[extract]\nrows = 7\ntotals = { BTC = "6" }\n'
    snapshot = small(
        tmp_path / "s",
        rows,
        more,
        house="customer\nhot\n",
        ledger="asset,total\nBTC,7\n",
        reconciling="kind,asset,amount,tx,side\npending-withdrawal,ETH,2,t1,ledger\npending-withdrawal,ETH,1,t2,ledger\n",
    )
    said = ask("liabilities", "check", str(snapshot))
    assert said.code == 1
    assert said.out.partition("\n\nNot")[0].partition("\n\n")[2] == (
        "asset  class  rows  gross  negative  net  house\n"
        "BTC              5      7       0.5  6.5      4\n"
        "\n"
        "Under way, as the register says: owed until mined, and above only if the entity put it there.\n"
        "- pending-withdrawal (ledger): 3 ETH\n"
        "\n"
        "critical: 5\n"
        "- BTC: 1 row with the customer, asset and class of another, 2 together; they are summed\n"
        "    customers.csv:3\n"
        "- 2 customers' ids look like another one\n"
        "    customers.csv:2\n"
        "    customers.csv:4\n"
        "- BTC: the total is not the general ledger's, by 0.5\n"
        "    ledger.csv:2 says 7 BTC, the rows add up to 6.5\n"
        "- the number of rows is not the extract's own, by 2\n"
        "    snapshot.toml:9 says 7 rows, 5 were read\n"
        "- BTC: the total is not the extract's own, by 0.5\n"
        "    snapshot.toml:10 says 6 BTC, the rows add up to 6.5\n"
        "\n"
        "warning: none\n"
        "\n"
        "note: 4\n"
        "- product classes are not stated: earn, margin or others may be missing\n"
        "- BTC: 1 row of the house, 4 together, and owed all the same\n"
        "    customers.csv:6\n"
        "- BTC: 1 row below zero, 0.5 together, which takes nothing off what is owed\n"
        "    customers.csv:4\n"
        "- BTC: 1 row of zero\n"
        "    customers.csv:5"
    )


def test_totals_alone_are_a_note(ask: Ask, tmp_path: Path) -> None:
    snapshot = written(tmp_path / "s", snapshot=f'{HEAD}totals = "totals.csv"\n', totals="asset,owed\nBTC,1\n")
    said = ask("liabilities", "check", str(snapshot), "--format", "json")
    assert said.code == 0
    assert findings(said) == [("note", "classes-not-stated", ""), ("note", "totals-only", "")]
    assert json.loads(said.out)["grade"] == "L0"


def test_rows_that_cannot_be_read_are_all_named_and_it_is_exit_2(ask: Ask, tmp_path: Path) -> None:
    rows = "".join(f"u{number},BTC,{'1e5' if number % 2 else '1'}\n" for number in range(400))
    said = ask("liabilities", "check", str(small(tmp_path / "s", f"{rows}u,XXX,1\n")))
    assert (said.code, said.out) == (2, "")
    lines = [line for line in said.err.splitlines() if not line.startswith("  hint")]
    assert lines[0] == f"error: {tmp_path}/s/customers.csv:3: the balance is not an amount"
    assert len(lines) == 102
    assert lines[-2:] == [
        f"{tmp_path}/s/customers.csv: 200 rows cannot be read, so what is owed is unknown",
        f"{tmp_path}/s/customers.csv:402: the asset 'XXX' is unknown (1 rows)",
    ]


def test_no_folder_is_no_question(ask: Ask, tmp_path: Path) -> None:
    said = ask("liabilities", "check", str(tmp_path / "nowhere"))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("error: ")


def test_whatever_is_found_has_its_sentence() -> None:
    places = [*ROOT.glob("src/reservecheck/books/*.py"), ROOT / "src/reservecheck/liability_check.py"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in places)
    said = r'kind="([a-z-]+)"|(?:_finding|\.places|\.note)\("([a-z-]+)"|_(?:ZERO|NEGATIVE).*"([a-z-]+)"'
    kinds = {next(filter(None, found.groups())) for found in re.finditer(said, text)}
    assert kinds - {"none", "cash"} == set(SENTENCES)


def test_a_ledger_and_an_earlier_round_go_through_run_bundle_and_verify(ask: Ask, hanul: Path) -> None:
    """What the check says of the ledger the run says too, and its bundle re-derives with the folder beside it."""
    written(hanul, ledger="asset,total\nBTC,999\nETH,20000\nUSDT,10000000\nKRW,100000000000\n")
    written(hanul, previous="asset,owed\nBTC,990\n")
    edited(hanul / "snapshot.toml", "[extract]\n", 'ledger = "ledger.csv"\nprevious = "previous.csv"\n[extract]\n')
    checked = ask("liabilities", "check", str(hanul))
    place = "ledger.csv:2 says 999 BTC, the rows add up to 1000"
    assert checked.code == 1
    assert f"\ncritical: 1\n- BTC: the total is not the general ledger's, by 1\n    {place}\n" in checked.out
    bundle = hanul.parent / "bundle"
    wallets = str(ROOT / "wallets/hanul.toml")
    ran = ask("run", wallets, str(hanul), "--evidence", str(EVIDENCE), "--bundle", str(bundle), "--format", "json")
    assert ran.code == 1
    (broke,) = [one for one in json.loads(ran.out)["findings"] if one["subject"] == "mismatch-ledger BTC"]
    assert (broke["severity"], broke["outcome"], broke["values"]["where"]) == ("critical", "breaks", place)
    for option in ([], ["--snapshot", str(hanul), "--wallets", wallets]):
        assert ask("verify", str(bundle), *option).code == 0
    assert ask("lint", str(hanul), wallets).code == 0
    edited(hanul / "previous.csv", "990", "991")
    again = ask("verify", str(bundle), "--snapshot", str(hanul))
    assert (again.code, "previous.csv: not the file the bundle was made from" in again.out) == (1, True)
