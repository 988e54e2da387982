"""What the world's networks, assets and instruments are: shipped data plus rows an engagement accepts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LOCAL_CHAIN_IDS = (31337, 31338)
ASSET_NAME: Final = re.compile(r"[A-Z0-9.]{1,20}", re.ASCII)
"""What an asset is called, wherever it stands: `BTC`, `1INCH`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A block every honest source of a network has; dated, for it says nothing of what came later."""

    height: int
    hash: str
    bits: str  # the target its header states, 8 hex digits; "" where a header states none
    dated: str  # the day it was known, such as "2026-02-25"


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """One chain; its identity is chain id, genesis and fork block together, never a name."""

    network: str
    name: str
    caip2: str
    family: str  # the chains module that reads it: "evm" | "bitcoind"
    chain_id: int | None
    genesis: str  # block hash as the node prints it; "" where it is not fixed (local test chains)
    fork_height: int | None
    fork_hash: str
    finality: str  # "confirmations:6" | "tag:finalized"
    public: bool  # False: a test chain, where coins cost nothing
    max_skew_s: int
    header: str = ""  # "ethereum": the hash is keccak(rlp(header)); "sha256d": it is the work; "": not recomputed
    checkpoints: tuple[Checkpoint, ...] = ()  # by height

    @property
    def known_blocks(self) -> tuple[tuple[int, str], ...]:
        """Height and hash of every block that identifies the network, by height."""
        found = {row.height: row.hash for row in self.checkpoints}
        if self.fork_height is not None and self.fork_hash:
            found[self.fork_height] = self.fork_hash
        if self.genesis:
            found[0] = self.genesis
        return tuple(sorted(found.items()))

    @property
    def test_chain(self) -> str:
        """What a report calls it: "local test chain" for one anybody starts at home, "test chain", or ""."""
        if self.public:
            return ""
        local = self.network.endswith(":regtest") or self.chain_id in LOCAL_CHAIN_IDS
        return "local test chain" if local else "test chain"

    @property
    def native(self) -> str:
        """The id of the chain's own coin as an instrument."""
        return f"{self.network}/native"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """Something that can be owed."""

    asset: str
    name: str
    kind: str  # coin | token | cash | issuer-token
    decimals: int
    issuer: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A concrete thing on a chain that stands for an asset."""

    instrument: str
    asset: str
    decimals: int | None  # None: whatever the chain says (rows an engagement accepts without decimals)
    symbol: str
    issuer: str
    same_balance_as: str  # another instrument id whose balance this one shows again; "" if none
    source: str
    origin: str = "shipped"  # shipped | engagement
    frozen_by: str = ""  # selector of the token's view of its freeze list, (address) → bool; "": none is asked

    @property
    def network(self) -> str:
        """The chain it lives on."""
        return self.instrument.partition("/")[0]

    @property
    def contract(self) -> str:
        """The token's address, or "" for a native coin."""
        reference = self.instrument.partition("/")[2]
        return reference.partition(":")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """The rows a run works with, by id."""

    networks: Mapping[str, Network]
    assets: Mapping[str, Asset]
    instruments: Mapping[str, Instrument]
    burn: frozenset[tuple[str, str]]  # (network or family, identity) nobody can spend from
