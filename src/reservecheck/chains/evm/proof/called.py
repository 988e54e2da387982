"""What a contract answers, worked out anew over nothing but proven state. Pure.

The contract's own code runs at the proven block, and every account, word and code it looks at must have been shown
below the block's state root: looking at anything else ends the call as unproven, never as zero. So does what a
header does not prove (hashes of earlier blocks, the price of blobs) and what rules of another fork might answer
otherwise. See docs/adr/0016-what-proves-a-balance.md.
"""

from __future__ import annotations

from typing import Final

from reservecheck.chains.evm.frozen import FreezeCall
from reservecheck.chains.evm.program import WORD_BYTES
from reservecheck.chains.evm.proof.block import Block
from reservecheck.chains.evm.proof.trie import Unproven
from reservecheck.chains.evm.proof.world import World

BALANCE_OF: Final = bytes.fromhex("70a08231")


def balance_of(world: World, block: Block, token: str, owner: str) -> int:
    """The first word that `balanceOf(owner)` answers; raises Unproven."""
    answer = _answer(world, block, token, BALANCE_OF, owner)
    if len(answer) < WORD_BYTES:
        raise Unproven("the contract answers fewer than 32 bytes")
    return int.from_bytes(answer[:WORD_BYTES], "big")


def is_frozen(world: World, block: Block, asked: FreezeCall) -> bool:
    """What the token's freeze list answers of a holder; raises Unproven, also for what is neither yes nor no."""
    answer = _answer(world, block, asked.token, bytes.fromhex(asked.selector[2:]), asked.owner)
    if len(answer) != WORD_BYTES or int.from_bytes(answer, "big") > 1:
        raise Unproven("the freeze list answers neither yes nor no")
    return answer[-1] == 1


def _answer(world: World, block: Block, token: str, selector: bytes, owner: str) -> bytes:
    from reservecheck.chains.evm.proof.machine import run  # noqa: PLC0415  # an EVM takes seconds to import

    call = selector + bytes.fromhex(owner[2:]).rjust(WORD_BYTES, b"\0")
    return run(world, block, bytes.fromhex(token[2:]), call)
