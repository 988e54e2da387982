"""Whether a node follows the network it is asked about, whole and undisturbed: before anything is read.

Decoder `bitcoind.chain/1`. A network is its genesis, its fork block and its checkpoints, never a name. A node that
is still downloading is refused, so is one whose tip is below a checkpoint, and one with an invalid branch above its
active tip: what a rollback that was cut off leaves behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reservecheck.chains.bitcoind.answers import (
    Asker,
    Unreadable,
    block_hash,
    field,
    hash_calls,
    number,
    require_calls,
    values,
)
from reservecheck.chains.reader import Plan
from reservecheck.errors import SourceError
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Recorded

DECODER: Final = "bitcoind.chain/1"

_ACCOUNT: Final = (Call("getblockchaininfo", []), Call("getchaintips", []))
_NOT_ASKED: Final = "the node's chain was not asked for"
_NAMES: Final = {"mainnet": "main", "testnet": "test"}


def ask_identity(plan: Plan, asker: Asker) -> int:
    """Ask, then judge as `read_identity` does: nothing more is asked of a node on the wrong chain."""
    account = asker.ask("chain", 0, DECODER, _ACCOUNT, batch=True)
    height = _read_account(plan, account)
    known = plan.network.known_blocks
    if known:
        _read_known(plan, asker.ask("chain", 1, DECODER, hash_calls([at for at, _ in known]), batch=True))
    return height


def read_identity(plan: Plan, items: Sequence[Recorded]) -> int:
    """The height of the node's tip; raises SourceError for a node that must not be read, else Unreadable."""
    if not items:
        raise Unreadable(_NOT_ASKED)
    height = _read_account(plan, items[0])
    if plan.network.known_blocks:
        if len(items) == 1:
            raise Unreadable(_NOT_ASKED)
        _read_known(plan, items[1])
    return height


def _read_account(plan: Plan, item: Recorded) -> int:
    require_calls(item, _ACCOUNT)
    info, tips = values(item)
    _right_name(plan, item.question.source, field(info, "chain", str))
    if field(info, "initialblockdownload", bool):
        raise SourceError(
            f"{item.question.source} is still downloading blocks (initialblockdownload)",
            hint="wait until the node has caught up, then run again",
        )
    height = number(info, "blocks")
    _caught_up(plan, item.question.source, height)
    _undisturbed(item.question.source, height, tips)
    return height


def _read_known(plan: Plan, item: Recorded) -> None:
    known = plan.network.known_blocks
    require_calls(item, hash_calls([at for at, _ in known]))
    for (at, expected), found in zip(known, values(item), strict=True):
        if block_hash(found) != expected:
            raise SourceError(
                f"{item.question.source}: block {at} is {found}, the one of {plan.network.network} is {expected}",
                hint="this node follows another chain: name a source of the right one",
            )


def _caught_up(plan: Plan, source: str, height: int) -> None:
    """A tip below a checkpoint would be held against no block of it: whatever is below can be made at home."""
    for row in plan.network.checkpoints:
        if height < row.height:
            raise SourceError(
                f"{source} stands at block {height}, below checkpoint {row.height} of {row.dated}: "
                "it is not caught up, or another chain",
                hint="wait until the node has caught up, or name a source of the right chain",
            )


def _undisturbed(source: str, height: int, tips: object) -> None:
    if not isinstance(tips, list):
        raise Unreadable("garbled answer: chain tips")
    for tip in tips:
        above = number(tip, "height")
        if field(tip, "status", str) == "invalid" and above > height:
            raise SourceError(
                f"{source} stands at block {height} below an invalid branch of height {above}: "
                "a rollback may have been cut off",
                hint=f"on the node: bitcoin-cli reconsiderblock {block_hash(field(tip, 'hash', str))}",
            )


def _right_name(plan: Plan, source: str, chain: str) -> None:
    reference = plan.network.network.partition(":")[2]
    expected = _NAMES.get(reference, reference)
    if chain != expected:
        raise SourceError(
            f"{source} is on chain {chain[:20]!r}, {plan.network.network} needs {expected!r}",
            hint="name a source of the right chain",
        )
