"""Trees of a snapshot folder: their totals are what `liabilities check` says is owed, whatever the rows."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conformance.committing import DECIMALS

from reservecheck.books.owed import gross_of
from reservecheck.cli.commit_words import committed_as_text
from reservecheck.commitment.commitment_file import Published, read_commitments
from reservecheck.commitment.proof import verify
from reservecheck.commitment.proof_file import read_proof
from reservecheck.commitment.scheme import Commitment, Scope
from reservecheck.committing import Done, Targets, Wanted, commit
from reservecheck.errors import CommitmentError
from reservecheck.liability_check import Beside, check_liabilities
from reservecheck.model.progress import silent
from reservecheck.money import format_amount
from reservecheck.private_trees import open_private
from reservecheck.proving import prove_all
from reservecheck.recommitting import recommit
from reservecheck.snapshot_engagement import engaged

HEAD = 'format = "reservecheck/snapshot/v1"\nentity = "kaede"\n[files]\ncustomers = ["customers.csv"]\n'
EXTRACT = "[extract]\nas_of = 2018-06-28T00:00:00+09:00\n"
CLASSES = '[classes]\nspot = "listed"\nearn = "listed"\n'

Row = tuple[str, str, int, str]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["ada", "ben", "zoë", "한글", "c,d", "0"]),
        st.sampled_from(["BTC", "ETH", "KRW"]),
        st.one_of(st.integers(-2, 2), st.integers(-(10**18), 10**18)),
        st.sampled_from(["spot", "earn"]),
    ),
    min_size=1,
    max_size=20,
)


def folder_of(path: Path, rows: list[Row], more: str = "") -> Path:
    path.mkdir(parents=True)
    (path / "snapshot.toml").write_text(HEAD + more + EXTRACT + CLASSES, encoding="utf-8")
    lines = [
        f'"{customer}",{asset},{format_amount(units, DECIMALS[asset])},{class_}'
        for customer, asset, units, class_ in rows
    ]
    text = "\n".join(["customer,asset,balance,class", *lines, ""])
    (path / "customers.csv").write_text(text, encoding="utf-8")
    return path


def made(folder: Path, snapshot: Path, wanted: Wanted | None = None) -> Done:
    targets = Targets(private=folder / "private", out=folder / "commitment.json")
    return commit(snapshot, targets, wanted or Wanted(), silent)


@settings(deadline=None, max_examples=15)
@given(ROWS, st.integers(0, 1))
def test_totals_are_the_gross_of_the_check_and_every_customer_is_in_them(rows: list[Row], taller: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        snapshot = folder_of(folder / "snapshot", rows)
        done = made(folder, snapshot, Wanted(height=3 + taller))
        checked = check_liabilities(snapshot, Beside(), silent)
        totals = {tree.scope.asset: tree.total for tree in done.published.trees}
        assert totals == gross_of(checked.liabilities)
        assert read_commitments((folder / "commitment.json").read_bytes()) == done.published
        proven = prove_all(open_private(folder / "private"), engaged(snapshot), None, folder / "proofs", silent)
        owed: Counter[tuple[str, str]] = Counter()
        for customer, asset, units, _ in rows:
            owed[customer, asset] += max(units, 0)
        found = {}
        with (folder / "proofs/manifest.csv").open(encoding="utf-8", newline="") as manifest:
            given_out = [(row["asset"], row["file"]) for row in csv.DictReader(manifest)]
        assert (proven.count, proven.files) == (len(given_out), given_out[:20])
        for asset, file in given_out:
            proof = read_proof((folder / "proofs" / file).read_bytes())
            tree = done.published.tree(asset)
            assert tree is not None
            verify(proof, tree)
            found[proof.customer, asset] = proof.units
        assert found == dict(owed)
        again = recommit(snapshot, folder / "commitment.json", folder / "private/secret.hex", silent)
        assert again.is_equal


def test_the_order_of_rows_and_files_gives_the_same_trees(tmp_path: Path) -> None:
    rows = [
        ("ada", "BTC", 5, "spot"),
        ("ben", "BTC", 7, "spot"),
        ("ada", "ETH", 9, "earn"),
        ("ada", "BTC", 1, "earn"),
    ]
    secret = tmp_path / "secret.hex"
    secret.write_text("07" * 32)
    published = []
    for number, order in enumerate((rows, rows[::-1])):
        folder = tmp_path / str(number)
        snapshot = folder_of(folder / "snapshot", order)
        published.append(made(folder, snapshot, Wanted(secret=secret)).published)
    assert published[0] == published[1]
    assert [tree.total for tree in published[0].trees] == [13, 9]


def test_every_commitment_has_a_secret_of_its_own(tmp_path: Path) -> None:
    roots = set()
    for name in ("one", "two"):
        snapshot = folder_of(tmp_path / name / "snapshot", [("ada", "BTC", 5, "spot")])
        roots.add(made(tmp_path / name, snapshot).published.trees[0].root)
    assert len(roots) == 2


def test_what_is_owed_by_totals_alone_is_named(tmp_path: Path) -> None:
    snapshot = folder_of(tmp_path / "snapshot", [("ada", "BTC", 5, "spot")], 'totals = "totals.csv"\n')
    toml = snapshot / "snapshot.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + 'futures = "total"\n', encoding="utf-8")
    (snapshot / "totals.csv").write_text("asset,class,owed\nBTC,futures,2\nETH,futures,1\nKRW,futures,0\n")
    done = made(tmp_path, snapshot)
    assert done.without_rows == {"BTC": "2", "ETH": "1"}
    assert [(tree.scope.asset, tree.total) for tree in done.published.trees] == [("BTC", 5)]


@pytest.mark.parametrize(
    ("given_id", "expected"),
    [
        (None, "kaede/2018-06-28T00:00:00+09:00"),
        ("q2, restated", "q2, restated"),
        ("q2, 2018-06-27T15:00:00Z", "q2, 2018-06-27T15:00:00Z"),
    ],
)
def test_the_id_is_that_of_the_extract_or_the_one_given(
    tmp_path: Path, given_id: str | None, expected: str
) -> None:
    snapshot = folder_of(tmp_path / "snapshot", [("ada", "BTC", 5, "spot")])
    published = made(tmp_path, snapshot, Wanted(id=given_id)).published
    assert published.snapshot == expected
    assert published.trees[0].scope.snapshot == expected


def test_no_spreadsheet_runs_a_customers_id(tmp_path: Path) -> None:
    snapshot = folder_of(tmp_path / "snapshot", [("=HYPERLINK(1)", "BTC", 5, "spot"), ("ada", "BTC", 5, "spot")])
    made(tmp_path, snapshot)
    prove_all(open_private(tmp_path / "private"), engaged(snapshot), None, tmp_path / "proofs", silent)
    with (tmp_path / "proofs/manifest.csv").open(encoding="utf-8", newline="") as manifest:
        assert {row["customer"] for row in csv.DictReader(manifest)} == {"'=HYPERLINK(1)", "ada"}


def test_an_id_of_another_moment_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    snapshot = folder_of(tmp_path / "snapshot", [("ada", "BTC", 5, "spot")])
    with pytest.raises(CommitmentError) as refused:
        made(tmp_path, snapshot, Wanted(id="kaede/2018-07-28"))
    assert str(refused.value) == (
        "a commitment's snapshot: kaede/2018-07-28 names another moment than 2018-06-28T00:00:00+09:00\n"
        "  hint: leave --id out, or name that moment in it"
    )
    assert list(tmp_path.iterdir()) == [snapshot]


def test_what_no_tree_counts_is_said() -> None:
    tree = Commitment(scope=Scope(snapshot="s", asset="BTC", decimals=8, height=0), root=bytes(32), total=5)
    published = Published(entity="kaede", snapshot="s", trees=(tree,))
    text = committed_as_text(Done(published=published, without_rows={"ETH": "1000.5"}))
    assert text.splitlines()[-1] == "  ETH      in no tree: 1,000.5 owed by totals, without customer rows"
