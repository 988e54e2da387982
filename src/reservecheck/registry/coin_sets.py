"""Hashes of UTXO sets that Bitcoin Core publishes in its source: what any node computes after those blocks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from typing import Final

from reservecheck.vault.csv_file import read_csv

COLUMNS: Final = ("network", "height", "block", "set_hash", "source")


def published_set_hash(network: str, block: str) -> str:
    """`hash_serialized_3` of the set after a block, as nodes display it; "" where nobody published one."""
    return _published().get((network, block), "")


@cache
def _published() -> Mapping[tuple[str, str], str]:
    with as_file(files("reservecheck.registry").joinpath("data", "coin_sets.csv")) as path:
        file = read_csv(path, required=COLUMNS, shown="registry/data/coin_sets.csv")
    return {(row.values["network"], row.values["block"]): row.values["set_hash"] for row in file.rows}
