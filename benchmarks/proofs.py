"""Proofs on demand out of a private folder: `python -m benchmarks.proofs`.

A tree of 1,048,576 leaves is built and written as `liabilities commit` does it. The folder is opened anew; then
proofs of customers from all over it are found by id alone, made and written as JSON, and verified. Goals: 1,000
proofs a CPU second, in at most 64 bytes a leaf, whatever finds them included.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from reservecheck.commitment.building import build_columns
from reservecheck.commitment.columns import Row, of_rows
from reservecheck.commitment.commitment_file import Published
from reservecheck.commitment.indexing import index_columns
from reservecheck.commitment.proof import verify
from reservecheck.commitment.proof_file import read_proof, write_proof
from reservecheck.commitment.scheme import Scope
from reservecheck.model.committed import PIECES
from reservecheck.private_trees import PrivateWriter, open_private
from reservecheck.vault.closed_folder import ClosedFolder

HEIGHT: Final = 20
CUSTOMERS: Final = 1 << HEIGHT
PROOFS: Final = 5_000
RATE_GOAL: Final = 1_000
BYTES_GOAL: Final = 64
SECRET: Final = bytes(range(32))


def main() -> int:
    """Print one line of JSON; exit 0 when both goals are met."""
    chosen = random.Random(2018).sample(range(CUSTOMERS), PROOFS)  # noqa: S311  # the same in every run
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "private"
        committed(folder)
        begun = time.process_time()
        private = open_private(folder)
        tree, index = private.tree("BTC"), private.index("BTC")
        found = [tree.prove_by(index, customer(number), private.secret) for number in chosen]
        files = [write_proof(proof) for proof in found if proof is not None]
        made = PROOFS / (time.process_time() - begun)
        stored = sum(path.stat().st_size for path in folder.iterdir() if path.suffix[1:] in PIECES) / CUSTOMERS
        commitment = private.published.trees[0]
    begun = time.process_time()
    for number, file in zip(chosen, files, strict=True):
        proof = read_proof(file)
        verify(proof, commitment)
        if (proof.customer, proof.units) != (customer(number), number**3):
            raise SystemExit("this is the proof of somebody else")
    verified = PROOFS / (time.process_time() - begun)
    met = made >= RATE_GOAL and stored <= BYTES_GOAL
    figures = {"proofs_per_cpu_s": int(made), "verified_per_cpu_s": int(verified), "bytes_a_leaf": round(stored, 2)}
    sizes = {"bytes_a_proof": sum(map(len, files)) // PROOFS}
    goals = {"proofs_per_cpu_s": RATE_GOAL, "bytes_a_leaf": BYTES_GOAL}
    print(
        json.dumps({"benchmark": "proofs", "leaves": 1 << HEIGHT, **figures, **sizes, "goals": goals, "met": met})
    )
    return 0 if met else 1


def customer(number: int) -> str:
    """An id."""
    return f"user-{number:07d}@example.test"


def committed(path: Path) -> None:
    """Fill a private folder: every leaf is a customer's, so that an index is as large as it gets."""
    columns = of_rows(Row(customer(number), number**3) for number in range(CUSTOMERS))
    tree = build_columns(columns, Scope(snapshot="benchmark", asset="BTC", decimals=8, height=HEIGHT), SECRET)
    with ClosedFolder(path) as folder:
        writer = PrivateWriter(folder, SECRET)
        writer.add(tree, index_columns(columns, tree, SECRET))
        writer.finish(Published(entity="benchmark", snapshot="benchmark", trees=(tree.commitment,)))


if __name__ == "__main__":
    sys.exit(main())
