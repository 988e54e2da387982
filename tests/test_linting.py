"""Linting several paths at once."""

from __future__ import annotations

from pathlib import Path

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
    read_bytes = Path.read_bytes

    def counted(file: Path) -> bytes:
        opened.append(file.name)
        return read_bytes(file)

    monkeypatch.setattr(Path, "read_bytes", counted)
    assert lint([path], silent) == []
    assert opened.count("kaede.csv") == 1


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file or folder"):
        lint([tmp_path / "absent.toml"], silent)
