"""What a newcomer is told who names a folder for a file, a file for a folder, or what is not there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from tests.cli.command_line import Ask

ROOT: Final = Path(__file__).resolve().parents[2]
HANUL: Final = ROOT / "snapshots/hanul/2018-06-28"
NAMED: Final = "name the folder snapshot.toml lies in; `reservecheck init` writes one to fill in"


def of_snapshots(snapshot: Path, shipped: Path, out: Path) -> Iterator[tuple[object, ...]]:
    """Every command of the customers' side that reads a snapshot folder."""
    secret, commitment = shipped / "private/secret.hex", shipped / "commitment.json"
    yield "liabilities", "check", snapshot
    yield "liabilities", "check", shipped / "hanul", "--previous", snapshot
    yield "liabilities", "commit", snapshot, "--private", out / "p", "--out", out / "c.json"
    yield "liabilities", "rebuild", snapshot, "--commitment", commitment, "--secret", secret
    yield "liabilities", "draw", snapshot, "--secret", secret, "--block-hash", "0" * 64, "--out", out / "list.csv"
    proving = ("--all", "--snapshot", snapshot, "--out", out / "proofs")
    yield "liabilities", "prove", shipped / "private", *proving


@pytest.mark.parametrize(
    "case",
    [
        ("", "there is no such file in the folder"),
        ("private.json", "there is no such file: the folder is a private folder of trees"),
        ("manifest.json", "there is no such file: the folder is a bundle or evidence set"),
    ],
)
def test_a_folder_without_a_snapshot_is_told_to_be_another_one(
    ask: Ask, shipped: Path, tmp_path: Path, case: tuple[str, str]
) -> None:
    name, words = case
    folder = tmp_path / "folder"
    folder.mkdir()
    if name:
        (folder / name).touch()
    for command in of_snapshots(folder, shipped, tmp_path / "out"):
        said = ask(*command)
        assert (said.code, said.err) == (2, f"error: {folder}/snapshot.toml: {words}\n  hint: {NAMED}\n")
    said = ask("lint", folder)
    assert (said.code, said.out) == (1, f"{folder}/snapshot.toml: {words}\n  hint: {NAMED}\n")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_there_is_told_to_be_none(ask: Ask, shipped: Path, tmp_path: Path) -> None:
    folder = tmp_path / "none"
    for command in of_snapshots(folder, shipped, tmp_path / "out"):
        said = ask(*command)
        if "--previous" in command:
            assert said.err == f"error: {folder}: cannot be read: No such file or directory\n"
        else:
            assert said.err == f"error: {folder}/snapshot.toml: there is no such folder\n  hint: {NAMED}\n"
        assert said.code == 2


def test_the_private_folder_in_place_of_its_secret_is_told_where_that_is(
    ask: Ask, shipped: Path, tmp_path: Path
) -> None:
    given = ("liabilities", "rebuild", shipped / "hanul", "--commitment", shipped / "commitment.json", "--secret")
    private = shipped / "private"
    said = ask(*given, private)
    assert said.code == 2
    assert said.err == (
        f"error: {private}: is a folder, not a file\n  hint: the secret is in it: name {private}/secret.hex\n"
    )
    said = ask(*given, tmp_path)
    assert said.err == f"error: {tmp_path}: is a folder, not a file\n  hint: name the file itself\n"


def test_what_is_no_commitment_is_told_to_be_none(ask: Ask, shipped: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.json"
    text.write_text("hello")
    secret = shipped / "private/secret.hex"
    said = ask("liabilities", "rebuild", shipped / "hanul", "--commitment", text, "--secret", secret)
    assert said.code == 2
    assert said.err == (
        f"error: {text}: the commitment is not JSON\n  hint: it has to be the file as it was published\n"
    )
    said = ask("inclusion", "check", text)
    assert said.err == (
        f"error: {text}: is not JSON: it goes wrong at line 1, column 1\n"
        "  hint: it has to be the file as it was published\n"
    )


@pytest.mark.parametrize("name", ["commitment.json", "customers.csv", "rows.csv.gz", "rows.parquet"])
def test_lint_says_of_rows_and_trees_that_they_are_not_looked_at_alone(ask: Ask, tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    said = ask("lint", tmp_path / name)
    assert said.code == 1
    assert said.out == (
        f"{tmp_path / name}: this file is not looked at alone\n"
        "  hint: give the snapshot folder or the wallets file it belongs to\n"
    )


def test_lint_looks_at_no_secret(ask: Ask, shipped: Path) -> None:
    said = ask("lint", shipped / "private/secret.hex")
    assert said.code == 1
    assert said.out == (
        f"{shipped / 'private/secret.hex'}: a secret is not looked at\n"
        "  hint: give wallets files, providers files and snapshot folders\n"
    )


def test_lint_looks_at_the_commitment_and_at_the_list_of_a_snapshot(
    ask: Ask, shipped: Path, tmp_path: Path
) -> None:
    snapshot = Path(shutil.copytree(HANUL, tmp_path / "hanul"))
    toml = snapshot / "snapshot.toml"
    listed = '[files]\ncommitment = "commitment.json"\nconfirmations = "confirmations.csv"\n'
    toml.write_text(toml.read_text(encoding="utf-8").replace("[files]\n", listed), encoding="utf-8")
    (snapshot / "commitment.json").write_bytes(
        (shipped / "commitment.json").read_bytes().replace(b'"BTC"', b'"ZZZ"')
    )
    (snapshot / "confirmations.csv").write_text("x\n")
    said = ask("lint", snapshot)
    assert said.code == 1
    commitment, hint, listing, _ = said.out.splitlines()
    assert commitment == (
        f"{snapshot}/commitment.json: the trees of a commitment stand in the order of their assets, each once"
    )
    assert hint == "  hint: it has to be the file as it was published"
    assert listing == f"{snapshot}/confirmations.csv:1: the first line is not a header"
