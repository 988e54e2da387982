"""A small registry, and a way to write a snapshot folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reservecheck.books.folder import read_books
from reservecheck.errors import ReservecheckError
from reservecheck.model.books import Books
from reservecheck.model.progress import silent
from reservecheck.model.registry import Asset, Registry

Read = Callable[[dict[str, str | bytes]], Books]

DECIMALS = {"BTC": 8, "ETH": 18, "KRW": 0, "JPY": 0, "SATS": 0, "DEEP": 24}


@pytest.fixture(scope="session")
def registry() -> Registry:
    assets = {
        name: Asset(
            asset=name,
            name=name,
            kind="cash" if name in ("KRW", "JPY") else "coin",
            decimals=decimals,
            issuer="",
            source="made for this test",
        )
        for name, decimals in DECIMALS.items()
    }
    return Registry(networks={}, assets=assets, instruments={}, burn=frozenset())


@pytest.fixture
def write(tmp_path: Path) -> Callable[[dict[str, str | bytes]], Path]:
    def written(files: dict[str, str | bytes]) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return written


@pytest.fixture
def read(write: Callable[[dict[str, str | bytes]], Path], registry: Registry) -> Read:
    """Reads a folder of these files; unless they are given, there is a customers.csv and a list of all."""

    def books(files: dict[str, str | bytes]) -> Books:
        roles = [name.removesuffix(".csv") for name in files if name.endswith(".csv") and name != "customers.csv"]
        listed = "".join(f'{role} = "{role}.csv"\n' for role in roles)
        default = f'{HEAD}[files]\n{listed}customers = ["customers.csv"]\n'
        given = {"snapshot.toml": default, "customers.csv": "customer,asset,balance\nu1,BTC,1\n"} | files
        return read_books(
            write(given),
            registry,
            entity="kaede",
            currency="JPY",
            progress=silent,
            out_of_scope=frozenset({"DUST"}),
        )

    return books


@pytest.fixture
def refused(read: Read) -> Callable[[dict[str, str | bytes]], str]:
    """The message with which a folder is refused."""

    def message(files: dict[str, str | bytes]) -> str:
        with pytest.raises(ReservecheckError) as caught:
            read(files)
        return str(caught.value)

    return message


HEAD = 'format = "reservecheck/snapshot/v1"\nentity = "kaede"\n'
