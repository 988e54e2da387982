"""The block a call runs at: what contracts may ask of it, and by which fork's rules they run. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from reservecheck.chains.evm.answers import data, quantity
from reservecheck.chains.evm.proof.trie import Unproven

NEWEST: Final = "Prague"
"""The newest rules known here. Osaka's headers look the same: where what it added is used, a call is unproven."""
FORKS: Final = (
    ("requestsHash", "Prague"),
    ("parentBeaconBlockRoot", "Cancun"),
    ("withdrawalsRoot", "Shanghai"),
)
"""The header field that a fork brought; Paris is told by a difficulty of zero, London by a base fee."""
_LATER: Final = ("blockAccessListHash", "slotNumber")


class Block(NamedTuple):
    """What a call may ask of the block it runs at, from a header whose hash was recomputed."""

    chain_id: int
    number: int
    timestamp: int
    gas_limit: int
    base_fee: int
    coinbase: bytes
    prevrandao: bytes
    difficulty: int
    rules: str  # the fork whose rules apply
    later: bool  # the header is of a fork after NEWEST, and NEWEST's rules were taken

    @property
    def under(self) -> str:
        """What is to be said of the rules: "" where they are the block's own."""
        return f"executed under {self.rules}'s rules, the block is of a later fork" if self.later else ""


def block_of(chain_id: int, header: Mapping[str, object]) -> Block:
    """The block of a header as nodes answer it; the caller recomputes its hash. Raises Unproven before London."""
    numbers = [quantity(header.get(name)) for name in ("number", "timestamp", "gasLimit", "difficulty")]
    base_fee, coinbase, mix = (
        quantity(header.get("baseFeePerGas")),
        data(header.get("miner")),
        data(header.get("mixHash")),
    )
    if base_fee is None or coinbase is None or mix is None or None in numbers:
        raise Unproven("the header does not say which fork's rules apply")
    number, timestamp, gas_limit, difficulty = (one or 0 for one in numbers)
    before = "London" if difficulty else "Paris"
    rules = next((fork for name, fork in FORKS if header.get(name) is not None), before)
    later = any(header.get(name) is not None for name in _LATER)
    return Block(chain_id, number, timestamp, gas_limit, base_fee, coinbase, mix, difficulty, rules, later)
