"""`reservecheck inclusion check`: words, JSON and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest
from tests.cli.command_line import Ask
from tests.inclusion.proofs import CoinEx, as_bytes, sample

from reservecheck.cli import inclusion

DATA: Final = Path(__file__).parents[1] / "data/inclusion"
ROOT: Final = "ac6b39d2a0aa8112bd1aadff5e7d4b5c2b91cd54d595262ba4367f5d2db4160d"

OKX: Final = f"""OKX, Merkle tree version 1 (okx-merkle-v1)
included: yes, this line is in the tree with this root

line 461a101e9aa20e694e52cb95dae0d84d81787f532859f1385bae3f009926366c
root {ROOT}
  the proof's own word: compare it with the published root, or give that with --root

Counted for this customer:
  BTC                          1.000069
  ETH                        0.99908176
  USDT                  19,398.33550812

The total of the root, as the proof adds it up:
  BTC                   95,088.55505656
  ETH                  939,953.49090361
  USDT           3,137,909,428.88369702

What this format does not prevent:
- A total far below what is owed. """


def test_a_proof_is_said_in_words_with_what_its_format_leaves_open(ask: Ask) -> None:
    said = ask("inclusion", "check", str(DATA / "okx_v1.json"))
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(OKX)
    assert "- Another root for every customer. " in said.out


def test_a_root_from_another_place_is_compared(ask: Ask) -> None:
    said = ask("inclusion", "check", str(DATA / "okx_v1.json"), "--root", f"0x{ROOT.upper()}")
    assert said.code == 0
    assert f"root {ROOT}\n  compared with the root you gave\n" in said.out
    assert "Another root for every customer" not in said.out


def test_another_root_than_the_one_told_is_exit_1(ask: Ask) -> None:
    said = ask("inclusion", "check", str(DATA / "okx_v1.json"), "--root", "0" * 64)
    assert said.code == 1
    assert (
        f"\nincluded: NOT SHOWN. The hashes and sums follow, and yet:\n  the root is {ROOT}, and you were"
        in said.out
    )
    assert f"root {ROOT}\n  compared with the root you gave: it is another\n" in said.out


def test_a_proof_that_does_not_recompute_is_exit_1(ask: Ask, tmp_path: Path) -> None:
    document = sample("bybit_1.json")
    document["path"][0]["hash"] = "0" * 64
    (tmp_path / "proof.json").write_bytes(as_bytes(document))
    said = ask("inclusion", "check", str(tmp_path / "proof.json"))
    assert said.code == 1
    assert "\nincluded: NOT SHOWN. It does not recompute:\n  the path leads to " in said.out
    assert "\n  nothing of AGLA, APT, " in said.out
    assert "\nWhat the proof says of this customer, not shown:\n" in said.out
    assert "Counted" not in said.out


def test_the_list_of_all_nodes_is_given_beside_the_proof(ask: Ask) -> None:
    listed = str(DATA / "okx_v2_list.txt")
    said = ask("inclusion", "check", str(DATA / "okx_v2.json"), "--list", listed)
    assert said.code == 0
    assert "\nnote: the list has the SHA-256 19b14f5944b897da" in said.out


def test_json_names_its_schema_and_every_gap(ask: Ask) -> None:
    said = ask("inclusion", "check", str(DATA / "mexc.json"), "--format", "json")
    assert said.code == 0
    answer = json.loads(said.out)
    assert [one["key"] for one in answer.pop("not_prevented")] == [
        "total-not-bound",
        "short-hashes",
        "negative-amounts",
        "no-nonce",
        "nodes-as-leaves",
        "root-in-the-same-file",
        "customers-left-out",
        "debts-outside",
    ]
    assert answer == {
        "balances": {"ETH": "195462.73"},
        "differences": [],
        "format": "mexc",
        "included": True,
        "leaf": "8c288ee092d370002ff31d0f8f48eb5f",
        "recomputes": True,
        "remarks": [],
        "root": "35d01ffef2beec3ff0166c03f3d9b0cc",
        "root_compared": False,
        "schema": "reservecheck/inclusion-check/v1-draft",
        "totals": {"BTC": "4386831.37", "ETH": "5001729.74", "USDC": "0", "USDT": "5099023.18"},
    }


def test_many_differences_are_cut_after_the_twentieth(ask: Ask, tmp_path: Path) -> None:
    made = CoinEx()
    below = {f"C{number}": "-1" for number in range(25)}
    document = made.proof("alice", {"BTC": "1"}, (made.line("bob", below), below), left=True)
    (tmp_path / "proof.json").write_bytes(as_bytes(document))
    said = ask("inclusion", "check", str(tmp_path / "proof.json"))
    assert said.code == 1
    assert "\n  … and 5 more\n" in said.out


def test_what_is_of_no_known_format_cannot_be_checked(ask: Ask, tmp_path: Path) -> None:
    path = tmp_path / "proof.json"
    path.write_text("{}")
    said = ask("inclusion", "check", str(path))
    known = "known are okx-merkle-v1, okx-merkle-v2, bitget, bybit, coinex, mexc, por-mst/1"
    assert (said.code, said.out) == (2, "")
    assert said.err == f"error: {path}: is of no format this tool knows\n  hint: {known}\n"


@pytest.mark.parametrize("root", ["", "0x", "12345", "g" * 64, "0" * 65])
def test_a_root_that_is_no_hash_is_refused(ask: Ask, root: str) -> None:
    said = ask("inclusion", "check", str(DATA / "okx_v1.json"), "--root", root)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("error: Invalid value for --root: a root is 16 to 64 hex digits\n")


def test_a_file_larger_than_a_proof_is_not_read(ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inclusion, "MOST_PROOF", 1 << 20)
    path = tmp_path / "proof.json"
    path.write_bytes(b" " * ((1 << 20) + 1))
    said = ask("inclusion", "check", str(path))
    assert (said.code, said.err) == (
        2,
        f"error: {path}: is larger than 1 MiB\n  hint: this is not a file of this kind\n",
    )


def test_no_command_below_inclusion_is_no_question(ask: Ask) -> None:
    said = ask("inclusion")
    assert (said.code, said.out) == (2, "")
    assert said.err == "error: Missing command.\n  hint: --help says what can be asked\n"
