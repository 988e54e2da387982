"""The most of an asset that its protocol ever lets exist: nobody can owe more of it, whatever a ledger says."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from typing import Final

from reservecheck.vault.csv_file import read_csv

COLUMNS: Final = ("asset", "most", "source")


@cache
def most_there_can_be() -> Mapping[str, int]:
    """In whole units by asset; an asset without a fixed end is not there."""
    with as_file(files("reservecheck.registry").joinpath("data", "supply.csv")) as path:
        file = read_csv(path, required=COLUMNS, shown="registry/data/supply.csv")
    return {row.values["asset"]: int(row.values["most"]) for row in file.rows}
