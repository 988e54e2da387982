"""A small EVM world on a real node: tokens of every behaviour, funded owners, plans, and a second opinion."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tests.chains.evm.node_transport import SOURCE, Fault, NodeTransport
from tests.nodes.running import Node, evm_block

from reservecheck.chains.evm import decode, fetch
from reservecheck.chains.reader import NetworkReading, Pair, Plan
from reservecheck.model.progress import silent
from reservecheck.model.registry import Network

NETWORK: Final = Network(
    network="eip155:31337",
    name="Local EVM chain",
    caip2="eip155:31337",
    family="evm",
    chain_id=31337,
    genesis="",
    fork_height=None,
    fork_hash="",
    finality="confirmations:1",
    public=False,
    max_skew_s=7200,
    header="ethereum",
)

OWNERS: Final = 120
TOKENS: Final = {  # what stands behind each name, by hand
    "storage": "0x6004355460005260206000f3",  # SLOAD(owner); decimals() reads slot 0
    "hash": "0x600435600052306020526040600020" + "60b01c" + "60005260206000f3",  # keccak(owner, token) >> 176
    "revert": "0x60006000fd",
    "stop": "0x00",
    "burner": "0xfe",
    "loop": "0x5b600056",
    "one-byte": "0x60ff60005360016000f3",
    "two-words": "0x602a600052600760205260406000f3",
    "largest": "0x7f" + (10**38 - 1).to_bytes(32, "big").hex() + "60005260206000f3",
    "too-large": "0x7f" + (10**38).to_bytes(32, "big").hex() + "60005260206000f3",
    "hungry": "0x6200ea605b6001900380600457" + "6004355460005260206000f3",  # 1.5 million gas, then SLOAD(owner)
    "nothing": "0x",
}


def token(name: str) -> str:
    """The address of a token."""
    return "0x" + hashlib.sha256(b"token " + name.encode()).hexdigest()[:40]


def owner(i: int) -> str:
    """The address of an owner."""
    return "0x" + hashlib.sha256(b"owner %d" % i).hexdigest()[:40]


def fund(node: Node, owners: int = OWNERS) -> None:
    """Put every token's code on the chain, fund owners, and mine the block that holds it and one after it."""
    for name, code in TOKENS.items():
        node("anvil_setCode", token(name), code)
    node("anvil_setStorageAt", token("storage"), hex(0), "0x" + (6).to_bytes(32, "big").hex())
    for i in range(owners):
        node("anvil_setBalance", owner(i), hex(10**18 + i))
        for name in ("storage", "hungry"):
            node("anvil_setStorageAt", token(name), "0x" + owner(i)[2:].rjust(64, "0"), f"0x{i + 1:064x}")
    mine(node, 12, 12)


def mine(node: Node, *seconds: int) -> None:
    """One block for each number, so many seconds after the one before."""
    time = time_of(node, head_of(node))
    for step in seconds:
        time += step
        node("evm_setNextBlockTimestamp", time)
        node("evm_mine")


def rewrite(node: Node, snapshot: str, *seconds: int) -> None:
    """Another history since a snapshot: its first block holds one more balance."""
    assert node("evm_revert", snapshot)
    node("anvil_setBalance", owner(1_000_000), "0x1")
    mine(node, *seconds)


def pairs_of(owners: Sequence[str], tokens: Sequence[str]) -> tuple[Pair, ...]:
    """Every named token for every owner; "" is the chain's own coin."""
    return tuple(pair_of(who, name) for who in owners for name in tokens)


def pair_of(who: str, name: str, network: str = NETWORK.network) -> Pair:
    """One holding; "" is the chain's own coin."""
    instrument = f"{network}/erc20:{token(name)}" if name else f"{network}/native"
    return Pair(who, instrument, token(name) if name else "")


def plan_at(node: Node, height: int, pairs: tuple[Pair, ...] = (), network: Network = NETWORK) -> Plan:
    """A plan whose cut-off is exactly the header time of a block."""
    return Plan(network=network, cutoff_epoch=time_of(node, height), pairs=pairs)


def time_of(node: Node, height: int) -> int:
    """Header time of a block."""
    return int(evm_block(node, hex(height))["timestamp"], 16)


def head_of(node: Node) -> int:
    """Height of the newest block."""
    return int(node("eth_blockNumber"), 16)


def read(node: Node, plan: Plan, fault: Fault = lambda _: None) -> tuple[NetworkReading, NodeTransport]:
    """Fetch from the node and decode what was recorded."""
    transport = NodeTransport(node, fault)
    fetch(plan, replace(SOURCE, network=plan.network.network), transport, silent)
    return decode(plan, transport.log().of(plan.network.network)), transport


def units(reading: NetworkReading) -> dict[tuple[str, str], int | None]:
    """What was read, by (identity, instrument)."""
    return {key: one.units for key, one in reading.readings.items()}


def one_by_one(node: Node, pair: Pair, block_hash: str) -> int | None:
    """The same balance by one plain request of its own; None where it does not answer with a word or more."""
    block = {"blockHash": block_hash}
    if not pair.contract:
        return int(node("eth_getBalance", pair.identity, block), 16)
    call = {"to": pair.contract, "data": "0x70a08231" + pair.identity[2:].rjust(64, "0")}
    try:
        answer = node("eth_call", call, block)
    except RuntimeError:
        return None
    return int(answer[2:66], 16) if len(answer) >= 66 else None
