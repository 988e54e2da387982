"""The recorded story of 303 blocks in a real node, and a chain whose clocks disagree."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from tests.nodes.running import Node, bitcoind_node

DATA: Final = Path(__file__).parents[2] / "data" / "bitcoin-core"
AFTER_THE_STORY: Final = 1_764_144_200


@dataclass(frozen=True)
class Told:
    """What the recordings say beside the node."""

    times: tuple[int, ...]  # header time by height
    hashes: tuple[str, ...]
    scripts: dict[str, tuple[str, ...]]  # wallet → its scripts

    @property
    def all_scripts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(script for scripts in self.scripts.values() for script in scripts))

    def ledger(self, height: int) -> dict[str, int]:
        """Satoshis of every script at a block, by the independent ledger."""
        totals = dict.fromkeys(self.all_scripts, 0)
        for wallet in json.loads((DATA / "expected" / f"h{height}.json").read_text())["wallets"].values():
            coins = {(coin["txid"], coin["vout"]): coin for coin in wallet["utxos"]}
            assert sum(coin["sats"] for coin in coins.values()) == wallet["sats"]
            for coin in coins.values():
                totals[coin["scriptPubKey"]] += coin["sats"]
        return totals


@pytest.fixture(scope="session")
def told() -> Told:
    blocks = json.loads((DATA / "blocks.json").read_text())
    wallets = json.loads((DATA / "wallets.json").read_text())
    return Told(
        times=tuple(block["time"] for block in blocks),
        hashes=tuple(block["hash"] for block in blocks),
        scripts={f"{wallet['exchange']}/{wallet['wallet']}": tuple(wallet["scripts"]) for wallet in wallets},
    )


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A node with all 303 blocks; not to be changed."""
    with bitcoind_node(tmp_path_factory.mktemp("story"), f"-mocktime={AFTER_THE_STORY}") as node:
        yield tell(node)


@pytest.fixture
def fresh_story(tmp_path: Path) -> Iterator[Node]:
    """The same for one test, which may reorganise it."""
    with bitcoind_node(tmp_path, f"-mocktime={AFTER_THE_STORY}") as node:
        yield tell(node)


@pytest.fixture(scope="session")
def uneven(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, list[int]]]:
    """A chain of 90 blocks whose miners' clocks are up to an hour wrong, and the header times by height."""
    start = 1_530_000_000
    with bitcoind_node(tmp_path_factory.mktemp("uneven"), f"-mocktime={start}") as node:
        clock = random.Random(7)  # noqa: S311  # the same chain every time
        for height in range(90):
            node("setmocktime", start + 600 * height + clock.randint(-3600, 3600))
            node("generatetodescriptor", 1, "raw(51)")
        yield node, [node("getblockheader", node("getblockhash", height))["time"] for height in range(91)]


def tell(node: Node) -> Node:
    for line in gzip.decompress((DATA / "blocks.hex.gz").read_bytes()).decode().split()[1:]:
        assert node("submitblock", line) is None
    return node
