"""What a contract answers, worked out anew over nothing but proven state. Pure.

The contract's own code runs at the proven block, and every account, word and code it looks at must have been shown
below the block's state root: looking at anything else ends the call as unproven, never as zero. So does what a
header does not prove (hashes of earlier blocks, the price of blobs) and what rules of another fork might answer
otherwise. See docs/adr/0016-what-proves-a-balance.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from sha3 import keccak_256

from reservecheck.chains.evm.answers import data, quantity
from reservecheck.chains.evm.proof.accounts import EMPTY_CODE, Account, Shown
from reservecheck.chains.evm.proof.trie import Unproven

GAS: Final = 1_000_000
"""What the balance reader gives each token call (`chains/evm/program.py`); it bounds the time a call may take."""
BALANCE_OF: Final = bytes.fromhex("70a08231")
WORD_BYTES: Final = 32

NEWEST: Final = "Prague"
"""The newest rules known here. Osaka's headers look the same: where what it added is used, a call is unproven."""
FORKS: Final = (
    ("requestsHash", "Prague"),
    ("parentBeaconBlockRoot", "Cancun"),
    ("withdrawalsRoot", "Shanghai"),
)
"""The header field that a fork brought; Paris is told by a difficulty of zero, London by a base fee."""
_LATER: Final = ("blockAccessListHash", "slotNumber")


class Failed(Unproven):
    """The call itself did not succeed, which may have taken all of its gas."""


class World:
    """Proven state by address: accounts, words of their storage, and codes by their hash; each knows its exchange.

    `used` collects the numbers of the exchanges that a call has looked at.
    """

    def __init__(self) -> None:
        self.accounts: dict[bytes, tuple[Account, int]] = {}
        self.words: dict[tuple[bytes, int], tuple[int, int]] = {}
        self.codes: dict[bytes, tuple[bytes, int]] = {}
        self.used: set[int] = set()

    def add(self, address: str, found: Shown, n: int = 0) -> None:
        """Take in what the answer of exchange `n` proved."""
        at = bytes.fromhex(address[2:])
        self.accounts[at] = (found.account, n)
        self.words.update({(at, slot): (word, n) for slot, word in found.words.items()})

    def add_code(self, code: bytes, n: int = 0) -> None:
        """Take in a code; it counts only for accounts proven to have its hash."""
        self.codes[keccak_256(code).digest()] = (code, n)

    def account(self, address: bytes) -> Account:
        """One account; raises Unproven for one that was not shown."""
        if address not in self.accounts:
            raise Unproven(f"the account 0x{address.hex()} was not proven")
        account, n = self.accounts[address]
        self.used.add(n)
        return account

    def word(self, address: bytes, slot: int) -> int:
        """One word of storage; raises Unproven for one that was not shown."""
        if (address, slot) not in self.words:
            raise Unproven(f"slot {slot:#x} of 0x{address.hex()} was not proven")
        word, n = self.words[address, slot]
        self.used.add(n)
        return word

    def code(self, address: bytes) -> bytes:
        """An account's code; raises Unproven for one that was not shown."""
        digest = self.account(address).code_hash
        if digest == EMPTY_CODE:
            return b""
        if digest not in self.codes:
            raise Unproven(f"the code of 0x{address.hex()} was not answered")
        code, n = self.codes[digest]
        self.used.add(n)
        return code


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


def balance_of(world: World, block: Block, token: str, owner: str) -> int:
    """The first word that `balanceOf(owner)` answers; raises Unproven, Failed where the call itself does."""
    from reservecheck.chains.evm.proof.machine import run  # noqa: PLC0415  # an EVM takes seconds to import

    call = BALANCE_OF + bytes.fromhex(owner[2:]).rjust(WORD_BYTES, b"\0")
    answer = run(world, block, bytes.fromhex(token[2:]), call)
    if len(answer) < WORD_BYTES:
        raise Failed("the contract answers fewer than 32 bytes")
    return int.from_bytes(answer[:WORD_BYTES], "big")
