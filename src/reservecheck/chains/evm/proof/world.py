"""Proven state: the accounts, words of storage and codes that verified answers show, and nothing else. Pure."""

from __future__ import annotations

from sha3 import keccak_256

from reservecheck.chains.evm.proof.accounts import EMPTY_CODE, Account, Shown
from reservecheck.chains.evm.proof.trie import Unproven


class World:
    """Proven state by address: accounts, words of their storage, and codes by their hash; each knows its exchange.

    `used` collects the numbers of the exchanges that calls have looked at, `gas` what calls have taken.
    """

    def __init__(self) -> None:
        self.accounts: dict[bytes, tuple[Account, int]] = {}
        self.words: dict[tuple[bytes, int], tuple[int, int]] = {}
        self.codes: dict[bytes, tuple[bytes, int]] = {}
        self.used: set[int] = set()
        self.gas = 0

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
