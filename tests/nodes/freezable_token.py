"""A token with a freeze list: balanceOf, decimals (6) and isBlackListed, written by hand, for there is no compiler.

A balance stands in the slot named by its owner, a freeze in the slot of the owner with bit 160 set.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.nodes.running import Node

SELECTOR: Final = "0xe47d6060"
"""isBlackListed(address)."""
FROM_ITS_LIST: Final = "6001 60a0 1b 6004 35 17 54 6000 52 6020 6000 f3"
OTHER_ANSWERS: Final = {
    "it reverts": "6000 80 fd",
    "it answers nothing": "00",
    "it answers one byte": "6001 6000 53 6001 6000 f3",
    "it answers two words": "6040 6000 f3",
    "neither yes nor no": "6002 6000 52 6020 6000 f3",
    "it burns its gas": "fe",
}

_RUNTIME: Final = """
6000 35 60e0 1c                       ; selector
80 63 70a08231 14 6027 57             ; balanceOf     -> 27
80 63 313ce567 14 6034 57             ; decimals      -> 34
63 e47d6060 14 603f 57                ; isBlackListed -> 3f
6000 80 fd                            ; anything else reverts
5b 6004 35 54 6000 52 6020 6000 f3    ; 27: return slot[owner]
5b 6006 6000 52 6020 6000 f3          ; 34: return 6
5b FREEZE                             ; 3f
"""


def put(node: Node, token: str, balances: Mapping[str, int], freeze: str = FROM_ITS_LIST) -> None:
    """The token's code at an address, and what it holds; the next block has them."""
    listing = _RUNTIME.replace("FREEZE", freeze)
    code = bytes.fromhex("".join(line.partition(";")[0] for line in listing.splitlines()))
    node("anvil_setCode", token, "0x" + code.hex())
    for owner, units in balances.items():
        _store(node, token, int(owner, 16), units)


def set_frozen(node: Node, token: str, owner: str, *, frozen: bool) -> None:
    """Put an account on the list, or take it off, with the next block."""
    _store(node, token, int(owner, 16) | 1 << 160, int(frozen))


def _store(node: Node, token: str, slot: int, word: int) -> None:
    node("anvil_setStorageAt", token, f"0x{slot:x}", f"0x{word:064x}")
