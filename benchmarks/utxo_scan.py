"""A UTXO-set dump against a real node, a plain hash and a plain reader: `python -m benchmarks.utxo_scan`.

Three ratios, walls of one process in one run, the best of several rounds that take turns. The compiled loop (extra
`fast`) is needed; its machine code is made before anything is measured, and files are in the page cache.

1. Coins a second against `scantxoutset` of a bitcoind, both with the same 10,000 scripts, a tenth of which
   hold a coin, preparing the scripts included. Beside it, the rate on the large file. Goal: ten times the node's.
2. Matching the coins of a synthetic dump of 20,000,000 coins (1.1 GB) against `hashlib.sha256` of the same file.
   Goal: at most 1.5 times as long. Beside it, the same with the file's own hash, which a second thread makes: what
   a run takes, and what a machine with one idle processor less takes longer for.
3. The same with the set's hash, against the reader without a compiler on a slice of 300,000 coins: goal 15 times.

Memory, in processes of their own, must be the same for a quarter of the file and for all of it (within 16 MB).
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.mined_utxo_set import REGTEST, mine_set, paid
from benchmarks.synthetic_utxo_set import MESSAGE_START, Made, generate, wallet_scripts
from tests.nodes.running import Node, bitcoind_node

from reservecheck.chains.bitcoind import utxo_set
from reservecheck.chains.bitcoind.utxo_set import UtxoSetScan, scan_utxo_set

COINS = 20_000_000
SLICE = 300_000
SCRIPTS = 10_000
ROUNDS = 5
CHUNK = 1 << 20
NODE_GOAL, HASH_GOAL, PLAIN_GOAL, MEMORY_GOAL_MB = 10, 1.5, 15, 16


def main() -> int:
    """Print the figures; 0 when every goal is met."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        large, quarter, part = (folder / f"{size}.dat" for size in ("large", "quarter", "part"))
        compile_once(part, written(part, SLICE))
        made = written(large, COINS)
        written(quarter, COINS // 4)
        by_node, same_set = against_node(folder)
        print(f"node: {by_node:,.0f} coins/s; the same set: {same_set:,.0f} coins/s", flush=True)
        hashing, matching, with_file_hash, hashed, plain = against_hash_and_twin(large, part)
        memory = [peak_mb(path) for path in (quarter, large)]
    result = {
        "benchmark": "utxo_scan",
        "bytes": made.bytes,
        "times_node": round(same_set / by_node, 1),
        "large_set_times_node": round(COINS / matching / by_node, 1),
        "times_hash": round(matching / hashing, 2),
        "times_hash_with_the_file_s_own": round(with_file_hash / hashing, 2),
        "times_plain": round(COINS / hashed / (SLICE / plain), 1),
        "coins_per_s": {
            "matching": int(COINS / matching),
            "with_hash": int(COINS / hashed),
            "plain": int(SLICE / plain),
        },
        "peak_rss_mb": memory,
        "goals": {"times_node": NODE_GOAL, "times_hash": HASH_GOAL, "times_plain": PLAIN_GOAL},
    }
    met = (
        same_set >= NODE_GOAL * by_node
        and matching <= HASH_GOAL * hashing
        and COINS / hashed >= PLAIN_GOAL * SLICE / plain
        and memory[1] - memory[0] <= MEMORY_GOAL_MB
    )
    print(json.dumps({**result, "met": met}))
    return 0 if met else 1


def written(path: Path, coins: int) -> Made:
    """A synthetic dump, on the disk before anything is measured."""
    made = generate(path, coins)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return made


def read(path: Path) -> Iterator[bytes]:
    """The file in chunks."""
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def scan(
    path: Path,
    scripts: Sequence[bytes],
    message_start: bytes = MESSAGE_START,
    *,
    set_hash: bool,
    file_hash: bool = True,
) -> UtxoSetScan:
    """The whole call."""
    return scan_utxo_set(read(path), scripts, message_start=message_start, set_hash=set_hash, file_hash=file_hash)


def plain_scan(path: Path, scripts: Sequence[bytes]) -> UtxoSetScan:
    """The whole call, as where there is no compiler."""
    with patch.object(utxo_set, "WORTH_COMPILING", 1 << 64):
        return scan(path, scripts, set_hash=True)


def compile_once(path: Path, made: Made) -> None:
    """Have the machine code made, and see that both readers agree."""
    found = scan(path, wallet_scripts(), set_hash=True)
    if found != plain_scan(path, wallet_scripts()) or (found.coins, found.total_sats) != (made.coins, made.sats):
        raise SystemExit("the readers do not agree")


def least(*works: Callable[[], object]) -> list[float]:
    """The least seconds of each, in rounds in which they take turns."""
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, taken in zip(works, seconds, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return [min(taken) for taken in seconds]


def against_node(folder: Path) -> tuple[float, float]:
    """Coins a second of the node's scan, and of ours of the same set, which must find the same."""
    with bitcoind_node(folder, "-txindex=0", "-blockfilterindex=0", "-dbcache=300") as node:
        coins = mine_set(node)
        scripts = [paid(number) for number in range(0, 10 * SCRIPTS, 10)]
        scripts = scripts[: SCRIPTS // 10] + [sha256(script).digest()[:22] for script in scripts[SCRIPTS // 10 :]]
        said = node("dumptxoutset", "set.dat", "latest")
        path = node.datadir / "regtest" / "set.dat"
        found = scan(path, scripts, REGTEST, set_hash=True)
        answer = node_scan(node, scripts)
        outpoints = sorted((one["txid"], one["vout"]) for one in answer["unspents"])
        same = outpoints == [(one.txid, one.vout) for one in found.matched]
        if not same or len(outpoints) < SCRIPTS // 10 or found.set_hash != said["txoutset_hash"]:
            raise SystemExit("the node and the dump do not agree")
        by_node, here = least(
            lambda: node_scan(node, scripts),
            lambda: scan(path, scripts, REGTEST, set_hash=False, file_hash=False),
        )
    return coins / by_node, coins / here


def node_scan(node: Node, scripts: Sequence[bytes]) -> Any:  # noqa: ANN401  # JSON of any shape
    """The node's answer."""
    return node("scantxoutset", "start", [f"raw({script.hex()})" for script in scripts])


def against_hash_and_twin(large: Path, part: Path) -> tuple[float, float, float, float, float]:
    """Seconds: a hash of the file, matching, also with the file's hash, with the set's too, the plain reader."""
    scripts = wallet_scripts()

    def file_hash() -> None:
        digest = hashlib.sha256()
        for chunk in read(large):
            digest.update(chunk)

    hashing, matching, with_file_hash = least(
        file_hash,
        lambda: scan(large, scripts, set_hash=False, file_hash=False),
        lambda: scan(large, scripts, set_hash=False),
    )
    hashed, plain = least(lambda: scan(large, scripts, set_hash=True), lambda: plain_scan(part, scripts))
    return hashing, matching, with_file_hash, hashed, plain


def peak_mb(path: Path) -> int:
    """Peak memory of a process that scans the file for scripts that are not in it, with the set's hash."""
    command = [sys.executable, "-m", "benchmarks.utxo_scan", str(path)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    if sys.argv[1:]:
        scan(Path(sys.argv[1]), [bytes(22)], set_hash=True)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    else:
        sys.exit(main())
