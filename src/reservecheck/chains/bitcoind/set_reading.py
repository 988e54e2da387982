"""The UTXO set at the pin, decoded from the log: what it shows of scripts, and whether a node states its hash.

A set counts when it is of the pin, somebody states its hash, and nobody another: the node that wrote it, the
practitioner, or Bitcoin Core's own source. One whose hash nobody states is a file anybody could have made: it gives
no reading, takes none away and locks nothing. What it shows otherwise than the node answered is only said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from reservecheck.chains.bitcoind.answers import Unreadable, block_hash, field, number
from reservecheck.chains.bitcoind.coins import IMMATURE, is_immature
from reservecheck.chains.bitcoind.pins import PinnedBlock
from reservecheck.chains.bitcoind.rolling_back import require_back, require_safe
from reservecheck.chains.bitcoind.set_fetching import PROOF, ROLLBACK
from reservecheck.chains.bitcoind.set_questions import dump_call, rolls_back, scripts_of, set_call
from reservecheck.chains.reader import Reading
from reservecheck.model.words import UTXO_SET
from reservecheck.transport.coin_set import DUMP, NOTHING, SCAN, STATE
from reservecheck.transport.jsonrpc import Call, RpcError, same_calls
from reservecheck.transport.record import Recorded
from reservecheck.vault.canonical import BEYOND

NOBODY_STATES: Final = "nobody states the hash of the UTXO set: write utxo_set_hash as dumptxoutset printed it"
NO_HASH: Final = "the older dump format has no hash that a node states"
SHOWS_NOTHING: Final = "the UTXO set's hash is not stated by anybody, so it shows nothing"

_SHORT: Final = 16
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoinSet:
    """What a dump of the pin shows, in satoshis; a script without a coin is in `scripts` alone."""

    scripts: frozenset[str]
    sats: Mapping[str, int]
    immature: Mapping[str, int]  # of `sats`, coinbases nobody can spend in the next block
    unproven: str  # why its hash proves nothing; "" where it is stated
    exchanges: tuple[int, ...]

    def reading(self, script: str) -> Reading:
        """What it proves of a script, or why it shows nothing."""
        if self.unproven:
            return Reading(None, SHOWS_NOTHING, self.exchanges)
        locked = self.immature.get(script, 0)
        return Reading(self.sats.get(script, 0), "", self.exchanges, UTXO_SET, locked, IMMATURE if locked else "")


class _Said(NamedTuple):
    call: Call
    result: object
    item: Recorded


def read_coin_set(network: str, pinned: PinnedBlock, items: Sequence[Recorded]) -> CoinSet | None:
    """The set; None where the source was not asked for one. Raises Unreadable with why it shows nothing."""
    proofs = [item for item in items if item.question.purpose == PROOF]
    rollback = [item for item in items if item.question.purpose == ROLLBACK]
    if not proofs:
        return None
    if rollback:
        require_safe(pinned, rollback[0])
        require_back(rollback[0], pinned, rollback[1:])
    said: dict[str, _Said] = {}
    refused: list[str] = []
    for item in proofs:
        _read_answers(item, said, refused)
    if SCAN not in said:
        raise Unreadable(refused[0] if refused else _why_no_set(network, said))
    found = said[SCAN]
    coins = _coins(network, pinned, found)
    stated = list(_stated(pinned, said))
    own = field(found.result, "set_hash", str)
    for who, other in stated:
        if own and other != own:
            raise Unreadable(f"the UTXO set's hash is {own}, {who} states {other}")
    return CoinSet(
        scripts=coins.scripts,
        sats=coins.sats,
        immature=coins.immature,
        unproven=(NO_HASH if not own else NOBODY_STATES) if not (own and stated) else "",
        exchanges=tuple(item.n for item in (*proofs, *rollback)),
    )


class _Coins(NamedTuple):
    scripts: frozenset[str]
    sats: dict[str, int]
    immature: dict[str, int]


def _read_answers(item: Recorded, said: dict[str, _Said], refused: list[str]) -> None:
    """Results by method, and in words what was refused."""
    if item.reply.body is None:
        refused.append(f"the node did not dump its UTXO set: {item.reply.outcome}")
        return
    opened = item.reply.opened(item.question)
    if opened is None:
        raise Unreadable("garbled answer: not what was asked")
    for call, answer in zip(item.question.calls, opened, strict=True):
        if isinstance(answer, RpcError):
            words = "".join(sign for sign in answer.message if sign.isprintable())
            refused.append(f"the node did not dump its UTXO set: {words}" if call.method == DUMP else words)
        else:
            said[call.method] = _Said(call, answer.value, item)


def _why_no_set(network: str, said: Mapping[str, _Said]) -> str:
    if STATE in said and said[STATE].result == NOTHING and not rolls_back(network):
        return "there is no dump, and a node of this network writes none of an earlier block"
    return "the UTXO set was not read"


def _coins(network: str, pinned: PinnedBlock, found: _Said) -> _Coins:
    """What the set shows; raises Unreadable for that of another block, and for anything that cannot be."""
    scripts = scripts_of(found.call)
    if scripts is None:
        raise Unreadable("garbled question: UTXO set")
    asked, expected = list(found.call.params), list(set_call(network, pinned.hash, scripts).params)
    if asked[:-1] != expected[:-1] or asked[-1] not in ("", expected[-1]):
        raise Unreadable("garbled question: UTXO set")
    base = block_hash(field(found.result, "base_hash", str))
    if base != pinned.hash:
        raise Unreadable(f"the UTXO set is that of block {base}, not of block {pinned.height} {pinned.hash}")
    if field(found.result, "set_hash", str) and _HASH.fullmatch(field(found.result, "set_hash", str)) is None:
        raise Unreadable("garbled answer: set_hash")
    result = _Coins(frozenset(scripts), {}, {})
    outpoints = set()
    for row in field(found.result, "matched", list):
        outpoint, height, generated, sats, script = _coin(row, result.scripts, pinned)
        outpoints.add(outpoint)
        result.sats[script] = result.sats.get(script, 0) + sats
        if generated and is_immature(height, pinned.height):
            result.immature[script] = result.immature.get(script, 0) + sats
    total, coins = field(found.result, "total_sats", int), field(found.result, "coins", int)
    rows = len(field(found.result, "matched", list))
    if len(outpoints) != rows or rows > coins or sum(result.sats.values()) > total:
        raise Unreadable("garbled answer: the coins of the UTXO set")
    return result


def _coin(row: object, scripts: frozenset[str], pinned: PinnedBlock) -> tuple[tuple[str, int], int, bool, int, str]:
    names = ("txid", "vout", "height", "coinbase", "sats", "script")
    coin = dict(zip(names, row, strict=False)) if isinstance(row, list) and len(row) == len(names) else {}
    script, sats, height = field(coin, "script", str), field(coin, "sats", int), number(coin, "height")
    if script not in scripts or not 0 <= sats < BEYOND or height > pinned.height:
        raise Unreadable("garbled answer: a coin of the UTXO set")
    outpoint = block_hash(field(coin, "txid", str)), number(coin, "vout")
    return outpoint, height, field(coin, "coinbase", bool), sats, script


def _stated(pinned: PinnedBlock, said: Mapping[str, _Said]) -> Iterator[tuple[str, str]]:
    """Who states which hash for the set of the pin."""
    found = said[SCAN]
    if DUMP in said:
        dump = said[DUMP]
        if not same_calls([dump.call], [dump_call(pinned.hash)]):
            raise Unreadable("garbled question: dump")
        node = dump.result
        base, height = block_hash(field(node, "base_hash", str)), number(node, "base_height")
        if (base, height) != (pinned.hash, pinned.height):
            raise Unreadable(f"the node dumped the UTXO set of block {height} {base}")
        if (wrote := field(node, "coins_written", int)) != (read := field(found.result, "coins", int)):
            raise Unreadable(f"the node wrote {wrote} coins, the UTXO set has {read}")
        yield "the node", block_hash(field(node, "txoutset_hash", str))
    if stated := field(found.result, "stated", str):
        yield "the practitioner", block_hash(stated)
    published = found.call.params[-1]
    if isinstance(published, str) and published:
        yield "Bitcoin Core", published


def beside(answered: Mapping[str, Reading], found: CoinSet) -> tuple[dict[str, Reading], str]:
    """What the node answered beside what the set shows, and why that proves nothing ("" where it does).

    A proven set and an answer are equal, or unread; where nothing was answered, the set's word is taken.
    """
    readings = {script: _beside(answered.get(script), found.reading(script)) for script in found.scripts}
    return {**answered, **readings}, found.unproven and found.unproven + _otherwise(answered, found)


def _beside(answered: Reading | None, shown: Reading) -> Reading:
    numbers = shown.exchanges if answered is None else (*answered.exchanges, *shown.exchanges)
    if answered is None or answered.units is None:
        return shown._replace(exchanges=numbers)
    if shown.units is None:
        return answered
    if answered.units != shown.units:
        reason = f"the UTXO set shows {shown.units}, the node answered {answered.units}"
        return Reading(None, reason, numbers, answered=answered.units)
    return shown._replace(exchanges=numbers)


def _otherwise(answered: Mapping[str, Reading], found: CoinSet) -> str:
    """The first script of which an unproven set shows something else than the node answered, in words."""
    for script in sorted(found.scripts & answered.keys()):
        units, shown = answered[script].units, found.sats.get(script, 0)
        if units is not None and units != shown:
            name = script if len(script) <= _SHORT else f"{script[:_SHORT]}…"
            return f"; and it shows {shown} of {name} where the node answered {units}"
    return ""
