"""Whether a node may be asked for the UTXO set of an earlier block, and whether it came back afterwards.

`dumptxoutset` with `rollback` takes blocks off the chain and puts them back (Bitcoin Core up to 31), or works on a
copy. Asked for a block that is not on the active chain, version 31 crashes; cut off, it leaves the node where it
was rolled back to. So the same three questions are put before and after, and nothing is asked in between unless the
first answers allow it.
"""

from __future__ import annotations

from collections.abc import Sequence

from reservecheck.chains.bitcoind.answers import Unreadable, block_hash, field, number, require_calls, values
from reservecheck.chains.bitcoind.pins import PinnedBlock
from reservecheck.transport.jsonrpc import Call
from reservecheck.transport.record import Recorded


def standing_calls(pinned: PinnedBlock) -> list[Call]:
    """Where the node stands, which branches it knows, and what it says of the pin."""
    in_words = True
    return [
        Call("getblockchaininfo", []),
        Call("getchaintips", []),
        Call("getblockheader", [pinned.hash, in_words]),
    ]


def require_safe(pinned: PinnedBlock, before: Recorded) -> None:
    """Raises Unreadable, with the reason, unless the node can go back to the pin and come back from it."""
    require_calls(before, standing_calls(pinned))
    info, tips, header = values(before)
    if field(header, "confirmations", int) < 1 or number(header, "height") != pinned.height:
        raise Unreadable("not rolled back: the block is not on the node's chain")
    if field(info, "initialblockdownload", bool):
        raise Unreadable("not rolled back: the node is still downloading blocks")
    if field(info, "pruned", bool) and (lowest := number(info, "pruneheight")) > pinned.height:
        raise Unreadable(
            f"not rolled back: the node is pruned, its lowest block is {lowest}, the pin is {pinned.height}"
        )
    for tip in _tips(tips):
        if field(tip, "status", str) == "invalid" and (above := number(tip, "height")) > pinned.height:
            raise Unreadable(
                f"not rolled back: it could bring back a branch of height {above} that the node was told to reject"
            )


def require_back(before: Recorded, pinned: PinnedBlock, after: Sequence[Recorded]) -> None:
    """Raises Unreadable, with the cure, for a node that does not stand where it stood, or higher."""
    info = values(before)[0]
    stood, tip = number(info, "blocks"), block_hash(field(info, "bestblockhash", str))
    if len(after) != 1:
        raise Unreadable("whether the node came back from the dump was not asked")
    require_calls(after[0], standing_calls(pinned))
    try:
        stands = number(values(after[0])[0], "blocks")
    except Unreadable as reason:
        raise Unreadable(f"whether the node came back from the dump could not be checked: {reason}") from reason
    if stands < stood:
        raise Unreadable(
            f"the dump left the node at block {stands}, before it stood at {stood}; once no dump is running, cure "
            f"it on the node: bitcoin-cli reconsiderblock {tip}"
        )


def _tips(tips: object) -> list[object]:
    if not isinstance(tips, list):
        raise Unreadable("garbled answer: chain tips")
    return tips
