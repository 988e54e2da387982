"""The set hashes Bitcoin Core publishes: facts that must never drift."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from reservecheck.registry.coin_sets import COLUMNS, published_set_hash
from reservecheck.registry.shipped import load_registry

DATA = Path(__file__).parents[2] / "src" / "reservecheck" / "registry" / "data" / "coin_sets.csv"
BLOCK_840000 = "0000000000000000000320283a032748cef8227873ff4872689bf23f1cda83a5"


def test_a_published_set_is_found_by_its_network_and_block() -> None:
    published = "a2a5521b1b5ab65f67818e5e8eccabb7171a517f9e2382208f77687310768f96"
    assert published_set_hash("bitcoin:mainnet", BLOCK_840000) == published
    assert published_set_hash("bitcoin:regtest", BLOCK_840000) == ""
    assert published_set_hash("bitcoin:mainnet", "ab" * 32) == ""


def test_every_row_is_of_a_known_network_with_two_hashes() -> None:
    with DATA.open(encoding="ascii") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["height"]) for row in rows] == [840_000, 880_000, 910_000, 935_000]
    for row in rows:
        assert tuple(row) == COLUMNS
        assert row["network"] in load_registry().networks
        assert all(re.fullmatch("[0-9a-f]{64}", row[name]) for name in ("block", "set_hash"))
