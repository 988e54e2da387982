from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.assess.inputs_factory import books, liabilities, owed, registry
from tests.pipeline.shipped_job import ROOT

from reservecheck.books.folder import read_books
from reservecheck.members.liability_totals import contradictions
from reservecheck.model.books import Books, Extract, RowFinding
from reservecheck.model.declared import InputFile
from reservecheck.model.progress import silent
from reservecheck.model.words import Grade
from reservecheck.registry.shipped import load_registry


def file(name: str) -> InputFile:
    return InputFile(name=name, bytes=1, sha256="ab" * 32)


FILES = tuple(file(name) for name in ("snapshot.toml", "customers.csv", "cash.csv"))


def made(files: tuple[InputFile, ...] = FILES, **changes: Any) -> Books:  # noqa: ANN401  # any part of what is owed
    """Consistent books with cash as the one register, and some parts of what is owed as named."""
    given = {
        "lines": (owed("BTC", 98 * 10**8, rows=3),),
        "extract": Extract(rows=3, totals={"BTC": "98"}),
        "private_files": (FILES[1],),
        "findings": (),
        "grade": Grade.RESUMMED,
        **changes,
    }
    before = books(files=files, prices=None, custodians=None, letters=None, reconciling=None, encumbrances=None)
    return replace(before, liabilities=replace(liabilities(()), **given))


def finding(kind: str, asset: str, count: int, units: int) -> RowFinding:
    return RowFinding(kind=kind, asset=asset, count=count, units=units, where=())


def said(given: Books) -> list[str]:
    return [one.removeprefix("liabilities.json: ") for one in contradictions(given, registry())]


@pytest.mark.parametrize("entity", ["hanul", "hanul-hole", "nabi"])
def test_what_was_read_from_a_folder_contradicts_nothing(entity: str) -> None:
    known = load_registry()
    read = read_books(
        ROOT / "snapshots" / entity / "2018-06-28", known, entity=entity, currency="KRW", progress=silent
    )
    assert contradictions(read, known) == []


def test_consistent_books_contradict_nothing() -> None:
    assert said(made()) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(
            {"extract": Extract(rows=4)},
            "the extract states 4 rows, 3 were read, and no finding says so",
            id="rows",
        ),
        pytest.param(
            {"extract": Extract(totals={"BTC": "99"})},
            "the extract states 99 BTC, the rows add up to 98, and no finding says so",
            id="totals",
        ),
        pytest.param(
            {"extract": Extract(totals={"NOPE": "99"})},
            "the extract states a total of 'NOPE', which the registry lacks",
            id="an unknown total",
        ),
        pytest.param(
            {"extract": Extract(totals={"BTC": "many"})},
            "the extract's total of BTC is 'many', which is no amount",
            id="no amount",
        ),
        pytest.param(
            {"lines": (owed("BTC", 98 * 10**8, rows=3, house=99 * 10**8),)},
            "of BTC more stands on accounts of the house than on all accounts together",
            id="house",
        ),
        pytest.param({"grade": Grade.TESTED}, "the grade is L3, which this version never gives", id="grade"),
        pytest.param(
            {"lines": (owed("BTC", 98 * 10**8, rows=0),), "extract": Extract()},
            "the grade is L1, and something is owed in no row that was read",
            id="no rows",
        ),
        pytest.param(
            {"lines": (), "extract": Extract()},
            "the grade is L1, and something is owed in no row that was read",
            id="nothing read",
        ),
    ],
)
def test_a_contradiction_is_one_sentence(changes: dict[str, Any], expected: str) -> None:
    assert said(made(**changes)) == [expected]


def test_a_finding_that_says_so_is_no_contradiction() -> None:
    rows, total = finding("mismatch-rows", "", 1, 0), finding("mismatch-total", "BTC", 1, 10**8)
    stated = Extract(rows=4, totals={"BTC": "99"})
    assert said(made(extract=stated, findings=(rows, total))) == []
    assert len(said(made(extract=stated, findings=(replace(rows, count=2), replace(total, units=5))))) == 2


def test_rows_out_of_scope_were_read_too() -> None:
    outside = finding("out-of-scope", "TRX", 2, 0)
    assert said(made(extract=Extract(rows=5), findings=(outside,))) == []


def test_totals_state_no_rows() -> None:
    files = (FILES[0], file("totals.csv"), FILES[2])
    lines = (owed("BTC", 98 * 10**8, rows=0),)
    assert said(made(files, lines=lines, grade=Grade.TOTALS, private_files=())) == []
    assert said(made(lines=lines, grade=Grade.TOTALS, private_files=(FILES[1],))) == [
        "it lists no file that cash.csv was read from"
    ]


@pytest.mark.parametrize("name", ["cash.csv", "bank/cash.csv", "bank.csv"])
def test_a_register_may_be_read_from_a_file_of_any_name(name: str) -> None:
    assert said(made((*FILES[:2], file(name), file("claims/said.md")))) == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (FILES[:2], "it lists no file that cash.csv was read from"),
        ((*FILES[:2], file("prices.csv")), "it lists no file that cash.csv was read from"),
        ((*FILES, file("letters.csv")), "it lists letters.csv, and the bundle has no such register"),
        (FILES[1:], "the list of files does not begin with snapshot.toml"),
        ((FILES[0], FILES[2]), "the private file 'customers.csv' is not in the list of files"),
    ],
)
def test_registers_and_files_belong_together(files: tuple[InputFile, ...], expected: str) -> None:
    assert said(made(files))[:1] == [expected]
