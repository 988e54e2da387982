"""A customer's lines and the list of all nodes: what the published verifier passes without looking."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.inclusion.proofs import (
    DATA,
    THREE,
    Document,
    amount,
    as_bytes,
    compact,
    full,
    nonce,
    sample,
    sha256,
    together,
)

from reservecheck.errors import InputError
from reservecheck.inclusion.recognised import check_proof
from reservecheck.inclusion.records import Inclusion

LIST: Final = (DATA / "okx_v2_list.txt").read_text(encoding="utf-8")
Line = tuple[str, dict[str, str]]


def check(document: Document, listed: str = LIST) -> Inclusion:
    return check_proof(as_bytes(document), "proof.json", published=listed.encode())


def customer(who: str, *lines: dict[str, str]) -> tuple[Document, list[Line]]:
    """The file of one customer and the leaves of his lines."""
    owed = [full(THREE, one) for one in lines]
    total = full(THREE, {})
    for one in owed:
        total = together(total, one)
    own = sha256(nonce(who) + compact(total))
    leaves = [(sha256(own + "".join(one.values())), one) for one in owed]
    nodes = [{"balances": one, "hash": leaf} for leaf, one in leaves]
    return {"hash": own, "nodes": nodes, "nonce": nonce(who), "totalBalances": total}, leaves


def listed(leaves: Sequence[Line]) -> str:
    """The list an exchange publishes of these leaves, from left to right."""
    levels = [[*leaves]]
    while len(levels[-1]) > 1:
        level = levels[-1]
        if len(level) % 2:
            level.append((level[-1][0], full(THREE, {})))
        pairs = zip(level[::2], level[1::2], strict=True)
        levels.append([parent(left, right, len(levels) + 1) for left, right in pairs])
    lines = [
        f"{one},{height},{compact(amounts)}"
        for height, level in reversed([*enumerate(levels, 1)])
        for one, amounts in reversed(level)
    ]
    return "\n".join(lines)


def parent(left: Line, right: Line, height: int) -> Line:
    sums = together(left[1], right[1])
    return sha256(left[0] + right[0] + "".join(sums.values()) + str(height)), sums


@given(st.lists(st.integers(0, 10**12), min_size=2, max_size=9))
def test_every_customer_of_a_list_is_in_it(owed: list[int]) -> None:
    made = [customer(f"{number}", {"BTC": amount(Decimal(one).scaleb(-8))}) for number, one in enumerate(owed)]
    text = listed([line for _, lines in made for line in lines])
    for document, _ in made:
        answer = check(document, text)
        assert answer.differences == ()
        assert answer.totals["BTC"] == amount(Decimal(sum(owed)).scaleb(-8))


def test_a_customer_who_is_not_in_the_list_is_not_included() -> None:
    document, [line] = customer("alice", {"BTC": "1"})
    assert check(document).differences == (f"nodes[0], {line[0]}, is not in the list with these amounts",)


def test_a_line_that_stands_twice_has_to_be_in_the_list_twice() -> None:
    document, lines = customer("alice", {"BTC": "1"}, {"BTC": "1"})
    assert check(document, listed(lines)).included
    _, [other] = customer("bob", {"BTC": "5"})
    said = check(document, listed([lines[0], other])).differences
    assert said == (f"nodes[1], {lines[1][0]}, is not in the list with these amounts",)


def test_lines_that_do_not_add_up_to_the_total_are_refused() -> None:
    document, lines = customer("alice", {"BTC": "1"}, {"BTC": "2"})
    document["nodes"].pop()
    assert check(document, listed(lines)).differences == ("your lines do not add up to your total",)


def test_a_line_that_does_not_follow_is_refused() -> None:
    document = sample("okx_v2.json")
    document["nodes"][0]["balances"]["ETH"] = "1"
    said = check(document).differences
    assert "nodes[0] does not follow from your hash and its amounts" in said
    document = sample("okx_v2.json")
    document["hash"] = "0" * 64
    assert check(document).differences[0].endswith(f"and the file says {'0' * 64}")


def test_a_line_below_zero_is_refused() -> None:
    document, lines = customer("alice", {"BTC": "3"}, {"BTC": "-1"})
    said = check(document, listed(lines)).differences
    assert "nodes[1] has -1 BTC: an amount below zero lowers the total" in said


def test_digits_beyond_the_eighth_are_refused() -> None:
    document, lines = customer("alice", {"BTC": "0.000000005"}, {"BTC": "1"})
    said = "your total has 1.000000005 BTC: digits beyond the eighth are dropped whenever this format adds"
    assert check(document, listed(lines)).differences == (said,)


def test_a_list_whose_total_was_lowered_by_hand_is_refused_although_every_customer_finds_his_line() -> None:
    lowered = LIST.replace('"USDT":"1.42045977"', '"USDT":"0.42045977"', 1)
    said = check(sample("okx_v2.json"), lowered).differences
    root = LIST[:64]
    assert said == (
        f"node {root} at height 6 does not follow from its children",
        f"node {root} at height 6 has other amounts than its children together",
    )


def test_an_account_below_zero_anywhere_in_the_list_is_refused_although_every_hash_follows() -> None:
    document, [own] = customer("alice", {"BTC": "10"})
    _, [below] = customer("nobody", {"BTC": "-9.5"})
    answer = check(document, listed([own, below]))
    assert answer.totals["BTC"] == "0.5"
    assert answer.differences == (f"node {below[0]} has -9.5 BTC: an amount below zero lowers the total",)


def test_a_total_of_ten_for_two_who_are_owed_eighteen_is_refused_in_a_whole_list() -> None:
    document, [alice] = customer("alice", {"BTC": "10"})
    _, [bob] = customer("bob", {"BTC": "8"})
    sums = full(THREE, {"BTC": "10"})
    root = sha256(alice[0] + bob[0] + "".join(sums.values()) + "2")
    lines = [(root, 2, sums), (bob[0], 1, bob[1]), (alice[0], 1, alice[1])]
    text = "\n".join(f"{one},{height},{compact(amounts)}" for one, height, amounts in lines)
    said = check(document, text).differences
    assert said == (f"node {root} at height 2 has other amounts than its children together",)


def test_a_node_without_children_is_refused() -> None:
    lines = LIST.splitlines()
    said = check(sample("okx_v2.json"), "\n".join(lines[:-2])).differences
    assert said[-1] == "height 2 has 11 nodes, and there are 20 children below them"


def test_only_the_first_differences_of_a_long_list_are_said() -> None:
    document, [own] = customer("alice", {"BTC": "1"})
    below = [customer(f"{number}", {"BTC": "-1"})[1][0] for number in range(31)]
    assert len(check(document, listed([own, *below])).differences) == 20


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "does not run from one root down to height 1"),
        ("x", "line 1 is not `hash,height,{…}`"),
        (LIST.splitlines()[0], "does not run from one root down to height 1"),
        ("\n".join([LIST.splitlines()[0]] * 2), "does not run from one root down to height 1"),
        ("\n".join(LIST.splitlines()[::40]), "line 2 has height 1 among those of 6"),
        (f"{'0' * 64},1,{{}}", "line 1 is not `hash,height,{…}`"),
        (f'{"0" * 64},1,{{"BTC":"1","ETH":"--","USDT":"1"}}', "line 1, ETH: '--' is not an amount"),
    ],
)
def test_a_list_of_another_shape_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        check(sample("okx_v2.json"), text)
    assert str(refused.value).startswith(f"proof.json: the list of nodes: {message}")


@given(st.binary(max_size=300))
def test_no_list_makes_the_check_stumble(data: bytes) -> None:
    with pytest.raises(InputError):
        check_proof(json.dumps(sample("okx_v2.json")).encode(), "proof.json", published=data)
