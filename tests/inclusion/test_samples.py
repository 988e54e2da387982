"""Every published sample that may be copied, as it was published."""

from __future__ import annotations

import pytest
from tests.inclusion.proofs import DATA, FORMATS, Made, as_bytes

from reservecheck.inclusion import recognised
from reservecheck.inclusion.recognised import check_proof

ALONE = ("okx_v1", *(f"bybit_{number}" for number in range(1, 6)), "mexc")


@pytest.mark.parametrize("name", ALONE)
def test_a_published_sample_recomputes_to_the_root_it_states(name: str) -> None:
    answer = check_proof((DATA / f"{name}.json").read_bytes(), name)
    assert answer.differences == ()
    assert answer.included
    assert answer.recomputes
    assert not answer.root_compared


def test_okx_publishes_a_sample_of_which_every_figure_is_known() -> None:
    answer = check_proof((DATA / "okx_v1.json").read_bytes(), "okx")
    assert answer.leaf == "461a101e9aa20e694e52cb95dae0d84d81787f532859f1385bae3f009926366c"
    assert answer.root == "ac6b39d2a0aa8112bd1aadff5e7d4b5c2b91cd54d595262ba4367f5d2db4160d"
    assert answer.balances == {"BTC": "1.000069", "ETH": "0.99908176", "USDT": "19398.33550812"}
    assert answer.totals == {"BTC": "95088.55505656", "ETH": "939953.49090361", "USDT": "3137909428.88369702"}


def test_the_customer_of_the_second_version_stands_in_the_list() -> None:
    listed = (DATA / "okx_v2_list.txt").read_bytes()
    answer = check_proof((DATA / "okx_v2.json").read_bytes(), "okx", published=listed)
    assert (answer.format, answer.differences) == ("okx-merkle-v2", ())
    assert answer.leaf == "cd7b0c79c62f3c680cdd8e536604b7db1d6e7752dd1111ae4d778103adfec4b9"
    assert answer.root == "9e98ebde32ef22ded88a5fb2d5e53d76ed57cb9c6b2c966f250721defe6ab041"
    assert answer.balances == {"BTC": "0.00005", "ETH": "0", "USDT": "0"}
    assert answer.totals == {"BTC": "0.00005", "ETH": "0.1", "USDT": "1.42045977"}
    assert answer.remarks == (
        "the list has the SHA-256 19b14f5944b897da2fef7d79c1a9204f21ec3fd96d6610edc0bea470118c828e",
    )


def test_every_sample_is_of_the_format_it_is_named_after() -> None:
    for name in ALONE:
        assert check_proof((DATA / f"{name}.json").read_bytes(), name).format.startswith(name.partition("_")[0])


def test_every_format_is_tested_on_a_sample_or_on_a_proof_made_here() -> None:
    assert {one.name for one in recognised.FORMATS} == {one.name for one in FORMATS} | {
        "okx-merkle-v2",
        "por-mst/1",
    }


@pytest.mark.parametrize("made", FORMATS, ids=lambda one: one.name)
@pytest.mark.parametrize("left", [True, False], ids=["left", "right"])
def test_an_honest_proof_made_from_the_description_is_included(made: Made, *, left: bool) -> None:
    other = {"BTC": "8", "ETH": "0.5"}
    document = made.proof("alice", {"BTC": "10.25"}, (made.line("bob", other), other), left=left)
    answer = check_proof(as_bytes(document), "proof.json")
    assert (answer.format, answer.differences) == (made.name, ())
    assert (answer.balances["BTC"], answer.totals["BTC"], answer.totals["ETH"]) == ("10.25", "18.25", "0.5")
