from __future__ import annotations

from pathlib import Path

import pytest
from tests.pipeline.shipped_job import ROOT, Desk, desk

from reservecheck.errors import InputError
from reservecheck.linting import lint
from reservecheck.model.progress import silent


@pytest.fixture
def hanul(tmp_path: Path) -> Desk:
    return desk(tmp_path)


def said(*paths: Path) -> list[tuple[str, int, str]]:
    return [(Path(one.path).name, one.line, one.message) for one in lint(paths, silent)]


def shipped() -> list[Path]:
    return [*sorted((ROOT / "snapshots").glob("*/*")), *sorted((ROOT / "wallets").glob("*.toml"))]


def test_the_shipped_rehearsals_are_in_order_however_many_are_looked_at_together() -> None:
    folders = [path for path in shipped() if path.is_dir()]
    assert len(folders) == 5
    assert said(*folders) == []
    assert [line for line in said(*shipped()) if "cannot be redefined" in line[2]] == []


def test_a_wallet_may_be_narrowed_to_what_any_engagement_given_with_it_accepts(hanul: Desk) -> None:
    accepted = "eip155:31337/erc20:0x5fbdb2315678afecb367f032d93f642f64180aa3"
    line = f'network = "eip155:31337"\ninstruments = ["{accepted}"]\n'
    hanul.edit(hanul.wallets, 'network = "eip155:31337"\n', line)
    assert accepted in " ".join(message for _, _, message in said(hanul.wallets))
    nabi = ROOT / "snapshots" / "nabi" / "2018-06-28"
    assert accepted not in " ".join(message for _, _, message in said(hanul.wallets, hanul.snapshot, nabi))


def test_what_run_would_refuse_of_files_that_do_not_fit_together_is_told(hanul: Desk) -> None:
    kaede = ROOT / "wallets" / "kaede.toml"
    assert said(kaede, hanul.snapshot) == [
        ("snapshot", 0, "this is about 'hanul', the wallets given about kaede"),
    ]
    (hanul.snapshot / "custodians.csv").write_text(
        "label,asset,balance,as_of\nvault,BTC,1,2018-06-28T00:00:00+09:00\n"
    )
    hanul.edit(
        hanul.snapshot / "snapshot.toml", 'cash = "cash.csv"', 'cash = "cash.csv"\ncustodians = "custodians.csv"'
    )
    assert said(hanul.wallets, hanul.snapshot) == [
        ("snapshot", 0, "the custodians register has a line for 'vault', which is not a declared statement"),
    ]
    assert said(hanul.snapshot) == []


@pytest.mark.parametrize("name", ["engagement.toml", "snapshot.toml", "customers.csv"])
def test_a_file_of_a_folder_is_not_looked_at_alone(hanul: Desk, name: str) -> None:
    (problem,) = lint([hanul.snapshot / name], silent)
    assert problem.message == "this file is not looked at alone"
    assert problem.hint == "give the snapshot folder or the wallets file it belongs to"


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        lint([tmp_path / "none.toml"], silent)
    assert str(refused.value) == f"{tmp_path / 'none.toml'}: there is no such file or folder"


def test_nothing_is_wrong_with_nothing() -> None:
    assert lint([], silent) == []


def test_problems_of_every_file_are_found_at_once(hanul: Desk) -> None:
    hanul.edit(hanul.wallets, 'storage = "hot"', 'storage = "warm"')
    hanul.edit(hanul.engagement, 'currency = "KRW"', 'currency = "XYZ"')
    (hanul.snapshot / "prices.csv").write_text(
        "asset,price,source,as_of,method,supplied_by\nBTC,0,x,2018-06-28T00:00:00+09:00,,\n"
    )
    names = [name for name, _, _ in said(hanul.wallets, hanul.snapshot)]
    assert {"engagement.toml", "prices.csv", "hanul.toml"} <= set(names)
    assert names.index("engagement.toml") < names.index("prices.csv") < names.index("hanul.toml")


def test_a_folder_without_an_engagement_is_looked_at_nevertheless(hanul: Desk) -> None:
    hanul.engagement.unlink()
    assert said(hanul.snapshot) == []
    (hanul.snapshot / "snapshot.toml").unlink()
    assert [name for name, _, _ in said(hanul.snapshot)] == ["snapshot.toml"]


def test_a_total_out_of_range_is_named_by_its_folder(hanul: Desk) -> None:
    rows = "".join(f"C-{n},ETH,9999999999999999999,spot\n" for n in range(12))
    hanul.edit(hanul.snapshot / "snapshot.toml", "rows = ", "# rows = ")
    (hanul.snapshot / "customers.csv").write_text(f"customer,asset,balance,class\n{rows}")
    message = "the amount is out of range: 10^38 smallest units or more"
    assert said(hanul.snapshot) == [("snapshot", 0, message)]
