from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.cli.command_line import Ask
from tests.cli.small_world import BTC_HOT, ONE, TWO, Desk


@pytest.fixture
def bundle(recorded: Desk) -> str:
    return str(recorded.folder / "bundle")


def test_an_asset_is_traced_to_block_source_and_digest(bundle: str, ask: Ask) -> None:
    said = ask("trace", bundle, "btc")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("BTC: owed 100 (grade L1)\n  deciding   100: the ratio is 100.00 % (1/1)\n")
    assert "  left out of deciding: 50, house or mixed wallet\n" in said.out
    assert "\n2 cells\n" in said.out
    assert BTC_HOT in said.out
    assert "bitcoin:regtest block 113 of 2018-06-27T" in said.out
    assert "answer sha256 " in said.out


def test_an_asset_on_two_chains_has_both_blocks(bundle: str, ask: Ask) -> None:
    said = ask("trace", bundle, "USDT", "--all")
    assert said.code == 0
    assert f"{ONE} block 4 of" in said.out
    assert f"{TWO} block 3 of" in said.out
    assert said.out.index("usdt-2") < said.out.index("usdt-1 ")


def test_a_currency_is_traced_to_bank_lines_and_letters(bundle: str, ask: Ask) -> None:
    said = ask("trace", bundle, "krw")
    assert said.code == 0
    assert said.out.startswith("KRW: owed 5,000 (grade L1)\n  deciding   5,000: the ratio is 100.00 % (1/1)\n")
    assert "  customers-a: 5,000 KRW at Example Bank A, title customer\n" in said.out
    assert "  letter a-1 from Example Bank A: 5,000 KRW on customers-a, received 2018-07-09, direct\n" in said.out
    assert "cells" not in said.out


def test_an_unknown_figure_is_an_error_that_names_the_known_ones(bundle: str, ask: Ask) -> None:
    said = ask("trace", bundle, "DOGE")
    assert (said.code, said.out) == (2, "")
    assert said.err == "error: the bundle has no figure 'DOGE'\n  hint: it has: BTC, ETH, USDT, KRW\n"


def test_json_has_every_line_and_exchange(bundle: str, ask: Ask) -> None:
    result = json.loads(ask("trace", bundle, "usdt", "--format", "json").out)
    assert result["schema"] == "reservecheck/trace/v1-draft"
    assert [line["amount"] for line in result["lines"]][:2] == ["10", "5.5"]
    assert {pin["network"] for pin in result["pins"]} == {ONE, TWO}
    assert all(len(item["answer_sha256"]) == 64 for item in result["exchanges"])


def test_a_bundle_that_does_not_re_derive_is_not_traced(recorded: Desk, ask: Ask, tmp_path: Path) -> None:
    shutil.copytree(recorded.folder / "bundle", tmp_path / "b")
    (tmp_path / "b" / "cash.csv").unlink()
    said = ask("trace", str(tmp_path / "b"), "btc")
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"error: {tmp_path}/b does not re-derive: cash.csv: missing, the manifest lists it\n"
        "  hint: reservecheck verify says all that differs\n"
    )
