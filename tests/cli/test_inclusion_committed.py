"""`reservecheck inclusion check` of this project's own format: what the path adds up to, and what differs."""

from __future__ import annotations

import copy
from pathlib import Path

from tests.cli.command_line import Ask
from tests.commitment.trees import EXAMPLE
from tests.customers_page.sites import ETH, published
from tests.inclusion.proofs import as_bytes

ROOT = EXAMPLE["root"]


def checked(ask: Ask, folder: Path, proof: object) -> str:
    (folder / "proof.json").write_bytes(as_bytes(proof))
    (folder / "commitment.json").write_bytes(published(ETH))
    said = ask("inclusion", "check", str(folder / "proof.json"), "--commitment", str(folder / "commitment.json"))
    assert said.err == ""
    return said.out


def test_a_root_that_is_the_commitment_s_is_compared_with_it(ask: Ask, tmp_path: Path) -> None:
    said = checked(ask, tmp_path, EXAMPLE["proofs"][0])
    assert f"\nroot {ROOT}\n  compared with the commitment you gave\n" in said


def test_another_root_and_what_its_path_adds_up_to_are_said(ask: Ask, tmp_path: Path) -> None:
    proof = {**copy.deepcopy(EXAMPLE["proofs"][0])}
    proof["leaves"][0]["amount"] = str(int(proof["leaves"][0]["amount"]) + 1)
    said = checked(ask, tmp_path, proof)
    assert f"\nroot {ROOT}" not in said
    assert "\n  compared with the commitment you gave, which has another\n" in said
    assert (
        "\nThe total of the root, as the proof adds it up:\n"
        "  ETH      1,000,000,000,001,235.500000000000000001\n" in said
    )


def test_a_proof_without_one_total_is_said_to_have_none(ask: Ask, tmp_path: Path) -> None:
    proof = copy.deepcopy(EXAMPLE["proofs"][0])
    proof["leaves"][0]["path"][0][1] = str((1 << 128) - 1)
    said = checked(ask, tmp_path, proof)
    assert "\nroot none\n  compared with the commitment you gave, which has another\n" in said
    assert (
        "\nThe total of the root, as the proof adds it up:\n  none: its leaves do not lead to one total\n" in said
    )
