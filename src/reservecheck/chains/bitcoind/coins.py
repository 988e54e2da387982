"""Coins of declared scripts: the set at the tip, and what the blocks after the pin did to it.

Decoders `bitcoind.scan/1` (scantxoutset), `bitcoind.activity/1` (getdescriptoractivity) and
`bitcoind.scanblocks/1` (scanblocks: which blocks may have activity at all, by their BIP 158 filters).

A scan answers for the tip only; the coins at the pin are those of the tip that are not younger, and those spent
since that are not younger. The young coins stand in both answers and must be the same in both, or neither counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from reservecheck.chains.bitcoind.answers import (
    Unreadable,
    block_hash,
    field,
    number,
    require_calls,
    satoshis,
    value,
)
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Recorded

SCAN: Final = "bitcoind.scan/1"
ACTIVITY: Final = "bitcoind.activity/1"
FILTER: Final = "bitcoind.scanblocks/1"

MATURITY: Final = 100
"""Bitcoin Core, src/consensus/consensus.h: COINBASE_MATURITY; the same in all networks that are read."""
IMMATURE: Final = "immature coinbase"

Outpoint = tuple[str, int]
"""Transaction and number of the output."""


class Coin(NamedTuple):
    """An output on a declared script."""

    script: str  # scriptPubKey, lower-case hex
    sats: int
    height: int  # of the block it was made in, for a coin of the tip


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One chunk of scripts at the tip the scan stood on."""

    scripts: frozenset[str]
    tip: str
    height: int
    coins: Mapping[Outpoint, Coin]
    generated: frozenset[Outpoint] = frozenset()  # those of a coinbase, as far as the node says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What blocks did with one chunk's coins."""

    received: Mapping[Outpoint, Coin]
    spent: Mapping[Outpoint, Coin]


def scan_call(scripts: Sequence[str]) -> Call:
    """`scantxoutset` over scripts as they stand: P2PK and bare multisig are found, which addresses are not."""
    return Call("scantxoutset", ["start", [f"raw({script})" for script in scripts]])


def activity_call(blocks: Sequence[str], scripts: Sequence[str]) -> Call:
    """`getdescriptoractivity` over blocks, coins in the mempool left out."""
    in_mempool = False
    return Call("getdescriptoractivity", [list(blocks), [f"raw({script})" for script in scripts], in_mempool])


def filter_call(scripts: Sequence[str], first: int, last: int) -> Call:
    """`scanblocks` from one height to another, both included."""
    return Call("scanblocks", ["start", [f"raw({script})" for script in scripts], first, last, "basic"])


def scripts_asked(item: Recorded) -> tuple[str, ...]:
    """The scripts a scan was asked for; raises Unreadable when it was not such a question."""
    calls = item.question.calls
    wanted = calls[0].params[1] if len(calls) == 1 and len(calls[0].params) == len(("start", "scripts")) else None
    if not isinstance(wanted, Sequence) or isinstance(wanted, str):
        raise Unreadable("garbled question: scan")
    scripts = tuple(raw[4:-1] if isinstance(raw, str) else "" for raw in wanted)
    require_calls(item, [scan_call(scripts)])
    return scripts


def blocks_asked(item: Recorded) -> int:
    """How many blocks a question about activity names, 0 when it is no such question."""
    calls = item.question.calls
    blocks = calls[0].params[0] if calls and calls[0].params else None
    return len(blocks) if isinstance(blocks, list | tuple) else 0


def read_scan(item: Recorded) -> Scan:
    """The coins of one scan; raises Unreadable for one that was aborted, refused, cut short or altered.

    An aborted scan answers with HTTP 200 and part of the coins: only `success: true` counts.
    """
    scripts = frozenset(scripts_asked(item))
    answer = value(item)
    if not field(answer, "success", bool):
        raise Unreadable("the scan was aborted")
    coins: dict[Outpoint, Coin] = {}
    generated = set()
    height = number(answer, "height")
    unspents = field(answer, "unspents", list)
    for entry in unspents:
        coin = Coin(_known(field(entry, "scriptPubKey", str), scripts), _amount(entry), number(entry, "height"))
        if coin.height > height:
            raise Unreadable("garbled answer: a coin younger than the tip")
        outpoint = _outpoint(entry, "txid", "vout")
        coins[outpoint] = coin
        if _member(entry, "coinbase") is True:
            generated.add(outpoint)
    if len(coins) != len(unspents):
        raise Unreadable("garbled answer: a coin stands twice")
    if sum(coin.sats for coin in coins.values()) != satoshis(_member(answer, "total_amount")):
        raise Unreadable("garbled answer: the coins do not add up to total_amount")
    tip = block_hash(field(answer, "bestblock", str))
    return Scan(scripts=scripts, tip=tip, height=height, coins=coins, generated=frozenset(generated))


def read_activity(item: Recorded, blocks: Mapping[str, int], scripts: Collection[str]) -> Activity:
    """What the blocks did; raises Unreadable for anything about another block, script or the mempool."""
    received: dict[Outpoint, Coin] = {}
    spent: dict[Outpoint, Coin] = {}
    entries = field(value(item), "activity", list)
    for entry in entries:
        height = number(entry, "height")
        if blocks.get(field(entry, "blockhash", str)) != height:
            raise Unreadable("garbled answer: activity of a block that was not asked for")
        if field(entry, "type", str) == "receive":
            script = _known(field(_member(entry, "output_spk"), "hex", str), scripts)
            received[_outpoint(entry, "txid", "vout")] = Coin(script, _amount(entry), height)
        else:
            script = _known(field(_member(entry, "prevout_spk"), "hex", str), scripts)
            spent[_outpoint(entry, "prevout_txid", "prevout_vout")] = Coin(script, _amount(entry), height)
    if len(received) + len(spent) != len(entries):
        raise Unreadable("garbled answer: a coin stands twice")
    return Activity(received=received, spent=spent)


def read_filter(item: Recorded, blocks: Mapping[str, int], scripts: Sequence[str]) -> list[str]:
    """Those of the blocks that may have activity, by height; raises Unreadable for an unfinished or other search.

    A filter may name a block too many, never one too few.
    """
    first, last = min(blocks.values(), default=0), max(blocks.values(), default=0)
    require_calls(item, [filter_call(scripts, first, last)])
    answer = value(item)
    if not field(answer, "completed", bool):
        raise Unreadable("the search of the filters was aborted")
    if (number(answer, "from_height"), number(answer, "to_height")) != (first, last):
        raise Unreadable("garbled answer: other heights were searched")
    relevant = {block_hash(found) for found in field(answer, "relevant_blocks", list)}
    if not relevant <= blocks.keys():
        raise Unreadable("garbled answer: a block that was not searched")
    return sorted(relevant, key=blocks.__getitem__)


def relevant_blocks(item: Recorded, blocks: Mapping[str, int], scripts: Sequence[str]) -> list[str]:
    """What the filters name, or all blocks where the node could not search them (no index, aborted, no answer)."""
    try:
        return read_filter(item, blocks, scripts)
    except Unreadable:
        return list(blocks)


def coins_at_pin(scan: Scan, activities: Sequence[Activity], pin_height: int) -> dict[str, int]:
    """Satoshis of each script at the pin, those without a coin left out; raises Unreadable on a contradiction."""
    received: dict[Outpoint, Coin] = {}
    spent: dict[Outpoint, Coin] = {}
    for activity in activities:
        received.update(activity.received)
        spent.update(activity.spent)
    young = {outpoint: coin for outpoint, coin in scan.coins.items() if coin.height > pin_height}
    if young != {outpoint: coin for outpoint, coin in received.items() if outpoint not in spent}:
        raise Unreadable("the coins at the tip and the activity after the pin contradict each other")
    totals: dict[str, int] = {}
    for outpoint, coin in scan.coins.items():
        if coin.height <= pin_height:
            if outpoint in spent:
                raise Unreadable("the coins at the tip and the activity after the pin contradict each other")
            totals[coin.script] = totals.get(coin.script, 0) + coin.sats
    for outpoint, coin in spent.items():
        if outpoint not in received:
            totals[coin.script] = totals.get(coin.script, 0) + coin.sats
    return totals


def is_immature(height: int, pin_height: int) -> bool:
    """Whether a coinbase of a block at `height` cannot be spent in the block after the pin.

    Bitcoin Core, src/consensus/tx_verify.cpp: spent at a height less than MATURITY above its own is premature.
    """
    return pin_height + 1 - height < MATURITY


def immature_at_pin(scan: Scan, pin_height: int) -> dict[str, int]:
    """Satoshis of each script that stand at the pin and at the tip, and are of an immature coinbase at the pin.

    One that was spent since is missing: what was spent does not say whether it was a coinbase.
    """
    totals: dict[str, int] = {}
    for outpoint in scan.generated:
        coin = scan.coins[outpoint]
        if coin.height <= pin_height and is_immature(coin.height, pin_height):
            totals[coin.script] = totals.get(coin.script, 0) + coin.sats
    return totals


def _outpoint(entry: object, transaction: str, output: str) -> Outpoint:
    return block_hash(field(entry, transaction, str)), number(entry, output)


def _amount(entry: object) -> int:
    return satoshis(_member(entry, "amount"))


def _member(entry: object, name: str) -> object:
    return entry.get(name) if isinstance(entry, dict) else None


def _known(script: str, scripts: Collection[str]) -> str:
    if script not in scripts:
        raise Unreadable("garbled answer: a script that was not asked for")
    return script
