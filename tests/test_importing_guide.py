"""The guide to importing, walked through in an empty folder: its files, its commands, their words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest
from tests.walk_through import GUIDES, Typed, files_in, walk

GUIDE: Final = GUIDES / "importing-customer-files.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("importing") / "empty"
    made.mkdir()
    return made


@pytest.fixture(scope="module")
def walked(folder: Path) -> list[Typed]:
    return walk(GUIDE, folder)


def test_the_commands_of_the_guide_print_what_it_shows(walked: list[Typed]) -> None:
    said = [one.command.split()[1] for one in walked if one.command.startswith("reservecheck")]
    assert said == ["import"] * 4 + ["liabilities"]
    assert walked[-1].shown == walked[-1].printed


def test_every_import_leaves_its_record_beside_the_file(folder: Path, walked: list[Typed]) -> None:
    assert walked
    made = {"equity.csv", "spot.csv", "snapshot/customers.csv"}
    given = {"export.csv", "tickers.toml", "users.csv", "equity.toml", "balances.csv", "snapshot/snapshot.toml"}
    assert files_in(folder) == made | {f"{name}.import.json" for name in made} | given


def test_equity_is_taken_and_debt_and_net_are_not(folder: Path, walked: list[Typed]) -> None:
    assert walked
    assert (folder / "equity.csv").read_text() == (
        "customer,asset,balance\n900000000004,BTC,2.5\n900000000004,ETH,12\n900000000005,BTC,0.07843069\n"
    )
    record = json.loads((folder / "equity.csv.import.json").read_bytes())
    assert record["options"]["skip"] == ["[!e]*", "e[!_]*"]
