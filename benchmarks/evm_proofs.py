"""Account proofs verified per second, against py-trie's on the same proofs: `python -m benchmarks.evm_proofs`.

A state of 30,000 accounts is built, and eth_getProof's answer for 2,000 of its owners. Both verifiers are given
the same nodes as bytes, in turns, in one run; ours also refuses nodes out of place, which py-trie does not. Every
balance is checked. Goal: at least 4 times as many a second.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from typing import Final

import rlp
from sha3 import keccak_256
from trie.hexary import HexaryTrie

from reservecheck.chains.evm.proof.accounts import EMPTY_CODE, shown
from reservecheck.chains.evm.proof.trie import EMPTY_ROOT
from reservecheck.chains.evm.rlp import rlp_item, rlp_list, whole

ACCOUNTS: Final = 30_000
OWNERS: Final = 2_000
RUNS: Final = 3
RATIO_GOAL: Final = 4


def address(i: int) -> bytes:
    """The address of an account."""
    return hashlib.sha256(b"account %d" % i).digest()[:20]


def leaf(i: int) -> bytes:
    """The account itself, as the state's trie holds it."""
    fields = (whole(i), whole(10**18 + i), EMPTY_ROOT, EMPTY_CODE)
    return rlp_list(rlp_item(field) for field in fields)


def built() -> tuple[bytes, list[list[bytes]]]:
    """(state root, the nodes that prove each owner)."""
    state = HexaryTrie({})
    with state.squash_changes() as changes:
        for i in range(ACCOUNTS):
            changes[keccak_256(address(i)).digest()] = leaf(i)
    proofs = [state.get_proof(keccak_256(address(i)).digest()) for i in range(OWNERS)]
    return state.root_hash, [[rlp.encode(node) for node in proof] for proof in proofs]


def answer(i: int, nodes: list[bytes]) -> dict[str, object]:
    """What a node answers to eth_getProof of an owner."""
    return {
        "address": "0x" + address(i).hex(),
        "balance": hex(10**18 + i),
        "nonce": hex(i),
        "codeHash": "0x" + EMPTY_CODE.hex(),
        "storageHash": "0x" + EMPTY_ROOT.hex(),
        "accountProof": ["0x" + node.hex() for node in nodes],
        "storageProof": [],
    }


def ours(root: bytes, answers: list[dict[str, object]]) -> float:
    """Seconds to prove every owner's balance from the answers as they are parsed from JSON."""
    started = time.perf_counter()
    for i, said in enumerate(answers):
        if shown(root, "0x" + address(i).hex(), (), said).account.balance != 10**18 + i:
            raise SystemExit(f"account {i} is proven to be another")
    return time.perf_counter() - started


def py_trie(root: bytes, proofs: list[list[bytes]]) -> float:
    """Seconds for the same by py-trie, from the nodes as bytes."""
    started = time.perf_counter()
    for i, proof in enumerate(proofs):
        key = keccak_256(address(i)).digest()
        value = HexaryTrie.get_from_proof(root, key, [rlp.decode(node) for node in proof])
        if int.from_bytes(rlp.decode(value)[1], "big") != 10**18 + i:
            raise SystemExit(f"py-trie proves account {i} to be another")
    return time.perf_counter() - started


def main() -> int:
    """Print the figures; 0 when the goal is met."""
    root, proofs = built()
    answers = [answer(i, nodes) for i, nodes in enumerate(proofs)]
    pairs = [(ours(root, answers), py_trie(root, proofs)) for _ in range(RUNS)]
    mine, theirs = (OWNERS / min(column) for column in zip(*pairs, strict=True))
    nodes = sum(len(proof) for proof in proofs) / OWNERS
    print(f"{OWNERS} account proofs of {nodes:.1f} nodes, every balance checked")
    print(f"ours: {mine:.0f} a second, with what the answer states compared; py-trie: {theirs:.0f} a second")
    ratio = mine / theirs
    print(json.dumps({"benchmark": "evm_proofs", "goal": f">= {RATIO_GOAL}", "ratio": round(ratio, 1)}))
    return 0 if ratio >= RATIO_GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
