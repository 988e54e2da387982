"""What each format lets an exchange do, done: what can be seen is refused, and what cannot is listed."""

from __future__ import annotations

import re

import pytest
from tests.inclusion.proofs import DATA, FORMATS, Bybit, CoinEx, Made, Mexc, as_bytes, sample, sha256

from reservecheck.errors import InputError
from reservecheck.inclusion.recognised import check_proof
from reservecheck.inclusion.records import Inclusion

every_format = pytest.mark.parametrize("made", FORMATS, ids=lambda one: one.name)


def keys(answer: Inclusion) -> set[str]:
    return {one.key for one in answer.not_prevented}


@every_format
def test_a_total_of_ten_for_two_who_are_owed_eighteen_cannot_be_seen_and_is_listed(made: Made) -> None:
    alice, bob = {"BTC": "10"}, {"BTC": "8"}
    lines = made.line("alice", alice), made.line("bob", bob)
    shown = (
        made.proof("alice", alice, (lines[1], {"BTC": "0"}), left=True),
        made.proof("bob", bob, (lines[0], {"BTC": "2"}), left=False),
    )
    answers = [check_proof(as_bytes(one), "proof.json") for one in shown]
    assert [one.included for one in answers] == [True, True]
    assert answers[0].root == answers[1].root
    assert [one.totals["BTC"] for one in answers] == ["10", "10"]
    assert all("total-not-bound" in keys(one) for one in answers)


@every_format
def test_a_sibling_below_zero_is_refused_although_the_hashes_follow(made: Made) -> None:
    below = {"BTC": "-9.5"}
    document = made.proof("alice", {"BTC": "10"}, (made.line("nobody", below), below), left=True)
    answer = check_proof(as_bytes(document), "proof.json")
    (said,) = answer.differences
    assert said.endswith("has -9.5 BTC: an amount below zero lowers the total")
    assert (answer.recomputes, answer.included, answer.totals["BTC"]) == (True, False, "0.5")
    assert "negative-amounts" in keys(answer)


@every_format
def test_a_customer_below_zero_is_refused(made: Made) -> None:
    other = {"BTC": "8"}
    document = made.proof("alice", {"BTC": "-1"}, (made.line("bob", other), other), left=True)
    answer = check_proof(as_bytes(document), "proof.json")
    assert answer.differences == ("your own line has -1 BTC: an amount below zero lowers the total",)


@every_format
def test_two_customers_with_one_root_each_differ_from_the_published_one(made: Made) -> None:
    other = {"BTC": "8"}
    beside = (made.line("bob", other), other)
    published = check_proof(as_bytes(made.proof("alice", {"BTC": "10"}, beside, left=True)), "a").root
    forked = made.proof("carol", {"BTC": "3"}, beside, left=True)
    alone = check_proof(as_bytes(forked), "proof.json")
    assert alone.included
    assert "root-in-the-same-file" in keys(alone)
    compared = check_proof(as_bytes(forked), "proof.json", root=published)
    assert compared.differences == (f"the root is {alone.root}, and you were told {published}",)
    assert "root-in-the-same-file" not in keys(compared)


@every_format
def test_another_balance_than_the_hashed_one_is_refused(made: Made) -> None:
    other = {"BTC": "8"}
    document = made.proof("alice", {"BTC": "10"}, (made.line("bob", other), other), left=True)
    told = made.proof("alice", {"BTC": "11"}, (made.line("bob", other), other), left=True)
    told["self"] |= {key: document["self"][key] for key in ("hash", "merkelLeaf") if key in document["self"]}
    for key in ("path", "pathList", "root"):
        if key in document:
            told[key] = document[key]
    answer = check_proof(as_bytes(told), "proof.json")
    assert not answer.recomputes
    assert any("and the root in the file" in said for said in answer.differences)
    assert "the path adds up to 19 BTC, and the root in the file says 18" in answer.differences


@every_format
def test_the_same_node_beside_itself_with_an_amount_is_refused(made: Made) -> None:
    line = made.line("alice", {"BTC": "10"})
    document = made.proof("alice", {"BTC": "10"}, (line, {"BTC": "1"}), left=True)
    answer = check_proof(as_bytes(document), "proof.json")
    (said,) = answer.differences
    assert said.endswith("is the node beside it a second time, with other amounts")


def test_an_inner_node_of_coinex_passed_off_as_a_line_is_refused() -> None:
    made = CoinEx()
    lines = made.line("alice", {"BTC": "1"}), made.line("bob", {"BTC": "2"})
    document = made.proof("x", {"BTC": "3"}, (made.line("carol", {"BTC": "4"}), {"BTC": "4"}), left=True)
    document["self"]["nonce"] = "".join(lines)  # SHA-256 of this and the sums is the node above the two
    with pytest.raises(InputError, match=r"self\.nonce is not 64 lower-case hex digits"):
        check_proof(as_bytes(document), "proof.json")


def test_an_inner_node_of_mexc_passed_off_as_a_line_is_refused() -> None:
    made = Mexc()
    owed = {"BTC": "3", "ETH": "0", "USDC": "0", "USDT": "0"}
    document = made.proof("x", owed, (made.line("carol", {"BTC": "4"}), {"BTC": "4"}), left=True)
    own = document["self"]
    own["proofId"], own["accountId"] = made.line("alice", {"BTC": "1"}), made.line("bob", {"BTC": "2"})
    answer = check_proof(as_bytes(document), "proof.json")
    assert "your own line reads like a node: its proofId and accountId are hashes" in answer.differences


@pytest.mark.parametrize(("first", "second"), [("1.500000002", ".00000000"), ("1.5", "00000002.00000000")])
def test_amounts_of_bybit_that_only_join_to_the_same_text_are_refused(first: str, second: str) -> None:
    made = Bybit()
    owed = {"AGLA": "1.5", "APT": "2"}
    document = made.proof("alice", owed, (made.line("bob", {}), {}), left=True)
    assert first + second == "1.500000002.00000000"
    document["self"]["balance"] |= {"AGLA": first, "APT": second}
    with pytest.raises(InputError, match=rf"self\.balance\.APT: '{re.escape(second)}' is not an amount"):
        check_proof(as_bytes(document), "proof.json")


def test_amounts_of_bybit_with_other_than_eight_digits_are_refused() -> None:
    document = sample("bybit_1.json")
    digits = document["self"]["balance"]["DOT"]
    document["self"]["balance"]["DOT"] = digits + "0"
    answer = check_proof(as_bytes(document), "proof.json")
    assert f"your own line writes {digits}0 DOT with other than eight digits after the point" in answer.differences


def test_the_same_amounts_of_bybit_under_newer_names_recompute_and_that_is_listed() -> None:
    document = sample("bybit_4.json")
    for line in (document["self"], *document["path"]):
        line["balance"] = {"A" if coin == "EOS" else coin: text for coin, text in line["balance"].items()}
    answer = check_proof(as_bytes(document), "proof.json")
    assert answer.included
    assert "names-not-hashed" in keys(answer)


def test_one_line_of_okx_shown_to_two_customers_cannot_be_seen_and_is_listed() -> None:
    answer = check_proof((DATA / "okx_v1.json").read_bytes(), "shown to Alice and to Bob")
    assert answer.included
    assert "leaf-shared" in keys(answer)


def test_the_date_of_an_okx_proof_can_be_changed_and_that_is_listed() -> None:
    document = sample("okx_v1.json")
    for line in (document["self"], *document["path"]):
        line["auditId"] = "20991231"
    answer = check_proof(as_bytes(document), "proof.json")
    assert answer.included
    assert "moment-not-bound" in keys(answer)


def test_joined_sums_of_okx_have_one_hash_for_two_totals_and_that_is_listed() -> None:
    document = sample("okx_v1.json")
    left, right = sha256("left"), sha256("right")
    assert sha256(left + right + "1" + "23" + "0" + "2") == sha256(left + right + "12" + "3" + "0" + "2")
    assert "joined-amounts" in keys(check_proof(as_bytes(document), "proof.json"))


def test_a_line_of_mexc_is_found_by_guessing_and_that_is_listed() -> None:
    document = sample("mexc.json")
    own = document["self"]
    guesses = (
        f"{own['proofId']},{own['accountId']},ETH:1954{cents // 100}.{cents % 100:02d}" for cents in range(10_000)
    )
    wanted = f"{own['proofId']},{own['accountId']},ETH:195462.73"
    assert sha256(wanted)[:32] == own["hash"]
    assert [guess for guess in guesses if sha256(guess)[:32] == own["hash"]] == [wanted]
    assert "no-nonce" in keys(check_proof(as_bytes(document), "proof.json"))
