from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.assess.inputs_factory import books, committed, liabilities, owed, rebuilt, registry, tree
from tests.pipeline.shipped_job import ROOT

from reservecheck.books.folder import read_books
from reservecheck.members.liability_totals import contradictions
from reservecheck.model.books import Books, Extract, RowFinding
from reservecheck.model.committed import CommittedTree, Rebuilt
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
        pytest.param({"grade": Grade.TESTED}, "the grade is L3, and files are received at L0 or L1", id="grade"),
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


NO_FILE = "rows were summed, and there is no private file they stand in"


def test_rows_stand_in_a_private_file_whatever_the_grade() -> None:
    assert said(made(private_files=())) == [f"the grade is L1, {NO_FILE}"]
    lines = (owed("BTC", 98 * 10**8, rows=3), owed("ETH", 5, rows=0))
    files = (FILES[0], file("totals.csv"), FILES[2])
    assert said(made(files, lines=lines, grade=Grade.TOTALS, private_files=())) == [f"the grade is L0, {NO_FILE}"]


COMMITTED = (*FILES, file("commitment.json"), file("claims/said.md"))
LINES = (owed("BTC", 98 * 10**8, rows=3), owed("ETH", 5, rows=1))
BTC, ETH = rebuilt("BTC", 98 * 10**8), rebuilt("ETH", 5)


def with_trees(*trees: CommittedTree, **changes: Any) -> list[str]:  # noqa: ANN401  # any part of what is owed
    given = {"lines": LINES, "extract": Extract(), "commitment": committed(trees), **changes}
    return said(made(COMMITTED, **given))


def test_what_was_stated_and_what_came_out_again_contradict_nothing() -> None:
    stated = (tree("BTC", 1), tree("ETH", 2))
    other = replace(BTC, rebuilt=Rebuilt(root="77" * 32, total=BTC.total))
    too_low = replace(BTC, rebuilt=Rebuilt(root="", total=BTC.total))
    for trees in (stated, (BTC, ETH), (other, ETH), (too_low, ETH), (BTC, ETH, tree("KDE", 5))):
        assert with_trees(*trees) == []
    assert with_trees(replace(BTC, decimals=7, rebuilt=None), ETH) == []


@pytest.mark.parametrize(
    ("trees", "expected"),
    [
        ((BTC, tree("ETH", 5)), "the tree of 'ETH' was not built again, and others were"),
        ((BTC, ETH, rebuilt("KDE", 5)), "the tree of 'KDE' could not be built again, and was"),
        ((replace(BTC, decimals=7), ETH), "the tree of 'BTC' could not be built again, and was"),
        (
            (BTC, ETH, replace(tree("KDE", 5), asset="NO\x1b", rebuilt=Rebuilt(root="77" * 32, total=5))),
            "the tree of 'NO\\x1b' could not be built again, and was",
        ),
        ((BTC, rebuilt("ETH", 6)), "the tree of ETH was built again to 6, its rows add up to 5"),
        ((BTC, replace(ETH, total=6)), "the tree of ETH has one root and two totals"),
    ],
)
def test_no_tree_was_built_again_that_the_rows_do_not_give(trees: tuple[CommittedTree, ...], expected: str) -> None:
    assert with_trees(*trees) == [expected]


def test_a_total_cannot_be_built_again() -> None:
    files = (FILES[0], file("totals.csv"), *COMMITTED[2:])
    lines = (owed("BTC", BTC.total, rows=0),)
    changes = {"lines": lines, "grade": Grade.TOTALS, "private_files": (), "extract": Extract()}
    assert said(made(files, commitment=committed((tree("BTC", BTC.total),)), **changes)) == []
    assert said(made(files, commitment=committed((BTC,)), **changes)) == [
        "the tree of 'BTC' could not be built again, and was"
    ]


def test_a_commitment_and_its_file_belong_together() -> None:
    stated = {"lines": LINES, "extract": Extract(), "commitment": committed((BTC, ETH))}
    lists = "it lists commitment.json"
    assert said(made(FILES, **stated)) == [f"{lists} 0 times, and the bundle has one commitment"]
    assert said(made((*COMMITTED, file("old/commitment.json")), **stated)) == [
        f"{lists} 2 times, and the bundle has one commitment"
    ]
    assert said(made(COMMITTED)) == [f"{lists} 1 times, and the bundle has no commitment"]


def test_no_register_was_read_from_the_commitment() -> None:
    files = (*FILES[:2], file("commitment.json"))
    stated = {"lines": LINES, "extract": Extract(), "commitment": committed((BTC, ETH))}
    assert said(made(files, **stated)) == ["it lists no file that cash.csv was read from"]


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
