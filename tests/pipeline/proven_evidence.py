"""An example's evidence whose nodes put proofs beside their headers: answers that are folded, yet decoded."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Final

from tests.members.simulated_trie import SimulatedTrie

from reservecheck.bundle import EVIDENCE, Gathered, evidence_members, open_sealed
from reservecheck.observe import observe
from reservecheck.transport.record import Recorded, Reply, seal
from reservecheck.vault.sealed import Sealed, sealed_files, write_sealed

TRIE: Final = SimulatedTrie(5_000, 40)
_HEADER: Final = b'"result":{'


def give_proofs(evidence: Path) -> None:
    """Write the evidence set anew, with proofs of forty accounts in the answers about blocks of the EVM chains."""
    gathered = open_sealed(Sealed(evidence), kind=EVIDENCE).gathered
    proofs = json.dumps([[f"0x{node.hex()}" for node in proof] for proof in TRIE.proofs.values()]).encode()
    log = seal([(item.question, _with_proofs(item, proofs)) for item in gathered.log.exchanges])
    proven = Gathered(cover=gathered.cover, job=gathered.job, log=log)
    members = evidence_members(proven, observe(proven.job, proven.log))
    shutil.rmtree(evidence)
    write_sealed(evidence, sealed_files(members, kind=EVIDENCE), scratch=evidence.with_suffix(".partial"))


def _with_proofs(item: Recorded, proofs: bytes) -> Reply:
    reply = item.reply
    if reply.body is None or item.question.calls[0].method != "eth_getBlockByNumber":
        return reply
    return replace(reply, body=reply.body.replace(_HEADER, _HEADER + b'"proofs":' + proofs + b",", 1))
