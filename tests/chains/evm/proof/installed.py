"""The recorded tokens on a real node: the same codes and storage, at the same addresses."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from tests.chains.evm.node_transport import SOURCE, Fault, NodeTransport
from tests.chains.evm.proof.vectors import HELD, TOKENS
from tests.chains.evm.small_chain import NETWORK, mine, plan_at
from tests.nodes.running import Node

from reservecheck.chains.evm import decode, fetch
from reservecheck.chains.evm.proof.slots import FLAGGED
from reservecheck.chains.reader import NetworkReading, Pair, Plan, Reading
from reservecheck.model.progress import silent
from reservecheck.model.registry import Network
from reservecheck.transport.record import ANSWERED, Question, Reply

HOLDER: Final = "0x" + 20 * "ab"
NOBODY: Final = "0x" + 20 * "cd"
USDC: Final = next(iter(FLAGGED))
ADDRESSES: Final = {token["name"]: token["token"].lower() for token in TOKENS}
PROVER: Final = replace(SOURCE, proofs=True)


def install(node: Node) -> None:
    """Codes, storage and balances in the next block, and one more block after it."""
    for token in TOKENS:
        for address, code in token["codes"].items():
            put(node, address, code, _words(token, address))
    packed = next(token for token in TOKENS if token["name"] == "Packed")
    (code,) = packed["codes"].values()
    put(node, USDC, code, _words(packed, ADDRESSES["Packed"]))
    node("anvil_setBalance", HOLDER, hex(7 * 10**18))
    mine(node, 12, 12)


def put(node: Node, address: str, code: str, words: dict[str, str]) -> None:
    """A contract and what it keeps."""
    node("anvil_setCode", address, code)
    for slot, word in words.items():
        node("anvil_setStorageAt", address, slot, "0x" + word[2:].rjust(64, "0"))


def _words(token: dict[str, Any], address: str) -> dict[str, str]:
    return {
        entry["key"]: entry["value"]
        for proof in token["proofs"]
        if proof["address"].lower() == address.lower()
        for entry in proof["storageProof"]
        if int(entry["value"], 16)  # anvil would write a zero into the trie, which no chain does
    }


def pair(owner: str, contract: str = "") -> Pair:
    """One holding by its contract; "" is the chain's own coin."""
    return Pair(owner, f"eip155:31337/erc20:{contract}" if contract else "eip155:31337/native", contract)


def plan_of(node: Node, *pairs: Pair, network: Network = NETWORK) -> Plan:
    """These holdings at block 1."""
    return plan_at(node, 1, pairs, network)


def read(node: Node, plan: Plan, fault: Fault = lambda _: None) -> tuple[NetworkReading, NodeTransport]:
    """Fetch from a node that is to prove, and decode what was recorded."""
    transport = NodeTransport(node, fault)
    fetch(plan, PROVER, transport, silent)
    return decode(plan, transport.log().of(plan.network.network)), transport


def reading_of(found: NetworkReading, one: Pair) -> Reading:
    """The reading of one holding."""
    return found.readings[one.identity, one.instrument]


def altering(node: Node, decoder: str, change: Callable[[Any], Any]) -> Fault:
    """The node's own answers to one kind of question, each result changed."""

    def fault(question: Question) -> Reply | None:
        if question.decoder != decoder:
            return None
        body = json.loads(NodeTransport(node).pass_on(question).body or b"")
        for entry in body if isinstance(body, list) else [body]:
            entry["result"] = change(entry["result"])
        return Reply(ANSWERED, json.dumps(body).encode(), 1, "2018-06-27T16:00:00Z")

    return fault


def held_by_holder(name: str) -> int:
    """What the recorded token answers for the holder."""
    return next(int(token["balanceOf"]) for token in TOKENS if token["name"] == name) if name else HELD
