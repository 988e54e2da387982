"""What is asked about a UTXO set at the pin: of the door that owns the file, and of the node that writes it.

Decoder `bitcoind.utxoset/1`. `answer_for` is how that door reads a dump; it is the only thing here that sees one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from reservecheck.chains.bitcoind.utxo_set import scan_utxo_set
from reservecheck.errors import SourceError
from reservecheck.registry.coin_sets import published_set_hash
from reservecheck.transport.coin_set import DUMP, PATH, SCAN, STATE
from reservecheck.transport.jsonrpc import Call
from reservecheck.vault.canonical import Json

DECODER: Final = "bitcoind.utxoset/1"
MESSAGE_START: Final[Mapping[str, str]] = {
    "bitcoin:mainnet": "f9beb4d9",
    "bitcoin:testnet4": "1c163f28",
    "bitcoin:signet": "0a03cf40",
    "bitcoin:regtest": "fabfb5da",
    "litecoin:mainnet": "",
    "litecoin:regtest": "",
}
"""The networks whose dumps are read: `pchMessageStart` of src/kernel/chainparams.cpp in Bitcoin Core.

Empty for the older format of Litecoin 0.21, which names no network; its nodes dump no block but their tip.
"""
_PARAMS: Final = ("block", "scripts", "message start", "published hash")


def rolls_back(network: str) -> bool:
    """Whether a node of the network can dump the set of an earlier block."""
    return MESSAGE_START.get(network, "") != ""


def state_call() -> Call:
    """What is where the practitioner says his dump is."""
    return Call(STATE, [])


def dump_call(block: str) -> Call:
    """`dumptxoutset` of the set after a block, by its hash; the door puts the path in."""
    return Call(DUMP, [PATH, "rollback", {"rollback": block}])


def set_call(network: str, block: str, scripts: Sequence[str]) -> Call:
    """What the dump shows of scripts; it says which block, network and published hash it is held against."""
    raws = [f"raw({script})" for script in scripts]
    return Call(SCAN, [block, raws, MESSAGE_START.get(network, ""), published_set_hash(network, block)])


def scripts_of(call: Call) -> tuple[str, ...] | None:
    """The scripts such a question asks for; None for any other question."""
    raws = call.params[1] if call.method == SCAN and len(call.params) == len(_PARAMS) else None
    if not isinstance(raws, Sequence) or isinstance(raws, str):
        return None
    texts = [raw for raw in raws if isinstance(raw, str) and raw.startswith("raw(") and raw.endswith(")")]
    return tuple(text[4:-1] for text in texts) if len(texts) == len(raws) else None


def answer_for(call: Call, chunks: Iterable[bytes], progress: Callable[[int], None]) -> Mapping[str, Json]:
    """The result of a question about a dump, given the bytes of it; raises SourceError for what is no such dump."""
    scripts, start = scripts_of(call), call.params[2:3]
    if scripts is None or not start or not isinstance(start[0], str):
        raise SourceError("no question about a UTXO set")
    found = scan_utxo_set(
        chunks,
        {bytes.fromhex(script) for script in scripts},
        message_start=bytes.fromhex(start[0]) or None,
        progress=progress,
    )
    return {
        "version": found.version,
        "base_hash": found.base_hash,
        "coins": found.coins,
        "set_hash": found.set_hash,
        "total_sats": found.total_sats,
        "file_sha256": found.file_sha256,
        "bytes": found.bytes,
        "matched": [
            [coin.txid, coin.vout, coin.height, coin.coinbase, coin.sats, coin.script] for coin in found.matched
        ],
    }
