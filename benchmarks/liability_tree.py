"""What building a liability tree costs: `python -m benchmarks.liability_tree`.

Side by side in one run, in CPU seconds, best of several rounds:

- hashing nodes, against `openssl speed`, both in blocks of 64 bytes a second. With the extra `fast`, sums
  included, against OpenSSL's messages of 16 KiB; without it, hashes alone, against those of 128 bytes, which are
  three blocks, as a node is.
- BitMEX's published tree, from the two files to the lines to publish, in compiled loops (`compiled_sum_tree`)
  against a line-by-line program (`published_sum_tree`). First both make the same lines from the same draws.
- a tree of 10,000,000 customers in a process of its own, whose peak memory is measured, its inputs included.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
from array import array
from collections.abc import Callable
from importlib.util import find_spec
from typing import Final

from benchmarks.published_sum_tree import EXAMPLE, node, published_tree

from reservecheck.commitment import plain
from reservecheck.commitment.building import build_columns
from reservecheck.commitment.columns import Columns, of_buffers
from reservecheck.commitment.scheme import NODE_TAG, Scope, least_height
from reservecheck.commitment.tree import FIRST_KEPT

CUSTOMERS: Final = 10_000_000
LEVEL: Final = 1 << 17
SMALL_LEVEL: Final = 1 << 13
ACCOUNTS: Final = 500_000
SLOW_ROUNDS: Final = 2
ROUNDS: Final = 5
FAST_PERCENT, PLAIN_PERCENT, TIMES, MEGABYTES = 60, 35, 40, 2_048
BLOCK: Final = 64
BLOCKS_A_NODE: Final = 3
SECRET: Final = bytes(range(32))


def main() -> int:
    """Print the figures; the last line is JSON. Exit code 1 when a goal is missed."""
    print(f"load average of the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    fast = find_spec("numba") is not None
    ratios = {"plain_hashing_percent": plain_hashing()}
    met = ratios["plain_hashing_percent"] >= PLAIN_PERCENT
    if fast:
        ratios["fast_hashing_percent"], ratios["times_published"] = fast_hashing(), published()
        ratios["peak_rss_mb"] = in_a_process(CUSTOMERS)
        met &= ratios["fast_hashing_percent"] >= FAST_PERCENT and ratios["times_published"] >= TIMES
        met &= ratios["peak_rss_mb"] <= MEGABYTES
    goals = {"plain": PLAIN_PERCENT, "fast": FAST_PERCENT, "times": TIMES, "peak_rss_mb": MEGABYTES}
    figures = {name: round(ratio, 1) for name, ratio in ratios.items()}
    print(json.dumps({"benchmark": "liability_tree", **figures, "fast": fast, "goals": goals, "met": met}))
    return 0 if met else 1


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """CPU seconds of the quickest round."""
    seconds = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        seconds.append(time.process_time() - begun)
    return min(seconds)


def openssl(size: int) -> float:
    """Blocks of 64 bytes, padding included, that OpenSSL hashes in a CPU second in messages of this size."""
    command = ["openssl", "speed", "-seconds", "1", "-bytes", str(size), "sha256"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    thousands = float(said.split()[-1].removesuffix("k"))
    return thousands * 1000 / size * ((size + 9 + BLOCK - 1) // BLOCK)


def compared(title: str, size: int, nodes: int, work: Callable[[], object]) -> float:
    """Percent of OpenSSL's rate, the better of both in rounds that alternate."""
    rates = [(nodes * BLOCKS_A_NODE / best(work, 2), openssl(size)) for _ in range(ROUNDS)]
    mine, theirs = max(rate for rate, _ in rates), max(rate for _, rate in rates)
    percent = 100 * mine / theirs
    print(f"{title}: {mine * BLOCK / 1e6:,.0f} MB/s of {theirs * BLOCK / 1e6:,.0f} ({size} bytes), {percent:.1f} %")
    return percent


def plain_hashing() -> float:
    """The hashes of a level with the standard library."""
    level, prefix = os.urandom(96 * SMALL_LEVEL), NODE_TAG + bytes(33)
    times = LEVEL // SMALL_LEVEL

    def hashed() -> None:
        for _ in range(times):
            plain.digests(prefix, level)

    return compared("hashing without fast", 128, LEVEL, hashed)


def fast_hashing() -> float:
    """All levels above leaves in compiled loops, sums included."""
    import numpy as np  # noqa: PLC0415  # optional

    from reservecheck.kernels.summation_tree import upper_levels  # noqa: PLC0415  # optional

    height = least_height(LEVEL)
    leaves = np.frombuffer(b"".join(os.urandom(32) + bytes(16) for _ in range(LEVEL)), dtype=np.uint8)
    upper_levels(leaves, context=bytes(32), height=height, first=FIRST_KEPT)
    nodes = LEVEL - 1
    return compared(
        "hashing with fast",
        16_384,
        nodes,
        lambda: upper_levels(leaves, context=bytes(32), height=height, first=FIRST_KEPT),
    )


def published() -> float:
    """How many times the speed of the line-by-line program."""
    import numpy as np  # noqa: PLC0415  # optional
    from benchmarks.compiled_sum_tree import compiled_tree, memory_for  # noqa: PLC0415  # optional

    root, *children = [(bytes.fromhex(digest), value) for digest, value in EXAMPLE]
    if node(*children) != root:
        raise SystemExit("the published example's root is not made")
    liabilities, nonces = files(1_000)
    draws = [secret >> 1 for secret in array("Q", os.urandom(8 * 4_000))]
    given = iter(draws)
    lines = published_tree(liabilities, nonces, 100, lambda low, high: low + next(given) % (high - low + 1))
    memory = np.zeros(memory_for(ACCOUNTS), dtype=np.uint8)
    pieces = compiled_tree(liabilities.encode(), nonces.encode(), 100, np.array(draws, np.uint64), memory)
    if b"".join(map(bytes, pieces)) != lines.encode():
        raise SystemExit("the two programs do not make the same lines")
    liabilities, nonces = files(ACCOUNTS)
    as_bytes, nonce_bytes = liabilities.encode(), nonces.encode()
    leaves = 1 << (2 * ACCOUNTS - 1).bit_length()

    def compiled() -> object:
        numbers = np.frombuffer(os.urandom(8 * (2 * leaves - ACCOUNTS)), dtype=np.uint64)
        return sum(map(len, compiled_tree(as_bytes, nonce_bytes, 100, numbers, memory)))

    def by_line() -> object:
        return published_tree(liabilities, nonces, 100, random.SystemRandom().randint)

    rates = [(leaves / best(compiled), leaves / best(by_line, 1)) for _ in range(SLOW_ROUNDS)]
    mine, theirs = max(rate for rate, _ in rates), max(rate for _, rate in rates)
    print(f"published tree: {mine:,.0f} leaves/s of {theirs:,.0f} line by line, {mine / theirs:.1f} times")
    return mine / theirs


def files(accounts: int) -> tuple[str, str]:
    """Balances and nonces of the published program."""
    chance = random.Random(2018)  # noqa: S311  # the same in every run
    balances = [f"{account},{chance.randrange(1 << 40)}\n" for account in range(accounts)]
    nonces = [f"{account},{chance.randbytes(32).hex()}\n" for account in range(accounts)]
    return "account,amount\n" + "".join(balances), "".join(nonces)


def in_a_process(customers: int) -> float:
    """Peak megabytes of a process that builds a tree of so many customers."""
    command = [sys.executable, "-m", "benchmarks.liability_tree", str(customers)]
    done = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    print(
        f"{customers:,} customers, height {done['height']}: {done['cpu_s']:.1f} CPU s, "
        f"peak {done['peak_rss_mb']:,} MB, {done['bytes_a_leaf']:.1f} bytes a leaf kept"
    )
    return float(done["peak_rss_mb"])


def measure(customers: int) -> None:
    """Build the tree; print what it took."""
    scope = Scope(snapshot="benchmark", asset="BTC", decimals=8, height=least_height(customers))
    columns = generated(customers)
    begun = time.process_time()
    tree = build_columns(columns, scope, SECRET)
    figures = {
        "cpu_s": time.process_time() - begun,
        "height": scope.height,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "bytes_a_leaf": (len(tree.leaves) + len(tree.upper)) / (1 << scope.height),
    }
    print(json.dumps(figures))


def generated(customers: int) -> Columns:
    """Columns of ids of twenty bytes and amounts of up to 96 bits."""
    ids, low, high = bytearray(), array("Q"), array("Q")
    state = 20180914
    for start in range(0, customers, 100_000):
        numbers = range(start, min(start + 100_000, customers))
        ids += "".join([f"user-{number:08d}@x.test" for number in numbers]).encode()
        for _ in numbers:
            state = state * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
            low.append(state)
            high.append(state >> 32)
    starts = array("q", range(0, 20 * customers + 1, 20))
    return of_buffers(memoryview(ids), starts, low, high)


if __name__ == "__main__":
    if sys.argv[1:]:
        measure(int(sys.argv[1]))
    else:
        sys.exit(main())
