"""`reservecheck liabilities prove` and `rebuild`: what customers and practitioners are told."""

from __future__ import annotations

import csv
import json
import shutil
import stat
from pathlib import Path
from typing import Final

import pytest
from tests.cli.command_line import Ask

from reservecheck.commitment.commitment_file import read_commitments
from reservecheck.commitment.proof import verify
from reservecheck.commitment.proof_file import read_proof

ROOT: Final = Path(__file__).resolve().parents[2]
HANUL: Final = ROOT / "snapshots/hanul/2018-06-28"
ADA: Final = "C372429758"
FORM: Final = "write one customer's id a line, without a header, other columns, blanks or empty lines"
NEW: Final = "\n  hint: name a new folder: nothing is ever overwritten\n"


def lines_of(folder: Path) -> list[list[str]]:
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as opened:
        return list(csv.reader(opened))[1:]


def test_one_customer_is_given_a_file_for_each_asset(ask: Ask, shipped: Path, tmp_path: Path) -> None:
    out = tmp_path / "proofs"
    said = ask("liabilities", "prove", shipped / "private", "--customer", ADA, "--out", out)
    assert (said.code, said.err) == (0, "")
    ((customer, asset, name),) = lines_of(out)
    assert (customer, asset) == (ADA, "BTC")
    assert said.out == f"BTC      {out / name}\n"
    published = read_commitments((shipped / "commitment.json").read_bytes())
    proof = read_proof((out / name).read_bytes())
    verify(proof, published.trees[0])
    assert (proof.customer, proof.units) == (ADA, 5680944346)
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    assert not [path for path in out.iterdir() if ADA in path.name]


def test_nobody_has_no_proof_and_no_folder(ask: Ask, shipped: Path, tmp_path: Path) -> None:
    words = "there is no leaf of this customer: another id, or nothing is owed\n"
    for more in (("--customer", "nobody"), ("--customer", ADA, "--asset", "ETH")):
        said = ask("liabilities", "prove", shipped / "private", *more, "--out", tmp_path / "proofs")
        assert (said.code, said.out) == (1, words)
    assert not (tmp_path / "proofs").exists()


def test_a_list_tells_by_line_who_has_no_leaf(ask: Ask, shipped: Path, tmp_path: Path) -> None:
    listed = tmp_path / "ids.txt"
    listed.write_bytes(b"\xef\xbb\xbfnobody\n" + f"{ADA}\r\nC793814194\nelse\n".encode())
    out = tmp_path / "proofs"
    given = ("liabilities", "prove", shipped / "private", "--customers", listed, "--out", out)
    said = ask(*given)
    assert said.code == 1
    assert said.out.splitlines()[2:] == [
        "line 1: there is no leaf of this customer",
        "line 4: there is no leaf of this customer",
        "proofs 2, customers without a leaf 2",
    ]
    assert [line[0] for line in lines_of(out)] == [ADA, "C793814194"]
    shutil.rmtree(out)
    answer = json.loads(ask(*given, "--format", "json").out)
    assert answer["without_a_leaf"] == [1, 4]
    assert [one["asset"] for one in answer["files"]] == ["BTC", "BTC"]
    assert answer["proofs"] == 2


def test_proofs_are_not_laid_into_the_private_folder(ask: Ask, shipped: Path) -> None:
    out = shipped / "private" / "proofs"
    said = ask("liabilities", "prove", shipped / "private", "--customer", ADA, "--out", out)
    hint = "proofs are handed on, to one customer each: name another place"
    assert (said.code, said.err) == (2, f"error: {out} would lie in the private folder\n  hint: {hint}\n")


def test_long_answers_are_cut(ask: Ask, shipped: Path, tmp_path: Path) -> None:
    listed = tmp_path / "ids.txt"
    listed.write_text("".join(f"nobody-{number}\n" for number in range(25)))
    given = ("liabilities", "prove", shipped / "private", "--out", tmp_path / "proofs")
    said = ask(*given, "--customers", listed)
    assert said.out.splitlines()[20:] == ["… and 5 more", "proofs 0, customers without a leaf 25"]
    said = ask(*given, "--all", "--snapshot", shipped / "hanul")
    assert said.code == 0
    assert said.out.splitlines()[20:] == [
        f"… and 150 more; {tmp_path / 'proofs/manifest.csv'} says whose they are",
        "proofs 170, customers without a leaf 0",
    ]
    assert len(lines_of(tmp_path / "proofs")) == 170
    shutil.rmtree(tmp_path / "proofs")
    answer = json.loads(ask(*given, "--all", "--snapshot", shipped / "hanul", "--format", "json").out)
    assert (answer["files"], answer["proofs"]) == (None, len(lines_of(tmp_path / "proofs")))


@pytest.mark.parametrize(
    "case",
    [
        (b"a\n\nb\n", ":2: the line is empty"),
        (b"a\n\r\n", ":2: the line is empty"),
        (b"", ": the list is empty"),
        (b"\xef\xbb\xbf \r\n\n", ": the list is empty"),
        ("a\nzoe\u0308\n".encode(), ":2: this is no customer's id: it is not in Unicode's form NFC"),
    ],
)
def test_a_list_with_what_is_no_id_is_refused(
    ask: Ask, shipped: Path, tmp_path: Path, case: tuple[bytes, str]
) -> None:
    data, words = case
    listed = tmp_path / "ids.txt"
    listed.write_bytes(data)
    said = ask("liabilities", "prove", shipped / "private", "--customers", listed, "--out", tmp_path / "proofs")
    assert said.code == 2
    assert said.err == f"error: {listed}{words}\n  hint: {FORM}\n"


def test_a_list_in_another_encoding_is_to_be_saved_again(ask: Ask, shipped: Path, tmp_path: Path) -> None:
    listed = tmp_path / "ids.txt"
    listed.write_bytes("a\n김\n".encode("cp949"))
    said = ask("liabilities", "prove", shipped / "private", "--customers", listed, "--out", tmp_path / "proofs")
    assert said.code == 2
    assert said.err == (
        f"error: {listed}:2: this is no customer's id: it is not UTF-8\n"
        "  hint: save the file as UTF-8, one id a line\n"
    )


def test_what_is_no_list_is_refused_with_what_one_looks_like(ask: Ask, shipped: Path, tmp_path: Path) -> None:
    given = ("liabilities", "prove", shipped / "private", "--out", tmp_path / "proofs", "--customers")
    said = ask(*given, tmp_path / "none.txt")
    assert (said.code, said.err) == (2, f"error: {tmp_path / 'none.txt'}: there is no such file\n  hint: {FORM}\n")
    said = ask(*given, tmp_path)
    assert said.err == f"error: {tmp_path}: is a folder, not a file\n  hint: name the file itself\n"


@pytest.mark.parametrize("first", ["customer", f"{ADA},BTC", f"{ADA} "])
def test_a_first_line_that_is_nobody_may_be_a_header(ask: Ask, shipped: Path, tmp_path: Path, first: str) -> None:
    listed = tmp_path / "ids.txt"
    listed.write_text(f"{first}\n{ADA}\n")
    said = ask("liabilities", "prove", shipped / "private", "--customers", listed, "--out", tmp_path / "proofs")
    assert (said.code, said.err) == (1, f"is the first line a header? {FORM}\n")


def test_folders_that_were_swapped_are_told_before_anything_is_read(
    ask: Ask, shipped: Path, tmp_path: Path
) -> None:
    given = ("--customer", ADA, "--out")
    private, out = shipped / "private", tmp_path / "proofs"
    for first in (out, private):
        said = ask("liabilities", "prove", first, *given, private)
        assert said.code == 2
        assert said.err == (
            f"error: {private} is a private folder\n  hint: the private folder is named first, and --out a new one"
            " for the proofs: were they swapped?\n"
        )
    said = ask("liabilities", "prove", private, *given, tmp_path / "proof.json")
    assert said.code == 2
    assert said.err == (
        f"error: --out names {tmp_path / 'proof.json'}, and takes a new folder\n"
        "  hint: a file for each asset is written into it, and a list of who gets which\n"
    )
    assert [*tmp_path.iterdir()] == []


def test_what_cannot_be_asked_is_said(ask: Ask, shipped: Path, tmp_path: Path) -> None:
    out = tmp_path / "proofs"
    given = ("liabilities", "prove", shipped / "private", "--out", out)
    one = "error: give one of --customer, --customers and --all\n"
    together = "error: --all and --snapshot go together\n  hint: ids are read from the snapshot committed to\n"
    for more, words in (
        ((), one),
        (("--all", "--customer", ADA), one),
        (("--all",), together),
        (("--customer", ADA, "--snapshot", shipped / "hanul"), together),
        (("--customer", ""), "error: this is no customer's id: it is empty\n"),
        (
            ("--customer", ADA, "--asset", "LTC"),
            f"error: {shipped / 'private'}: there is no tree of 'LTC'\n  hint: trees are of BTC, ETH, KRW, USDT\n",
        ),
    ):
        said = ask(*given, *more)
        assert (said.code, said.err) == (2, words)
    out.mkdir()
    (out / "x").touch()
    assert ask(*given, "--customer", ADA).err == f"error: {out} is not empty{NEW}"


def test_all_are_proven_only_from_the_rows_committed_to(ask: Ask, shipped: Path, tmp_path: Path) -> None:
    rows = (HANUL / "customers.csv").read_text(encoding="utf-8")
    first, second, *others = rows.splitlines(keepends=True)
    for changed in (
        [first, second.replace("56.8", "56.9"), *others],
        [first, second.replace(ADA, "C1"), *others],
        [first, *others],
        [first, *(line for line in others if ",BTC," not in line)],
    ):
        snapshot = Path(shutil.copytree(HANUL, tmp_path / "hanul", dirs_exist_ok=True))
        (snapshot / "customers.csv").write_text("".join(changed), encoding="utf-8")
        given = ("--all", "--snapshot", snapshot, "--out", tmp_path / "proofs")
        said = ask("liabilities", "prove", shipped / "private", *given)
        assert said.code == 2
        assert said.err == (
            f"error: {snapshot}: BTC: these are not the customer rows the trees were built from\n"
            "  hint: name the snapshot committed to\n"
        )
        assert not (tmp_path / "proofs").exists()


def test_only_one_asset_of_all(ask: Ask, shipped: Path, tmp_path: Path) -> None:
    out = tmp_path / "proofs"
    given = ("--all", "--snapshot", shipped / "hanul", "--asset", "USDT", "--out", out)
    assert ask("liabilities", "prove", shipped / "private", *given).code == 0
    assert {line[1] for line in lines_of(out)} == {"USDT"}


def rebuilt(ask: Ask, shipped: Path, snapshot: Path, commitment: Path | None = None) -> tuple[int, list[str]]:
    given = ("--commitment", commitment or shipped / "commitment.json", "--secret", shipped / "private/secret.hex")
    said = ask("liabilities", "rebuild", snapshot, *given)
    assert (shipped / "private/secret.hex").read_text().strip() not in said.out + said.err
    return said.code, said.out.splitlines() if said.code < 2 else said.err.splitlines()


def test_the_rows_committed_to_give_every_tree_again(ask: Ask, shipped: Path) -> None:
    assert rebuilt(ask, shipped, shipped / "hanul") == (
        0,
        [
            "hanul committed to what it owes, as hanul/2018-06-28T00:00:00+09:00",
            *(f"  {asset:<8} equal" for asset in ("BTC", "ETH", "KRW", "USDT")),
            "4 of 4 trees came out of these rows and this secret",
        ],
    )


@pytest.mark.parametrize(
    "case",
    [
        ("56.80944346", "56.80944347", "the total published is 1,000, the rows owe 1,000.00000001"),
        (ADA, "C1", "the root, under an equal total of 1,000: other rows, other ids or another secret"),
    ],
)
def test_other_rows_differ_and_it_is_said_how(
    ask: Ask, shipped: Path, tmp_path: Path, case: tuple[str, str, str]
) -> None:
    before, after, words = case
    snapshot = Path(shutil.copytree(HANUL, tmp_path / "hanul"))
    path = snapshot / "customers.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    toml = snapshot / "snapshot.toml"
    toml.write_text(toml.read_text().replace("rows = 170\ntotals", "# totals"))
    code, lines = rebuilt(ask, shipped, snapshot)
    assert code == 1
    assert lines[1] == f"  BTC      differs: {words}"
    assert lines[-1] == "differs: 3 of 4 trees came out of these rows and this secret, and not that of BTC"


def edited(shipped: Path, folder: Path, *pairs: tuple[str, str]) -> Path:
    text = (shipped / "commitment.json").read_text()
    for before, after in pairs:
        assert before in text
        text = text.replace(before, after)
    path = folder / "commitment.json"
    path.write_text(text)
    return path


def test_the_set_of_trees_heights_and_decimals_are_compared(ask: Ask, shipped: Path, tmp_path: Path) -> None:
    path = edited(
        shipped, tmp_path, ('"asset":"BTC"', '"asset":"AAA"'),
        ('"asset":"ETH","decimals":18', '"asset":"ETH","decimals":9'),
        ('"asset":"KRW","decimals":0,"height":6', '"asset":"KRW","decimals":0,"height":2'),
    )  # fmt: skip
    code, lines = rebuilt(ask, shipped, shipped / "hanul", path)
    assert code == 1
    assert lines[1:] == [
        "  AAA      differs: no customer row owes it",
        "  ETH      differs: it counts in 9 decimals, the asset has 18",
        "  KRW      differs: the customers do not fit into a tree of height 2; the rows owe 100,000,000,000",
        "  USDT     equal",
        "  BTC      differs: customer rows owe it, and there is no tree",
        (
            "differs: 1 of 4 trees came out of these rows and this secret, and not those of AAA, ETH, KRW;"
            " there is no tree of BTC, which customer rows owe"
        ),
    ]
    given = ("--commitment", path, "--secret", shipped / "private/secret.hex", "--format", "json")
    answer = json.loads(ask("liabilities", "rebuild", shipped / "hanul", *given).out)
    assert answer["schema"] == "reservecheck/liabilities-rebuilt/v1-draft"
    assert (answer["equal"], answer["without_a_tree"]) == (False, ["BTC"])
    assert [tree["verdict"] for tree in answer["trees"]] == ["differs", "differs", "differs", "equal"]
    assert answer["trees"][0]["built"] is None
    assert answer["trees"][3]["built"] == answer["trees"][3]["published"]


def test_what_is_owed_without_a_tree_is_named_though_every_tree_came_out(
    ask: Ask, shipped: Path, tmp_path: Path
) -> None:
    snapshot = Path(shutil.copytree(HANUL, tmp_path / "hanul"))
    with (snapshot / "customers.csv").open("a") as opened:
        opened.write("C1,LTC,5,spot\n")
    code, lines = rebuilt(ask, shipped, snapshot)
    assert code == 1
    assert lines[-2:] == [
        "  LTC      differs: customer rows owe it, and there is no tree",
        (
            "differs: 4 of 4 trees came out of these rows and this secret; there is no tree of LTC, which"
            " customer rows owe"
        ),
    ]


def test_a_tree_of_what_no_row_owes_is_named(ask: Ask, shipped: Path, tmp_path: Path) -> None:
    snapshot = Path(shutil.copytree(HANUL, tmp_path / "hanul"))
    rows = (snapshot / "customers.csv").read_text().splitlines(keepends=True)
    (snapshot / "customers.csv").write_text("".join(row for row in rows if ",BTC," not in row))
    code, lines = rebuilt(ask, shipped, snapshot)
    assert code == 1
    assert lines[1] == "  BTC      differs: no customer row owes it"
    assert lines[-1] == "differs: 3 of 4 trees came out of these rows and this secret, and not that of BTC"


def test_a_commitment_of_somebody_else_or_a_needless_height_is_refused(
    ask: Ask, shipped: Path, tmp_path: Path
) -> None:
    path = edited(shipped, tmp_path, ('"entity":"hanul"', '"entity":"kaede"'))
    assert rebuilt(ask, shipped, shipped / "hanul", path) == (
        2,
        [
            f"error: {path}: it is a commitment of 'kaede', the snapshot is of 'hanul'",
            "  hint: name files of the same entity",
        ],
    )
    path = edited(shipped, tmp_path, ('"height":6', '"height":23'))
    code, lines = rebuilt(ask, shipped, shipped / "hanul", path)
    assert code == 2
    assert lines[0] == (
        f"error: {path}: BTC: a tree of height 23 is not built again for 40 customers: 22 is the tallest"
    )


def test_totals_alone_are_no_rows(ask: Ask, shipped: Path, tmp_path: Path) -> None:
    snapshot = tmp_path / "hanul"
    snapshot.mkdir()
    text = 'format = "reservecheck/snapshot/v1"\nentity = "hanul"\n[files]\ntotals = "totals.csv"\n'
    (snapshot / "snapshot.toml").write_text(text)
    (snapshot / "totals.csv").write_text("asset,owed\nBTC,1\n")
    assert rebuilt(ask, shipped, snapshot) == (
        2,
        [
            f"error: {snapshot / 'snapshot.toml'}: there are no customer rows to build trees from",
            "  hint: list the customers' file",
        ],
    )
