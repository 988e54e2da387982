from __future__ import annotations

from reservecheck.inclusion import bitget, bybit, coinex, mexc, okx_v1, okx_v2, por_mst_1
from reservecheck.inclusion.catalogue import CATALOGUE, gap

MODULES = (okx_v1, okx_v2, bitget, bybit, coinex, mexc, por_mst_1)


def test_every_sentence_is_said_of_some_format_and_none_twice_of_one() -> None:
    said = [[one.key for one in module._GAPS] for module in MODULES]
    assert {key for keys in said for key in keys} == set(CATALOGUE)
    assert all(len(keys) == len(set(keys)) for keys in said)


def test_a_sentence_is_followed_by_why() -> None:
    assert (
        gap("short-hashes", "64 bits are kept").sentence == f"{CATALOGUE['short-hashes']} Here: 64 bits are kept."
    )
    assert gap("debts-outside").sentence == CATALOGUE["debts-outside"]


def test_formats_that_cut_their_hashes_say_so() -> None:
    cut = {module.NAME for module in MODULES if any(one.key == "short-hashes" for one in module._GAPS)}
    assert cut == {"bitget", "mexc"}
