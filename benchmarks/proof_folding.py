"""What 2,000 owners' state proofs take in a bundle: `python -m benchmarks.proof_folding`.

Once as a real local node answers them, whose trie holds hardly more than the owners, so that it flatters; once
about a simulated trie of 300,000,000 accounts, the size of a large public chain, where proofs are eight to ten
nodes long and share less. Raw are the bodies as answered: JSON with the nodes in hex. Stored are the files of a
bundle: folded bodies, the table of nodes, and their lines in the manifest. Every body is read back and compared.
Goals: at most 30 % of raw, and a second for folding.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.members.real_proofs import fund, proven
from tests.members.simulated_trie import SimulatedTrie
from tests.nodes.running import anvil

from reservecheck.members.bodies import StoredBodies, write_bodies
from reservecheck.members.proof_nodes import NAME, read_nodes
from reservecheck.vault.canonical import sha256
from reservecheck.vault.sealed import sealed_files

OWNERS = 2_000
BATCH = 250
ACCOUNTS = 300_000_000
PERCENT_GOAL = 30
SECONDS_GOAL = 1


def main() -> int:
    """Print the figures; 0 when both goals are met."""
    figures = []
    with tempfile.TemporaryDirectory() as folder, anvil(Path(folder), 31337) as node:
        fund(node, OWNERS)
        answers = [item.reply.body or b"" for item in proven(node, OWNERS, BATCH).exchanges]
        figures.append(measured(f"a real node with no other accounts, batches of {BATCH}", answers))
    simulated = SimulatedTrie(ACCOUNTS, OWNERS).bodies(BATCH)
    figures.append(measured(f"a simulated trie of {ACCOUNTS} accounts, batches of {BATCH}", simulated))
    percent, seconds = max(one[0] for one in figures), max(one[1] for one in figures)
    goal = f"<= {PERCENT_GOAL} % of raw, <= {SECONDS_GOAL} s"
    print(json.dumps({"benchmark": "proof_folding", "goal": goal, "percent": round(percent, 1)}))
    return 0 if percent <= PERCENT_GOAL and seconds <= SECONDS_GOAL else 1


def measured(title: str, answers: Iterable[bytes]) -> tuple[float, float]:
    """(stored in % of raw, seconds for folding); raises SystemExit when a body does not come back."""
    bodies = {sha256(answer): answer for answer in answers}
    started = time.perf_counter()
    members = write_bodies(bodies)
    folding = time.perf_counter() - started
    started = time.perf_counter()
    stored = StoredBodies(frozenset(members), members.__getitem__)
    if any(stored.body(digest) != body for digest, body in bodies.items()):
        raise SystemExit("a body did not come back")
    stored.all_used()
    unfolding = time.perf_counter() - started
    raw = sum(map(len, bodies.values()))
    whole = in_a_bundle({f"bodies/{digest}.gz": body for digest, body in bodies.items()})
    folded = in_a_bundle(members)
    once = sum(map(len, read_nodes(members[NAME])))
    repeated = sum(
        len(node) // 2 - 1
        for body in bodies.values()
        for one in json.loads(body)
        for node in one["result"]["accountProof"]
    )
    print(f"{title}: raw {raw / 1e6:.2f} MB")
    print(
        f"  stored {folded / 1e6:.2f} MB, {100 * folded / raw:.1f} % of raw; only gzipped {100 * whole / raw:.1f} %"
    )
    print(
        f"  nodes in binary: {once / 1e6:.2f} MB each once, stored is {100 * folded / once:.0f} % of that; "
        f"{repeated / 1e6:.2f} MB as often as they stand, {100 * folded / repeated:.1f} %"
    )
    print(f"  folded in {folding:.2f} s, unfolded in {unfolding:.2f} s")
    return 100 * folded / raw, folding


def in_a_bundle(members: Mapping[str, bytes]) -> int:
    """The bytes of the files, and of their lines in the manifest."""
    return sum(map(len, sealed_files(members, kind="").values()))


if __name__ == "__main__":
    sys.exit(main())
