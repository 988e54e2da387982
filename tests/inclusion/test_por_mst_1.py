"""por-mst/1 as a format that `inclusion check` knows: followed to a published commitment, or to nothing."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from typing import Any, Final

import pytest
from tests.commitment.trees import EXAMPLE, SCOPE
from tests.customers_page.sites import tree_of
from tests.inclusion.proofs import CoinEx, as_bytes

from reservecheck.commitment.columns import Row
from reservecheck.commitment.commitment_file import Published, write_commitments
from reservecheck.commitment.scheme import Commitment
from reservecheck.errors import InputError
from reservecheck.inclusion.por_mst_1 import NO_COMMITMENT
from reservecheck.inclusion.published_commitment import read_published
from reservecheck.inclusion.recognised import check_proof
from reservecheck.inclusion.records import Inclusion

TREE: Final = Commitment(scope=SCOPE, root=bytes.fromhex(EXAMPLE["root"]), total=int(EXAMPLE["total"]))
OTHER: Final = Commitment(scope=replace(SCOPE, asset="AAA"), root=bytes(32), total=7)
FOLLOWED: Final = "leave out --root and --list, and give the published commitment with --commitment FILE"
KEYS: Final = ["amounts-not-compared", "id-shared", "two-statements", "customers-left-out", "debts-outside"]


def commitment(*trees: Commitment) -> Published:
    return Published(entity="Hanul", snapshot=SCOPE.snapshot, trees=trees)


def checked(proof: dict[str, Any], *trees: Commitment) -> Inclusion:
    return check_proof(as_bytes(proof), "proof.json", commitment=commitment(*trees))


@pytest.mark.parametrize("proof", EXAMPLE["proofs"], ids=lambda proof: str(proof["customer"]))
def test_a_proof_that_leads_to_the_commitment_is_included(proof: dict[str, Any]) -> None:
    answer = checked(proof, OTHER, TREE)
    assert (answer.included, answer.recomputes, answer.root_compared) == (True, True, True)
    assert answer.root == EXAMPLE["root"]
    assert [one.key for one in answer.not_prevented] == KEYS
    said = f"the id is {proof['customer']}, of the snapshot {SCOPE.snapshot}: it has to be yours and nobody else's"
    assert answer.remarks == (said,)
    assert not answer.root_differs


def test_amounts_have_the_decimals_of_the_asset() -> None:
    balances = [checked(proof, TREE).balances["ETH"] for proof in EXAMPLE["proofs"]]
    assert balances == ["1000000000000000", "0.999999999999999999", "0", "0.000000000000000001", "1234.5"]
    assert checked(EXAMPLE["proofs"][0], TREE).totals == {"ETH": "1000000000001235.5"}


def test_a_proof_that_brings_its_own_root_proves_nothing() -> None:
    answer = check_proof(as_bytes(EXAMPLE["proofs"][0]), "proof.json")
    assert NO_COMMITMENT == (
        "a proof that brings its own root proves nothing: give the commitment from the exchange's statement with "
        "--commitment FILE"
    )
    assert answer.differences == (NO_COMMITMENT,)
    assert (answer.included, answer.recomputes, answer.root_compared) == (False, True, False)
    assert [one.key for one in answer.not_prevented] == ["root-in-the-same-file", *KEYS]


def test_a_proof_that_does_not_even_lead_to_its_own_root_says_both() -> None:
    answer = check_proof(as_bytes({**EXAMPLE["proofs"][0], "root": "0" * 64}), "proof.json")
    assert answer.differences == ("a leaf does not lead to the commitment's root", NO_COMMITMENT)
    assert not answer.recomputes


def test_a_proof_of_an_asset_that_is_not_committed_to_is_of_another_asset() -> None:
    answer = checked(EXAMPLE["proofs"][0], OTHER)
    assert answer.differences == (
        "the proof names another asset than the commitment",
        "the proof is in 'ETH', the commitment has trees of 'AAA'",
    )
    assert (answer.recomputes, answer.root_compared) == (True, True)


def test_a_proof_of_another_tree_names_another_root() -> None:
    answer = checked(EXAMPLE["proofs"][0], replace(TREE, root=bytes(32)))
    assert answer.differences == (
        "the proof names another root than the commitment",
        f"the proof leads to the root {EXAMPLE['root']}, the commitment's root of ETH is {'0' * 64}",
    )


def test_a_proof_of_another_time_is_shown_beside_the_commitment_and_its_root() -> None:
    scope = replace(SCOPE, snapshot="later")
    stated = Published(entity="Hanul", snapshot="later", trees=(replace(TREE, scope=scope, root=bytes(32)),))
    answer = check_proof(as_bytes(EXAMPLE["proofs"][0]), "proof.json", commitment=stated)
    assert answer.differences == (
        "the proof names another snapshot than the commitment",
        (
            f"the proof is of {SCOPE.snapshot!r}, the commitment of 'later': it may be of another statement; use"
            " the page, or the commitment, of that statement"
        ),
        f"the proof leads to the root {EXAMPLE['root']}, the commitment's root of ETH is {'0' * 64}",
    )


def test_the_root_that_is_shown_is_where_the_leaves_lead_to_and_not_what_the_proof_says() -> None:
    proof = copy.deepcopy(EXAMPLE["proofs"][4])
    proof["leaves"][0]["amount"] = "1"
    answer = checked(proof, TREE)
    first, said = answer.differences
    assert first == "a leaf does not lead to the commitment's root"
    led_to = re.fullmatch(
        rf"the proof leads to the root ([0-9a-f]{{64}}), "
        rf"the commitment's root of ETH is {EXAMPLE['root']}",
        said,
    )
    assert led_to is not None
    assert led_to[1] != EXAMPLE["root"]
    assert (answer.root, answer.root_compared, answer.root_differs) == (led_to[1], True, True)


def test_leaves_that_lead_to_several_roots_have_no_one_total() -> None:
    scope = replace(SCOPE, height=2)
    tree, proofs = tree_of(scope, Row("two", 70, 0), Row("two", 7, 1), Row("one", 1))
    proof = json.loads(proofs[0])
    assert checked(proof, tree).totals == {"ETH": "0.000000000000000078"}
    proof["leaves"][0]["amount"] = "71"
    answer = checked(proof, tree)
    assert answer.root_differs
    assert answer.root.count(", ") == 1
    assert answer.totals == {}


def test_the_total_is_what_the_path_adds_up_to_and_not_what_the_proof_says() -> None:
    proof = {**copy.deepcopy(EXAMPLE["proofs"][0]), "total": "7"}
    answer = check_proof(as_bytes(proof), "proof.json")
    assert answer.totals == {"ETH": "1000000000001235.5"}
    proof["leaves"][0]["amount"] = str(int(proof["leaves"][0]["amount"]) + 1)
    assert check_proof(as_bytes(proof), "proof.json").totals == {"ETH": "1000000000001235.500000000000000001"}


def test_sums_that_are_too_large_lead_to_no_root() -> None:
    proof = copy.deepcopy(EXAMPLE["proofs"][0])
    proof["leaves"][0]["path"][0][1] = str((1 << 128) - 1)
    answer = checked(proof, TREE)
    assert answer.differences == ("sums on the path reach 2^128",)
    assert (answer.root, answer.totals, answer.root_differs) == ("", {}, True)


def test_names_in_any_script_are_read_as_they_are() -> None:
    answer = checked({**EXAMPLE["proofs"][0], "snapshot": "한울/2018-09", "asset": "원화"}, TREE)
    assert answer.differences[1].startswith(
        f"the proof is of '한울/2018-09', the commitment of {SCOPE.snapshot!r}: "
    )
    assert answer.differences[2] == "the proof is in '원화', the commitment has trees of 'ETH'"


def test_an_equal_root_under_another_total_is_not_repeated() -> None:
    answer = checked(EXAMPLE["proofs"][0], replace(TREE, total=1))
    assert answer.differences == ("the proof names another total than the commitment",)


def test_of_many_trees_the_first_are_named() -> None:
    trees = [replace(OTHER, scope=replace(SCOPE, asset=f"A{number:02}")) for number in range(22)]
    named = ", ".join(f"'A{number:02}'" for number in range(20))
    said = checked(EXAMPLE["proofs"][0], *trees).differences[-1]
    assert said == f"the proof is in 'ETH', the commitment has trees of {named}, … and 2 more"


def test_a_commitment_in_place_of_a_proof_is_told_to_be_one() -> None:
    with pytest.raises(InputError) as refused:
        check_proof(write_commitments(commitment(TREE)), "commitment.json")
    assert str(refused.value) == (
        "commitment.json: this is what was committed to for all, and no customer's proof\n"
        "  hint: give the proof that was given to the customer, and this file with --commitment"
    )


def test_a_proof_in_place_of_a_commitment_is_told_to_be_one() -> None:
    with pytest.raises(InputError) as refused:
        read_published(as_bytes(EXAMPLE["proofs"][0]), "proof.json")
    assert str(refused.value) == (
        "proof.json: the fields are not those of reservecheck/commitment/v1-draft\n"
        "  hint: this is one customer's proof: give commitment.json, as it was published"
    )


def test_a_malformed_proof_is_refused_with_its_reason() -> None:
    with pytest.raises(InputError) as refused:
        checked({**EXAMPLE["proofs"][0], "root": "A" * 64}, TREE)
    said = "proof.json: the root is not 64 digits of lower-case hex"
    assert str(refused.value) == f"{said}\n  hint: it has to be the file as it was published"


def test_what_is_no_commitment_is_refused_with_its_reason() -> None:
    with pytest.raises(InputError) as refused:
        read_published(b"{}", "commitment.json")
    said = "commitment.json: the fields are not those of reservecheck/commitment/v1-draft"
    assert str(refused.value) == f"{said}\n  hint: it has to be the file as the exchange published it"


@pytest.mark.parametrize("brought", [{"root": "0" * 64}, {"published": b""}], ids=["root", "list"])
def test_a_root_or_a_list_is_nothing_for_this_format(brought: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        check_proof(as_bytes(EXAMPLE["proofs"][0]), "proof.json", **brought)
    said = "proof.json: por-mst/1 is followed to a commitment"
    assert str(refused.value) == f"{said}\n  hint: {FOLLOWED}"


def test_other_formats_have_no_use_for_a_commitment() -> None:
    made = CoinEx()
    proof = made.proof("alice", {"BTC": "10"}, (made.line("bob", {"ETH": "8"}), {"ETH": "8"}), left=True)
    with pytest.raises(InputError) as refused:
        checked(json.loads(json.dumps(proof)), TREE)
    assert str(refused.value) == "proof.json: coinex has no commitment\n  hint: leave out --commitment"
