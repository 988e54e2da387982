"""50,000 balances of 10,000 addresses on a local test chain: `python -m benchmarks.evm_balances`.

Evidence is recorded to disk by the transports a real run uses, then decoded. Against it, in the same run on the
same node: one web3 contract call for each balance, measured on 500 of them. Every value is checked. Goals: at
least 500 times faster, and at most 15 requests for balances, decimals and the last look at the block.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.nodes.running import Node, anvil

from reservecheck.chains.evm import decode, fetch
from reservecheck.chains.reader import Pair, Plan
from reservecheck.model.progress import silent
from reservecheck.model.registry import Network
from reservecheck.transport.endpoint import Endpoint
from reservecheck.transport.http import HttpTransport
from reservecheck.transport.journal import RecordingTransport
from reservecheck.transport.record import SourceCard

if TYPE_CHECKING:
    from web3.contract import Contract

OWNERS = 10_000
SAMPLE = 500
RATIO_GOAL = 500
REQUESTS_GOAL = 15
SPACING_S = 12
SOURCE = SourceCard(name="node", network="eip155:31337", kind="evm", operator="self", run_by="practitioner")
NETWORK = Network(
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
ABI = [
    {
        "name": "balanceOf",
        "type": "function",
        "stateMutability": "view",
        "inputs": [{"name": "owner", "type": "address"}],
        "outputs": [{"name": "", "type": "uint256"}],
    }
]
OWNER = ["0x" + hashlib.sha256(b"owner %d" % i).hexdigest()[:40] for i in range(OWNERS)]
TOKEN = ["0x" + hashlib.sha256(b"token %d" % i).hexdigest()[:40] for i in range(5)]


def code(number: int) -> str:
    """A token that answers owner × 2^-96 + number, as an EVM program: 8 bytes of every owner's address."""
    return f"0x60043560601c60{number:02x}0160005260206000f3"


def expected(owner: str, number: int) -> int:
    """What the token of that number answers."""
    return (int(owner, 16) >> 96) + number


def chain(node: Node) -> Plan:
    """Five tokens in block 1, block 2 after it; the plan of all 50,000 balances at block 1."""
    for number, token in enumerate(TOKEN):
        node("anvil_setCode", token, code(number))
    cutoff = int(node("eth_getBlockByNumber", "latest", False)["timestamp"], 16) + SPACING_S  # noqa: FBT003  # JSON-RPC
    for at in (cutoff, cutoff + SPACING_S):
        node("evm_setNextBlockTimestamp", at)
        node("evm_mine")
    pairs = tuple(Pair(owner, f"eip155:31337/erc20:{token}", token) for owner in OWNER for token in TOKEN)
    return Plan(network=NETWORK, cutoff_epoch=cutoff, pairs=pairs)


def by_reader(node: Node, plan: Plan, folder: Path) -> tuple[float, float, int]:
    """(seconds from the first question to the last reading, those of decoding, requests after the pin)."""
    started = time.perf_counter()
    with HttpTransport({SOURCE.name: Endpoint(node.url, requests_per_second=1_000)}) as http:
        transport = RecordingTransport(http, folder)
        fetch(plan, SOURCE, transport, silent)
        log = transport.log()
    fetched = time.perf_counter()
    found = decode(plan, log.of(NETWORK.network))
    ended = time.perf_counter()
    for i, reading in enumerate(found.readings.values()):
        owner, number = divmod(i, len(TOKEN))
        if reading.units != expected(OWNER[owner], number):
            raise SystemExit(f"balance {i} is {reading}, expected {expected(OWNER[owner], number)}")
    requests = sum(item.question.purpose not in {"chain", "pin"} for item in log.exchanges)
    return ended - started, ended - fetched, requests


def one_call_each(contracts: list[Contract]) -> float:
    """Seconds for SAMPLE balances by one web3 contract call each."""
    from web3 import Web3  # noqa: PLC0415  # takes seconds

    checksummed = [Web3.to_checksum_address(owner) for owner in OWNER[: SAMPLE // len(TOKEN)]]
    started = time.perf_counter()
    for owner in checksummed:
        for number, contract in enumerate(contracts):
            if contract.functions.balanceOf(owner).call(block_identifier=1) != expected(owner, number):
                raise SystemExit(f"web3 read another balance of {owner}")
    return time.perf_counter() - started


def main() -> int:
    """Print the figures; 0 when both goals are met."""
    from web3 import Web3  # noqa: PLC0415  # takes seconds

    with tempfile.TemporaryDirectory() as folder, anvil(Path(folder), NETWORK.chain_id or 0) as node:
        plan = chain(node)
        web3 = Web3(Web3.HTTPProvider(node.url))
        contracts = [web3.eth.contract(address=Web3.to_checksum_address(token), abi=ABI) for token in TOKEN]
        runs = [by_reader(node, plan, Path(folder) / f"run-{n}") for n in range(3)]
        seconds, decoding, requests = min(runs)
        sample = one_call_each(contracts)
    balances = len(plan.pairs)
    naive = sample * balances / SAMPLE
    print(f"{balances} balances, recorded and decoded: {seconds:.2f} s ({decoding:.2f} s of it decoding)")
    print(f"{SAMPLE} balances by one web3 call each: {sample:.2f} s, so {naive:.0f} s for {balances}")
    print(f"requests after the pin: {requests} (goal: at most {REQUESTS_GOAL}); every value checked")
    ratio = naive / seconds
    print(json.dumps({"requests": requests, "ratio": round(ratio, 1)}))
    return 0 if ratio >= RATIO_GOAL and requests <= REQUESTS_GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
