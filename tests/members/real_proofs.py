"""`eth_getProof` answers of a real node, to the byte."""

from __future__ import annotations

import hashlib

from tests.chains.evm.node_transport import SOURCE, NodeTransport
from tests.nodes.running import Node

from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Log, Question


def owner(number: int) -> str:
    """The address of an owner."""
    return "0x" + hashlib.sha256(b"proven owner %d" % number).hexdigest()[:40]


def fund(node: Node, owners: int) -> None:
    """A different balance for each owner, in one block."""
    node.post(
        [
            {"jsonrpc": "2.0", "id": n, "method": "anvil_setBalance", "params": [owner(n), hex(10**18 + n)]}
            for n in range(owners)
        ]
    )
    node("evm_mine")


def proven(node: Node, owners: int, batch: int) -> Log:
    """What the node answers when it is asked for every owner's proof at its latest block."""
    transport = NodeTransport(node)
    for ordinal, start in enumerate(range(0, owners, batch)):
        calls = tuple(
            Call("eth_getProof", [owner(n), [], "latest"]) for n in range(start, min(start + batch, owners))
        )
        question = Question(
            network=SOURCE.network,
            source=SOURCE.name,
            purpose="proofs",
            ordinal=ordinal,
            decoder="evm.proofs/1",
            calls=calls,
            batch=True,
        )
        transport.ask(question)
    return transport.log()
