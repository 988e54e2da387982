"""The work in Bitcoin's headers: a chain made at home costs what it states, and must not state little.

A header's hash must reach the target it states in `bits` (`CheckProofOfWork` of Bitcoin Core). After the last
checkpoint that states a target, no header may be more than eight times easier: this project's choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reservecheck.chains.bitcoind.answers import Unreadable
from reservecheck.chains.bitcoind.headers import Header
from reservecheck.model.registry import Network

SHA256D: Final = "sha256d"
"""The one kind of work known here: the hash of a header is its work."""
EASIER: Final = 8
_MANTISSA: Final = 0x007FFFFF
_SIGN: Final = 0x00800000
_BASE: Final = 3
_LARGEST: Final = 2**256


def require_work(network: Network, headers: Sequence[Header], first_height: int) -> None:
    """Raises Unreadable for the first header without the work of its chain; blocks are consecutive."""
    if network.header != SHA256D:
        return
    floor = [row for row in network.checkpoints if row.bits]
    for height, header in enumerate(headers, first_height):
        reached = int(header.hash, 16)
        needed = target(header.bits)
        if needed is None or reached > needed:
            raise Unreadable(f"block {height} has not the work its header states")
        last = next((row for row in reversed(floor) if row.height < height), None)
        easiest = None if last is None else target(int(last.bits, 16))
        if last is not None and easiest is not None and needed > easiest * EASIER:
            raise Unreadable(
                f"block {height} is more than {EASIER} times easier than block {last.height} of {network.network}: "
                "this is another chain"
            )


def target(bits: int) -> int | None:
    """The target in compact form (`arith_uint256::SetCompact`); None where it is negative, zero or too large."""
    size, mantissa = bits >> 24, bits & _MANTISSA
    if bits & _SIGN or not mantissa:
        return None
    value = mantissa << 8 * (size - _BASE) if size > _BASE else mantissa >> 8 * (_BASE - size)
    return value if 0 < value < _LARGEST else None
