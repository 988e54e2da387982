"""Where tokens keep a holder's balance: known layouts, recognised by the storage slot that was touched. Pure.

A slot that has the shape of a balance is a hint and proves nothing: frozen amounts, shares and points are kept in
mappings of the same shape. It tells which slots of other holders to ask for, and of tokens whose layout is known
by their address, where the flag of a frozen holder stands. See docs/adr/0016-what-proves-a-balance.md.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from sha3 import keccak_256

SOLIDITY: Final = "solidity"
VYPER: Final = "vyper"
ERC_7201: Final = "erc-7201"
SOLADY: Final = "solady"

MAPPINGS: Final = 300
"""So many slots a contract's mappings are looked for in."""
NAMESPACE: Final = 0x52C63247E1F47DB19D5CE0460030C497F067CA4CEBF71BA98EEADABE20BACE00
"""Of OpenZeppelin's upgradeable ERC-20 (ERC-7201, `openzeppelin.storage.ERC20`)."""
NAMESPACE_FIELDS: Final = 4

_WORD: Final = 32
_SOLADY_SEED: Final = bytes.fromhex("000000000000000087a211a2")


class Layout(NamedTuple):
    """A way to keep balances: a mapping of its kind at a slot, the namespace's field, or 0."""

    kind: str
    at: int

    def slot(self, holder: str) -> int:
        """Where the balance of a holder stands."""
        owner = bytes.fromhex(holder[2:])
        if self.kind == SOLADY:
            return _keccak(owner + _SOLADY_SEED)
        at = self.at + (NAMESPACE if self.kind == ERC_7201 else 0)
        words = [owner.rjust(_WORD, b"\0"), at.to_bytes(_WORD, "big")]
        return _keccak(b"".join(reversed(words) if self.kind == VYPER else words))


LAYOUTS: Final = (
    *(Layout(kind, at) for at in range(MAPPINGS) for kind in (SOLIDITY, VYPER)),
    *(Layout(ERC_7201, at) for at in range(NAMESPACE_FIELDS)),
    Layout(SOLADY, 0),
)


def layout_of(slot: int, holder: str) -> Layout | None:
    """The layout that keeps something of `holder` at this slot; None if no known one does."""
    return _slots_of(holder).get(slot)


class Flagged(NamedTuple):
    """A token whose layout is known by its address: its highest bit says that the issuer froze the holder."""

    layout: Layout
    flag: int


_USDC: Final = Flagged(Layout(SOLIDITY, 9), 1 << 255)
FLAGGED: Final = dict.fromkeys(
    (
        "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48",  # Ethereum
        "0x0b2c639c533813f4aa9d7837caf62653d097ff85",  # OP Mainnet
        "0x833589fcd6edb6e08f4c7c32d4f71b54bda02913",  # Base
    ),
    _USDC,
)
"""Circle's own deployments (FiatTokenV2_2, `balanceAndBlacklistStates`) where headers are Ethereum's."""


def flag_of(contract: str, holder: str) -> tuple[int, int] | None:
    """(slot, bit) that says whether a token's issuer froze a holder; None for a token whose layout is not known."""
    token = FLAGGED.get(contract)
    return None if token is None else (token.layout.slot(holder), token.flag)


@lru_cache(maxsize=4)
def _slots_of(holder: str) -> dict[int, Layout]:
    return {layout.slot(holder): layout for layout in LAYOUTS}


def _keccak(message: bytes) -> int:
    return int.from_bytes(keccak_256(message).digest(), "big")
