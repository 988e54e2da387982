"""Linting several paths at once."""

from __future__ import annotations

from pathlib import Path
from typing import IO, cast

import pytest

from reservecheck.errors import InputError
from reservecheck.linting import lint
from reservecheck.model.progress import silent

SEGWIT = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"


def wallets(folder: Path, entity: str, *addresses: str) -> Path:
    path = folder / f"{entity}.toml"
    path.write_text(
        f'format = "reservecheck/wallets/v1"\nentity = "{entity}"\n'
        f'[[list]]\nlabel = "cold"\nfile = "{entity}.csv"\n'
        'network = "bitcoin:mainnet"\nstorage = "cold"\nowner = "customers"\n',
        encoding="utf-8",
    )
    (folder / f"{entity}.csv").write_text("\n".join(["address", *addresses, ""]), encoding="utf-8")
    return path


def test_wallets_files_are_linted_in_order_then_against_each_other(tmp_path: Path) -> None:
    """O2: one address declared by two exchanges is told when both files are given."""
    paths = [
        wallets(tmp_path, "kaede", SEGWIT, SEGWIT),
        wallets(tmp_path, "midori", "nonsense"),
        wallets(tmp_path, "aoi", SEGWIT.upper()),
    ]
    told = [str(problem).partition("\n")[0].replace(f"{tmp_path}/", "") for problem in lint(paths, silent)]
    assert told == [
        "kaede.csv:3: cold/2 is the same holding as cold/1 (kaede.csv:2)",
        "midori.csv:2: 'nonsense' is not an address of bitcoin:mainnet: invalid checksum",
        f"aoi.toml: cold/1 ({SEGWIT.upper()} on bitcoin:mainnet) is declared by kaede too, as cold/1",
    ]


def test_each_list_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = wallets(tmp_path, "kaede", SEGWIT)
    opened: list[str] = []
    really = Path.open

    def counted(file: Path, mode: str) -> IO[bytes]:
        opened.append(file.name)
        return cast("IO[bytes]", really(file, mode))

    monkeypatch.setattr(Path, "open", counted)
    assert lint([path], silent) == []
    assert opened.count("kaede.csv") == 1


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file or folder"):
        lint([tmp_path / "absent.toml"], silent)


PROVIDERS = """\
format = "reservecheck/providers/v1"
[[source]]
name = "own-node"
network = "bitcoin:mainnet"
kind = "bitcoind"
operator = "somebody"
run_by = "practitioner"
url = "http://127.0.0.1:8332"
"""


def test_a_providers_file_is_known_by_its_format(tmp_path: Path) -> None:
    path = tmp_path / "providers.toml"
    path.write_text(PROVIDERS, encoding="utf-8")
    assert lint([path], silent) == []
    path.write_text(PROVIDERS.replace('"bitcoind"', '"electrum"'), encoding="utf-8")
    (problem,) = lint([path], silent)
    assert str(problem) == f"{path}:5: kind is something else\n  hint: write one of bitcoind, evm"


def test_problems_of_all_registers_are_told_at_once(tmp_path: Path) -> None:
    files = {
        "snapshot.toml": 'format = "reservecheck/snapshot/v1"\nentity = "kaede"\n'
        '[files]\ncustomers = "customers.csv"\n'
        'cash = "cash.csv"\nhouse = "house.csv"\nletters = "letters.csv"\n',
        "customers.csv": "customer,asset,balance\nu1,btc,1\n",
        "house.csv": "customer\nu1\nu1\n",
        "cash.csv": "label,institution,currency,balance,title,as_of\n"
        "a,100 %: covered,jpy,1,customer,2018-09-14T17:00:00+09:00\n",
        "letters.csv": "id\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    told = [str(problem).replace(f"{tmp_path}/", "") for problem in lint([tmp_path], silent)]
    assert told[:4] == [
        "house.csv:3: this customer stands twice\n  hint: one row an account of the entity's own",
        "customers.csv:2: the asset 'btc' is unknown (1 rows)\n  hint: did you mean 'BTC'?",
        "cash.csv:2: the currency 'jpy' is unknown\n  hint: did you mean 'JPY'?",
        (
            "cash.csv:2: institution is '100 %: covered', not a name on one line\n"
            "  hint: write 1 to 80 letters and digits of any script, single blanks, and . , & ' ( ) - / only"
        ),
    ]
    assert {one.partition(":")[0] for one in told[4:]} == {"letters.csv"}


def test_an_engagement_that_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "engagement.toml").symlink_to("/etc/hostname")
    told = [str(problem) for problem in lint([tmp_path], silent)]
    assert told[0] == f"{tmp_path}/engagement.toml: is a link\n  hint: put the file itself there"
