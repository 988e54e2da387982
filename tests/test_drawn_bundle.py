"""From a list of answers to a bundle, and what a reader of it can check: no customer and no balance is in it."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.asking import BLOCK, DRAW, TIME, asked
from tests.conformance.bench import Bench
from tests.conformance.cases.asked import no_reply, one_differs, two_differ, with_secret_and_bundle
from tests.conformance.committing import SECRET, owed

from reservecheck import rebuilt_trees
from reservecheck.books.confirmations import read_confirmations
from reservecheck.commitment.commitment_file import Draw
from reservecheck.errors import InputError
from reservecheck.model.progress import silent
from reservecheck.pipeline import prepare, read_snapshot
from reservecheck.rebuilt_trees import rebuilt_books
from reservecheck.vault.canonical import canonical_json


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    made = Bench(tmp_path, ExitStack())
    made.start()
    return made


def anchors(bench: Bench, digest: str, height: int = DRAW.height) -> Path:
    path = bench.folder / "looked-up.csv"
    header = "network,height,hash,source,taken_by,taken_at\n"
    path.write_text(f"{header}bitcoin:regtest,{height},{digest},a site,A. Reader,2018-07-06T09:00:00Z\n")
    return path


def folder_and_secret(bench: Bench) -> tuple[str | Path, ...]:
    return ("--snapshot", bench.snapshot, "--commitment-secret", bench.folder / "secret.hex")


@pytest.mark.parametrize("method", ["amount", "customer"])
def test_a_bundle_with_answers_re_derives_with_and_without_the_folder(bench: Bench, method: str) -> None:
    asked(no_reply, draw=replace(DRAW, method=method))(bench)
    with_secret_and_bundle(bench)
    assert bench.verify() == 0, bench.said
    assert bench.verify(*folder_and_secret(bench)) == 0, bench.said
    assert bench.verify("--snapshot", bench.snapshot) == 0, bench.said


def test_a_run_without_the_secret_counts_nobody(bench: Bench) -> None:
    asked()(bench)
    assert bench.run("--bundle", bench.bundle) == 0, bench.said
    assert json.loads(bench.member("confirmations.json"))["answers"] == []
    assert "customers were asked, and no tree was built again" in bench.said
    assert bench.verify() == 0, bench.said


def test_no_customer_and_no_balance_of_those_drawn_is_in_a_bundle(bench: Bench) -> None:
    asked(one_differs)(bench)
    with_secret_and_bundle(bench)
    customers = {name for balances in owed(bench).values() for name in balances}
    found = json.loads(bench.member("confirmations.json"))
    assert not [one for one in customers if one in json.dumps(found)]
    assert found["answers"][0]["owed_more"] is None
    assert found["drawn_by"]["block"] == BLOCK


def test_a_report_carries_counts_in_json(bench: Bench) -> None:
    asked(two_differ)(bench)
    bench.run("--format", "json", "--commitment-secret", bench.folder / "secret.hex")
    said: dict[str, Any] = json.loads(bench.out)["confirmations"]
    assert said["drawn_by"] | {"commitment": ""} == {
        "commitment": "",
        "network": "bitcoin:regtest",
        "height": 800,
        "hash": BLOCK,
        "time": TIME,
        "read_from": "own-source",
    }
    first = said["answers"][0]
    assert (first["asset"], first["draws"], first["differing"], first["owed_less"]) == ("BTC", 60, 2, "0")
    assert first["drawn"] == first["agreed"] + 2


def test_a_reader_is_told_what_a_draw_rests_on(bench: Bench) -> None:
    asked()(bench)
    with_secret_and_bundle(bench)
    digest = json.loads(bench.member("confirmations.json"))["drawn_by"]["commitment"]
    assert bench.verify(form="text") == 0
    assert f"    bitcoin:regtest block 800 of {TIME}  {BLOCK}\n" in bench.out
    assert f"  that the commitment {digest} was public before block 800 of bitcoin:regtest was made\n" in bench.out
    assert "  that the list of those drawn was filled in with what customers answered\n" in bench.out
    assert f"  that the hash {BLOCK} is that block's (own-source)\n" in bench.out


def test_a_reader_compares_the_block_that_drew_with_one_he_looked_up(bench: Bench) -> None:
    asked()(bench)
    with_secret_and_bundle(bench)
    assert bench.verify("--anchors", anchors(bench, BLOCK), form="text") == 0, bench.said
    assert "  1 block hash agrees with your anchors\n" in bench.out
    assert f"block 800 of {TIME}" not in bench.out
    assert "is that block's" not in bench.out
    other = "ee" * 32
    assert bench.verify("--anchors", anchors(bench, other), form="text") == 1
    assert f"bitcoin:regtest block 800: the bundle says {BLOCK}, a site says {other}" in bench.out


def test_a_typed_hash_has_no_time_for_a_reader(bench: Bench) -> None:
    asked(time="", read_from="typed")(bench)
    with_secret_and_bundle(bench)
    assert bench.verify(form="text") == 0
    assert f"    bitcoin:regtest block 800  {BLOCK}\n" in bench.out
    assert bench.verify() == 0
    blocks = json.loads(bench.out)["trusted"]["blocks"]
    assert [one["time"] for one in blocks if one["height"] == DRAW.height] == [None]


def test_the_hash_of_an_evm_block_is_shown_with_its_0x(bench: Bench) -> None:
    asked(draw=Draw(network="eip155:31337", height=800, method="amount", size=60))(bench)
    with_secret_and_bundle(bench)
    assert bench.verify(form="text") == 0, bench.said
    assert f"    eip155:31337 block 800 of {TIME}  0x{BLOCK}\n" in bench.out


def test_a_list_that_changes_while_it_is_read_is_refused(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    asked()(bench)
    prepared = prepare(bench.wallets, bench.snapshot, ())
    books = read_snapshot(prepared, bench.snapshot, silent)

    def other(*given: Any, as_of: int | None) -> Any:  # noqa: ANN401  # as they came
        kept, file = read_confirmations(*given, as_of=as_of)
        return replace(kept, sha256="00" * 32), file

    monkeypatch.setattr(rebuilt_trees, "read_confirmations", other)
    with pytest.raises(InputError) as caught:
        rebuilt_books(bench.snapshot, books, prepared.job, SECRET, silent)
    assert str(caught.value) == (
        "confirmations.csv: the list changed while it was read\n  hint: run again when nobody writes to it"
    )


def test_another_list_than_the_bundles_is_found_beside_it(bench: Bench) -> None:
    asked()(bench)
    with_secret_and_bundle(bench)
    path = bench.snapshot / "confirmations.csv"
    path.write_text(path.read_text().replace("Example Audit", "Somebody Else"))
    assert bench.verify("--snapshot", bench.snapshot) == 1
    assert "confirmations.csv: not the file the bundle was made from" in bench.out


def test_where_only_the_answers_differ_no_tree_is_blamed(bench: Bench) -> None:
    asked(no_reply)(bench)
    with_secret_and_bundle(bench)
    answers = json.loads(bench.member("confirmations.json"))
    first = answers["answers"][0]
    first["agreed"], first["no_reply"] = first["agreed"] + first["no_reply"], 0
    bench.rederive({"confirmations.json": canonical_json(answers)})
    assert bench.verify(*folder_and_secret(bench), form="text") == 1
    assert (
        "\nEvery figure re-derives, but the answers it counts are not those of the list in this folder. Rely on"
        " none before you know why.\n" in bench.out
    )


def test_a_list_taken_out_of_the_folder_is_missed(bench: Bench) -> None:
    asked()(bench)
    with_secret_and_bundle(bench)
    (bench.snapshot / "confirmations.csv").unlink()
    bench.edit("snapshot.toml", 'confirmations = "confirmations.csv"\n', "")
    assert bench.verify("--snapshot", bench.snapshot) == 1
    assert "confirmations.json: the bundle has it, the snapshot folder has not" in bench.out
