"""`reservecheck inclusion page`, and `inclusion check` against the commitment the page was made with."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

import pytest
from tests.cli.command_line import Ask
from tests.commitment.trees import EXAMPLE, SCOPE

from reservecheck.commitment.commitment_file import Published, write_commitments
from reservecheck.commitment.scheme import Commitment

TREE: Final = Commitment(scope=SCOPE, root=bytes.fromhex(EXAMPLE["root"]), total=int(EXAMPLE["total"]))
ALICE: Final[dict[str, Any]] = next(one for one in EXAMPLE["proofs"] if one["customer"].startswith("alice"))

INCLUDED: Final = f"""Liability commitment (por-mst/1)
included: yes, this line is in the tree with this root
note: the id is alice@example.com, of the snapshot {SCOPE.snapshot}: it has to be yours and nobody else's
"""
COUNTED: Final = f"""root {EXAMPLE["root"]}
  compared with the commitment you gave

Counted for this customer:
  ETH                           1,234.5

The total of the root, as the proof adds it up:
  ETH           1,000,000,000,001,235.5

What this format does not prevent:
- An amount that is too small. """


@pytest.fixture
def commitment(tmp_path: Path) -> Path:
    path = tmp_path / "commitment.json"
    path.write_bytes(write_commitments(Published(entity="Hanul", snapshot=SCOPE.snapshot, trees=(TREE,))))
    return path


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(ALICE), encoding="utf-8")
    return path


def test_a_proof_is_followed_to_the_published_commitment(ask: Ask, proof: Path, commitment: Path) -> None:
    said = ask("inclusion", "check", str(proof), "--commitment", str(commitment))
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(INCLUDED)
    assert COUNTED in said.out
    assert "- Customers left out. " in said.out
    assert "being included says nothing of what the exchange holds." in " ".join(said.out.split())


def test_without_the_commitment_nothing_is_shown(ask: Ask, proof: Path) -> None:
    said = ask("inclusion", "check", str(proof))
    assert said.code == 1
    assert (
        "\nincluded: NOT SHOWN. The hashes and sums follow, and yet:\n"
        "  a proof that brings its own root proves nothing: give the commitment from the exchange's statement with "
        "--commitment FILE\n" in said.out
    )
    assert "\n  the proof's own word: give the published commitment with --commitment\n" in said.out


def test_another_root_than_the_commitment_s_is_exit_1(ask: Ask, proof: Path, commitment: Path) -> None:
    other = Commitment(scope=SCOPE, root=bytes(32), total=TREE.total)
    commitment.write_bytes(write_commitments(Published(entity="Hanul", snapshot=SCOPE.snapshot, trees=(other,))))
    said = ask("inclusion", "check", str(proof), "--commitment", str(commitment))
    assert said.code == 1
    assert "\n  the proof names another root than the commitment\n" in said.out


def test_a_proof_paints_nothing_over_what_is_said_of_it(ask: Ask, proof: Path, commitment: Path) -> None:
    proof.write_text(json.dumps({**ALICE, "asset": "ETH\x1b[2J\x1b[Hincluded: yes\n"}), encoding="utf-8")
    said = ask("inclusion", "check", str(proof), "--commitment", str(commitment))
    assert said.code == 1
    assert "\x1b" not in said.out
    assert "ETH\\u{1b}[2J\\u{1b}[Hincluded: yes\\u{a}" in said.out


def test_what_is_no_commitment_cannot_be_compared_with(ask: Ask, proof: Path, commitment: Path) -> None:
    commitment.write_text("{}")
    said = ask("inclusion", "check", str(proof), "--commitment", str(commitment))
    reason = "the fields are not those of reservecheck/commitment/v1-draft"
    hint = "it has to be the file as the exchange published it"
    assert (said.code, said.out, said.err) == (2, "", f"error: {commitment}: {reason}\n  hint: {hint}\n")


def test_the_site_is_written_and_its_digests_are_printed(ask: Ask, commitment: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    address = "https://hanul.example/statement.pdf"
    said = ask("inclusion", "page", "--commitment", str(commitment), "--out", str(out), "--statement-url", address)
    assert (said.code, said.err) == (0, "")
    names = ["commitment.json", "index.html", "por_mst_1.js"]
    assert sorted(path.name for path in out.iterdir()) == names
    digests = [hashlib.sha256((out / name).read_bytes()).hexdigest() for name in names]
    assert said.out == "".join(f"{digest}  {name}\n" for digest, name in zip(digests, names, strict=True))
    assert (out / "commitment.json").read_bytes() == commitment.read_bytes()


def test_a_site_that_exists_is_not_overwritten(ask: Ask, commitment: Path, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    said = ask("inclusion", "page", "--commitment", str(commitment), "--out", str(tmp_path / "site"))
    hint = "name a new target: nothing is ever overwritten"
    assert (said.code, said.out) == (2, "")
    assert said.err == f"error: {tmp_path / 'site'} exists already\n  hint: {hint}\n"
    assert list((tmp_path / "site").iterdir()) == []


def test_a_site_is_a_folder_and_no_archive(ask: Ask, commitment: Path, tmp_path: Path) -> None:
    said = ask("inclusion", "page", "--commitment", str(commitment), "--out", str(tmp_path / "site.zip"))
    assert said.code == 2
    assert said.err.startswith("error: Invalid value for --out: a site is a folder: leave out .zip\n")
    assert not (tmp_path / "site.zip").exists()


def test_a_commitment_that_is_none_makes_no_site(ask: Ask, commitment: Path, tmp_path: Path) -> None:
    commitment.write_text("{}")
    said = ask("inclusion", "page", "--commitment", str(commitment), "--out", str(tmp_path / "site"))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(
        f"error: {commitment}: the fields are not those of reservecheck/commitment/v1-draft\n"
    )
    assert not (tmp_path / "site").exists()
