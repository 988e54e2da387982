"""Proofs on demand from a tree that is there: `python -m benchmarks.proofs`.

A tree of 1,048,576 leaves is built, stored as the two pieces of bytes it is, and read back; then proofs of
customers from all over it are made and written as JSON, and verified. Goals: 1,000 proofs a CPU second, in at most
64 bytes a leaf.
"""

from __future__ import annotations

import json
import random
import sys
import time
from typing import Final

from reservecheck.commitment.building import build
from reservecheck.commitment.columns import Row
from reservecheck.commitment.proof import verify
from reservecheck.commitment.proof_file import read_proof, write_proof
from reservecheck.commitment.scheme import Scope
from reservecheck.commitment.tree import Tree

HEIGHT: Final = 20
CUSTOMERS: Final = 900_000
PROOFS: Final = 5_000
RATE_GOAL: Final = 1_000
BYTES_GOAL: Final = 64
SECRET: Final = bytes(range(32))


def main() -> int:
    """Print one line of JSON; exit 0 when both goals are met."""
    rows = [Row(f"user-{number:07d}@example.test", number**3) for number in range(CUSTOMERS)]
    built = build(rows, Scope(snapshot="benchmark", asset="BTC", decimals=8, height=HEIGHT), SECRET)
    leaves, upper = bytes(built.leaves), bytes(built.upper)
    tree = Tree(scope=built.scope, leaves=memoryview(leaves), upper=memoryview(upper))
    chosen = random.Random(2018).sample(rows, PROOFS)  # noqa: S311  # the same in every run
    begun = time.process_time()
    files = [write_proof(tree.prove(row.customer, [row.units], SECRET)) for row in chosen]
    made = PROOFS / (time.process_time() - begun)
    commitment = tree.commitment
    begun = time.process_time()
    for file in files:
        verify(read_proof(file), commitment)
    verified = PROOFS / (time.process_time() - begun)
    stored = (len(leaves) + len(upper)) / (1 << HEIGHT)
    met = made >= RATE_GOAL and stored <= BYTES_GOAL
    figures = {"proofs_per_cpu_s": int(made), "verified_per_cpu_s": int(verified), "bytes_a_leaf": round(stored, 2)}
    sizes = {"bytes_a_proof": sum(map(len, files)) // PROOFS}
    goals = {"proofs_per_cpu_s": RATE_GOAL, "bytes_a_leaf": BYTES_GOAL}
    print(
        json.dumps({"benchmark": "proofs", "leaves": 1 << HEIGHT, **figures, **sizes, "goals": goals, "met": met})
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
