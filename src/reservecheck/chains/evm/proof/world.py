"""Proven state: the accounts, words of storage and codes that verified answers show, and nothing else. Pure."""

from __future__ import annotations

from typing import Final

from sha3 import keccak_256

from reservecheck.chains.evm.proof.accounts import EMPTY_CODE, Account, Shown
from reservecheck.chains.evm.proof.patience import Steps
from reservecheck.chains.evm.proof.trie import Unproven

LONGEST_CODE: Final = 24_576
"""Bytes (EIP-170). Networks and forks that allow more stay unproven: work goes by the length of codes."""
_PUSH_1: Final = 0x60
_PUSH_32: Final = 0x7F


class World:
    """Proven state by address: accounts, words of their storage, and codes by their hash; each knows its exchange.

    `used` collects the numbers of the exchanges that calls have looked at, `steps` counts what the next call takes.
    """

    def __init__(self) -> None:
        self.accounts: dict[bytes, tuple[Account, int]] = {}
        self.words: dict[tuple[bytes, int], tuple[int, int]] = {}
        self.codes: dict[bytes, tuple[bytes, int]] = {}
        self.used: set[int] = set()
        self.steps = Steps()
        self._starts: dict[bytes, bytes] = {}

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
        if len(code) > LONGEST_CODE:
            raise Unproven(f"the code of 0x{address.hex()} is longer than a contract may have")
        self.used.add(n)
        return code

    def starts(self, code: bytes) -> bytes:
        """For each byte of a code 1 where an opcode starts, 0 within what one pushes; found once for each code."""
        found = self._starts.get(code)
        if found is None:
            found = self._starts[code] = _starts(code)
        return found


def _starts(code: bytes) -> bytes:
    starts = bytearray(len(code))
    at = 0
    while at < len(code):
        starts[at] = 1
        pushes = _PUSH_1 <= code[at] <= _PUSH_32
        at += code[at] - _PUSH_1 + 2 if pushes else 1
    return bytes(starts)
