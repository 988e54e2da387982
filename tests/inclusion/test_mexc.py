from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.inclusion.proofs import Document, Mexc, as_bytes, sample, sha256

from reservecheck.errors import InputError
from reservecheck.inclusion.recognised import check_proof

Change = Callable[[Document], Any]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda it: it["self"].update(level=1), "self.level is not 0, or the root's is"),
        (
            lambda it: it["pathList"][1].update(level=1),
            "pathList[1] stands at level 1, where there is another or the root",
        ),
        (
            lambda it: it["pathList"][1].update(level=4),
            "pathList[1] stands at level 4, where there is another or the root",
        ),
        (lambda it: it["pathList"][1].update(type=3), "pathList[1].type is neither 1 (left) nor 2 (right)"),
        (lambda it: it["pathList"][-1].update(type=1), "pathList[3].type is not 3 (root)"),
        (lambda it: it["pathList"][0]["balances"].update(BTC="1"), "pathList[0] has amounts and no hash"),
        (
            lambda it: it["pathList"][0]["balances"].update(MX="1"),
            "pathList[0].balances names MX, which no published sample of this format does",
        ),
        (
            lambda it: it.update(pathList=[it["pathList"][-1] | {"level": 0}]),
            "self.level is not 0, or the root's is",
        ),
    ],
)
def test_a_proof_of_another_shape_is_refused(change: Change, message: str) -> None:
    document = sample("mexc.json")
    change(document)
    with pytest.raises(InputError) as refused:
        check_proof(as_bytes(document), "proof.json")
    assert str(refused.value).startswith(f"proof.json: {message}")


def test_a_sibling_on_the_same_side_is_no_proof() -> None:
    made = Mexc()
    document = made.proof("7", {"BTC": "1"}, (made.line("8", {"BTC": "2"}), {"BTC": "2"}), left=True)
    document["self"]["type"] = 2
    said = check_proof(as_bytes(document), "proof.json").differences
    assert said[0] == "pathList[0] stands on the same side as your own line"


@pytest.mark.parametrize("side", [1, 2])
def test_a_line_without_a_sibling_stands_beside_nobody(side: int) -> None:
    made = Mexc()
    own = made.proof("7", {"BTC": "1"}, (made.line("8", {}), {}), left=side == 1)["self"]
    root = sha256(f"{own['hash']},,BTC:1" if side == 1 else f",{own['hash']},BTC:1")[:32]
    document = {"self": own, "pathList": [{"balances": {"BTC": "1"}, "hash": root, "level": 1, "type": 3}]}
    assert check_proof(as_bytes(document), "proof.json").differences == ()


def test_an_inner_node_with_a_sum_in_an_id_is_no_line() -> None:
    made = Mexc()
    one, two = made.line("7", {"ETH": "4"}), made.line("8", {"ETH": "6"})
    rest = {"ETH": "10", "USDC": "0", "USDT": "0"}
    node = sha256(f"{one},{two},BTC:0,ETH:10,USDC:0,USDT:0")[:32]
    document = made.proof("9", {"ETH": "10"}, (made.line("9", {}), {}), left=True)
    beside, root = document["pathList"]
    sums = "BTC:0,ETH:10,USDC:0,USDT:0"
    document["self"] |= {"proofId": one, "accountId": f"{two},BTC:0", "balances": rest, "hash": node}
    root["hash"] = sha256(f"{node},{beside['hash']},{sums}")[:32]
    checked = check_proof(as_bytes(document), "proof.json")
    assert checked.recomputes
    assert checked.differences == (
        "your own line reads in two ways: its proofId or accountId has a comma or a colon in it",
    )
    assert not checked.included
