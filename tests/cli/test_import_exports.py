"""Customer files as exchanges and tools publish samples of them, converted by the command and summed by hand."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from tests.cli.command_line import Ask

EXPORTS: Final = Path(__file__).resolve().parents[1] / "data/customer-exports"
HEAD: Final = 'format = "reservecheck/tickers/v1"\n[tickers]\n'


def sums(path: Path, asset: str, balance: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row[asset]] = found.get(row[asset], Decimal()) + Decimal(row[balance])
    return found


def column(name: str, path: Path) -> Decimal:
    with path.open(encoding="utf-8", newline="") as file:
        return sum((Decimal(row[name]) for row in csv.DictReader(file)), Decimal())


@pytest.mark.parametrize("mark", ["e_", "d_", ""])
def test_equity_debt_and_net_are_three_answers_and_one_of_them_is_asked_for(
    ask: Ask, tmp_path: Path, mark: str
) -> None:
    source, out, tickers = EXPORTS / "equity-debt-net.csv", tmp_path / "customers.csv", tmp_path / "t.toml"
    coins = ("btc", "eth", "bnb", "shib")
    tickers.write_text(HEAD + "".join(f'{mark}{coin} = {{ asset = "{coin.upper()}" }}\n' for coin in coins))
    marks = {"e_", "d_", "vl_", "m_", "pm_", ""} - {mark}
    patterns = ["rn", "total_net_balance_usdt", *(f"{one}*" for one in marks if one), *(coins if mark else ())]
    skip = [word for pattern in patterns for word in ("--skip", pattern)]
    command = [
        "import",
        "customers",
        str(source),
        "--out",
        str(out),
        "--id-column",
        "id",
        "--tickers",
        str(tickers),
    ]
    said = ask(*command, *skip)
    assert said.code == 0, said.err
    assert sums(out, "asset", "balance") == {coin.upper(): column(f"{mark}{coin}", source) for coin in coins}


def test_what_floats_left_of_a_net_balance_is_refused_by_the_check_and_never_rounded(
    ask: Ask, tmp_path: Path
) -> None:
    """0.56338969 − 0.484959 stands in the sample as 0.07843069000000008."""
    source, folder = EXPORTS / "equity-debt-net.csv", tmp_path / "s"
    folder.mkdir()
    tickers = tmp_path / "t.toml"
    tickers.write_text(f'{HEAD}btc = {{ asset = "BTC" }}\n')
    others = ["rn", "total_net_balance_usdt", "?_*", "??_*", "eth", "bnb", "shib"]
    skip = [word for pattern in others for word in ("--skip", pattern)]
    out = folder / "customers.csv"
    command = [
        "import",
        "customers",
        str(source),
        "--out",
        str(out),
        "--id-column",
        "id",
        "--tickers",
        str(tickers),
    ]
    assert ask(*command, *skip).code == 0
    snapshot = 'format = "reservecheck/snapshot/v1"\nentity = "kaede"\n[files]\ncustomers = ["customers.csv"]\n'
    (folder / "snapshot.toml").write_text(snapshot)
    said = ask("liabilities", "check", str(folder))
    assert said.code == 2
    assert "customers.csv:3: the balance has 17 digits after the point, the asset has 8\n" in said.err
    assert "customers.csv.import.json" not in said.err


def test_amounts_in_smallest_units_are_a_multiplier(ask: Ask, tmp_path: Path) -> None:
    source, out, tickers = EXPORTS / "account-columns.csv", tmp_path / "customers.csv", tmp_path / "t.toml"
    tickers.write_text(f'{HEAD}balance = {{ asset = "BTC", multiplier = "0.00000001" }}\n')
    command = ["import", "customers", str(source), "--out", str(out), "--id-column", "account_uid"]
    said = ask(*command, "--tickers", str(tickers), "--skip", "account_n*")
    assert said.code == 0, said.err
    assert sums(out, "asset", "balance") == {"BTC": column("balance", source) / 10**8}


def test_a_balance_of_more_digits_than_any_ledger_has_is_refused(ask: Ask, tmp_path: Path) -> None:
    source, tickers = EXPORTS / "balance-columns.csv", tmp_path / "t.toml"
    tickers.write_text(
        f'{HEAD}balance_ETH_ETH = {{ asset = "ETH" }}\n'
        'balance_USDT_ETH = { asset = "USDT", multiplier = "0.01" }\n'
    )
    out = tmp_path / "customers.parquet"
    command = ["import", "customers", str(source), "--out", str(out), "--id-column", "username"]
    said = ask(*command, "--tickers", str(tickers))
    assert said.code == 2
    assert f"{source}:2: column 2 ('balance_ETH_ETH'): the cell is not an amount\n" in said.err
