"""A real node's dumps: its own hash, its own scan."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import pytest
from tests.chains.bitcoind.conftest import Told
from tests.chains.bitcoind.scanning_dumps import either, scan
from tests.chains.bitcoind.written_dumps import compact, public_key
from tests.nodes.running import Node, bitcoind_node

from reservecheck.chains.bitcoind.utxo_set import UtxoSetScan

OUTPUTS: Final = 17_000
PIN: Final = 150


def paid(number: int) -> bytes:
    """A script of its own for every output."""
    return b"\x00\x14" + number.to_bytes(20)


def many_outputs(node: Node, block: str) -> str:
    """A transaction that spends a coinbase anyone may spend to 17,000 outputs."""
    coinbase = bytes.fromhex(node("getblock", block)["tx"][0])[::-1]
    outputs = b"".join(struct.pack("<q", 1_000 + n) + compact(22) + paid(n) for n in range(OUTPUTS))
    start = struct.pack("<I", 2) + b"\x01" + coinbase + struct.pack("<I", 0) + b"\x00" + b"\xff" * 4
    return (start + compact(OUTPUTS) + outputs + bytes(4)).hex()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """Public keys of every form, then a transaction with more outputs than are stored in order."""
    with bitcoind_node(tmp_path_factory.mktemp("large"), "-mocktime=1530000000") as node:
        for script in keys():
            node("generatetodescriptor", 1, f"raw({script.hex()})")
        first = node("generatetodescriptor", 101, "raw(51)")[0]
        node("generateblock", "raw(51)", [many_outputs(node, first)])
        yield node


def keys() -> list[bytes]:
    even, odd = public_key(1, odd=False), public_key(1, odd=True)
    assert even is not None
    assert odd is not None
    return [b"\x41" + key + b"\xac" for key in (even, odd, b"\x04" + even[1:33] * 2)] + [
        b"\x21" + start + even[1:33] + b"\xac" for start in (b"\x02", b"\x03")
    ]


def dumped(node: Node, name: str, *how: object) -> tuple[bytes, Any]:
    said = node("dumptxoutset", name, *how)
    return (node.datadir / "regtest" / name).read_bytes(), said


def agrees_with_the_scan(found: UtxoSetScan, answer: Any) -> None:  # noqa: ANN401  # JSON of any shape
    assert [
        (one.txid, one.vout, one.height, one.coinbase, one.sats, one.script) for one in found.matched
    ] == sorted(
        (
            one["txid"],
            one["vout"],
            one["height"],
            one["coinbase"],
            int(Decimal(one["amount"]).scaleb(8)),
            one["scriptPubKey"],
        )
        for one in answer["unspents"]
    )


@either
def test_outputs_beyond_16511_and_keys_of_every_form_are_hashed_as_the_node_does(large: Node, reader: str) -> None:
    data, said = dumped(large, f"large-{reader}.dat", "latest")
    wanted = [*keys(), *map(paid, (0, 255, 256, 16_511, 16_512, 16_999, 17_000)), b"\x51"]
    found = scan(data, wanted, reader=reader)
    info = large("gettxoutsetinfo", "hash_serialized_3")
    assert found.set_hash == said["txoutset_hash"] == info["hash_serialized_3"]
    assert (found.coins, found.base_hash) == (info["txouts"], info["bestblock"])
    assert found.total_sats == Decimal(info["total_amount"]).scaleb(8)
    answer = large("scantxoutset", "start", [f"raw({script.hex()})" for script in wanted])
    assert answer["success"]
    agrees_with_the_scan(found, answer)
    assert len(found.matched) == 5 + 6 + 101


@either
def test_a_dump_of_an_earlier_block_holds_the_coins_of_that_block(story: Node, told: Told, reader: str) -> None:
    data, said = dumped(story, f"story-{reader}.dat", "rollback", {"rollback": PIN})
    found = scan(data, [bytes.fromhex(script) for script in told.all_scripts], reader=reader)
    assert (found.set_hash, found.base_hash) == (said["txoutset_hash"], told.hashes[PIN])
    balances = dict.fromkeys(told.all_scripts, 0)
    for one in found.matched:
        balances[one.script] += one.sats
    assert balances == told.ledger(PIN)


@either
def test_a_dump_of_the_tip_holds_what_a_scan_finds(story: Node, told: Told, reader: str) -> None:
    data, said = dumped(story, f"tip-{reader}.dat", "latest")
    found = scan(data, [bytes.fromhex(script) for script in told.all_scripts], reader=reader)
    assert found.set_hash == said["txoutset_hash"]
    agrees_with_the_scan(found, story("scantxoutset", "start", [f"raw({script})" for script in told.all_scripts]))
