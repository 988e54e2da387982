from __future__ import annotations

import json
import string
from dataclasses import replace

import pytest

from reservecheck.model.books import Extract, Liabilities, OwedLine, Reconciling
from reservecheck.model.declared import InputFile
from reservecheck.model.liability_check import Coarse, Doubt, LiabilityCheck
from reservecheck.model.words import Grade, Severity
from reservecheck.report.liability_check import as_json, as_text
from reservecheck.report.liability_words import NOT_COMPARED, SENTENCES, sentence

FILE = InputFile(name="customers.csv", bytes=9, sha256="ab" * 32)
CHECK = LiabilityCheck(
    entity="kaede",
    rehearsal=True,
    cutoff="2018-09-14T17:00:00+09:00",
    liabilities=Liabilities(
        grade=Grade.RESUMMED,
        lines=(
            OwedLine(asset="BTC", class_="earn", rows=1, gross=1, negative=0, house=0),
            OwedLine(
                asset="BTC", class_="spot", rows=1200, gross=123_450_000_000, negative=50_000_000, house=10**8
            ),
        ),
        findings=(),
        extract=Extract(as_of="2018-09-14T17:00:00+09:00"),
        classes={"spot": "listed", "futures": "none, asserted by CFO\x1b"},
        private_files=(FILE,),
    ),
    decimals={"BTC": 8},
    coarse={"BTC": Coarse(step=100, rows=1201, worst=1201 * 99)},
    in_flight=(Reconciling(kind="pending-withdrawal", asset="BTC", units=2 * 10**8, reference="", side="ledger"),),
    doubts=(
        Doubt(
            kind="owed-above-held",
            severity=Severity.CRITICAL,
            asset="BTC",
            values={"owed": "662619", "held": "42794", "ratio": "6.45"},
        ),
        Doubt(
            kind="negative",
            severity=Severity.NOTE,
            asset="BTC",
            values={"count": "7", "amount": "0.5"},
            where=tuple(f"customers.csv:{line}" for line in range(2, 9)),
        ),
    ),
    not_compared=("ledger", "previous"),
    files=(FILE,),
)

TEXT = """REHEARSAL: fictional names and amounts

kaede: what customers are owed, as of 2018-09-14T17:00:00+09:00
cut-off 2018-09-14T17:00:00+09:00; grade L1; 1,201 rows

asset  class   rows       gross  negative         net  house
BTC    earn       1  0.00000001         0  0.00000001      0
BTC    spot   1,200     1,234.5       0.5       1,234      1

Product classes:
- futures: none, asserted by CFO\\u{1b}
- spot: listed

Under way, as the register says: owed until mined, and above only if the entity put it there.
- pending-withdrawal (ledger): 2 BTC

critical: 1
- BTC: 662,619 are owed, and 42,794 are held in all: 6.45 %

warning: none

note: 1
- BTC: 7 rows below zero, 0.5 together, which takes nothing off what is owed
    customers.csv:2
    customers.csv:3
    customers.csv:4
    customers.csv:5
    customers.csv:6
    … 2 more places in JSON

Not compared:
- totals with the general ledger: there is no ledger.csv
- totals with last time: neither --previous nor previous.csv"""


def test_what_is_owed_and_what_was_found_are_told_in_plain_words() -> None:
    assert as_text(CHECK) == TEXT


def test_where_nothing_is_to_tell_nothing_is_told() -> None:
    bare = replace(
        CHECK,
        rehearsal=False,
        cutoff="",
        liabilities=replace(CHECK.liabilities, classes={}),
        in_flight=(),
        doubts=(),
        not_compared=(),
    )
    said = as_text(bare)
    assert said.startswith("kaede: ")
    assert "cut-off not stated; grade L1" in said
    assert said.endswith("critical: none\n\nwarning: none\n\nnote: none")
    assert json.loads(as_json(bare))["cutoff"] is None


def test_json_has_the_same_with_every_place_and_digest() -> None:
    answer = json.loads(as_json(CHECK))
    assert answer["schema"] == "reservecheck/liabilities-check/v1-draft"
    assert answer["nothing_found"] is False
    assert answer["findings"][0] == {
        "asset": "BTC",
        "kind": "owed-above-held",
        "message": "BTC: 662,619 are owed, and 42,794 are held in all: 6.45 %",
        "severity": "critical",
        "values": {"held": "42794", "owed": "662619", "ratio": "6.45"},
        "where": [],
    }
    assert len(answer["findings"][1]["where"]) == 7
    assert answer["coarse"] == {"BTC": {"rows": 1201, "step": "0.000001", "worst": "0.00118899"}}
    assert answer["owed"][1] == {
        "asset": "BTC", "class": "spot", "rows": 1200,
        "gross": "1234.5", "negative": "0.5", "net": "1234", "house": "1",
    }  # fmt: skip
    assert answer["in_flight"] == [{"amount": "2", "asset": "BTC", "kind": "pending-withdrawal", "side": "ledger"}]
    assert answer["files"] == [{"bytes": 9, "name": "customers.csv", "sha256": "ab" * 32}]


@pytest.mark.parametrize("severity", list(Severity))
def test_only_notes_are_nothing(severity: Severity) -> None:
    found = replace(CHECK, doubts=(Doubt(kind="zero", severity=severity, values={}),))
    assert found.nothing_found is (severity is Severity.NOTE)


@pytest.mark.parametrize("kind", sorted(SENTENCES))
def test_every_sentence_is_filled_and_gives_no_verdict(kind: str) -> None:
    names = {name for _, name, _, _ in string.Formatter().parse(SENTENCES[kind]) if name}
    said = sentence(Doubt(kind=kind, severity=Severity.NOTE, asset="BTC", values=dict.fromkeys(names, "12345")))
    assert said.startswith("BTC: ")
    assert "{" not in said
    assert not {"solvent", "fraud", "wrong", "audited"} & set(said.split())


def test_shares_are_not_grouped_and_amounts_are() -> None:
    doubt = Doubt(
        kind="jump", severity=Severity.WARNING, values={"owed": "9000", "previous": "7", "of_previous": "128571.42"}
    )
    assert sentence(doubt) == "9,000 are owed, 7 were last time: 128571.42 % of it"


def test_every_comparison_that_is_missing_says_what_would_make_it() -> None:
    assert all(": " in said for said in NOT_COMPARED.values())
