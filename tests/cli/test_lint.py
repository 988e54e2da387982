from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.command_line import Ask
from tests.cli.small_world import Desk

ROOT = Path(__file__).parents[2]
ENTITIES = sorted(path.stem for path in (ROOT / "wallets").glob("*.toml"))


@pytest.mark.parametrize("entity", ENTITIES)
def test_the_shipped_files_have_no_problem(ask: Ask, entity: str) -> None:
    for snapshot in sorted((ROOT / "snapshots" / entity).iterdir()):
        said = ask("lint", str(ROOT / "wallets" / f"{entity}.toml"), str(snapshot))
        assert (said.code, said.out, said.err) == (0, "", "0 problems in 2 given\n")


def test_every_problem_is_listed_with_file_and_line(desk: Desk, ask: Ask) -> None:
    desk.change("nami.toml", 'storage = "cold"', 'storage = "warm"')
    desk.change("snapshot/engagement.toml", 'currency = "KRW"', 'currency = "krw"')
    desk.change("snapshot/customers.csv", "BTC,40", "BTC,4O")
    said = ask("lint", str(desk.wallets), str(desk.snapshot))
    assert said.code == 1
    assert f"{desk.wallets}:32: " in said.out
    assert f"{desk.snapshot}/engagement.toml:7: " in said.out
    assert f"{desk.snapshot}/customers.csv:3: " in said.out
    assert said.err.endswith(" problems in 2 given\n")


def test_json_lists_the_same(desk: Desk, ask: Ask) -> None:
    desk.change("nami.toml", 'storage = "cold"', 'storage = "warm"')
    said = ask("lint", str(desk.wallets), str(desk.snapshot), "--format", "json")
    assert said.code == 1
    result = json.loads(said.out)
    assert result["schema"] == "reservecheck/lint/v1-draft"
    (problem,) = result["problems"]
    assert (problem["path"], problem["line"]) == (str(desk.wallets), 32)
    assert problem["message"]


def test_no_problem_in_json_is_an_empty_list(desk: Desk, ask: Ask) -> None:
    said = ask("lint", str(desk.wallets), str(desk.snapshot), "--format", "json")
    assert (said.code, json.loads(said.out)) == (0, {"problems": [], "schema": "reservecheck/lint/v1-draft"})


def test_a_path_that_is_not_there_cannot_be_looked_at(ask: Ask, tmp_path: Path) -> None:
    said = ask("lint", str(tmp_path / "none.toml"))
    assert (said.code, said.out) == (2, "")
    assert said.err == f"error: {tmp_path}/none.toml: there is no such file or folder\n"


def test_a_sum_out_of_range_is_a_problem(desk: Desk, ask: Ask) -> None:
    with (desk.snapshot / "customers.csv").open("a") as rows:
        for number in range(20):
            rows.write(f"whale-{number},ETH,9999999999999999999,spot\n")
    said = ask("lint", str(desk.wallets), str(desk.snapshot))
    assert said.code == 1
    assert str(desk.snapshot) in said.out
    assert "out of range" in said.out


def test_an_instrument_nobody_ships_is_a_problem_of_the_engagement(desk: Desk, ask: Ask) -> None:
    desk.change("snapshot/engagement.toml", '", asset = "USDT"', '", asset = "NOPE"')
    said = ask("lint", str(desk.snapshot))
    assert said.code == 1
    assert f"{desk.snapshot}/engagement.toml" in said.out


def test_a_folder_without_an_engagement_is_looked_at(desk: Desk, ask: Ask) -> None:
    (desk.snapshot / "engagement.toml").unlink()
    said = ask("lint", str(desk.wallets), str(desk.snapshot))
    assert said.code in (0, 1)
