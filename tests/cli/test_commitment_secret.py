"""The secret of a commitment: what it is for, and that nothing of it is written or printed, even in a traceback."""

from __future__ import annotations

import base64
import gzip
import json
import tempfile
import traceback
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest
from tests.conformance.bench import Bench
from tests.conformance.committing import OTHER, SECRET, committed, owed, published, secret_file

from reservecheck import rebuilt_trees
from reservecheck.commitment.scheme import salt
from reservecheck.money import format_amount
from reservecheck.vault.canonical import canonical_json

HEX: Final = SECRET.hex()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """Whatever a command keeps elsewhere lies in the folder as well."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "elsewhere"))
    with ExitStack() as stack:
        made = Bench(tmp_path, stack)
        made.start()
        committed()(made)
        yield made


def planted(bench: Bench) -> list[bytes]:
    """The secret in any dress, and what is made with it of one customer."""
    stated = published(owed(bench))
    customer = min(owed(bench)["BTC"]).encode()
    salted = salt(SECRET, stated.trees[0].scope.context, customer)
    dressed = [SECRET, HEX.encode(), HEX.upper().encode(), base64.b64encode(SECRET), repr(SECRET).encode()]
    return [*dressed, salted, salted.hex().encode(), str(list(SECRET)).encode()]


def nothing_leaked(bench: Bench, *said: str) -> None:
    texts = [one.encode() for one in said]
    for path in bench.folder.rglob("*"):
        if path.is_file() and path.name != "secret.hex":
            data = path.read_bytes()
            texts += [data, unpacked(data)]
    for one in planted(bench):
        assert not [text for text in texts if one in text], one


def unpacked(data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return b""


def test_a_run_with_the_secret_is_of_a_higher_grade_and_leaves_nothing_of_it(bench: Bench) -> None:
    secret = bench.folder / "secret.hex"
    said = []
    for form, bundle in (("text", "one"), ("markdown", "two"), ("json", "three.zip")):
        assert bench.run("--commitment-secret", secret, "--bundle", bench.folder / bundle, form=form) == 0
        said.append(bench.said)
    assert "BTC: declared 1,020, observed 1,020, controlled 0; owed at grade L2" in " ".join(said[0].split())
    assert "KRW: owed at grade L2" in said[0]
    assert "the customer rows and the secret give it, as the practitioner's run has it" in " ".join(said[0].split())
    for command in ("report", "verify"):
        assert bench.command(command, bench.folder / "one") == 0
        said.append(bench.said)
    assert bench.command("trace", bench.folder / "one", "btc") == 0
    nothing_leaked(bench, *said, bench.said)


def test_what_the_exchange_committed_to_comes_out_for_the_practitioner(bench: Bench) -> None:
    bench.start()
    private, out = bench.folder / "private", bench.folder / "commitment.json"
    draw = "bitcoin:mainnet:1200000:amount:60"
    wanted = ("--private", private, "--out", out, "--draw", draw)
    assert bench.command("liabilities", "commit", bench.snapshot, *wanted) == 0
    (bench.snapshot / "commitment.json").write_bytes(out.read_bytes())
    bench.edit("snapshot.toml", "[files]\n", '[files]\ncommitment = "commitment.json"\n')
    secret = private / "secret.hex"
    assert bench.run("--commitment-secret", secret, "--bundle", bench.bundle) == 0
    grades = [(row.get("asset"), row["grade"]) for row in (*bench.answer["assets"], *bench.answer["cash"])]
    assert grades == [("BTC", "L2"), ("ETH", "L2"), ("USDT", "L2"), (None, "L2")]
    stated = json.loads(bench.member("liabilities.json"))["commitment"]
    assert stated["draw"] == {"network": "bitcoin:mainnet", "height": 1_200_000, "method": "amount", "size": 60}
    assert bench.verify("--snapshot", bench.snapshot, "--commitment-secret", secret) == 0


def test_the_bundle_says_what_came_out_and_which_file_was_published(bench: Bench) -> None:
    bench.run("--commitment-secret", bench.folder / "secret.hex", "--bundle", bench.bundle)
    parsed = json.loads(bench.member("liabilities.json"))
    trees = parsed["commitment"]["trees"]
    assert [tree["asset"] for tree in trees] == ["BTC", "ETH", "KRW", "USDT"]
    assert all(tree["rebuilt"] == {"root": tree["root"], "total": tree["total"]} for tree in trees)
    assert "commitment.json" in [file["name"] for file in parsed["files"]]
    cover = json.loads(bench.member("engagement.json"))
    assert "commitment.json" in [file["name"] for file in cover["input_files"]]


def test_without_the_secret_the_roots_are_stated_and_the_grade_is_that_of_the_rows(bench: Bench) -> None:
    assert bench.run(form="text") == 0
    shown = " ".join(bench.out.split())
    assert "owed at grade L1" in shown
    assert "owed at grade L2" not in shown
    assert "stated, not rebuilt" in shown


def test_another_secret_breaks_and_leaves_nothing(bench: Bench) -> None:
    other = secret_file(bench, OTHER)
    assert bench.run("--commitment-secret", other, "--bundle", bench.bundle) == 1
    nothing_leaked(bench, bench.said)
    assert OTHER.hex() not in bench.said


def test_nothing_is_shown_of_a_secret_where_something_is_wrong(bench: Bench) -> None:
    secret, said = bench.folder / "secret.hex", []
    secret.write_text(f"{HEX} \n")
    assert bench.run("--commitment-secret", secret) == 2
    said.append(bench.said)
    assert bench.run("--commitment-secret", HEX) == 2
    assert bench.err.startswith("error: --commitment-secret: this is a secret, not a file\n")
    said.append(bench.said)
    nothing_leaked(bench, *said)


@pytest.mark.parametrize("debug", [False, True])
def test_nothing_is_shown_of_a_secret_when_the_program_itself_fails(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, *, debug: bool
) -> None:
    def fail(*_given: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(rebuilt_trees, "rebuild", fail)
    more = ["--debug"] if debug else []
    try:
        assert bench.run("--commitment-secret", bench.folder / "secret.hex", *more) == 2
    except RuntimeError as error:
        assert debug
        bench.err += "".join(traceback.format_exception(error))
        bench.err += repr(error)
    else:
        assert bench.err.startswith("internal error: RuntimeError\n")
    nothing_leaked(bench, bench.said)


def test_verify_builds_the_trees_again_where_it_is_given_folder_and_secret(bench: Bench) -> None:
    secret = bench.folder / "secret.hex"
    bench.run("--commitment-secret", secret, "--bundle", bench.bundle)
    assert bench.verify("--snapshot", bench.snapshot, form="text") == 0
    assert "4 roots committed to came out of customer rows you have not seen" in bench.out
    assert bench.verify("--snapshot", bench.snapshot, "--commitment-secret", secret, form="text") == 0
    assert "8 commitment ok" in " ".join(bench.out.split())
    assert "you have not seen" not in bench.out
    nothing_leaked(bench, bench.said)


def test_verify_repeats_a_run_that_was_not_given_the_secret(bench: Bench) -> None:
    bench.run("--bundle", bench.bundle)
    secret = bench.folder / "secret.hex"
    assert bench.verify("--snapshot", bench.snapshot, form="text") == 0
    assert "came out of customer rows" not in bench.out
    assert bench.verify("--snapshot", bench.snapshot, "--commitment-secret", secret) == 0
    assert bench.verify("--snapshot", bench.snapshot, "--commitment-secret", secret_file(bench, OTHER)) == 1
    steps = [step for step in bench.answer["steps"] if not step["ok"]]
    assert [step["name"] for step in steps] == ["commitment"]
    tree = published(owed(bench)).trees[0]
    other = published(owed(bench), OTHER).trees[0]
    assert steps[0]["differences"][0] == (
        f"liabilities.json: the tree of 'BTC' has the root {tree.root.hex()} and a total of 1,000, "
        f"the rows and this secret give the root {other.root.hex()} and a total of 1,000: "
        "other rows, other ids, or another secret than the entity's"
    )
    assert bench.verify("--snapshot", bench.snapshot, "--commitment-secret", secret, form="text") == 1
    assert (
        "but what it says of the commitment does not come out of these customer rows and this secret."
        in " ".join(bench.out.split())
    )


def test_a_tree_that_no_rows_can_give_was_not_built_again(bench: Bench) -> None:
    bench.start()
    committed(lambda rows: rows.update(LTC={"C1": 5}))(bench)
    bench.run("--bundle", bench.bundle)
    parsed = json.loads(bench.member("liabilities.json"))
    tree = next(one for one in parsed["commitment"]["trees"] if one["asset"] == "LTC")
    tree["rebuilt"] = {"root": tree["root"], "total": "5"}
    bench.rederive({"liabilities.json": canonical_json(parsed)})
    secret = bench.folder / "secret.hex"
    assert bench.verify("--snapshot", bench.snapshot, "--commitment-secret", secret) == 1
    differ = {step["name"]: step["differences"] for step in bench.answer["steps"] if not step["ok"]}
    said = (
        f"liabilities.json: the tree of 'LTC' has the root {tree['root']} and a total of 0.00000005, "
        "the rows and this secret give no tree"
    )
    assert differ["commitment"] == [said]


def test_customers_for_whom_there_is_no_room_are_found_again(bench: Bench) -> None:
    path = bench.snapshot / "commitment.json"
    path.write_bytes(path.read_bytes().replace(b'"height":6', b'"height":1'))
    secret = bench.folder / "secret.hex"
    assert bench.run("--commitment-secret", secret, "--bundle", bench.bundle) == 1
    assert bench.verify("--snapshot", bench.snapshot, "--commitment-secret", secret) == 0
    parsed = json.loads(bench.member("liabilities.json"))
    stated = parsed["commitment"]["trees"][0]
    assert stated["rebuilt"]["root"] == ""
    stated["rebuilt"]["root"] = stated["root"]
    bench.rederive({"liabilities.json": canonical_json(parsed)})
    assert bench.verify("--snapshot", bench.snapshot, "--commitment-secret", secret) == 1
    (step,) = (step for step in bench.answer["steps"] if not step["ok"])
    assert step["differences"][0].endswith("the rows and this secret give no root in this height")


def test_verify_needs_the_rows_beside_the_secret(bench: Bench) -> None:
    bench.run("--bundle", bench.bundle)
    assert bench.verify("--commitment-secret", bench.folder / "secret.hex") == 2
    assert bench.err == (
        "error: --commitment-secret needs --snapshot\n  hint: trees are built from customer rows\n"
    )


def test_verify_names_a_commitment_that_is_not_the_one_published(bench: Bench) -> None:
    bench.run("--bundle", bench.bundle)
    path = bench.snapshot / "commitment.json"
    path.write_bytes(path.read_bytes().replace(b'"hanul/2018-06-28"', b'"hanul/2018-06-29"'))
    assert bench.verify("--snapshot", bench.snapshot) == 1
    (step,) = (step for step in bench.answer["steps"] if not step["ok"])
    other_file, other_id = step["differences"]
    assert other_file == "commitment.json: not the file the bundle was made from"
    assert other_id == (
        "liabilities.json: differs at $.commitment.snapshot: the bundle says 'hanul/2018-06-28', "
        "it re-derives to 'hanul/2018-06-29'"
    )


def test_a_folder_without_a_commitment_is_not_the_one_it_was_made_from(bench: Bench) -> None:
    bench.run("--bundle", bench.bundle)
    (bench.snapshot / "commitment.json").unlink()
    bench.edit("snapshot.toml", 'commitment = "commitment.json"\n', "")
    assert bench.verify("--snapshot", bench.snapshot) == 1
    (step,) = (step for step in bench.answer["steps"] if not step["ok"])
    assert step["differences"][:2] == [
        "snapshot.toml: not the file the bundle was made from",
        "commitment.json: the bundle was made from it, the snapshot folder has not got it",
    ]


def test_a_bundle_without_a_commitment_is_not_lifted_by_a_folder_that_has_one(bench: Bench) -> None:
    bench.start()
    bench.run("--bundle", bench.bundle)
    committed()(bench)
    secret = bench.folder / "secret.hex"
    assert bench.verify("--snapshot", bench.snapshot, "--commitment-secret", secret) == 1
    differ = {step["name"]: step["differences"] for step in bench.answer["steps"] if not step["ok"]}
    assert differ["commitment"] == ["liabilities.json: the folder has a commitment, the bundle has none"]
    assert "commitment.json: the snapshot folder has it, the bundle was not made from it" in differ["snapshot"]


def test_verify_says_of_another_total_that_the_rows_are_others(bench: Bench) -> None:
    bench.run("--bundle", bench.bundle)
    path, tree = bench.snapshot / "customers.csv", published(owed(bench)).trees[0]
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(row for row in rows if row != first_of(rows, ",BTC,")), encoding="utf-8")
    assert bench.verify("--snapshot", bench.snapshot, "--commitment-secret", bench.folder / "secret.hex") == 1
    (said,) = (step["differences"] for step in bench.answer["steps"] if step["name"] == "commitment")
    other = published(owed(bench)).trees[0]
    assert said == [
        (
            f"liabilities.json: the tree of 'BTC' has the root {tree.root.hex()} and a total of 1,000, the rows "
            f"and this secret give the root {other.root.hex()} and a total of {format_amount(other.total, 8)}: "
            "other rows"
        )
    ]


def first_of(rows: list[str], sign: str) -> str:
    return next(row for row in rows if sign in row)
