from __future__ import annotations

import pytest
from tests.inclusion.proofs import CoinEx, as_bytes, compact, nonce, sha256, together

from reservecheck.errors import InputError
from reservecheck.inclusion import coinex
from reservecheck.inclusion.recognised import check_proof

MADE = CoinEx()
OTHER = {"BTC": "8"}


def test_an_empty_step_repeats_the_node() -> None:
    document = MADE.proof("alice", {"ETH": "1"}, (MADE.line("bob", OTHER), OTHER), left=False)
    own = MADE.line("alice", {"ETH": "1"})
    twice = sha256(own + own + compact({"ETH": "1"}))
    sums = together(OTHER, {"ETH": "1"})
    document["path"] = [{}, *document["path"]]
    document["root"] = {"balances": sums, "hash": sha256(MADE.line("bob", OTHER) + twice + compact(sums))}
    assert check_proof(as_bytes(document), "proof.json").differences == ()


def test_a_side_that_is_neither_left_nor_right_is_refused() -> None:
    document = MADE.proof("alice", {"ETH": "1"}, (MADE.line("bob", OTHER), OTHER), left=False)
    document["path"][0]["pos"] = "above"
    with pytest.raises(InputError, match=r"path\[0\]\.pos is neither left nor right"):
        check_proof(as_bytes(document), "proof.json")


def test_the_example_coinex_publishes_is_known_to_fail_in_its_own_validator() -> None:
    document = MADE.proof("alice", {"ETH": "1"}, (MADE.line("bob", OTHER), OTHER), left=False)
    document["root"]["hash"] = "b272a9a8142f3942dc640936d267ce785ae9d29aaf904c1ec1f0990242047569"
    answer = check_proof(as_bytes(document), "proof.json")
    assert not answer.included
    (said,) = answer.remarks
    assert said.startswith("this is the root of the example CoinEx publishes with its validator; ")
    assert said.endswith("that example fails there as well: its sums add up and its hashes do not follow")


def test_a_proof_of_coinex_names_its_coins_in_any_order() -> None:
    owed = {"USDT": "2", "BTC": "1"}
    document = MADE.proof("alice", owed, (MADE.line("bob", OTHER), OTHER), left=True)
    assert list(document["self"]["balances"]) == ["USDT", "BTC"]
    assert check_proof(as_bytes(document), "proof.json").included
    assert coinex.node("a", "b", {}) == sha256("ab{}")
    assert nonce("alice") == document["self"]["nonce"]
