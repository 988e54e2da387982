"""Random programs that ask what a static call may ask and fold the answers, and the gas left, into one word."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from reservecheck.chains.evm.assembler import assemble

TOKEN, OTHER, DELEGATE, RICH = (bytes([byte]) * 20 for byte in (0x70, 0xAA, 0xDD, 0xEE))
COINBASE: Final = bytes([0xCB]) * 20
WORDS: Final = {0: 7, 1: 2**255 + 1, 2: 0}
"""What each program keeps in its storage."""
GAS: Final = 1_000_000
CALL: Final = bytes.fromhex("70a08231" + 24 * "0" + 20 * "11")

_FOLDED: Final = 0x200
_NEW_IN: Final = {0x5F: "Shanghai", 0x5C: "Cancun", 0x5E: "Cancun", 0x49: "Cancun"}
_FORKS: Final = ("London", "Paris", "Shanghai", "Cancun", "Prague")
_TWO: Final = bytes.fromhex("01020304050607 0a0b 1011121314 161718 1a1b1c1d")
_THREE: Final = bytes.fromhex("0809")
_ENVIRONMENT: Final = bytes.fromhex(
    "30 32 34 36 38 3a 3d 41 42 43 44 45 46 47 58 59 5a 5f"
)  # not CALLER: a forwarder calls
_OF_AN_ACCOUNT: Final = bytes.fromhex("31 31 3b 3f")
_CALLS: Final = bytes.fromhex("f1 f2 f4 fa")
_STEADY: Final = (1, 2, 4)

FORWARDER: Final = (
    assemble("CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0")
    + (b"\x73" + TOKEN)
    + assemble(f"{GAS} STATICCALL 0 MSTORE RETURNDATASIZE 0 32")
    + b"\x3e"  # RETURNDATACOPY
    + assemble("RETURNDATASIZE 32 ADD 0 RETURN")
)
"""Calls TOKEN statically with exactly GAS; answers one word, whether it succeeded, and what it returned."""


class Programs:
    """Programs for one fork."""

    def __init__(self, rules: str, random: Random) -> None:
        self._rules = rules
        self._random = random
        self._kinds: tuple[tuple[int, Callable[[], bytes]], ...] = (
            (4, lambda: self._number() + self._number() + self._one_of(_TWO) + self._fold()),
            (1, lambda: self._number() + self._one_of(b"\x15\x19\x35") + self._fold()),
            (1, lambda: 3 * self._number() + self._one_of(_THREE) + self._fold()),
            (2, lambda: self._environment() + self._fold()),
            (1, lambda: self._small() + self._small() + b"\x20" + self._fold()),
            (1, lambda: self._small() + b"\x51" + self._fold()),
            (2, lambda: self._slot() + b"\x54" + self._fold()),
            (2, lambda: self._account() + self._one_of(_OF_AN_ACCOUNT) + self._fold()),
            (1, lambda: self._small() + self._small() + self._small() + self._account() + b"\x3c"),
            (1, lambda: self._small() + self._small() + self._small() + self._one_of(b"\x37\x39\x5e")),
            (1, lambda: self._small() + self._one_of(b"\x5c\x49") + self._fold()),
            (1, lambda: 3 * self._push(0) + b"\x3e"),
            (1, self._jump),
            (4, self._call),
        )

    def program(self, statements: int) -> bytes:
        """One that ends by answering, or else."""
        weights, kinds = zip(*self._kinds, strict=True)
        chosen = self._random.choices(kinds, weights, k=statements)
        body = b"".join(self._known(kind()) + b"\x5a" + self._fold() for kind in chosen)
        answer = self._push(32) + self._push(_FOLDED) + b"\xf3"
        return body + self._random.choice((answer, answer, answer, answer, answer[:-1] + b"\xfd", b"\x00", b"\xfe"))

    def delegation(self) -> bytes:
        """Who runs another's code (EIP-7702), where the fork has it."""
        return b"\xef\x01\x00" + OTHER if self._rules == "Prague" else self.program(2)

    def _known(self, code: bytes) -> bytes:
        """Nothing, where an opcode is of a later fork. It may be a pushed byte: no matter."""
        return b"" if any(byte in code and self._is_later(fork) for byte, fork in _NEW_IN.items()) else code

    def _is_later(self, fork: str) -> bool:
        return _FORKS.index(fork) > _FORKS.index(self._rules)

    def _push(self, number: int) -> bytes:
        return assemble(str(number))

    def _one_of(self, opcodes: bytes) -> bytes:
        return bytes([self._random.choice(opcodes)])

    def _number(self) -> bytes:
        edges = (0, 1, 31, 32, 255, 256, 2**64, 2**128, 2**255, 2**256 - 1, 2**256 - 32)
        if self._random.random() < 0.6:
            return self._push(self._random.choice(edges))
        return self._push(self._random.getrandbits(self._random.choice((8, 64, 160, 256))))

    def _small(self) -> bytes:
        return self._push(self._random.choice((0, 1, 5, 31, 32, 33, 64, 100, 200)))

    def _slot(self) -> bytes:
        return self._push(self._random.choice(tuple(WORDS)))

    def _account(self) -> bytes:
        known = (TOKEN, OTHER, DELEGATE, RICH, COINBASE, *(one.to_bytes(20, "big") for one in _STEADY))
        return b"\x73" + self._random.choice(known)

    def _environment(self) -> bytes:
        return self._one_of(_ENVIRONMENT)

    def _call(self) -> bytes:
        opcode = self._one_of(_CALLS)
        value = b"" if opcode in b"\xf4\xfa" else self._push(self._random.choice((0, 0, 0, 1, 10**30)))
        gas = self._random.choice((b"\x5a", self._push(30_000), self._push(100), self._push(2**256 - 1)))
        memory = self._small() + self._small() + self._small() + self._small()
        return memory + value + self._account() + gas + opcode + self._fold()

    def _jump(self) -> bytes:
        """Over some bytes to a JUMPDEST, or to what a PUSH makes of it."""
        skipped = self._random.choice((b"", b"\x60", b"\x61\x5b", b"\x7f" + 31 * b"\x5b", b"\xfe", b"\x60\x60"))
        return b"\x58" + self._push(5 + len(skipped)) + b"\x01\x56" + skipped + b"\x5b"

    def _fold(self) -> bytes:
        """What is on the stack, into the word at _FOLDED; sometimes over a byte of memory."""
        if self._random.random() < 0.1:
            return self._small() + b"\x53"
        where = self._push(_FOLDED)
        return where + b"\x51" + self._push(31) + b"\x02\x18" + where + b"\x52"
