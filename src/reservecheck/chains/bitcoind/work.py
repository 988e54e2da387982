"""The work in Bitcoin's headers: a chain made at home costs what it states, and must not state little.

A header's hash must reach the target it states in `bits` (`CheckProofOfWork` of Bitcoin Core). After the last
checkpoint that states a target, no header may be more than eight times easier: this project's choice. None may be
easier than its network ever allows, or younger than a checkpoint above it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from reservecheck.chains.bitcoind.answers import Unreadable
from reservecheck.chains.bitcoind.headers import Header
from reservecheck.model.registry import Network
from reservecheck.moments import parse_moment, utc_text

SHA256D: Final = "sha256d"
"""The one kind of work known here: the hash of a header is its work."""
EASIER: Final = 8
EASIEST: Final[Mapping[str, int]] = {
    "bitcoin:mainnet": 0x1D00FFFF,
    "bitcoin:testnet4": 0x1D00FFFF,
    "bitcoin:signet": 0x1E0377AE,
    "bitcoin:regtest": 0x207FFFFF,
    "bitcoincash:mainnet": 0x1D00FFFF,
}
"""The easiest target of a network in compact form: `consensus.powLimit` of src/kernel/chainparams.cpp in Bitcoin
Core, and of src/chainparams.cpp in Bitcoin Cash Node."""
DAY_S: Final = 86_400
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
        limit = target(EASIEST.get(network.network, 0))
        if limit is not None and needed > limit:
            raise Unreadable(f"block {height} is easier than {network.network} allows: this is another chain")
        last = next((row for row in reversed(floor) if row.height < height), None)
        easiest = None if last is None else target(int(last.bits, 16))
        if last is not None and easiest is not None and needed > easiest * EASIER:
            raise Unreadable(
                f"block {height} is more than {EASIER} times easier than block {last.height} of {network.network}: "
                "this is another chain"
            )


def require_time(network: Network, height: int, time: int) -> None:
    """Raises Unreadable for a block below a checkpoint that says it came more than a day after that was known."""
    for row in network.checkpoints:
        if height < row.height and time > parse_moment(f"{row.dated}T00:00:00Z") + DAY_S:
            raise Unreadable(
                f"block {height} of {utc_text(time)} is below checkpoint {row.height} of {row.dated}: "
                "this is another chain"
            )


def target(bits: int) -> int | None:
    """The target in compact form (`arith_uint256::SetCompact`); None where it is negative, zero or too large."""
    size, mantissa = bits >> 24, bits & _MANTISSA
    if bits & _SIGN or not mantissa:
        return None
    value = mantissa << 8 * (size - _BASE) if size > _BASE else mantissa >> 8 * (_BASE - size)
    return value if 0 < value < _LARGEST else None
