"""The shape most exchanges share, on OKX's own sample: every refusal by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from tests.inclusion.proofs import Bitget, Bybit, Document, as_bytes, sample

from reservecheck.errors import InputError
from reservecheck.inclusion.recognised import check_proof

Change = Callable[[Document], Any]
OWN: Final = "461a101e9aa20e694e52cb95dae0d84d81787f532859f1385bae3f009926366c"
REPEATED: Final = "f4cdc4f3fff948cda71f58209a7104a0581d600119b74d13a2b6baf86ceac558"


def refused(document: Document) -> str:
    with pytest.raises(InputError) as error:
        check_proof(as_bytes(document), "proof.json")
    return str(error.value).partition("\n")[0].removeprefix("proof.json: ")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda it: it.update(path=[]), "path is not a list of 1 to 256 items"),
        (lambda it: it.update(path=it["path"][-1:]), "path holds a root and no sibling below it"),
        (lambda it: it["self"].update(type=3), "self.type is neither 1 (left) nor 2 (right)"),
        (lambda it: it["path"][0].update(type=3), "path[0].type is not 1 (left), 2 (right) or 4 (repeated)"),
        (lambda it: it["path"][-1].update(type=2), "path[23].type is not 3 (root)"),
        (lambda it: it["path"][3].update(hash="00"), "path[3].hash is not 64 lower-case hex digits"),
        (lambda it: it["path"][3]["balances"].pop("ETH"), "path[3].balances lacks ETH"),
        (
            lambda it: it["path"][3]["balances"].update(XRP="1"),
            "path[3].balances names XRP, which no published sample of this format does",
        ),
        (lambda it: it["path"].__setitem__(2, 5), "path[2] is not an object"),
        (lambda it: it["path"][2].pop("height"), "path[2] lacks `height`"),
    ],
)
def test_a_path_of_another_shape_is_refused(change: Change, message: str) -> None:
    document = sample("okx_v1.json")
    change(document)
    assert refused(document) == message


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda it: it["path"][4].update(height=9), "path[4] says height 9, and by its place it is 5"),
        (lambda it: it["self"].update(height=2), "path[0] says height 1, and by its place it is 2"),
        (lambda it: it["path"][-1].update(height=9), "path[23] says height 9, and by its place it is 24"),
        (lambda it: it["path"][0].update(type=2), "path[0] stands on the same side as your own line"),
        (
            lambda it: it["self"].update(hash="0" * 64),
            f"your own line hashes to {OWN}, and the file says {'0' * 64}",
        ),
        (
            lambda it: it["path"][21].update(hash="0" * 64),
            f"path[21] should repeat the node beside it, {REPEATED}, and is {'0' * 64}",
        ),
        (
            lambda it: it["path"][21]["balances"].update(BTC="1"),
            "path[21] is the node beside it a second time, with other amounts",
        ),
        (
            lambda it: it["path"][5]["balances"].update(BTC="0.000000001"),
            "path[5] has 0.000000001 BTC: digits beyond the eighth are dropped whenever this format adds",
        ),
    ],
)
def test_a_path_that_does_not_follow_is_no_proof(change: Change, said: str) -> None:
    document = sample("okx_v1.json")
    change(document)
    answer = check_proof(as_bytes(document), "proof.json")
    assert said in answer.differences
    assert not answer.included


def test_the_balances_of_bitget_name_only_coins_of_a_sample() -> None:
    made = Bitget()
    document = made.proof("alice", {"BTC": "1"}, (made.line("bob", {}), {}), left=True)
    document["self"]["balances"] = {}
    assert refused(document) == "self.balances lacks BTC"
    document["self"]["balances"] = {"BTC": "1", "BGB": "2"}
    assert refused(document) == "self.balances names BGB, which no published sample of this format does"


def test_an_empty_place_of_bitget_repeats_the_node() -> None:
    made = Bitget()
    line = made.line("alice", {"BTC": "1"})
    document = made.proof("alice", {"BTC": "1"}, (line, {}), left=True)
    document["path"][0]["role"] = 0
    assert check_proof(as_bytes(document), "proof.json").included


def test_levels_of_bitget_count_down() -> None:
    made = Bitget()
    document = made.proof("alice", {"BTC": "1"}, (made.line("bob", {}), {}), left=True)
    document["path"][0]["level"] = 3
    said = check_proof(as_bytes(document), "proof.json").differences
    assert said == ("path[0] says level 3, and by its place it is 2",)


def test_a_list_of_coins_of_bybit_without_a_sample_is_refused() -> None:
    made = Bybit()
    document = made.proof("alice", {}, (made.line("bob", {}), {}), left=True)
    document["self"]["balance"]["GRAM"] = "0.00000000"
    assert refused(document) == "self.balance names 41 coins, in none of the lists of which a sample is published"


def test_a_node_of_bybit_of_another_list_of_coins_is_refused() -> None:
    made = Bybit()
    document = made.proof("alice", {}, (made.line("bob", {}), {}), left=True)
    document["path"][0]["balance"]["EOS"] = document["path"][0]["balance"].pop("A")
    assert refused(document) == "path[0].balance names EOS, which no published sample of this format does"
