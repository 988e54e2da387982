from __future__ import annotations

from pathlib import Path

import pytest

from reservecheck.errors import Problem
from reservecheck.registry.checkpoints import with_checkpoints
from reservecheck.registry.shipped import COLUMNS, load_registry
from reservecheck.vault.csv_file import read_csv

NETWORKS = load_registry().networks
HASH = "ab" * 32
NONE = "which no checkpoint of"


def problems(tmp_path: Path, *rows: str) -> list[str]:
    path = tmp_path / "checkpoints.csv"
    path.write_text("\n".join([",".join(COLUMNS["checkpoints"]), *rows, ""]), encoding="utf-8")
    found: list[Problem] = []
    with_checkpoints(read_csv(path, required=COLUMNS["checkpoints"], shown="checkpoints.csv"), NETWORKS, found)
    return [f"{one.line}: {one.message}" for one in found]


def test_every_public_network_that_is_read_most_has_one() -> None:
    assert NETWORKS["bitcoin:mainnet"].known_blocks[-1][0] == 935_000
    assert [height for height, _ in NETWORKS["eip155:1"].known_blocks] == [0, 1_920_000, 15_537_394, 22_431_084]
    assert NETWORKS["bitcoin:regtest"].checkpoints == ()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (f"bitcoin:nowhere,5,{HASH},,2026-01-01,x", "'bitcoin:nowhere' is not a network that is read"),
        (f"dogecoin:mainnet,5,{HASH},,2026-01-01,x", "'dogecoin:mainnet' is not a network that is read"),
        (f"bitcoin:mainnet,0,{HASH},,2026-01-01,x", f"height is '0', {NONE} bitcoin:mainnet has"),
        (
            f"bitcoin:mainnet,5,0x{HASH},,2026-01-01,x",
            f"hash is '0x{HASH}', {NONE} bitcoin:mainnet has",
        ),
        (f"eip155:1,5,0x{HASH},17034219,2026-01-01,x", f"bits is '17034219', {NONE} eip155:1 has"),
        (
            f"bitcoin:mainnet,5,{HASH},,yesterday,x",
            f"dated is 'yesterday', {NONE} bitcoin:mainnet has",
        ),
    ],
)
def test_a_row_that_is_wrong_is_named(tmp_path: Path, row: str, words: str) -> None:
    assert problems(tmp_path, row) == [f"2: {words}"]


def test_two_of_one_height_are_refused(tmp_path: Path) -> None:
    row = f"bitcoin:mainnet,5,{HASH},,2026-01-01,x"
    assert problems(tmp_path, row, row) == ["3: two checkpoints of bitcoin:mainnet stand at block 5"]
