"""Records the evidence of the shipped rehearsals from real local nodes: `python -m tools.record_examples`.

Each rehearsal gets nodes of its own, with their clocks in 2018: a Bitcoin regtest node and two EVM chains. Coins
are mined, tokens deployed and transferred; then `reservecheck collect` reads them as it would read any chain.
Nothing is written but evidence/<entity>/<moment>/, which must not exist yet.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final

from tests.nodes.running import Node, anvil, bitcoind_node
from tools.stand_in_token import ADDRESS, creation_code, transfer_data

from reservecheck.__main__ import run as reservecheck
from reservecheck.declare.engagement import load_engagement
from reservecheck.declare.wallets import load_wallets
from reservecheck.registry.shipped import load_registry

ROOT: Final = Path(__file__).resolve().parent.parent
BLOCK_SECONDS: Final = 600
MINED: Final = 720
"""Regtest halves its subsidy every 150 blocks: 620 mature coinbases give the 13,242.7 BTC that are needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A stand-in token on one of the EVM chains and who gets how much, in whole units by wallet label."""

    chain: int
    decimals: int
    holders: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What is put on the chains before the first moment, and what is taken between the moments."""

    entity: str
    moments: tuple[str, ...]
    bitcoin: Mapping[str, str]
    ether: Mapping[str, str] = field(default_factory=dict)  # on the first EVM chain
    tokens: tuple[Token, ...] = ()
    stolen_bitcoin: tuple[str, ...] = ()  # labels emptied between the first and the second moment
    stolen_tokens: Mapping[str, str] = field(default_factory=dict)


REHEARSALS: Final = (
    Rehearsal(
        entity="hanul",
        moments=("2018-06-28",),
        bitcoin={"btc-hot": "20", "btc-cold-1": "680", "btc-cold-2": "300", "btc-company": "20"},
        ether={"eth-hot": "500", "eth-cold": "19500", "eth-company": "359"},
        tokens=(
            Token(chain=31337, decimals=6, holders={"usdt-1": "4000000"}),
            Token(chain=31338, decimals=18, holders={"usdt-2": "6000000", "usdt-company": "466000"}),
        ),
    ),
    Rehearsal(
        entity="hanul-hole",
        moments=("2018-06-28",),
        bitcoin={"btc-hot": "20", "btc-cold-1": "680", "btc-cold-2": "300", "btc-company": "629"},
        ether={"eth-hot": "500", "eth-cold": "11500"},
        tokens=(
            Token(chain=31337, decimals=6, holders={"usdt-1": "4000000"}),
            Token(chain=31338, decimals=18, holders={"usdt-2": "6000000", "usdt-company": "480000"}),
        ),
    ),
    Rehearsal(
        entity="kaede",
        moments=("2018-09-14-before", "2018-09-14-after"),
        bitcoin={
            "btc-hot": "2723.4",
            "btc-company": "3242.7",
            "btc-cold-1": "4000",
            "btc-cold-2": "3000",
            "btc-cold-3": "276.6",
        },
        tokens=(
            Token(
                chain=31337,
                decimals=8,
                holders={"mona-hot": "5911859.3", "mona-cold": "9088140.7", "mona-company": "324950.8"},
            ),
            Token(
                chain=31338,
                decimals=8,
                holders={"bch-hot": "40360", "bch-cold": "19640", "bch-company": "1967.1"},
            ),
        ),
        stolen_bitcoin=("btc-hot", "btc-company"),
        stolen_tokens={
            "mona-hot": "5911859.3",
            "mona-company": "324950.8",
            "bch-hot": "40360",
            "bch-company": "1967.1",
        },
    ),
    Rehearsal(entity="nabi", moments=("2018-06-28",), bitcoin={}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chains:
    """The running nodes of one rehearsal."""

    bitcoin: Node
    evm: Mapping[int, Node]


def main() -> int:
    """Record every rehearsal, or those named on the command line."""
    wanted = sys.argv[1:]
    for rehearsal in REHEARSALS:
        if not wanted or rehearsal.entity in wanted:
            record(rehearsal)
    return 0


def record(rehearsal: Rehearsal) -> None:
    """Start the nodes, put the coins in place, move to each moment, collect them all from the last tip."""
    addresses = _addresses(rehearsal)
    cutoffs = [_cutoff(rehearsal, moment) for moment in rehearsal.moments]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        chains = stack.enter_context(_chains(Path(folder), cutoffs[0]))
        _fund_bitcoin(chains.bitcoin, rehearsal, addresses, cutoffs[0])
        _fund_evm(chains, rehearsal, addresses, cutoffs[0])
        if len(cutoffs) > 1:
            _steal(chains, rehearsal, addresses, cutoffs[0] + 2000)
        _pass(chains, cutoffs[-1])
        providers = _providers(Path(folder), chains)
        for moment in rehearsal.moments:
            target = ROOT / "evidence" / rehearsal.entity / moment
            shutil.rmtree(target, ignore_errors=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            snapshot = ROOT / "snapshots" / rehearsal.entity / moment
            wallets = ROOT / "wallets" / f"{rehearsal.entity}.toml"
            options = ["--providers", str(providers), "--evidence", str(target)]
            if reservecheck(["collect", str(wallets), str(snapshot), *options]) != 0:
                raise SystemExit(f"{rehearsal.entity} {moment}: not everything was read")


def _addresses(rehearsal: Rehearsal) -> dict[str, str]:
    snapshot = ROOT / "snapshots" / rehearsal.entity / rehearsal.moments[0] / "engagement.toml"
    registry = load_registry()
    load_engagement(snapshot, registry)
    declared = load_wallets(ROOT / "wallets" / f"{rehearsal.entity}.toml", registry)
    return {wallet.label: wallet.address for wallet in declared.wallets}


def _cutoff(rehearsal: Rehearsal, moment: str) -> int:
    path = ROOT / "snapshots" / rehearsal.entity / moment / "engagement.toml"
    return load_engagement(path, load_registry()).cutoff_epoch


@contextmanager
def _chains(folder: Path, cutoff: int) -> Iterator[Chains]:
    start = str(cutoff - 86_400)
    with (
        bitcoind_node(folder, "-txindex=0", f"-mocktime={cutoff - MINED * BLOCK_SECONDS}") as bitcoin,
        anvil(folder, 31337, "--timestamp", start, "--balance", "1000000") as one,
        anvil(folder, 31338, "--timestamp", start, "--balance", "1000000") as two,
    ):
        yield Chains(bitcoin=bitcoin, evm={31337: one, 31338: two})


def _fund_bitcoin(node: Node, rehearsal: Rehearsal, addresses: Mapping[str, str], cutoff: int) -> None:
    node("createwallet", "miner")
    start = cutoff - MINED * BLOCK_SECONDS
    for number in range(MINED - 10):
        _mine(node, start + number * BLOCK_SECONDS)
    if rehearsal.stolen_bitcoin:
        _import_keys(node, rehearsal, addresses)
    for label, amount in rehearsal.bitcoin.items():
        node("sendtoaddress", addresses[label], amount, wallet="miner")
    for number in range(MINED - 10, MINED):
        _mine(node, start + number * BLOCK_SECONDS)


def _mine(node: Node, when: int) -> None:
    node("setmocktime", when)
    node("generatetoaddress", 1, node("getnewaddress", wallet="miner"))


def _import_keys(node: Node, rehearsal: Rehearsal, addresses: Mapping[str, str]) -> None:
    """The keys of the wallets the thief will empty; they exist for this rehearsal only."""
    node("createwallet", "hot", False, True)  # noqa: FBT003  # the node's own positional flags
    for label, kind in zip(rehearsal.stolen_bitcoin, ("btc-hot", "btc-house"), strict=True):
        descriptor = f"wpkh({_private_key(f'{rehearsal.entity}-{kind}')})"
        checksum = node("getdescriptorinfo", descriptor)["checksum"]
        sealed = f"{descriptor}#{checksum}"
        if node("deriveaddresses", node("getdescriptorinfo", descriptor)["descriptor"]) != [addresses[label]]:
            raise SystemExit(f"{label}: the wallets file has another address than its rehearsal key")
        node("importdescriptors", [{"desc": sealed, "timestamp": "now"}], wallet="hot")


def _private_key(name: str) -> str:
    """A throw-away key in wallet import format for regtest."""
    from base58_bech32 import base58  # noqa: PLC0415  # only where a theft is rehearsed

    secret = hashlib.sha256(f"reservecheck rehearsal {name}".encode()).digest()
    return base58.b58encode_check(b"\xef" + secret + b"\x01").decode()


def _fund_evm(chains: Chains, rehearsal: Rehearsal, addresses: Mapping[str, str], cutoff: int) -> None:
    for token in rehearsal.tokens:
        node = chains.evm[token.chain]
        bank = node("eth_accounts")[0]
        supply = sum(_units(amount, token.decimals) for amount in token.holders.values())
        _transact(node, {"from": bank, "data": creation_code(supply, token.decimals)}, cutoff - 7200)
        for label, amount in token.holders.items():
            data = transfer_data(addresses[label], _units(amount, token.decimals))
            _transact(node, {"from": bank, "to": ADDRESS, "data": data})
    for label, amount in rehearsal.ether.items():
        node = chains.evm[31337]
        _transact(node, {"from": node("eth_accounts")[0], "to": addresses[label], "value": hex(_units(amount, 18))})
    for node in chains.evm.values():
        _evm_block(node, cutoff - 12)


def _steal(chains: Chains, rehearsal: Rehearsal, addresses: Mapping[str, str], when: int) -> None:
    """Between the two moments: everything hot goes to the thief."""
    bitcoin = chains.bitcoin
    thief = bitcoin("getnewaddress", wallet="miner")
    bitcoin("setmocktime", when)
    bitcoin("rescanblockchain", wallet="hot")
    bitcoin("sendall", [thief], wallet="hot")
    _mine(bitcoin, when)
    for token in rehearsal.tokens:
        node = chains.evm[token.chain]
        thief_account = "0x" + "bad0" * 10
        _evm_block(node, when)
        for label, amount in rehearsal.stolen_tokens.items():
            if label not in token.holders:
                continue
            owner = addresses[label]
            node("anvil_impersonateAccount", owner)
            node("anvil_setBalance", owner, hex(10**18))
            data = transfer_data(thief_account, _units(amount, token.decimals))
            _transact(node, {"from": owner, "to": ADDRESS, "data": data})


def _pass(chains: Chains, cutoff: int) -> None:
    """Go on past the last cut-off, so that its blocks are final."""
    for number in range(1, 14):
        _mine(chains.bitcoin, cutoff - 1200 + number * BLOCK_SECONDS)
    for node in chains.evm.values():
        for seconds in (-12, 12, 24, 36, 48):
            _evm_block(node, cutoff + seconds)


def _evm_block(node: Node, when: int) -> None:
    if int(node("eth_getBlockByNumber", "latest", False)["timestamp"], 16) < when:  # noqa: FBT003  # hashes only
        node("evm_setNextBlockTimestamp", when)
    node("evm_mine")


def _transact(node: Node, transaction: Mapping[str, str], when: int | None = None) -> None:
    if when is not None:
        node("evm_setNextBlockTimestamp", when)
    sent = node("eth_sendTransaction", {"gas": "0x100000", **transaction})
    for _ in range(100):
        receipt = node("eth_getTransactionReceipt", sent)
        if receipt is not None:
            break
        time.sleep(0.02)
    if receipt is None or receipt["status"] != "0x1":
        raise SystemExit(f"a rehearsed transaction failed: {transaction}")


def _units(amount: str, decimals: int) -> int:
    return int(Decimal(amount).scaleb(decimals))


def _providers(folder: Path, chains: Chains) -> Path:
    rows = [("bitcoin:regtest", "bitcoind", chains.bitcoin, "local-bitcoin")]
    rows += [(f"eip155:{chain}", "evm", node, f"local-evm-{chain}") for chain, node in chains.evm.items()]
    text = 'format = "reservecheck/providers/v1"\n'
    for network, kind, node, name in rows:
        text += f'[[source]]\nname = "{name}"\nnetwork = "{network}"\nkind = "{kind}"\nurl = "{node.url}"\n'
        text += 'operator = "rehearsal"\nrun_by = "practitioner"\n'
        if node.cookie_file is not None:
            text += f'auth = {{ cookie_file = "{node.cookie_file}" }}\n'
    path = folder / "providers.toml"
    path.write_text(text, encoding="utf-8")
    return path


if __name__ == "__main__":
    sys.exit(main())
